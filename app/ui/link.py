"""The link to the centre while a desk is unlocked: syncs quietly, and tells the pill the truth.

Saves wait for nobody; a sync runs after a save, now and then, and when the pill's room asks.
A failure is tried again with growing, jittered pauses (design/sync.md).
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from app.actions import exchange
from app.actions.desk import Desk
from app.actions.exchange import LinkState
from app.domain.errors import Coded
from app.sync.conversation import Summary, pause_after
from app.ui import pill
from app.ui.jobs import Job
from app.ui.moments import show_lead, show_time
from app.ui.window import Window
from app.words import explain
from app.words import gettext as _

QUIET_S = 120.0  # between syncs when all is well
AFTER_SAVE_S = 1.5  # a burst of saves goes in one exchange
_TICK_MS = 30_000


class Link(QObject):
    """One desk's link. `changed` when a sync moved rows or the state; `failed` with the reason."""

    changed = Signal()
    synced = Signal(object)
    failed = Signal(object)

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        self._failures = 0
        self._is_running = False
        self._past: Job | None = None  # what a first fill left out, on its way
        self._goes_on = False
        self._reason = ""
        self.state: LinkState | None = None
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self.sync_now)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._show)

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
        self.deleteLater()

    def saved(self) -> None:
        """Something was saved here: say what waits, and let it go soon."""
        self.refresh()
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
        self._is_running = True
        if self._past is not None:
            self._past.cancel()
        self._next.stop()
        self._window.pill.show_state(pill.syncing())
        self._window.jobs.run(
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
        self._plan(QUIET_S)
        self.refresh()
        self.synced.emit(summary)
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._is_running = False
        code = error.code if isinstance(error, Coded) else ""
        if code != "sync.not_enrolled":
            self._failures += 1
            self._reason = "" if code == "sync.offline" else explain(error).happened
            self._plan(pause_after(self._failures - 1, random.random()))
        self.refresh()
        self.failed.emit(error)

    def _ignore(self, error: Exception) -> None:
        """The state could not be read: the vault was locked under us."""

    def _plan(self, seconds: float) -> None:
        self._next.start(int(seconds * 1000))

    def _take_state(self, state: LinkState) -> None:
        self.state = state
        self._show()
        if self._goes_on and state.arriving and not (state.waiting or self._is_running or self._past):
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
        self._goes_on = self.state is not None and left < self.state.arriving
        self.refresh()
        self.changed.emit()

    def _past_stayed(self, _error: Exception) -> None:
        """It gave way, or the line broke: it goes on after the next exchange."""
        self._past, self._goes_on = None, False
        self.refresh()

    def _show(self) -> None:
        if self.state is not None and not self._is_running:
            conflicts = self.state.conflicts
            shown = pill.conflicts(conflicts) if conflicts else self.standing
            if self.state.diverged and shown.kind == "synced":
                shown = pill.fetched_anew()
            if self.state.clock_is_off:
                clock = _("This machine's clock is {lead}: set it.")
                shown = shown.with_why(clock.format(lead=show_lead(self.state.clock_ahead)))
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
            return pill.failed(self._reason, self._next_try())
        if self._failures:
            return pill.offline(state.waiting)
        if state.waiting:
            return pill.waiting(state.waiting)
        if state.last_done is None:
            return pill.offline(0)
        if not state.in_step:
            return pill.failed(_("The centre's register is not the same as this one."), self._next_try())
        shown = pill.synced(int((datetime.now(UTC) - state.last_done).total_seconds() // 60))
        if state.arriving:
            return shown.with_why(
                _("History is on its way: {count} saves to come.").format(count=state.arriving)
            )
        return shown

    def _next_try(self) -> str:
        at = self.next_at
        return _("Tries again at {time}.").format(time=show_time(at)) if at else ""
