"""What travels through the pipes between us and a child, and how we are started again."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import msgspec

from app.domain.errors import Fact

CHILD, MATE, SERVICE = "--child", "--mate", "--service"
_REPLY_BYTES_MAX = 1 << 28
_PART_BYTES = 1 << 20


class Call(msgspec.Struct, frozen=True):
    """What the child is asked to do, within what."""

    target: str  # module:function
    args: tuple[Any, ...]
    memory: int
    seconds: float
    streams: bool = False  # it hands out pieces, and answers nothing


class Step(msgspec.Struct, frozen=True, tag="step"):
    """How far the child is."""

    done: int
    total: int
    what: str


class Part(msgspec.Struct, frozen=True, tag="part"):
    """A piece of an answer too long to be held whole."""

    content: bytes


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """What the function returned, packed."""

    packed: bytes


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """What the function raised: `refusal`, `trouble`, `memory` or `bug`."""

    kind: str
    code: str = ""
    field: str | None = None
    facts: dict[str, Fact] = {}


Frame = Step | Part | Answer | Failure
frame_of = msgspec.msgpack.Decoder(Frame)


def pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # every child is started with pipes
    return pipe


def close(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe:
            with contextlib.suppress(OSError):  # flushing into a dead child
                pipe.close()


def write(pipe: IO[bytes], payload: bytes) -> None:
    framed = memoryview(len(payload).to_bytes(8, "big") + payload)
    while framed:
        framed = framed[pipe.write(framed) :]


def _read(pipe: IO[bytes], size: int) -> bytes:
    parts = []
    while size and (part := pipe.read(min(size, _PART_BYTES))):
        parts.append(part)
        size -= len(part)
    return b"" if size else b"".join(parts)


def payload(pipe: IO[bytes]) -> bytes:
    size = int.from_bytes(_read(pipe, 8), "big")
    return _read(pipe, size) if size <= _REPLY_BYTES_MAX else b""


def read_frame(pipe: IO[bytes]) -> Frame | None:
    carried = payload(pipe)
    return frame_of.decode(carried) if carried else None


def own_command() -> list[str]:
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]


def mate_command() -> list[str]:
    """As `own_command`, without what looks for a module to run: a third of what a mate takes to start."""
    if getattr(sys, "frozen", False):
        return [*own_command(), MATE]
    return [sys.executable, "-c", "from app.sandbox.mate import mate_main; mate_main()"]


def environment() -> dict[str, str]:
    """The child finds the same `app`, speaks UTF-8, and knows nothing else new."""
    home = str(Path(__file__).resolve().parents[2])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}
