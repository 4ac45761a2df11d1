"""Unlock: who are you, password; the door to training and to another commune."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame

from app.bootstrap.shelves import Shelf
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.reference import Reference
from app.ui.forms.field import Field
from app.ui.forms.password import PasswordBox
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, column, column_layout, label, row, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.cover import Cover, place_lines
from app.ui.parts.officers import OfficerLine, OfficerList
from app.ui.room import Room
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

if TYPE_CHECKING:
    from app.bootstrap.entering import Entered


@dataclass(frozen=True)
class Ways:
    """Where unlocking leads."""

    opened: Callable[[Entered], object]
    train: Callable[[], object]
    found: Callable[[], object]
    recover: Callable[[Shelf], object]
    rescue: Callable[[Shelf], object]
    choose: Callable[[Shelf], object]
    restore: Callable[[Shelf], object]


class Unlock(Room):
    """The laptop's officers, one password. Wrong tries slow down, across restarts."""

    frame = "bare"
    help_page = "mo-khoa"

    def __init__(self, window: Window, shelves: Sequence[Shelf], reference: Reference, ways: Ways) -> None:
        super().__init__(window)
        self._shelves, self._reference, self._ways = shelves, reference, ways
        self._shelf = shelves[0]
        self._waits = QTimer(self, interval=1000)
        self._waits.timeout.connect(self._count_down)
        self._seconds = 0
        self.cover = Cover([])
        self.subtitle = label("", "second", wrap=True)
        self.officers = OfficerList()
        self.officers.chosen.connect(self._officer_chosen)
        self.password = Field(_("Password"), PasswordBox(fit="unlock"))
        self.password.control.returnPressed.connect(self._unlock)
        self.password.control.warned.connect(self._warn)
        self.notice = NoticeSlot()
        self.bar = WorkBar()
        self.open_button = Button(
            _("Open the register"), "primary", icon="key", size="unlock", on=self._unlock
        )
        links = self._links()
        middle = column(
            label(_("Unlock"), "page"),
            self.subtitle,
            12,
            self.officers,
            16,
            self.password,
            4,
            self.notice,
            8,
            self.open_button,
            4,
            links,
            self.bar,
            gap=4,
        )
        middle.setFixedWidth(look().px(416))
        whole = row_layout(self.cover, column_layout(STRETCH, row(STRETCH, middle, STRETCH), STRETCH), gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _links(self) -> QFrame:
        """The ways to other doors."""
        ways = self._ways
        often = row(
            Button(_("Forgot the password"), "link", on=lambda: ways.recover(self._shelf)),
            STRETCH,
            Button(_("Another commune"), "link", on=ways.found),
            Button(_("Go to training"), "link", on=ways.train),
            gap=16,
        )
        rarely = row(
            Button(_("Cannot get in"), "link", on=lambda: ways.rescue(self._shelf)),
            STRETCH,
            Button(_("Restore a backup"), "link", on=lambda: ways.restore(self._shelf)),
            gap=16,
        )
        return column(often, rarely, gap=4)

    def enter(self, **arguments: object) -> None:
        """`shelf` to open, and `why` we are here (locked by itself, locked by hand)."""
        shelf = arguments.get("shelf")
        self._shelf = shelf if isinstance(shelf, Shelf) else self._shelves[0]
        why = arguments.get("why")
        self.subtitle.setText(why if isinstance(why, str) else "")
        self.subtitle.setVisible(bool(why))
        self.notice.clear()
        place = self._shelf.place
        year = (_("Year"), str(date.today().year))
        self.cover.set_lines([*place_lines(place.name, place.province), year])
        self.officers.set_officers(
            [OfficerLine(slot.officer, slot.name, "", "") for slot in self._shelf.keyfile().officers]
        )
        self.password.control.clear()
        self.password.control.setFocus()
        self._wait(self._shelf.wait_s(self.officers.value() or ""))

    def _officer_chosen(self, officer: str) -> None:
        self.password.control.clear()
        self.password.control.setFocus()
        self._wait(self._shelf.wait_s(officer))

    def _warn(self, words: str) -> None:
        if words:
            self.notice.say(words, tone="warn", icon="triangle")
        else:
            self.notice.clear()

    def _unlock(self) -> None:
        officer = self.officers.value()
        if officer is None or self._seconds or not self.open_button.isEnabled():
            return
        self.notice.clear()
        self.open_button.busy(_("Opening…"))
        self.open_button.setEnabled(False)
        self.shell.jobs.run(
            self,
            _open,
            self._shelf,
            officer,
            self.password.control.text(),
            self._reference,
            lane="write",
            done=self._opened,
            failed=self._failed,
            bar=self.bar,
        )

    def _opened(self, opened: Entered) -> None:
        self.open_button.ready()
        self.open_button.setEnabled(True)
        self.password.control.clear()
        self._ways.opened(opened)

    def _failed(self, error: Exception) -> None:
        self.open_button.ready()
        self.open_button.setEnabled(True)
        self.password.control.selectAll()
        self.password.control.setFocus()
        self.notice.show_error(error)
        if isinstance(error, Refusal):
            self._wait(self._shelf.wait_s(self.officers.value() or ""))

    def _wait(self, seconds: int) -> None:
        self._seconds = seconds
        if seconds:
            self._waits.start()
        self._count_down(step=0)

    def _count_down(self, step: int = 1) -> None:
        self._seconds = max(self._seconds - step, 0)
        if self._seconds:
            words = _("Wrong password too often. Try again in {seconds} s.").format(seconds=self._seconds)
            self.notice.say(words, tone="warn")
        elif self._waits.isActive():
            self._waits.stop()
            self.notice.clear()
        self.open_button.setEnabled(not self._seconds)


def _open(_progress: Progress, shelf: Shelf, officer: str, password: str, reference: Reference) -> Entered:
    from app.bootstrap.entering import unlock

    return unlock(shelf, officer, password, reference)
