"""The drive as it stands: its draft in the vault a moment after each answer, and how it goes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.actions import drive
from app.actions.desk import Desk
from app.actions.drive import Drive, Entered, Tally
from app.ui.jobs import Jobs

_REST_MS = 300


class Keeping(QObject):
    """Holds the drive (None until it was read) and keeps it off the window's thread.

    `counted(Drive, Tally)` whenever somebody is done, put off or struck out, or others are called;
    `left(name)` of whoever leaves the table and must come back.
    """

    counted = Signal(object, object)
    left = Signal(str)

    def __init__(self, owner: QWidget, jobs: Jobs, desk: Desk) -> None:
        super().__init__(owner)
        self._owner, self._jobs, self._desk = owner, jobs, desk
        self.drive: Drive | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.keep)

    def resume(self, done: Callable[[Drive], None]) -> None:
        """Read it, in the writing lane: behind the last draft that a room before this one sent there."""

        def found(read: Drive) -> None:
            self.drive = read
            self.count()
            done(read)

        self.keep()
        self._jobs.run(self._owner, drive.resume, self._desk, lane="write", done=found)

    def hold(self, now: Drive) -> None:
        """Hold it as it is now; its draft follows when answers rest."""
        before = self.drive.absent if self.drive is not None else ()
        self.drive = now
        if len(now.absent) >= len(before) and now.absent[-1:] != before[-1:]:
            self.left.emit(now.absent[-1].entered.name)
        self._rest.start()

    def seat(self, current: Entered | None) -> None:
        """Hold it with this person at the table, or nobody."""
        if self.drive is not None:
            self.hold(self.drive.seat(current))

    def keep(self) -> None:
        """Write the draft now; nothing once the vault is locked, for then nobody sits at the table."""
        self._rest.stop()
        if self.drive is not None and self._desk.vault.is_open:
            self._jobs.run(self._owner, drive.keep, self._desk, self.drive, lane="write")

    def strike(self, person: str) -> None:
        """She is done, or does not come back."""
        if self.drive is not None:
            self.hold(self.drive.strike(person))
            self.count()

    def place(self, words: str, hamlets: tuple[str, ...]) -> None:
        """The drive is held elsewhere, or other hamlets are called."""
        if self.drive is not None:
            self.hold(self.drive.held(words, hamlets))
            self.count()

    def slips_to(self, folder: str) -> None:
        """Slips go to this folder."""
        if self.drive is not None:
            self.hold(self.drive.with_slips(folder))

    def count(self) -> None:
        """Read anew how the drive goes."""
        if self.drive is not None:
            work = (self._desk, self.drive)
            self._jobs.run(self._owner, drive.tally, *work, title="drive", done=self._counted)

    def _counted(self, tally: Tally) -> None:
        self.counted.emit(self.drive, tally)
