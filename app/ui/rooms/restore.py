"""Restoring, before the lock: a backup in the place of what stands on this laptop, or where nothing does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from app.bootstrap.shelves import Shelf, place_of, shelf
from app.domain.errors import Coded
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.store.laptop import Laptop
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.cover import Cover, covered, place_lines
from app.ui.parts.holder import Holder
from app.ui.room import Room
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

if TYPE_CHECKING:
    from app.bootstrap.entering import Entered
    from app.bootstrap.restoring import Way
    from app.store.backups import Backup
    from app.ui.backups.opening import Opening


@dataclass(frozen=True)
class Ways:
    """Where restoring leads."""

    opened: Callable[[Entered], object]
    back: Callable[[], object]


class Restore(Room):
    """Chosen, opened, verified, put in its place; what stood there is put aside and never deleted."""

    frame = "bare"
    help_page = "sao-luu"

    def __init__(self, window: Window, laptop: Laptop, reference: Reference, ways: Ways) -> None:
        super().__init__(window)
        self._laptop, self._reference, self._ways = laptop, reference, ways
        self._at: Shelf | None = None
        self._found: dict[str, Backup] = {}
        self._opening: Opening | None = None
        self.backup: Field[Dropdown] | None = None
        self.notice, self.bar = NoticeSlot(), WorkBar(at_edge=True)
        self.choice, self.way = Holder(), Holder()
        self.cover = Cover(place_lines("", ""), width=360)
        self.elsewhere = Button(_("Another folder or a stick…"), icon="usb", on=self._choose_folder)
        self.go = Button(_("Restore this backup"), "primary", size="form", on=self._restore)
        page = card(self.choice, row(self.elsewhere, STRETCH), self.way, gap=12)
        page.setFixedWidth(look().px(460))
        kept = _("What stands on this laptop is put aside, not deleted.")
        told = _("Everybody hears of it at the next sync.")
        title, words = label(_("Restore a backup"), "page"), label(f"{kept} {told}", "second", wrap=True)
        body = column(self.notice, row(page, STRETCH), gap=12)
        foot = (STRETCH, Button(_("Back"), size="form", on=ways.back), self.go)
        self.setLayout(covered(self.cover, (title, words, 12, body, STRETCH), [self.bar], foot))

    def enter(self, **arguments: object) -> None:
        """`shelf`: the commune whose own backups are offered; `backup`: one chosen already."""
        from app.store import backups

        at = arguments.get("shelf")
        found = backups.listed(at.folder.path / backups.FOLDER) if isinstance(at, Shelf) else []
        chosen = arguments.get("backup")
        self._offer(found, chosen.path.name if isinstance(chosen, backups.Backup) else "")

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("The folder or stick with the backup"))
        if folder:
            self.look_in(Path(folder))

    def look_in(self, folder: Path) -> None:
        """Offer what lies there."""
        from app.actions import backups

        self.shell.jobs.run(
            self, _found_in, backups.found_in, folder, done=self._offer_found, failed=self.notice.show_error
        )

    def _offer_found(self, found: Sequence[Backup]) -> None:
        self.notice.clear()
        if not found:
            self.notice.say(_("There is no backup in that folder."), tone="warn")
        else:
            self._offer(found)

    def _offer(self, found: Sequence[Backup], chosen: str = "") -> None:
        from app.ui.backups.lines import backup_words

        self._found = {each.path.name: each for each in found}
        answers = [(name, backup_words(each)) for name, each in self._found.items()]
        if answers:
            self.backup = Field(_("Backup"), Dropdown(answers), required=True)
            self.backup.control.set_value(chosen or answers[0][0])
            self.backup.control.currentIndexChanged.connect(lambda _place: self._choose())
            self.choice.put(self.backup)
        else:
            self.backup = None
            nothing = _("No backup is kept on this laptop. Choose the stick from the safe.")
            self.choice.put(label(nothing, wrap=True))
        self._choose()

    @property
    def chosen(self) -> Backup | None:
        """The backup that is meant."""
        return self._found.get(self.backup.control.value() or "") if self.backup is not None else None

    def _choose(self) -> None:
        from app.bootstrap import restoring
        from app.ui.backups.opening import Opening

        chosen, self._opening = self.chosen, None
        self.way.put(None)
        self._fit()
        if chosen is None:
            return
        try:
            self._at = shelf(self._laptop, place_of(self._reference, chosen.about.commune))
            officers = restoring.officers(chosen, self._at)
        except Coded as error:
            self.notice.show_error(error)
            return
        place = self._at.place
        self.cover.set_lines(place_lines(place.name, place.province))
        by_password = restoring.opens_by_password(self._at)
        self._opening = Opening(officers, sets_password=True, by_password=by_password)
        self._opening.changed.connect(self._fit)
        self.way.put(self._opening)
        self._opening.begin()
        self._fit()

    def _fit(self) -> None:
        """The way on opens once something is typed to open the backup with."""
        lacks = self._opening.lacks() if self._opening is not None else _("Choose a backup first.")
        self.go.forbid(lacks) if lacks else self.go.allow()

    def _restore(self) -> None:
        chosen, opening = self.chosen, self._opening
        way = opening.wished() if opening is not None else None
        if chosen is None or way is None or self._at is None:
            return
        self.notice.clear()
        self.go.busy(_("Restoring…"))
        self.shell.jobs.run(
            self,
            _restored,
            self._at,
            chosen,
            way,
            self._reference,
            lane="write",
            title=_("Restoring"),
            done=self._opened,
            failed=self._failed,
            bar=self.bar,
        )

    def _opened(self, entered: Entered) -> None:
        self.go.ready()
        self._ways.opened(entered)

    def _failed(self, error: Exception) -> None:
        self.go.ready()
        self._fit()
        if self._opening is None or not self._opening.show_error(error):
            self.notice.show_error(error)


def _found_in(_progress: Progress, find: Callable[[Path], list[Backup]], folder: Path) -> list[Backup]:
    return find(folder)


def _restored(progress: Progress, at: Shelf, backup: Backup, way: Way, reference: Reference) -> Entered:
    from app.bootstrap.restoring import restore

    return restore(progress, at, backup, way, reference)
