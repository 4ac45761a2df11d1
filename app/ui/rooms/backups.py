"""Backups: those that are kept, one now, one onto a stick, and whether one could be restored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.actions import backups
from app.actions.backups import Shown
from app.actions.desk import Desk
from app.bootstrap import restoring
from app.bootstrap.restoring import Tried
from app.bootstrap.shelves import shelf
from app.domain.text import show_amount
from app.store.backups import Backup
from app.store.laptop import Laptop
from app.ui.backups.lines import backup_columns, backup_facts, backup_row
from app.ui.backups.opening import Opening
from app.ui.link import Link
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, column, column_layout, label, row, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, Facts, Pane, section
from app.ui.proving import asking
from app.ui.room import Room
from app.ui.tables.table import Table
from app.ui.window import Window
from app.words import counted, ngettext
from app.words import gettext as _


class BackupsRoom(Room):
    """Nothing here changes the register; restoring one begins before the lock."""

    section = "settings"
    help_page = "sao-luu"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk = desk
        self._shelf = shelf(Laptop(desk.folder.parent.parent), desk.commune)
        self.now = Button(_("Back up now"), icon="download", on=self._make)
        self.onto = Button(_("Onto a stick…"), "primary", icon="usb", on=self._choose_stick)
        self.set_head(_("Backups"), actions=[self.now, self.onto], back="settings")
        self.kept: dict[str, Backup] = {}
        self._followed = ""
        self.notice, self.bar, self.empty = NoticeSlot(), WorkBar(at_edge=True), Holder()
        self.age = label("", "second", wrap=True)
        self.table = Table(backup_columns(), self._fetch)
        self.table.followed.connect(self._follow)
        self.attempt = Button(_("Try it"), "primary", icon="checklist", size="form", on=self._try)
        self.restore = Button(_("Lock and restore…"), "quietbad", on=self._restore)
        self.pane = Pane(row(self.restore, STRETCH, self.attempt, margins=(16, 12)))
        self.opening = self._opening()
        self.opening.setParent(self)  # nobody's until a backup is chosen
        self.opening.hide()
        self._fit()
        self._card = column(self.table, margins=1, role="card")
        left = column(self.notice, self.age, self.empty, self._card, gap=12, margins=(20, 16), grows=3)
        body = row_layout(left, self.pane, gap=0, grows=0)
        self.setLayout(column_layout(body, self.bar, grows=0))

    def enter(self, **_arguments: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Read again."""
        self.shell.jobs.run(self, backups.look_up, self._desk, title="backups", done=self._show)

    def _opening(self) -> Opening:
        made = Opening([(self._desk.officer.id, self._desk.officer.name)], sets_password=False)
        made.changed.connect(self._fit)
        return made

    def _fit(self) -> None:
        """Nothing is tried before something is typed to open it with."""
        lacks = self.opening.lacks()
        self.attempt.forbid(lacks) if lacks else self.attempt.allow()

    def _fetch(self, ids: Sequence[str]) -> list[object]:
        return [backup_row(self.kept[each]) for each in ids]

    def _show(self, found: Shown) -> None:
        self.kept = {each.path.name: each for each in found.kept}
        self.age.setText(_ages(found, self._desk.clock.now()))
        self._card.setVisible(bool(self.kept))
        self.pane.setVisible(bool(self.kept))
        why = _("No backup is kept yet.")
        more = (
            _("The training register makes none by itself: press the button to try it.")
            if self._desk.training
            else _("One is made each day when the register is opened, and before each import.")
        )
        nothing = Empty(why, Button(_("Back up now"), icon="download", on=self._make), more=more)
        self.empty.put(None if self.kept else nothing)
        self.table.set_ids(list(self.kept))
        if self.table.current_id not in self.kept:
            self.table.go_to_first()
        self._follow(self.table.current_id or "")

    def _follow(self, key: str) -> None:
        chosen = self.kept.get(key)
        if chosen is None or key == self._followed:
            return  # what was typed beside it stays
        self._followed = key
        self.opening = self._opening()
        self._fit()
        words = _("It is opened, read through and brought up to date beside the register, and taken away.")
        self.pane.show_parts(
            section(_("This backup"), Facts(backup_facts(chosen), label_width=120)),
            section(_("Could it be restored?"), label(words, "second", wrap=True), self.opening, gap=10),
        )

    def _make(self) -> None:
        self.now.busy(_("Backing up…"))
        self.shell.jobs.run(
            self,
            backups.make,
            self._desk,
            title=_("Backing up"),
            done=self._made,
            failed=self._failed,
            bar=self.bar,
        )

    def _made(self, made: Backup) -> None:
        self.now.ready()
        words = ngettext(
            "Backed up, read and verified: {people} person.",
            "Backed up, read and verified: {people} people.",
            made.about.people,
        )
        self.notice.say(words.format(people=show_amount(made.about.people)), tone="ok", icon="tick")
        self.refresh()

    def _choose_stick(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("The stick, or a folder on another disk"))
        if folder:
            self.carry(Path(folder))

    def carry(self, folder: Path) -> None:
        """Onto what lies there."""
        self.onto.busy(_("Writing…"))
        self.shell.jobs.run(
            self,
            backups.carry,
            self._desk,
            folder,
            title=_("Onto the stick"),
            done=self._carried,
            failed=asking(
                self,
                _("Carry a backup off this laptop"),
                again=lambda: self.carry(folder),
                otherwise=self._failed,
                given_up=self.onto.ready,
            ),
            bar=self.bar,
        )

    def _carried(self, _made: Backup) -> None:
        self.onto.ready()
        words = _("Written, read back and verified. Eject the stick, then put it into the safe.")
        self.notice.say(words, tone="ok", icon="tick")
        self.refresh()

    def _try(self) -> None:
        chosen, way = self.kept.get(self.table.current_id or ""), self.opening.wished()
        if chosen is None or way is None:
            return
        self.notice.clear()
        self.attempt.busy(_("Trying…"))
        self.shell.jobs.run(
            self,
            restoring.rehearse,
            self._shelf,
            chosen,
            way,
            title=_("Trying the backup"),
            done=self._tried,
            failed=self._failed,
            bar=self.bar,
        )

    def _tried(self, tried: Tried) -> None:
        self.attempt.ready()
        self.opening.clear()
        words = _("It can be restored. People: {people}; changes not sent then: {waiting}; photos: {photos}.")
        people, waiting = show_amount(tried.sound.people), show_amount(tried.sound.waiting)
        said = words.format(people=people, waiting=waiting, photos=show_amount(tried.photos))
        self.notice.say(said, _("The register was not changed."), tone="ok", icon="tick")

    def _failed(self, error: Exception) -> None:
        for button in (self.now, self.onto, self.attempt):
            button.ready()
        self._fit()
        if not self.opening.show_error(error):
            self.notice.show_error(error)

    def _restore(self) -> None:
        self.shell.restore_wanted.emit(self.kept.get(self.table.current_id or ""))


def _ages(found: Shown, now: datetime) -> str:
    """How old the newest is, and when one last left this laptop."""
    if found.carried is None:
        away = _("None was carried off this laptop yet: a stick in the safe survives a fire or a theft.")
    else:
        days = (now - found.carried).days
        away = ngettext(
            "One was carried off this laptop {days} day ago.",
            "One was carried off this laptop {days} days ago.",
            days,
        ).format(days=days)
    words = counted(
        "{count} is kept: seven days and four weeks, each verified.",
        "{count} are kept: seven days and four weeks, each verified.",
        len(found.kept),
    )
    return f"{words} {away}"
