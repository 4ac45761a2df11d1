"""The child's side: it takes a call, keeps within its limits, and says what came of it."""

from __future__ import annotations

import importlib
import os
import time
from typing import IO

import msgspec

from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.sandbox.frames import Answer, Call, Failure, Frame, Part, Step, payload, write
from app.sandbox.system import following_input, limit

_TICK_SECONDS = 0.05


def child_main() -> int:
    """What `--child` does. Called before anything heavy is imported."""
    with (
        os.fdopen(os.dup(1), "wb", buffering=0) as replies,
        # A call read ahead would be taken for a last word.
        os.fdopen(os.dup(0), "rb", buffering=0) as requests,
    ):
        os.dup2(2, 1)  # a print inside a parser must not look like an answer
        while carried := payload(requests):
            request = msgspec.msgpack.decode(carried, type=Call)
            limit(request)
            with following_input():
                frame = _worked(request, replies)
            write(replies, msgspec.msgpack.encode(frame))
    return 0


def _worked(request: Call, replies: IO[bytes]) -> Frame:
    progress = _Reporting(replies)
    try:
        module, _, name = request.target.partition(":")
        target = getattr(importlib.import_module(module), name)
        write(replies, msgspec.msgpack.encode(Step(0, 0, "")))  # from here on time counts
        if request.streams:
            target(*request.args, progress.send, progress)
            return Answer(b"")
        return Answer(msgspec.msgpack.encode(target(*request.args, progress)))
    except BaseException as error:  # noqa: BLE001 - parsers raise below Exception (security.md)
        return _failure(error)


def _failure(error: BaseException) -> Failure:
    match error:
        case Refusal():
            return Failure("refusal", error.code, error.field, error.facts)
        case Trouble():
            return Failure("trouble", error.code, facts=error.facts)
        case MemoryError():
            return Failure("memory")
        case _:
            return Failure("bug", type(error).__name__)


class _Reporting(Progress):
    """Progress whose steps travel to the parent, at most twenty a second."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__()
        self._pipe = pipe
        self._next = 0.0

    def send(self, content: bytes) -> None:
        """A piece of what a stream hands out."""
        write(self._pipe, msgspec.msgpack.encode(Part(content)))

    def step(self, done: int, total: int, what: str = "") -> None:
        """Send the numbers; stopping is the parent's doing, it kills."""
        self.what = what or self.what
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TICK_SECONDS
            write(self._pipe, msgspec.msgpack.encode(Step(done, total, self.what)))
