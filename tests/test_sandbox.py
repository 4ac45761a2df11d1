"""The limited child: what comes back, what it may not use, and that it ends when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import Cancelled, Refusal, Trouble
from app.domain.progress import Progress
from app.sandbox.children import Child, Limits, call
from app.sandbox.companions import start_service


def double(number: int, progress: Progress) -> list[int]:
    progress.step(1, 2, "half")
    return [number, number * 2]


def refuse(progress: Progress) -> None:
    raise Refusal("workbook.too_wide", field="name", columns=300)


def be_troubled(progress: Progress) -> None:
    raise Trouble("file.missing")


def eat(progress: Progress) -> int:
    return len(bytearray(2 << 30))


def dawdle(progress: Progress) -> None:
    time.sleep(60)


def abort(progress: Progress) -> None:
    os.abort()


def raise_below_exception(progress: Progress) -> None:
    raise SystemExit(3)


def write_a_file(path: str, progress: Progress) -> None:
    Path(path).write_bytes(b"x" * 10)


def own_pid(progress: Progress) -> int:
    return os.getpid()


def chatter(progress: Progress) -> str:
    print("not an answer")  # noqa: T201
    return "answer"


def report_for_ever(progress: Progress) -> None:
    while True:
        progress.step(1, 0)


def test_plain_data_comes_back_with_progress() -> None:
    progress = Progress()
    assert call(double, 21, progress=progress, returns=list[int]) == [21, 42]
    assert (progress.done, progress.total, progress.what) == (1, 2, "half")


def test_a_refusal_travels_whole() -> None:
    with pytest.raises(Refusal) as caught:
        call(refuse, progress=Progress(), returns=type(None))
    assert (caught.value.code, caught.value.field) == ("workbook.too_wide", "name")
    assert caught.value.facts == {"columns": 300}


def test_a_trouble_travels_whole() -> None:
    with pytest.raises(Trouble, match=r"^file\.missing"):
        call(be_troubled, progress=Progress(), returns=type(None))


def test_memory_is_limited() -> None:
    with pytest.raises(Refusal, match=r"^child\.memory"):
        call(eat, progress=Progress(), returns=int)


@pytest.mark.parametrize("work", [dawdle, report_for_ever])
def test_time_is_limited(work: object) -> None:
    with pytest.raises(Refusal, match=r"^child\.time"):
        call(work, progress=Progress(), returns=type(None), limits=Limits(seconds=0.5))  # type: ignore[arg-type]


def test_an_abort_is_a_refusal() -> None:
    with pytest.raises(Refusal, match=r"^child\.broke"):
        call(abort, progress=Progress(), returns=type(None))


def test_what_is_below_exception_is_a_bug_of_ours() -> None:
    with pytest.raises(RuntimeError, match="SystemExit"):
        call(raise_below_exception, progress=Progress(), returns=type(None))


def test_a_child_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises((RuntimeError, Refusal)):
        call(write_a_file, str(tmp_path / "left"), progress=Progress(), returns=type(None))
    assert not (tmp_path / "left").exists() or not (tmp_path / "left").read_bytes()


def count_to(number: int, send: Callable[[bytes], None], progress: Progress) -> None:
    for at in range(number):
        progress.step(at, number)
        send(bytes([at]))
    if number == 3:
        raise Refusal("workbook.too_wide", columns=number)


def test_one_child_answers_call_after_call_and_another_is_started_where_one_ended_it() -> None:
    with Child(Limits(seconds=20)) as child:
        process = [child.call(own_pid, progress=Progress(), returns=int) for _ in range(3)]
        assert len(set(process)) == 1
        with pytest.raises(Refusal, match="too_wide"):
            child.call(refuse, progress=Progress(), returns=type(None))
        assert child.call(own_pid, progress=Progress(), returns=int) == process[0]
        with pytest.raises(Refusal, match=r"^child\.broke"):
            child.call(abort, progress=Progress(), returns=type(None))
        assert child.call(own_pid, progress=Progress(), returns=int) != process[0]


def test_a_long_answer_comes_in_pieces() -> None:
    with Child() as child:
        assert list(child.stream(count_to, 200, progress=Progress())) == [bytes([at]) for at in range(200)]
        with pytest.raises(Refusal, match="too_wide"):
            list(child.stream(count_to, 3, progress=Progress()))
        for piece in child.stream(count_to, 200, progress=Progress()):
            assert piece == b"\0"
            break  # whoever stops listening does not meet the rest in the next answer
        assert child.call(double, 2, progress=Progress(), returns=list[int]) == [2, 4]


def hand_out_unasked(progress: Progress) -> str:
    progress.send(b"x")  # type: ignore[attr-defined]
    return "answer"


def test_a_child_that_hands_out_pieces_when_asked_for_an_answer_is_broken() -> None:
    with Child() as child:
        with pytest.raises(Refusal, match=r"^child\.broke"):
            child.call(hand_out_unasked, progress=Progress(), returns=str)
        assert child.call(double, 2, progress=Progress(), returns=list[int]) == [2, 4]


def test_a_print_is_not_an_answer() -> None:
    assert call(chatter, progress=Progress(), returns=str) == "answer"


def test_cancel_kills_a_silent_child() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        call(dawdle, progress=progress, returns=type(None))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends companions by a job object")
def test_a_companion_ends_with_whoever_started_it(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    starter = (
        "import sys, time; from pathlib import Path; import app.sandbox.companions as s; "
        f"s.own_command = lambda: [sys.executable, '-c', {COMPANION!r}]; "
        f"s.start_service([{str(pid_file)!r}], Path({str(tmp_path / 'log')!r})); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter], env={**os.environ, "PYTHONPATH": os.getcwd()})
    try:
        companion = _wait_for_pid(pid_file)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert _is_gone(companion)
    finally:
        parent.kill()
        parent.wait()


COMPANION = (
    "import os, sys, time; from pathlib import Path; from app.sandbox.companions import service_main; "
    "service_main(sys.argv[2:], lambda argv: "
    "(Path(argv[0]).write_text(str(os.getpid())), time.sleep(60)) and 0)"
)


def test_a_companion_stops_when_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sandbox.companions.own_command", lambda: [sys.executable, "-c", COMPANION])
    service = start_service([str(tmp_path / "pid")], tmp_path / "log")
    _wait_for_pid(tmp_path / "pid")
    assert service.is_running
    service.stop()
    assert not service.is_running


def _wait_for_pid(file: Path) -> int:
    for _ in range(400):
        if file.exists() and (text := file.read_text()):
            return int(text)
        time.sleep(0.025)
    raise AssertionError("the companion did not start")


def _is_gone(pid: int) -> bool:
    for _ in range(200):
        try:
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.025)
    return False
