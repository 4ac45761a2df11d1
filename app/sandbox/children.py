"""Calls answered by limited children: what strangers wrote is read there, and plain data comes back."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

import msgspec

from app.domain.errors import Coded, Refusal, Trouble
from app.domain.progress import Progress
from app.sandbox.frames import (
    CHILD,
    Answer,
    Call,
    Failure,
    Part,
    Step,
    close,
    environment,
    own_command,
    pipe,
    read_frame,
    write,
)
from app.sandbox.system import has_bytes

MEMORY_BYTES = 1 << 30
SECONDS = 30.0
_START_SECONDS = 30.0
_TICK_SECONDS = 0.05  # how soon a Cancel is noticed while the child is silent

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """What one call may use."""

    memory: int = MEMORY_BYTES
    seconds: float = SECONDS


def call(
    target: Callable[..., T],
    *args: object,
    progress: Progress,
    returns: type[T],
    limits: Limits | None = None,
) -> T:
    """Run a module-level `target(*args, progress)` in a limited child of its own.

    `args` and the answer are plain data MessagePack can carry (msgspec Structs, dataclasses).
    Raises what the target raised if it was a Refusal or Trouble, Cancelled when `progress`
    asks to stop, Refusal("child.memory"), Refusal("child.time"), Refusal("child.broke") when
    the file was too much for it.
    """
    with Child(limits) as child:
        return child.call(target, *args, progress=progress, returns=returns)


class Child:
    """A limited child that answers one call after another; another is started where a call ended it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def call(
        self,
        target: Callable[..., T],
        *args: object,
        progress: Progress,
        returns: type[T],
        seconds: float | None = None,
    ) -> T:
        """As `call`; `seconds` in the place of the limits' own."""
        answer = next(self._frames(self._asked(target, args, seconds), progress))
        assert isinstance(answer, Answer)  # it was asked for no parts
        return msgspec.msgpack.decode(answer.packed, type=returns)

    def stream(
        self, target: Callable[..., None], *args: object, progress: Progress, seconds: float | None = None
    ) -> Iterator[bytes]:
        """What a `target(*args, send, progress)` sends, piece after piece; it waits until they are taken."""
        for frame in self._frames(self._asked(target, args, seconds, streams=True), progress):
            if isinstance(frame, Part):
                yield frame.content

    def close(self) -> None:
        """End it, whatever it does."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            close(process)

    def _asked(
        self,
        target: Callable[..., object],
        args: tuple[object, ...],
        seconds: float | None,
        *,
        streams: bool = False,
    ) -> Call:
        named = f"{target.__module__}:{target.__qualname__}"
        return Call(named, args, self._limits.memory, seconds or self._limits.seconds, streams)

    def _frames(self, asked: Call, progress: Progress) -> Iterator[Part | Answer]:
        """What comes until the answer. Whoever stops listening before it ends the child."""
        process = self._process = self._process or start()
        is_at_rest = False
        try:
            replies = pipe(process.stdout)
            with contextlib.suppress(OSError):  # a child that died at once is told by its missing answer
                write(pipe(process.stdin), msgspec.msgpack.encode(asked))
            deadline = time.monotonic() + _START_SECONDS + asked.seconds
            while not is_at_rest:
                progress.step(progress.done, progress.total)
                if time.monotonic() > deadline:
                    raise Refusal("child.time", seconds=int(asked.seconds))
                if not has_bytes(replies, _TICK_SECONDS):
                    continue
                frame = read_frame(replies)
                # Counted from its first word on: a slow machine takes long to start one, no file's fault.
                deadline = min(deadline, time.monotonic() + asked.seconds)
                match frame:
                    case Step(done, total, what):
                        progress.step(done, total, what)
                    case Part() if asked.streams:
                        handed_over = time.monotonic()
                        yield frame
                        deadline += time.monotonic() - handed_over  # what is done with it is no child's time
                    case Answer():
                        is_at_rest = True
                        yield frame
                    case Failure():
                        is_at_rest = True
                        raise raised(frame, asked.memory)
                    case _:  # it died, or says what nobody asked for
                        raise Refusal("child.broke")
        finally:
            if not is_at_rest:
                self.close()


def start(command: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command or [*own_command(), CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,  # a frame left in a buffer would be invisible to `has_bytes`
        env=environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def raised(failure: Failure, memory: int) -> Coded | RuntimeError:
    match failure.kind:
        case "refusal":
            return Refusal(failure.code, field=failure.field, **failure.facts)
        case "trouble":
            return Trouble(failure.code, **failure.facts)
        case "memory":
            return Refusal("child.memory", mebibytes=memory >> 20)
        case _:
            return RuntimeError(f"a child failed: {failure.code}")
