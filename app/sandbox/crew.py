"""Work dealt to several children at once, one a core: what takes long in C holds nobody's interpreter."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

import msgspec

from app.domain.errors import Refusal
from app.sandbox.children import MEMORY_BYTES, raised, start
from app.sandbox.frames import Answer, Call, Failure, close, pipe, read_frame, write

if TYPE_CHECKING:
    from concurrent.futures import Future

_SECONDS = 24 * 3600.0
_AHEAD = 8  # parts made and not answered; beyond these whoever makes them works too
T = TypeVar("T")


def share(
    target: Callable[..., T], parts: Iterable[Sequence[object]], *, count: int, returns: type[T]
) -> Iterator[tuple[int, T]]:
    """`target(*part)` of many parts, by so many children and by ourselves: (place, answer), as they come.

    Parts are made here while the children work. Whatever none of them has begun when enough are made, or
    all are, is done here: no core rests, and a child that is slow to start holds nothing up.
    """
    if not count:
        yield from enumerate(target(*part) for part in parts)
        return
    from concurrent.futures import ThreadPoolExecutor

    children, resting = [start() for _ in range(count)], SimpleQueue[subprocess.Popen[bytes]]()
    for child in children:
        resting.put(child)

    def ask(part: Sequence[object]) -> T:
        """On a thread of the pool, one a child: it does nothing but wait."""
        child = resting.get()
        try:
            return msgspec.msgpack.decode(_answer(child, target, part), type=returns)
        finally:
            resting.put(child)

    pool = ThreadPoolExecutor(count)
    asked: deque[tuple[int, Sequence[object], Future[T]]] = deque()
    try:
        for place, part in enumerate(parts):
            asked.append((place, part, pool.submit(ask, part)))
            while len(asked) > _AHEAD:
                yield _one_of(asked, target)
        while asked:
            yield _one_of(asked, target)
    finally:
        for child in children:
            child.kill()
        pool.shutdown(cancel_futures=True)
        for child in children:
            child.wait()
            close(child)


def _one_of(asked: deque[tuple[int, Sequence[object], Future[T]]], target: Callable[..., T]) -> tuple[int, T]:
    """The oldest part where it is answered; else the newest, done here, unless children are at them all."""
    if not asked[0][2].done() and asked[-1][2].cancel():
        place, part, _ = asked.pop()
        return place, target(*part)
    place, _, answer = asked.popleft()
    return place, answer.result()


def _answer(child: subprocess.Popen[bytes], target: Callable[..., T], part: Sequence[object]) -> bytes:
    asked = Call(f"{target.__module__}:{target.__qualname__}", tuple(part), MEMORY_BYTES, _SECONDS)
    try:
        write(pipe(child.stdin), msgspec.msgpack.encode(asked))
    except OSError as error:
        raise Refusal("child.broke") from error
    while True:
        frame = read_frame(pipe(child.stdout))
        if isinstance(frame, Answer):
            return frame.packed
        if isinstance(frame, Failure):
            raise raised(frame, MEMORY_BYTES)
        if frame is None:
            raise Refusal("child.broke")
