"""Nobody can get in: what waits for the centre is given away as it lies there, sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.bootstrap.shelves import Shelf
from app.domain.progress import Progress
from app.store.rescue import Waiting, hand_out, look
from app.ui.moments import show_moment
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.cover import Cover, covered, place_lines
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Facts
from app.ui.room import Room
from app.ui.theme import look as shown
from app.ui.values import show_size
from app.ui.window import Window
from app.words import gettext as _


class Rescue(Room):
    """No password is asked for: nobody but the centre opens what is written here."""

    frame = "bare"
    help_page = "hop-cuu-ho"

    def __init__(self, window: Window, shelf: Shelf, back: Callable[[], object]) -> None:
        super().__init__(window)
        self._folder = shelf.folder.path
        self.facts = Holder()
        self.notice, self.bar = NoticeSlot(), WorkBar(at_edge=True)
        self.write_button = Button(
            _("Choose a stick and write"), "primary", icon="download", size="form", on=self._choose
        )
        self.write_button.setEnabled(False)
        words = (
            _("Forgotten password without the sheet, a damaged register: what was saved is not lost."),
            _("It lies here sealed for the centre. Hand the file to the province; it opens nowhere else."),
        )
        page = card(
            label(_("Waiting for the centre"), "card"),
            self.facts,
            label(_("Photos and papers are not in it: keep this laptop."), "second", wrap=True),
            gap=8,
            margins=16,
        )
        page.setFixedWidth(shown().px(520))
        told = [label(each, "second" if each is words[1] else "body", wrap=True) for each in words]
        body = column(row(page, STRETCH), self.notice, gap=12)
        cover = Cover(place_lines(shelf.place.name, shelf.place.province), width=360)
        foot = (Button(_("Back"), size="form", on=back), STRETCH, self.write_button)
        title = label(_("Cannot get in"), "page")
        self.setLayout(covered(cover, (title, *told, 12, body, STRETCH), [self.bar], foot))

    def enter(self, **arguments: object) -> None:
        self.shell.jobs.run(
            self, _look, self._folder, done=self._show, failed=self.notice.show_error, bar=self.bar
        )

    def _show(self, held: Waiting) -> None:
        self.write_button.setEnabled(held.sets > 0)
        if held.at is None:
            self.facts.put(Facts([(_("Saves waiting"), "0")]))
            self.notice.say(
                _("Nothing waits here."),
                _("The centre has every save, or this laptop was never enrolled with one."),
            )
            return
        told = [(_("Saves waiting"), str(held.sets)), (_("Size"), show_size(held.size))]
        self.facts.put(Facts([*told, (_("Last saved"), show_moment(held.at))]))

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("A stick, or another folder"))
        if folder:
            self.write(Path(folder))

    def write(self, folder: Path) -> None:
        """Copy the capsule there."""
        self.write_button.busy(_("Writing…"))
        self.shell.jobs.run(
            self,
            _hand_out,
            self._folder,
            folder,
            lane="write",
            done=self._written,
            failed=self._failed,
            bar=self.bar,
        )

    def _written(self, file: Path) -> None:
        self.write_button.ready()
        rest = _("{file}. Hand it to the province, and wait for their word before this laptop is changed.")
        self.notice.say(_("Written and read again."), rest.format(file=file.name), tone="ok", icon="tick")

    def _failed(self, error: Exception) -> None:
        self.write_button.ready()
        self.notice.show_error(error)


def _look(_progress: Progress, folder: Path) -> Waiting:
    return look(folder)


def _hand_out(_progress: Progress, folder: Path, out: Path) -> Path:
    return hand_out(folder, out, datetime.now())
