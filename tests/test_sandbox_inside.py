"""The child's own side of the pipes, in this process: the limits that it lays on itself are left out here,
and tried on real children in `test_sandbox.py`. A child may write no file, so it could not say what it ran.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.sandbox import inside
from app.sandbox.frames import Answer, Call, Failure, Frame, Part, Step, read_frame, write


def double(number: int, progress: Progress) -> list[int]:
    progress.step(1, 2, "half")
    return [number, number * 2]


def spell(word: str, send: Callable[[bytes], None], progress: Progress) -> None:
    for letter in word:
        send(letter.encode())
        progress.step(1, 1)


def fail(how: str, progress: Progress) -> None:
    raise {
        "refusal": Refusal("workbook.too_wide", field="name", columns=300),
        "trouble": Trouble("file.unreadable", reason="gone"),
        "memory": MemoryError(),
        "bug": SystemExit(3),
    }[how]


def chatter(progress: Progress) -> str:
    os.write(1, b"not an answer")
    return "answer"


@contextlib.contextmanager
def standing_in(requests: bytes) -> Iterator[int]:
    """These bytes as standard input, then its end; where standard output goes is yielded to be read."""
    kept = [os.dup(stream) for stream in (0, 1)]
    asking, asked = os.pipe()
    replies, replying = os.pipe()
    os.write(asked, requests)
    os.close(asked)
    os.dup2(asking, 0)
    os.dup2(replying, 1)
    try:
        yield replies
    finally:
        for stream, before in enumerate(kept):
            os.dup2(before, stream)
        for pipe in (*kept, asking, replying):
            with contextlib.suppress(OSError):
                os.close(pipe)


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """The calls for which the child laid limits on itself, before it did anything else."""
    found = list[Call]()
    monkeypatch.setattr(inside, "limit", found.append)
    monkeypatch.setattr(inside, "following_input", contextlib.nullcontext)
    return found


def answers(*calls: Call) -> list[Frame]:
    requests = io.BytesIO()
    for call in calls:
        write(requests, msgspec.msgpack.encode(call))
    with standing_in(requests.getvalue()) as replies:
        assert inside.child_main() == 0
    with os.fdopen(replies, "rb") as pipe:
        return list(iter(lambda: read_frame(pipe), None))


def call(target: Callable[..., Any], *args: Any, streams: bool = False) -> Call:
    return Call(f"{target.__module__}:{target.__qualname__}", args, 1 << 30, 30.0, streams)


def answer(value: object) -> Answer:
    return Answer(msgspec.msgpack.encode(value))


def test_one_call_after_another_until_input_ends(limited: list[Call]) -> None:
    asked = (call(double, 21), call(chatter))
    began = Step(0, 0, "")  # from here on time counts
    assert answers(*asked) == [began, Step(1, 2, "half"), answer([21, 42]), began, answer("answer")]
    assert limited == list(asked)


def test_a_stream_is_handed_out_and_answers_nothing(limited: list[Call]) -> None:
    parts = [frame for frame in answers(call(spell, "Lò", streams=True)) if not isinstance(frame, Step)]
    assert parts == [Part(b"L"), Part("ò".encode()), Answer(b"")]


def test_steps_that_follow_at_once_are_not_sent(limited: list[Call], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "_TICK_SECONDS", 3600.0)
    steps = [frame for frame in answers(call(spell, "ansinh", streams=True)) if isinstance(frame, Step)]
    assert steps == [Step(0, 0, ""), Step(1, 1, "")]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("refusal", Failure("refusal", "workbook.too_wide", "name", {"columns": 300})),
        ("trouble", Failure("trouble", "file.unreadable", None, {"reason": "gone"})),
        ("memory", Failure("memory")),
        ("bug", Failure("bug", "SystemExit")),
    ],
)
def test_what_was_raised_is_said_and_the_next_call_answered(
    limited: list[Call], how: str, said: Failure
) -> None:
    frames = answers(call(fail, how), call(double, 1))
    assert (frames[1], frames[-1]) == (said, answer([1, 2]))


def test_a_target_that_is_none_is_a_bug_of_ours(limited: list[Call]) -> None:
    assert answers(Call("app.sandbox.inside:nothing", (), 1, 1.0))[-1] == Failure("bug", "AttributeError")


def test_a_call_cut_off_is_none(limited: list[Call]) -> None:
    with standing_in((10).to_bytes(8, "big") + b"half") as replies:
        assert inside.child_main() == 0
    with os.fdopen(replies, "rb") as pipe:
        assert read_frame(pipe) is None
    assert limited == []
