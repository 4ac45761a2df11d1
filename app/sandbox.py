"""The only starter of child processes.

Files that strangers wrote are read in a limited child: 1 GiB, 30 s, no core dump
(security.md, Files in). A 1.4 kB workbook can abort a reader beyond any `except`;
then the child dies and the officer gets a sentence. Plain data goes in and comes back
as MessagePack over pipes, numbers of progress on the way, Cancel kills.

The same program starts again under a hidden verb, from source and when frozen:
`--child module:function` for one call, `--service …` for a companion that ends with us.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec

from app.domain.errors import Coded, Fact, Refusal, Trouble
from app.domain.progress import Progress

CHILD, SERVICE = "--child", "--service"
MEMORY_BYTES = 1 << 30
SECONDS = 30.0
_TICK_SECONDS = 0.05  # how soon a Cancel is noticed while the child is silent
_REPLY_BYTES_MAX = 1 << 28
_PART_BYTES = 1 << 20
_STOP_SECONDS = 5.0

T = TypeVar("T")


class Call(msgspec.Struct, frozen=True):
    """What the child is asked to do, within what."""

    args: tuple[Any, ...]
    memory: int
    seconds: float


class Step(msgspec.Struct, frozen=True, tag="step"):
    """How far the child is."""

    done: int
    total: int
    what: str


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """What the function returned, packed."""

    packed: bytes


class Failure(msgspec.Struct, frozen=True, tag="failure"):
    """What the function raised: `refusal`, `trouble`, `memory` or `bug`."""

    kind: str
    code: str = ""
    field: str | None = None
    facts: dict[str, Fact] = {}


Frame = Step | Answer | Failure
_frame_of = msgspec.msgpack.Decoder(Frame)


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
    """Run a module-level `target(*args, progress)` in a limited child.

    `args` and the answer are plain data MessagePack can carry (msgspec Structs, dataclasses).
    Raises what the target raised if it was a Refusal or Trouble, Cancelled when `progress`
    asks to stop, Refusal("child.memory"), Refusal("child.time"), Refusal("child.broke") when
    the file was too much for it.
    """
    limits = limits or Limits()
    child = subprocess.Popen(
        [*_own_command(), CHILD, f"{target.__module__}:{target.__qualname__}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,  # a frame left in a buffer would be invisible to `_has_bytes`
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        return msgspec.msgpack.decode(_converse(child, args, progress, limits), type=returns)
    finally:
        child.kill()
        child.wait()
        _close(child)


def _converse(
    child: subprocess.Popen[bytes], args: tuple[object, ...], progress: Progress, limits: Limits
) -> bytes:
    replies = _pipe(child.stdout)
    request = msgspec.msgpack.encode(Call(args, limits.memory, limits.seconds))
    with contextlib.suppress(OSError):  # a child that died at once is told by its missing answer
        _write(_pipe(child.stdin), request)
    deadline = time.monotonic() + limits.seconds
    while True:
        progress.step(progress.done, progress.total)
        if time.monotonic() > deadline:
            raise Refusal("child.time", seconds=int(limits.seconds))
        if not _has_bytes(replies, _TICK_SECONDS):
            continue
        frame = _read_frame(replies)
        match frame:
            case Step(done, total, what):
                progress.step(done, total, what)
            case Answer(packed):
                return packed
            case Failure():
                raise _raised(frame, limits)
            case None:
                raise Refusal("child.broke")


def _raised(failure: Failure, limits: Limits) -> Coded | RuntimeError:
    match failure.kind:
        case "refusal":
            return Refusal(failure.code, field=failure.field, **failure.facts)
        case "trouble":
            return Trouble(failure.code, **failure.facts)
        case "memory":
            return Refusal("child.memory", mebibytes=limits.memory >> 20)
        case _:
            return RuntimeError(f"a child failed: {failure.code}")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the child was started without pipes")
    return pipe


def _close(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe:
            with contextlib.suppress(OSError):  # flushing into a dead child
                pipe.close()


def _write(pipe: IO[bytes], payload: bytes) -> None:
    framed = memoryview(len(payload).to_bytes(8, "big") + payload)
    while framed:
        framed = framed[pipe.write(framed) :]


def _read(pipe: IO[bytes], size: int) -> bytes:
    parts = []
    while size and (part := pipe.read(min(size, _PART_BYTES))):
        parts.append(part)
        size -= len(part)
    return b"" if size else b"".join(parts)


def _payload(pipe: IO[bytes]) -> bytes:
    size = int.from_bytes(_read(pipe, 8), "big")
    return _read(pipe, size) if size <= _REPLY_BYTES_MAX else b""


def _read_frame(pipe: IO[bytes]) -> Frame | None:
    payload = _payload(pipe)
    return _frame_of.decode(payload) if payload else None


def _own_command() -> list[str]:
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]


def _environment() -> dict[str, str]:
    """The child finds the same `app`, speaks UTF-8, and knows nothing else new."""
    home = str(Path(__file__).resolve().parent.parent)
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}


def child_main(argv: Sequence[str]) -> int:
    """What `--child module:function` does. Called before anything heavy is imported."""
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # a print inside a parser must not look like an answer
    request = msgspec.msgpack.decode(_payload(sys.stdin.buffer), type=Call)
    _limit(request)
    progress = _Reporting(replies)
    frame: Frame
    try:
        module, _, name = argv[0].partition(":")
        target = getattr(importlib.import_module(module), name)
        frame = Answer(msgspec.msgpack.encode(target(*request.args, progress)))
    except BaseException as error:  # noqa: BLE001 - parsers raise below Exception (security.md)
        frame = _failure(error)
    _write(replies, msgspec.msgpack.encode(frame))
    return 0


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

    def step(self, done: int, total: int, what: str = "") -> None:
        """Send the numbers; stopping is the parent's doing, it kills."""
        self.what = what or self.what
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TICK_SECONDS
            _write(self._pipe, msgspec.msgpack.encode(Step(done, total, self.what)))


