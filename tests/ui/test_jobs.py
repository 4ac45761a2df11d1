"""The lanes: results on the GUI thread, order, duplicates, owners, bars, bugs, and an end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.domain.errors import Cancelled, Refusal
from app.domain.progress import Progress
from app.ui.jobs import Job, Jobs, Lane
from app.ui.notices import WorkBar


@dataclass
class Gate:
    """Work that waits to be let go, and knows whether it began."""

    began: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def work(self, progress: Progress, answer: str = "done") -> str:
        self.began.set()
        while not self.go.wait(0.01):
            progress.step(1, 10)
        return answer


def test_a_result_comes_back_on_the_gui_thread(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[tuple[int, int]] = []
    jobs.run(jobs, lambda _p, n: n * 2, 21, done=lambda n: heard.append((n, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(42, threading.get_ident())]
    assert jobs.is_idle


def test_writes_run_one_after_the_other_on_one_thread(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[tuple[int, int]] = []
    for number in range(20):
        jobs.run(jobs, lambda _p, n: seen.append((n, threading.get_ident())), number, lane="write")
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert [number for number, _thread in seen] == list(range(20))
    assert len({thread for _number, thread in seen}) == 1


def test_two_reads_run_beside_each_other_and_beside_a_write(jobs: Jobs, qtbot: QtBot) -> None:
    gates = [Gate() for _ in range(3)]
    lanes: tuple[Lane, ...] = ("read", "read", "write")
    for gate, lane in zip(gates, lanes, strict=True):
        jobs.run(jobs, gate.work, lane=lane)
    qtbot.waitUntil(lambda: all(gate.began.is_set() for gate in gates))
    for gate in gates:
        gate.go.set()
    qtbot.waitUntil(lambda: jobs.is_idle)


def test_the_same_work_is_not_queued_twice_while_it_waits(jobs: Jobs, qtbot: QtBot) -> None:
    gate = Gate()
    counted: list[int] = []
    jobs.run(jobs, gate.work, lane="write")
    count: Callable[..., None] = lambda _p, n: counted.append(n)  # noqa: E731
    first = jobs.run(jobs, count, 1, lane="write", title="save")
    assert jobs.run(jobs, count, 1, lane="write", title="save") is first
    assert jobs.run(jobs, count, 2, lane="write", title="save") is not first
    gate.go.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert counted == [1, 2]


def test_two_owners_of_the_same_work_each_hear_of_it(jobs: Jobs, qtbot: QtBot) -> None:
    """A pane that was just closed has asked the same: it hears nothing, and whoever took its place must."""
    gates, heard = [Gate(), Gate()], list[str]()
    look: Callable[..., str] = lambda _p: "read"  # noqa: E731
    for gate in gates:
        jobs.run(jobs, gate.work)
    gone, here = QObject(), QObject()
    for owner in (gone, here):
        jobs.run(owner, look, title="look", done=heard.append)
    delete(gone)
    for gate in gates:
        gate.go.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert heard == ["read"]


def test_an_owner_that_is_gone_hears_nothing_but_its_write_is_finished(jobs: Jobs, qtbot: QtBot) -> None:
    owner, gate = QObject(), Gate()
    heard: list[object] = []
    written: list[int] = []
    jobs.run(owner, gate.work, lane="write", done=heard.append)
    jobs.run(owner, lambda _p: written.append(1), lane="write", done=heard.append)
    jobs.run(owner, gate.work, lane="read", done=heard.append)
    delete(owner)
    gate.go.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert (heard, written) == ([], [1])


def test_cancel_reaches_the_work_and_is_told_as_cancelled(jobs: Jobs, qtbot: QtBot) -> None:
    gate = Gate()
    failures: list[Exception] = []
    job = jobs.run(jobs, gate.work, lane="write", failed=failures.append)
    qtbot.waitUntil(gate.began.is_set)
    job.cancel()
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], Cancelled)


def test_a_dropped_answer_is_forgotten(jobs: Jobs, qtbot: QtBot) -> None:
    gate = Gate()
    heard: list[object] = []
    job = jobs.run(jobs, gate.work, "old", done=heard.append, failed=heard.append)
    jobs.run(jobs, gate.work, "new", done=heard.append)
    job.drop()
    gate.go.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert heard == ["new"]


def test_a_refusal_without_a_listener_is_announced_and_a_bug_always(jobs: Jobs, qtbot: QtBot) -> None:
    unheard: list[Exception] = []
    bugs: list[Exception] = []
    failures: list[Exception] = []
    jobs.unheard.connect(unheard.append)
    jobs.bug.connect(bugs.append)

    def refuse(_progress: Progress) -> None:
        raise Refusal("no_such_thing")

    def break_down(_progress: Progress) -> None:
        raise ZeroDivisionError

    jobs.run(jobs, refuse)
    jobs.run(jobs, refuse, failed=failures.append)
    jobs.run(jobs, break_down, failed=failures.append)
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert [str(error) for error in unheard] == ["no_such_thing"]
    assert [type(error) for error in bugs] == [ZeroDivisionError]
    assert {type(error) for error in failures} == {Refusal, ZeroDivisionError}


@dataclass
class Clock:
    """Time that a test moves."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bar_appears_after_600_ms_counts_and_can_cancel(qtbot: QtBot) -> None:
    clock, gate = Clock(), Gate()
    failures: list[Exception] = []
    jobs = Jobs(clock=clock)
    bar = WorkBar()
    qtbot.addWidget(bar)
    jobs.run(jobs, gate.work, lane="write", title="Nhập", bar=bar, failed=failures.append)
    qtbot.waitUntil(gate.began.is_set)
    clock.now = 0.5
    jobs._poll()
    assert bar.isHidden()
    clock.now = 3.0
    qtbot.waitUntil(lambda: bar._title.text() == "Nhập 1/10")
    assert not bar.isHidden()
    assert bar._left.text() == "còn 27 giây"
    bar._stop.click()
    qtbot.waitUntil(lambda: bool(failures))
    # Shown for less than half a second, it stays a little so that nothing flickers.
    assert not bar.isHidden()
    qtbot.waitUntil(bar.isHidden)
    jobs.close()


