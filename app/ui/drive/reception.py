"""From a scan or typed words to the person at the table: looking up, asking, entering, correcting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import cards
from app.actions.cards import Met
from app.actions.desk import Desk
from app.domain.identity import CardQr
from app.domain.records import Value
from app.store.enrolments import AtTable
from app.store.queries import PersonRow
from app.ui.drive.scan import ScanStep
from app.ui.jobs import Lane
from app.ui.link import Link
from app.ui.notices import NoticeSlot
from app.ui.window import Window
from app.words import gettext as _


class Reception(QObject):
    """`seated(AtTable)` once it is certain who she is; `asked` when a question is on the screen."""

    seated = Signal(object)
    asked = Signal()

    def __init__(self, owner: QWidget, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(owner)
        self._owner, self._window, self._desk, self._link = owner, window, desk, link
        self._card: CardQr | None = None
        self._waiting: AtTable | None = None

    def serve(self, step: ScanStep, notice: NoticeSlot) -> None:
        """Work with this step, and say there what goes wrong."""
        self._step, self._notice = step, notice
        step.wanted.connect(self.want)
        step.sought.connect(self._seek)
        step.newcomer.connect(self._welcome)
        step.taken_over.connect(self._take_over)

    def forget(self) -> None:
        """Nobody stands there any more."""
        self._card, self._waiting = None, None

    def meet(self, scanned: str) -> None:
        """Whom a card's code or a number means."""
        self.forget()
        self._run(cards.meet, scanned, done=self._met)

    def want(self, person: str) -> None:
        """Seat this person, by her record's id."""
        self._run(cards.seat, person, done=self._seat)

    def fail(self, error: Exception) -> None:
        """Say what went wrong, at the field where there is one."""
        if not self._step.show_error(error):
            self._notice.show_error(error)

    def _run(
        self, work: Callable[..., Any], *about: object, done: Callable[[Any], None], writes: bool = False
    ) -> None:
        lane: Lane = "write" if writes else "read"
        self._window.jobs.run(self._owner, work, self._desk, *about, lane=lane, done=done, failed=self.fail)

    def _met(self, met: Met) -> None:
        self._card = met.card
        if met.is_certain:
            self.want(met.people[0].id)
        elif met.people:
            self._step.ask_who(met)
        elif met.card is not None:
            self._step.ask_new(met.card)
        else:
            words = _("Nobody in the register has this number.")
            self._notice.say(words, _("Scan her ID card, or type her name."), tone="warn")
        self.asked.emit()

    def _seat(self, found: AtTable) -> None:
        differing = cards.differences(self._card, found.values) if self._card is not None else ()
        if not differing:
            self.seated.emit(found)
            return
        self._waiting = found
        self._step.ask_differences(found, differing)
        self.asked.emit()

    def _take_over(self, values: dict[str, Value]) -> None:
        waiting = self._waiting
        if waiting is None:
            return
        if values:
            self._run(cards.take_over, waiting.opened, values, done=self._written, writes=True)
        else:
            self.seated.emit(waiting)

    def _welcome(self, card: CardQr, values: dict[str, Value]) -> None:
        self._run(cards.welcome, card, values, done=self._written, writes=True)

    def _written(self, found: AtTable) -> None:
        self._link.saved()
        self.seated.emit(found)

    def _seek(self, words: str) -> None:
        self._run(cards.seek, words, done=self._sought)

    def _sought(self, people: tuple[PersonRow, ...]) -> None:
        self._step.show_found(people)
        self.asked.emit()
