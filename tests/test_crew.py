"""Work dealt to children and done here beside them: every part once, whoever did it; nobody left behind."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from itertools import count, islice, takewhile

import pytest

from app.domain.errors import Refusal
from app.sandbox import crew
from app.sandbox.children import start
from app.sandbox.crew import share

SECONDS = 60.0  # after which nobody waits for a child any more


def numbers() -> Iterator[int]:
    """One after another, for as long as a child may take to say its first word."""
    until = time.monotonic() + SECONDS
    return takewhile(lambda _number: time.monotonic() < until, count(0))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The children, as they are started."""
    children = list[subprocess.Popen[bytes]]()

    def starting() -> subprocess.Popen[bytes]:
        children.append(start())
        return children[-1]

    monkeypatch.setattr(crew, "start", starting)
    return children


def twice(number: int, _progress: object = None) -> tuple[int, int]:
    return number * 2, os.getpid()


def refuse_elsewhere(here: int, _progress: object = None) -> int:
    if os.getpid() != here:
        raise Refusal("workbook.too_wide")
    return here


def break_elsewhere(here: int, _progress: object = None) -> int:
    if os.getpid() != here:
        os.abort()
    return here


@pytest.mark.parametrize("children", [0, 1, 2])
def test_every_part_is_answered_once_by_a_child_or_here(
    children: int, started: list[subprocess.Popen[bytes]]
) -> None:
    pids, places = set[int](), list[int]()

    def parts() -> Iterator[tuple[int]]:
        """More and more of them, until everybody has answered one."""
        for number in numbers():
            if number > 50 and len(pids) > children:
                return
            yield (number,)

    for place, (answer, pid) in share(twice, parts(), count=children, returns=tuple[int, int]):
        assert answer == place * 2
        places.append(place)
        pids.add(pid)
    assert sorted(places) == list(range(len(places)))
    assert len(places) > 50
    assert pids == {os.getpid(), *(child.pid for child in started)}
    assert len(started) == children
    assert all(child.poll() is not None for child in started)


@pytest.mark.parametrize(
    ("target", "code"), [(refuse_elsewhere, "workbook.too_wide"), (break_elsewhere, "child.broke")]
)
def test_what_goes_wrong_in_a_child_is_raised_here(target: object, code: str) -> None:
    parts = ((os.getpid(),) for _ in numbers())
    with pytest.raises(Refusal, match=code):
        for _ in share(target, parts, count=1, returns=int):  # type: ignore[arg-type]
            pass


def test_who_stops_listening_leaves_nobody(started: list[subprocess.Popen[bytes]]) -> None:
    dealt = share(twice, ((number,) for number in numbers()), count=2, returns=tuple[int, int])
    assert len(list(islice(dealt, 3))) == 3
    dealt.close()  # type: ignore[attr-defined]
    assert len(started) == 2
    assert all(child.poll() is not None for child in started)
