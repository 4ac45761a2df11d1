"""What the drive writes: an enrolment with its slip, a wish for cash, and taking either back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import drive
from app.actions.accounts import Enrolled, Enrolment
from app.actions.desk import Desk
from app.actions.drive import Entered, Said
from app.store.enrolments import AtTable
from app.store.queries import PersonRow
from app.ui.drive.signed import SignedPaper
from app.ui.drive.slips import SlipTray, slip_of
from app.ui.link import Link
from app.ui.parts.holder import Holder
from app.ui.window import Window
from app.words import gettext as _


@dataclass(frozen=True)
class Ways:
    """What can still be done about what was just written; `photograph` shows its camera in a place."""

    undo: Callable[[], None]
    photograph: Callable[[Holder], None] | None = None


class Saving(QObject):
    """One save at a time. `saved(words, rest, Ways)`, `undone(words)`; `failed(error)`: nothing written."""

    saved = Signal(str, str, object)
    undone = Signal(str)
    failed = Signal(object)

    def __init__(self, owner: QWidget, window: Window, desk: Desk, link: Link, tray: SlipTray) -> None:
        super().__init__(owner)
        self._owner, self._window, self._desk, self._link, self._tray = owner, window, desk, link, tray
        self.is_running = False

    def enrol(self, seated: AtTable, entered: Entered, said: Said, *, prints: bool) -> None:
        """Propose her account; the slip goes out once it is on disk."""
        enrolment = drive.enrolment_of(entered, said)

        def done(made: Enrolled) -> None:
            self._end()
            if prints:
                self._print(seated, enrolment, made)
            words = _("Saved {name}.").format(name=seated.row.name)
            rest = _("Waits for approval by a second officer; nothing is paid there before.")
            undo = partial(self.undo, made.set_id, seated.row.name)
            self.saved.emit(words, rest, Ways(undo, partial(self._photograph, seated.row, made)))

        self._begin()
        self._window.jobs.run(
            self._owner, drive.enrol, self._desk, enrolment, lane="write", done=done, failed=self._fail
        )

    def _print(self, seated: AtTable, enrolment: Enrolment, made: Enrolled) -> None:
        self._tray.put(slip_of(self._desk, seated.row, enrolment, made))

    def _photograph(self, her: PersonRow, made: Enrolled, at: Holder) -> None:
        at.put(SignedPaper(self._window, self._desk, self._link, her, made))

    def cash(self, entered: Entered) -> None:
        """She stays with cash, and why."""

        def done(set_id: str) -> None:
            self._end()
            words = _("Saved {name}: cash.").format(name=entered.name)
            self.saved.emit(words, "", Ways(partial(self.undo, set_id, entered.name)))

        self._begin()
        work = (self._desk, entered.person, entered.why_cash)
        self._window.jobs.run(
            self._owner, drive.prefer_cash, *work, lane="write", done=done, failed=self._fail
        )

    def undo(self, set_id: str, name: str) -> None:
        """Take one back: the proposal is withdrawn, her wish is as it was."""

        def done(_stood: bool) -> None:
            self._link.saved()
            self.undone.emit(_("Taken back: {name}.").format(name=name))

        work = (self._desk, set_id)
        self._window.jobs.run(
            self._owner,
            drive.take_back,
            *work,
            lane="write",
            title="undo",
            done=done,
            failed=self.failed.emit,
        )

    def _begin(self) -> None:
        self.is_running = True

    def _end(self) -> None:
        self.is_running = False
        self._link.saved()

    def _fail(self, error: Exception) -> None:
        self.is_running = False
        self.failed.emit(error)
