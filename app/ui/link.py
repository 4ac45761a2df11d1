"""The link to the centre while a desk is unlocked: syncs quietly, and tells the pill the truth.

Saves wait for nobody; a sync runs after a save, when the centre says that somebody else's arrived
(`listening.py`), now and then, and when the pill's room asks.
A failure is tried again with growing, jittered pauses (design/sync.md).
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions import attachments, exchange, leaving
from app.actions.desk import Desk
from app.actions.exchange import LinkState
from app.domain.errors import Coded
from app.domain.text import show_amount
from app.store.attachments import Load
from app.sync.attachments import Sent
from app.sync.conversation import (
    PAUSE_SECONDS_HURRYING,
    PAUSE_SECONDS_MAX,
    Summary,
    pause_after,
)
from app.sync.events import NOWHERE, Told
from app.ui import pill
from app.ui.jobs import Job
from app.ui.listening import Ear
from app.ui.moments import show_lead, show_time
from app.ui.values import show_size
from app.ui.window import Window
from app.words import counted, explain, ngettext
from app.words import gettext as _

QUIET_S = 120.0  # between syncs when all is well
QUIET_LISTENING_S = 600.0  # and the centre would say so if there were anything
AFTER_SAVE_S = 0.6  # a burst of saves goes in one exchange
_TICK_MS = 30_000


class Link(QObject):
    """One desk's link. `changed` when a sync moved rows or the state; `failed` with the reason.

    `revoked` when the centre took this laptop's leave and has everything: the desk must be let go.
    """

    changed = Signal()
    synced = Signal(object)
    failed = Signal(object)
    revoked = Signal()

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        self._failures = 0
        self._is_running = False
        self._exchange: Job | None = None
        self._saved_meanwhile = False  # perhaps too late for the exchange under way
        self._past: Job | None = None  # what a first fill left out, on its way
        self._goes_on = True
        self._reason = ""
        self._sending: Job | None = None  # photos on their way, after the sets
        self.unread = Sent(0, 0, 0)  # what the last sending met; which photos it could not read
        self._told = self._answered = NOWHERE  # by the centre's line, and what the last sync went for
        self._ear = Ear(self, window.jobs, desk)
        self._ear.heard.connect(self._hear)
        self.state: LinkState | None = None
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self.sync_now)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._look_again)

    @property
    def is_running(self) -> bool:
        """Whether an exchange is under way."""
        return self._is_running

    @property
    def next_at(self) -> datetime | None:
        """When the next try by itself begins; None when none is planned."""
        if not self._next.isActive():
            return None
        return datetime.now(UTC) + timedelta(milliseconds=max(self._next.remainingTime(), 0))

    def begin(self) -> None:
        """Look where we stand, and sync soon."""
        self._tick.start()
        self.refresh()
        self._plan(AFTER_SAVE_S)

    def end(self) -> None:
        """Nothing more; what runs is cancelled."""
        self._tick.stop()
        self._next.stop()
        self.give_way()
        if self._exchange is not None:
            self._exchange.cancel()
        self._ear.end()
        self.deleteLater()

    def saved(self) -> None:
        """Something was saved here: say what waits, and let it go soon."""
        self.refresh()
        self._saved_meanwhile = self._is_running
        if not self._is_running and not self._failures:
            self._plan(AFTER_SAVE_S)
        self.changed.emit()

    def refresh(self) -> None:
        """Read the state again and show it."""
        self._window.jobs.run(
            self, exchange.link_state, self._desk, title="link", done=self._take_state, failed=self._ignore
        )

    def joined(self) -> None:
        """The laptop knows a centre from now on: what was read before no longer holds."""
        self.state = None
        self.refresh()
        self.sync_now()

    def sync_now(self) -> None:
        """An exchange now, unless one runs or no centre is known."""
        if self._is_running or (self.state is not None and not self.state.enrolled):
            return
        self._is_running, self._saved_meanwhile, self._answered = True, False, self._told
        self._next.stop()
        self.give_way()
        self._window.pill.show_state(pill.syncing())
        self._exchange = self._window.jobs.run(
            self,
            exchange.exchange,
            self._desk,
            lane="net",
            title="sync",
            done=self._done,
            failed=self._failed,
        )

    def _done(self, summary: Summary) -> None:
        self._is_running, self._failures, self._reason, self._goes_on = False, 0, "", True
        quiet = QUIET_LISTENING_S if self._ear.is_open else QUIET_S
        self._plan(AFTER_SAVE_S if self._saved_meanwhile else quiet)
        self._ear.begin()
        self.refresh()
        self.synced.emit(summary)
        self.changed.emit()
        if summary.revoked:
            self._window.jobs.run(self, leaving.take_leave, self._desk, lane="write", done=self._leave)
            return
        if self.state is None or not self.state.arriving:  # signed proof goes before photos
            self.send_files()

    def _leave(self, has_left: bool) -> None:
        if has_left:
            self.revoked.emit()

    def send_files(self) -> None:
        """Photos and papers follow the sets, for as long as nothing else wants the line.

        Before the list's deadline they wait until every change that it waits for has gone.
        """
        hurries = self.state is not None and self.state.hurries
        if self._sending is None and not self._is_running and not hurries:
            work = (attachments.send, self._desk)
            self._sending = self._window.jobs.run(
                self, *work, lane="net", title="files", done=self._files_sent, failed=self._files_failed
            )

    def give_way(self) -> None:
        """Let go of the line at the next piece: somebody waits for it. The next sync goes on there."""
        for job in (self._past, self._sending):
            if job is not None:
                job.cancel()

    def _files_sent(self, sent: Sent) -> None:
        self._sending = None
        is_news = sent.whose != self.unread.whose
        self.unread = sent
        if sent.bytes or sent.files or is_news:
            self.refresh()
            self.changed.emit()

    def _files_failed(self, _error: Exception) -> None:
        self._sending = None  # noted among the exchanges; the next sync tries again, and says why not
        self.refresh()

    def _failed(self, error: Exception) -> None:
        self._is_running = False
        code = error.code if isinstance(error, Coded) else ""
        if code != "sync.not_enrolled":
            self._failures += 1
            self._reason = "" if code == "sync.offline" else explain(error).happened
            hurries = self.state is not None and self.state.hurries
            longest = PAUSE_SECONDS_HURRYING if hurries else PAUSE_SECONDS_MAX
            self._plan(pause_after(self._failures - 1, random.random(), longest))
        self.refresh()
        self.failed.emit(error)

    def _hear(self, told: Told) -> None:
        """The centre says where it stands; our own saves come back this way too, and move nothing."""
        self._told = told
        self.refresh()

    def _ignore(self, error: Exception) -> None:
        """The state could not be read: the vault was locked under us."""

    def _plan(self, seconds: float) -> None:
        self._next.start(int(seconds * 1000))

    def _take_state(self, state: LinkState) -> None:
        self.state = state
        if state.is_behind(self._told) and self._told != self._answered and not self._failures:
            self.sync_now()
        self._show()
        self._fetch_past(state)

    def _look_again(self) -> None:
        if self._sending is not None:
            self.refresh()
        self._show()

    def _fetch_past(self, state: LinkState) -> None:
        """What a first fill left out comes while nothing else is to be said."""
        is_left = state.arriving or state.unfound
        if self._goes_on and is_left and not (state.waiting or self._is_running or self._past):
            self._past = self._window.jobs.run(
                self,
                exchange.fetch_past,
                self._desk,
                lane="net",
                title="past",
                done=self._past_came,
                failed=self._past_stayed,
            )

    def _past_came(self, left: int) -> None:
        """A piece of it; the next follows when something came at all."""
        self._past = None
        self._goes_on = self.state is not None and (left < self.state.arriving or self.state.unfound > 0)
        self.refresh()
        self.changed.emit()
        if not left:
            self.send_files()

    def _past_stayed(self, _error: Exception) -> None:
        """It gave way, or the line broke: it goes on after the next exchange."""
        self._past, self._goes_on = None, False
        self.refresh()

    def _show(self) -> None:
        if self.state is not None and not self._is_running:
            conflicts = self.state.conflicts
            shown = pill.conflicts(conflicts) if conflicts else self.standing
            if conflicts and self.state.hurries:
                shown = shown.with_why(due_in_words(self.state))
            if self.state.diverged and shown.kind == "synced":
                shown = pill.fetched_anew()
            if self.state.clock_is_off:
                clock = _("This machine's clock is {lead}: set it.")
                shown = shown.with_why(clock.format(lead=show_lead(self.state.clock_ahead)))
            if self.state.photos.count:
                shown = shown.with_why(
                    _("Still to be sent: {photos}.").format(photos=photos_in_words(self.state.photos))
                )
            self._window.pill.show_state(shown)

    @property
    def standing(self) -> pill.Link:
        """How this copy stands with the centre, whatever else waits for somebody."""
        state = self.state
        if self._is_running:
            return pill.syncing()
        if state is None or not state.enrolled:
            return pill.offline(state.waiting if state else 0)
        if self._reason:
            return _hurried(pill.failed(self._reason, self._next_try()), state)
        if self._failures:
            return _hurried(pill.offline(state.waiting), state)
        if state.waiting:
            return _hurried(pill.waiting(state.waiting), state)
        if state.last_done is None:
            return pill.offline(0)
        if not state.in_step:
            return pill.failed(_("The centre's register is not the same as this one."), self._next_try())
        shown = pill.synced(int((datetime.now(UTC) - state.last_done).total_seconds() // 60))
        if state.arriving:
            return shown.with_why(
                counted(
                    "History is on its way: {count} save to come.",
                    "History is on its way: {count} saves to come.",
                    state.arriving,
                )
            )
        return shown

    def _next_try(self) -> str:
        at = self.next_at
        return _("Tries again at {time}.").format(time=show_time(at)) if at else ""


def _hurried(shown: pill.Link, state: LinkState) -> pill.Link:
    """The pill while the list's deadline leads: the days left, and what of this laptop it waits for."""
    if state.due is None or not state.hurries:
        return shown
    return pill.before_the_list(shown, state.due.left, state.for_list, due_in_words(state))


def due_in_words(state: LinkState) -> str:
    """How long the list has, and what it waits for; empty while its deadline is far."""
    due = state.due
    if due is None or not due.leads:
        return ""
    days = (
        ngettext(
            "{days} day until the list is due ({day})", "{days} days until the list is due ({day})", due.left
        )
        if due.left
        else _("The list is due today ({day})")
    )
    left = days.format(days=due.left, day=due.on.strftime("%d/%m"))
    waits = counted(
        "{count} change of accounts and entitlements not sent",
        "{count} changes of accounts and entitlements not sent",
        state.for_list,
    )
    return f"{left}: {waits if state.for_list else _('nothing of this laptop is missing')}"


def photos_in_words(load: Load) -> str:
    """How many photos and papers wait, and how large they are together."""
    words = ngettext("{count} photo or paper, {size}", "{count} photos and papers, {size}", load.count)
    return words.format(count=show_amount(load.count), size=show_size(load.bytes))
