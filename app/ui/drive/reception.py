"""From a scan or typed words to the person at the table: looking up, asking, entering, correcting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.actions import cards
from app.actions.cards import Difference, Met
from app.actions.desk import Desk
from app.domain.identity import CardQr
from app.domain.records import Value
from app.store.enrolments import AtTable
from app.store.queries import PersonRow
from app.ui.drive.scan import ScanStep
from app.ui.jobs import Job
from app.ui.link import Link
from app.ui.notices import NoticeSlot
from app.ui.parts.buttons import Button
from app.ui.values import show_value
from app.ui.window import Window
from app.words import gettext as _


class Reception(QObject):
    """`seated(AtTable)` once it is certain who she is; `asked` when a question is on the screen;
    `brought_up(AtTable)` once the register took over what her card says beside.

    Only the newest question to the register is answered: two scans in a row mean the second.
    """

    seated = Signal(object)
    brought_up = Signal(object)
    asked = Signal()
    failed = Signal()

    def __init__(self, owner: QWidget, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(owner)
        self._owner, self._window, self._desk, self._link = owner, window, desk, link
        self._card: CardQr | None = None
        self._waiting: AtTable | None = None
        self._reading: Job | None = None
        self._sought: Job | None = None
        self.is_writing = False

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
        for job in (self._reading, self._sought):
            if job is not None:
                job.drop()

    def lacking(self, seated: AtTable) -> tuple[Difference, ...]:
        """What her card, just scanned, says beside who she is, and the register does not know."""
        return cards.lacking(self._card, seated.values) if self._card is not None else ()

    def meet(self, scanned: str) -> None:
        """Whom a card's code or a number means."""
        self.forget()
        self._ask(cards.meet, scanned, done=self._met)

    def want(self, person: str) -> None:
        """Seat this person, by her record's id."""
        self._ask(cards.seat, person, done=self._seat)

    def fail(self, error: Exception) -> None:
        """Say what went wrong, at the field where there is one."""
        if not self._step.show_error(error):
            self._notice.show_error(error)
        self.failed.emit()

    def _ask(self, work: Callable[..., Any], *about: object, done: Callable[[Any], None]) -> None:
        if self._reading is not None:
            self._reading.drop()
        jobs = self._window.jobs
        self._reading = jobs.run(self._owner, work, self._desk, *about, done=done, failed=self.fail)

    def write(self, work: Callable[..., Any], *about: object, done: Callable[[AtTable], None]) -> None:
        """One save at a time; a second press meanwhile is no second person."""

        def ended(found: AtTable) -> None:
            self.is_writing = False
            self._link.saved()
            done(found)

        def failed(error: Exception) -> None:
            self.is_writing = False
            self.fail(error)

        if not self.is_writing:
            self.is_writing = True
            jobs = self._window.jobs
            jobs.run(self._owner, work, self._desk, *about, lane="write", done=ended, failed=failed)

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
            self.write(cards.take_over, waiting.opened, values, done=self.seated.emit)
        else:
            self.seated.emit(waiting)

    def _welcome(self, card: CardQr, values: dict[str, Value]) -> None:
        self.write(cards.welcome, card, values, done=self.seated.emit)

    def offer(self, seated: AtTable, lacking: Sequence[Difference]) -> None:
        """What the card says and the register lacks is offered, never taken silently; it holds up nobody."""
        if not lacking:
            return
        values = {each.field: each.card for each in lacking}

        def taken(found: AtTable) -> None:
            self._notice.clear()
            self.brought_up.emit(found)

        take = Button(
            _("Take over"), on=lambda: self.write(cards.take_over, seated.opened, values, done=taken)
        )
        words = [f"{_(f'field.person.{n}')} {show_value('person', n, value)}" for n, value in values.items()]
        self._notice.say(_("Her card says more than the register."), ", ".join(words), action=take)

    def _seek(self, words: str) -> None:
        if self._sought is not None:
            self._sought.drop()
        jobs = self._window.jobs
        self._sought = jobs.run(
            self._owner, cards.seek, self._desk, words, done=self._found, failed=self.fail
        )

    def _found(self, people: tuple[PersonRow, ...]) -> None:
        self._step.show_found(people)
        self.asked.emit()