def test_quick_work_shows_no_bar(jobs: Jobs, qtbot: QtBot) -> None:
    bar = WorkBar()
    qtbot.addWidget(bar)
    with qtbot.waitSignal(jobs._finished):
        jobs.run(jobs, lambda _p: None, bar=bar)
    assert bar.isHidden()
    qtbot.waitUntil(lambda: not jobs._timer.isActive())


def test_closing_finishes_writes_stops_reads_and_ends_the_threads(qtbot: QtBot) -> None:
    jobs = Jobs()
    written: list[int] = []
    heard: list[object] = []
    gate = Gate()
    jobs.run(jobs, gate.work, lane="read", done=heard.append)
    jobs.run(jobs, lambda _p: written.append(1), lane="write", done=heard.append)
    qtbot.waitUntil(gate.began.is_set)
    jobs.close()
    assert (written, heard) == ([1], [])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("soansinh-")]


def test_reads_are_told_to_stop_and_writes_go_on(jobs: Jobs, qtbot: QtBot) -> None:
    gates: dict[Lane, Gate] = {"read": Gate(), "write": Gate()}
    heard: list[str] = []
    for lane, gate in gates.items():
        jobs.run(jobs, gate.work, lane, lane=lane, done=heard.append)
    qtbot.waitUntil(lambda: all(gate.began.is_set() for gate in gates.values()))
    jobs.stop_reads()
    qtbot.waitUntil(lambda: len(jobs._open) == 1)
    gates["write"].go.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert heard == ["write"]


def test_a_job_is_equal_to_itself_alone() -> None:
    one, other = (Job(QObject(), "read", "same", (len,)) for _ in range(2))
    assert one != other


@pytest.mark.parametrize(("lane", "most"), [("write", 1), ("net", 1), ("read", 2)])
def test_lanes_have_their_threads(jobs: Jobs, qtbot: QtBot, lane: Lane, most: int) -> None:
    gates = [Gate() for _ in range(4)]
    for gate in gates:
        jobs.run(jobs, gate.work, lane=lane)
    qtbot.waitUntil(lambda: sum(gate.began.is_set() for gate in gates) == most)
    for gate in gates:
        gate.go.set()
    qtbot.waitUntil(lambda: jobs.is_idle)
