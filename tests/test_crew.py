"""Work dealt to mates and done here beside them: every part once, whoever did it; nobody left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

import pytest

from app.domain.errors import Refusal
from app.sandbox import crew
from app.sandbox.children import start
from app.sandbox.crew import Crew
from app.sandbox.frames import mate_command

SECONDS = 60.0  # after which nobody waits for a mate any more
LONG = 1 << 20  # more than any pipe holds


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The mates, as they are started."""
    mates = list[subprocess.Popen[bytes]]()

    def starting(command: Sequence[str]) -> subprocess.Popen[bytes]:
        mates.append(start(command))
        return mates[-1]

    monkeypatch.setattr(crew, "start", starting)
    return mates


def twice(number: int, _long: bytes = b"") -> tuple[int, int]:
    return number * 2, os.getpid()


def say(number: int) -> int:
    sys.stdout.write("this is no answer")
    sys.stdout.flush()
    return number


def refuse(here: int) -> int:
    raise Refusal("workbook.too_wide", which=here)


def break_elsewhere(here: int) -> int:
    if os.getpid() != here:
        os.abort()
    return here


def given(here: Crew[tuple[int, int]], is_enough: Callable[[], bool]) -> int:
    """Parts, more and more of them, until it is enough."""
    until, count = time.monotonic() + SECONDS, 0
    while not is_enough() and time.monotonic() < until:
        here.give(count, bytes(LONG if not count % 100 else 1), size=1)
        count += 1
    return count


def answering(here: Crew[tuple[int, int]]) -> set[int]:
    """Who has answered so far; private, for nobody else asks before the end."""
    return {pid for _, pid in here._answers.values()}


@pytest.mark.parametrize("mates", [0, 1, 2])
def test_every_part_is_answered_once_in_its_place(
    mates: int, started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "_WAITING_BYTES", 20)
    with Crew(twice, mates) as here:
        count = given(here, lambda: len(here._answers) > 200 and len(answering(here)) > mates)
        answers = here.answers()
    assert [answer for answer, _ in answers] == [2 * number for number in range(count)]
    assert {pid for _, pid in answers} == {os.getpid(), *(mate.pid for mate in started)}
    assert len(started) == mates
    assert all(mate.poll() is not None for mate in started)


def test_whoever_gives_parts_works_only_when_too_much_waits() -> None:
    with Crew(twice, 1) as here:
        for number in range(50):
            here.give(number, size=1)
        assert os.getpid() not in answering(here)
        here.give(50, size=crew._WAITING_BYTES)
        assert os.getpid() in answering(here)
        assert len(here.answers()) == 51


def test_mates_work_on_while_only_turns_are_taken(started: list[subprocess.Popen[bytes]]) -> None:
    with Crew(twice, 1) as here:
        for number in range(20):
            here.give(number, size=1)
        until = time.monotonic() + SECONDS
        while len(here._answers) < 20 and time.monotonic() < until:
            here.turn()
        assert {pid for _, pid in here.answers()} == {started[0].pid}


def test_what_somebody_prints_is_no_answer() -> None:
    with Crew(say, 1) as here:
        for number in range(4):
            here.give(number, size=1)
        until = time.monotonic() + SECONDS
        while not here._answers and time.monotonic() < until:
            here.turn()
        assert here._answers[0] == 0
        assert here.answers() == [0, 1, 2, 3]


def test_the_parts_of_a_mate_that_died_are_done_here(started: list[subprocess.Popen[bytes]]) -> None:
    with Crew(break_elsewhere, 2) as here:
        for _ in range(10):
            here.give(os.getpid(), size=1)
        assert here.answers() == [os.getpid()] * 10
    assert len(started) == 2
    assert all(mate.poll() is not None for mate in started)


def test_what_is_refused_is_refused_here() -> None:
    with Crew(refuse, 1) as here:
        here.give(7, size=1)
        with pytest.raises(Refusal, match="which=7"):
            here.answers()


def test_who_stops_listening_leaves_nobody(started: list[subprocess.Popen[bytes]]) -> None:
    threads = threading.active_count()
    with Crew(twice, 2) as here:
        for number in range(30):
            here.give(number, bytes(LONG), size=1)
    assert all(mate.poll() is not None for mate in started)
    assert threading.active_count() == threads


def test_a_mate_of_a_program_in_one_file_is_called_by_its_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert mate_command() == [sys.executable, "--mate"]
    by_verb = [sys.executable, "-m", "app", "--mate"]
    monkeypatch.setattr(crew, "mate_command", lambda: by_verb)
    with Crew(twice, 1) as here:
        here.give(3, size=1)
        assert here.answers() == [(6, here._mates[0]._process.pid)]
