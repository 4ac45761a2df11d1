"""Work dealt to several children at once, one a core: what takes long in C holds nobody's interpreter."""

from __future__ import annotations

import contextlib
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from app.domain.errors import Refusal
from app.sandbox.children import MEMORY_BYTES, raised, start
from app.sandbox.frames import Answer, Call, Failure, close, pipe, read_frame, write

_SECONDS = 24 * 3600.0
T = TypeVar("T")


def share(
    target: Callable[..., T], parts: Iterable[Sequence[object]], *, count: int, returns: type[T]
) -> Iterator[T]:
    """`target(*part, progress)` of many parts, dealt to so many children; the answers in the parts' order.

    The next part is made while all of them work, and handed to whoever was asked first.
    """
    named = f"{target.__module__}:{target.__qualname__}"
    resting, busy = [start() for _ in range(count)], deque[subprocess.Popen[bytes]]()
    try:
        for part in parts:
            if not resting:
                resting.append(busy.popleft())
                yield msgspec.msgpack.decode(_answer_of(resting[-1]), type=returns)
            busy.append(resting.pop())
            asked = Call(named, tuple(part), MEMORY_BYTES, _SECONDS)
            with contextlib.suppress(OSError):  # a child that died is told by its missing answer
                write(pipe(busy[-1].stdin), msgspec.msgpack.encode(asked))
        while busy:
            resting.append(busy.popleft())
            yield msgspec.msgpack.decode(_answer_of(resting[-1]), type=returns)
    finally:
        for child in (*resting, *busy):
            child.kill()
            child.wait()
            close(child)


def _answer_of(child: subprocess.Popen[bytes]) -> bytes:
    while True:
        frame = read_frame(pipe(child.stdout))
        if isinstance(frame, Answer):
            return frame.packed
        if isinstance(frame, Failure):
            raise raised(frame, MEMORY_BYTES)
        if frame is None:
            raise Refusal("child.broke")
