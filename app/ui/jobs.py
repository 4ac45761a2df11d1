"""The only way off the GUI thread, and the only threads.

    self.window_.jobs.run(self, actions.import_sheet, path, lane="write",
                          title=_("Importing people"), bar=self.bar,
                          done=self.show_result, failed=self.show_error)

A job is any Qt-free function `fn(progress, *args)` (`app.domain.progress.Progress`), tested by
calling it. `done(result)` and `failed(error)` run later on the GUI thread, and never once the
owner is deleted. A read whose owner is gone is told to stop; a write is finished, for it was
asked for. Without `failed`, a Refusal or Trouble is announced by `unheard`; a bug is always
announced by `bug` (the window shows both) and handed to `failed` too, so that the room can
wake its buttons. Cancelled work is silent unless `failed` wants it.

Lanes: write (one thread, the writing connection), read (two), net, listen, print, stick (one each: a
printer or a stick that hangs holds up nothing else).
A job with the same owner, title, function and arguments as one still waiting in its lane is not
queued twice; `job.drop()` forgets an answer that is no longer wanted (older search text).
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from app.domain.errors import Cancelled, Refusal, Trouble
from app.domain.progress import Progress

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

Lane = Literal["write", "read", "net", "listen", "print", "stick"]
_THREADS: dict[Lane, int] = {"write": 1, "read": 2, "net": 1, "listen": 1, "print": 1, "stick": 1}
POLL_MS = 100
SHOW_AFTER_S = 0.6
KEEP_S = 0.5


class Bar(Protocol):
    """What shows a job in its pane; `app.ui.notices.WorkBar` is ours."""

    def begin(self, job: Job) -> None: ...
    def tell(self, done: int, total: int, what: str, elapsed_s: float) -> None: ...
    def end(self) -> None: ...


@dataclass(eq=False)
class Job:
    """One piece of work on its way; keep it to cancel or drop it."""

    owner: QObject
    lane: Lane
    title: str
    work: tuple[Any, ...]
    done: Callable[[Any], None] | None = None
    failed: Callable[[Exception], None] | None = None
    bar: Bar | None = None
    progress: Progress = field(default_factory=Progress)
    asked_at: float = 0.0
    shown_at: float | None = None
    has_started: bool = False
    is_dropped: bool = False

    def cancel(self) -> None:
        """Ask the work to stop at its next step; it rolls back and fails with Cancelled."""
        self.progress.cancel()

    def drop(self) -> None:
        """Forget the answer; a read is told to stop as well."""
        self.is_dropped = True
        if self.lane != "write":
            self.progress.cancel()


class Jobs(QObject):
    """The lanes of one window. `close()` waits for what runs and ends every thread."""

    bug = Signal(object)
    unheard = Signal(object)
    _finished = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._pools: dict[Lane, ThreadPoolExecutor] = {}
        self._open: list[Job] = []
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._poll)
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(  # noqa: PLR0913 - the one door to the threads; each of these is a decision of the caller
        self,
        owner: QObject,
        fn: Callable[..., Any],
        *args: Any,
        lane: Lane = "read",
        title: str = "",
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        bar: Bar | None = None,
        progress: Progress | None = None,
    ) -> Job:
        """Queue `fn(progress, *args)`; returns the job, or the equal one that already waits."""
        work = (fn, *args)
        for waiting in self._open:
            same_name = title and (waiting.lane, waiting.title) == (lane, title) and waiting.owner is owner
            if same_name and not (waiting.has_started or waiting.is_dropped) and waiting.work == work:
                return waiting
        job = Job(owner, lane, title, work, done, failed, bar, progress or Progress(), self._clock())
        self._open.append(job)
        future = self._pool(lane).submit(self._work, job)
        future.add_done_callback(lambda ended: self._report(job, ended))
        if bar is not None:
            self._timer.start()
        return job

    def _pool(self, lane: Lane) -> ThreadPoolExecutor:
        """A lane's threads, made at its first job: the unlock screen starts without them."""
        from concurrent.futures import ThreadPoolExecutor

        if lane not in self._pools:
            self._pools[lane] = ThreadPoolExecutor(_THREADS[lane], thread_name_prefix=f"soansinh-{lane}")
        return self._pools[lane]

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs or waits; an ear at the centre's line does no work."""
        return all(job.lane == "listen" for job in self._open)

    def finish_writes(self) -> None:
        """Wait until every write that was asked for is on disk: a moment's, before the key is let go."""
        if "write" in self._pools:
            self._pools["write"].submit(int).result()

    def stop_reads(self) -> None:
        """Tell whatever reads to stop: nobody wants its answer any more."""
        for job in self._open:
            if job.lane == "read":
                job.drop()

    def close(self, *, finish_writes: bool = True) -> None:
        """Stop everything but writes, wait for the threads to end, and deliver nothing more."""
        for job in self._open:
            job.is_dropped = True
            if job.lane != "write" or not finish_writes:
                job.progress.cancel()
        for lane, pool in self._pools.items():
            pool.shutdown(wait=True, cancel_futures=lane != "write")
        self._pools.clear()
        self._timer.stop()
        self._open.clear()

    @staticmethod
    def _work(job: Job) -> Any:
        """On the lane's thread."""
        job.has_started = True
        unwanted = job.is_dropped or not isValid(job.owner)
        if job.progress.stop or (unwanted and job.lane != "write"):
            raise Cancelled
        fn, *args = job.work
        if job.lane != "write":
            return fn(job.progress, *args)
        # An import makes a million objects without a cycle; walking them again and again, Python's
        # collector would hold every thread, the window's too, for a second at a time.
        gc.disable()
        try:
            return fn(job.progress, *args)
        finally:
            gc.enable()

    def _report(self, job: Job, ended: Future[Any]) -> None:
        """On the lane's thread (or the GUI's, when cancelled before it began)."""
        if ended.cancelled():
            return
        error = ended.exception()
        self._finished.emit(job, None if error else ended.result(), error)

    def _deliver(self, job: Job, result: Any, error: Exception | None) -> None:
        if job not in self._open:
            return
        self._open.remove(job)
        self._put_bar_away(job)
        is_wanted = isValid(job.owner) and not job.is_dropped
        if error is not None:
            self._deliver_error(job, error, is_wanted)
        elif is_wanted and job.done is not None:
            job.done(result)

    def _deliver_error(self, job: Job, error: Exception, is_wanted: bool) -> None:
        is_expected = isinstance(error, Refusal | Trouble | Cancelled)
        if not is_expected:
            self.bug.emit(error)
        if is_wanted and job.failed is not None:
            job.failed(error)
        elif isinstance(error, Refusal | Trouble) and (is_wanted or job.lane == "write"):
            self.unheard.emit(error)

    def _poll(self) -> None:
        """Show the bars whose time has come; drop reads whose owner is gone."""
        now = self._clock()
        shown = False
        for job in self._open:
            if not isValid(job.owner):
                job.drop()
            if job.bar is None or job.is_dropped:
                continue
            shown = True
            if job.shown_at is None and now - job.asked_at >= SHOW_AFTER_S:
                job.shown_at = now
                job.bar.begin(job)
            if job.shown_at is not None:
                state = job.progress
                job.bar.tell(state.done, state.total, state.what, now - job.asked_at)
        if not shown:
            self._timer.stop()

    def _put_bar_away(self, job: Job) -> None:
        bar = job.bar
        if bar is None or job.shown_at is None or (isinstance(bar, QObject) and not isValid(bar)):
            return
        left_s = KEEP_S - (self._clock() - job.shown_at)
        if left_s <= 0:
            bar.end()
        elif isinstance(bar, QObject):
            QTimer.singleShot(round(left_s * 1000), bar, bar.end)