class Service:
    """A long-lived companion (the training centre): ends when told, and when we end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def is_running(self) -> bool:
        """Whether it still lives."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it: politely, then not."""
        _close(self._process)
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def start_service(argv: Sequence[str], log: Path) -> Service:
    """Start `soansinh argv…` as a companion; what it prints goes to the file `log`.

    Its standard input is a pipe nobody writes to: when we end, however we end, the pipe
    closes and the companion ends too. (Linux's death signal would not do: it follows the
    starting *thread*, and a pool's threads come and go.)
    """
    with log.open("ab") as file:
        process = subprocess.Popen(
            [*_own_command(), SERVICE, *argv],
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=file,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    _end_with_us(process)
    return Service(process)


if sys.platform == "win32":  # Windows' seam: written against its documentation, not run here
    import _winapi
    import ctypes
    import msvcrt

    class _JobLimits(ctypes.Structure):
        """JOBOBJECT_EXTENDED_LIMIT_INFORMATION, 64 bit; the counters we leave are padding."""

        _fields_ = (
            ("times", ctypes.c_int64 * 2),
            ("flags", ctypes.c_uint32),
            ("rest", ctypes.c_size_t * 5),
            ("counters", ctypes.c_uint64 * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t * 3),
        )

    def _job(process: int, flags: int, memory: int) -> int:
        kernel, limits = ctypes.windll.kernel32, _JobLimits(flags=flags, process_memory=memory)
        job: int = kernel.CreateJobObjectW(None, None)
        kernel.SetInformationJobObject(job, 9, ctypes.byref(limits), ctypes.sizeof(limits))
        kernel.AssignProcessToJobObject(job, process)
        return job

    def _limit(request: Call) -> None:
        _job(_winapi.GetCurrentProcess(), 0x100, request.memory)

    def _end_with_us(process: subprocess.Popen[bytes]) -> None:
        _job(int(process._handle), 0x2000, 0)  # the handle stays open as long as we live

    def _has_bytes(pipe: IO[bytes], seconds: float) -> bool:
        try:
            if _winapi.PeekNamedPipe(msvcrt.get_osfhandle(pipe.fileno()), 0)[0]:
                return True
        except BrokenPipeError:
            return True
        time.sleep(seconds)
        return False

    def _follow_input() -> None:
        """The job object of `_end_with_us` does it."""
else:
    import fcntl
    import resource
    import select

    def _limit(request: Call) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (request.memory, request.memory))
        seconds = int(request.seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        _follow_input()

    def _end_with_us(process: subprocess.Popen[bytes]) -> None:
        """The companion follows its standard input: `_follow_input`."""

    def _has_bytes(pipe: IO[bytes], seconds: float) -> bool:
        return bool(select.select([pipe], [], [], seconds)[0])

    def _follow_input() -> None:
        """End when standard input closes, without a thread: the kernel signals it (F_SETOWN, O_ASYNC)."""
        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([0], [], [], 0)[0]:  # it closed before we listened
            os.kill(os.getpid(), signal.SIGIO)


def service_main(argv: Sequence[str], run: Callable[[Sequence[str]], int]) -> int:
    """What `--service …` does: the verb, bound to the life of whoever started us."""
    if sys.platform != "win32":
        signal.signal(signal.SIGIO, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    _follow_input()
    return run(argv)
