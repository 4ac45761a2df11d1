"""Work dealt to several children at once, one a core: what takes long in C holds nobody's interpreter.

These are mates, not the limited children of `children.py`: what they are given is ours, so it comes and goes
as Python writes it for itself, and each begins in the time of some hundred signatures.
"""

from __future__ import annotations

import contextlib
import marshal
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Generic, NamedTuple, TypeVar

from app.sandbox.children import start
from app.sandbox.frames import close, mate_command, payload, pipe, write
from app.sandbox.system import has_bytes

_OWED = 2  # parts a mate has at once: one that it works on, one that lies ready
_WAITING_BYTES = 8 << 20  # beyond these whoever makes parts works too
T = TypeVar("T")


class _Part(NamedTuple):
    place: int
    args: tuple[Any, ...]
    size: int


class Crew(Generic[T]):
    """`target(*part)` of many parts, by so many mates and by ourselves, whoever is free.

    Whoever gives parts goes on with other work and takes a `turn` now and then, more often than a mate needs
    for a part; then no mate rests. What is left at the end is shared. A part whose mate died, or could not
    answer, is done here.
    """

    def __init__(self, target: Callable[..., T], count: int) -> None:
        """`target` is found by name; parts and answers are what `marshal` writes."""
        self._target = target
        self._mates = [_Mate(target) for _ in range(count)]
        self._waiting, self._waiting_bytes = deque[_Part](), 0
        self._answers = dict[int, T]()
        self._given = 0

    def __enter__(self) -> Crew[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for mate in self._mates:
            mate.end()

    def give(self, *args: object, size: int) -> None:
        """One more part, of about so many bytes."""
        self._wait(_Part(self._given, args, size))
        self._given += 1
        self.turn()
        while self._waiting and (not self._mates or self._waiting_bytes > _WAITING_BYTES):
            self._work()

    def turn(self) -> None:
        """Take what mates have answered, and hand them what waits."""
        for mate in list(self._mates):
            while mate.owes and mate.has_answered():
                self._hear(mate)
        for mate in self._mates:
            while self._waiting and len(mate.owes) < _OWED:
                mate.ask(self._next())

    def answers(self) -> list[T]:
        """To every part, in the order in which they were given."""
        while len(self._answers) < self._given:
            if self._waiting:
                self._work()
            else:
                self._hear(next(mate for mate in self._mates if mate.owes))
            self.turn()
        return [self._answers[place] for place in range(self._given)]

    def _wait(self, part: _Part) -> None:
        self._waiting.append(part)
        self._waiting_bytes += part.size

    def _next(self) -> _Part:
        part = self._waiting.popleft()
        self._waiting_bytes -= part.size
        return part

    def _work(self) -> None:
        part = self._next()
        self._answers[part.place] = self._target(*part.args)

    def _hear(self, mate: _Mate) -> None:
        said = mate.answer()
        if said:
            self._answers[mate.owes.popleft().place] = marshal.loads(said)
            return
        self._mates.remove(mate)
        mate.end()
        while mate.owes:
            self._wait(mate.owes.popleft())


class _Mate:
    """One child, and the parts that it owes an answer to, the oldest first."""

    def __init__(self, target: Callable[..., object]) -> None:
        self.owes = deque[_Part]()
        self._named = target.__module__, target.__qualname__
        self._process = start(mate_command())
        self._asked = SimpleQueue[bytes]()
        # On a thread of its own: a system's pipe may hold less than a part.
        self._feeder = Thread(target=self._feed)
        self._feeder.start()

    def ask(self, part: _Part) -> None:
        self.owes.append(part)
        self._asked.put(marshal.dumps((*self._named, part.args)))

    def has_answered(self) -> bool:
        return has_bytes(pipe(self._process.stdout), 0)

    def answer(self) -> bytes:
        """To the oldest part; nothing where it died."""
        return payload(pipe(self._process.stdout))

    def end(self) -> None:
        self._process.kill()
        self._asked.put(b"")
        self._feeder.join()
        self._process.wait()
        close(self._process)

    def _feed(self) -> None:
        with contextlib.suppress(OSError):  # whoever died is known by what it does not answer
            while packed := self._asked.get():
                write(pipe(self._process.stdin), packed)
