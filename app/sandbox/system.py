"""What systems do differently: limits of a child, ends of pipes, whose life hangs on whose."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import IO

from app.sandbox.frames import Call

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

    @functools.cache
    def _limit_memory(memory: int) -> None:
        _job(_winapi.GetCurrentProcess(), 0x100, memory)

    def limit(request: Call) -> None:
        _limit_memory(request.memory)

    def end_with_us(process: subprocess.Popen[bytes]) -> None:
        _job(int(process._handle), 0x2000, 0)  # the handle stays open as long as we live

    def has_bytes(pipe: IO[bytes], seconds: float) -> bool:
        try:
            if _winapi.PeekNamedPipe(msvcrt.get_osfhandle(pipe.fileno()), 0)[0]:
                return True
        except BrokenPipeError:
            return True
        time.sleep(seconds)
        return False

    def follow_input() -> None:
        """The job object of `end_with_us` does it."""

    @contextlib.contextmanager
    def following_input() -> Iterator[None]:
        yield
else:
    import fcntl
    import resource
    import select

    def limit(request: Call) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (request.memory, request.memory))
        used, most = time.process_time(), resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + request.seconds) + 1, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    def end_with_us(process: subprocess.Popen[bytes]) -> None:
        """The companion follows its standard input: `follow_input`."""

    def has_bytes(pipe: IO[bytes], seconds: float) -> bool:
        return bool(select.select([pipe], [], [], seconds)[0])

    def follow_input() -> None:
        """End when standard input closes, without a thread: the kernel signals it (F_SETOWN, O_ASYNC)."""
        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
        if select.select([0], [], [], 0)[0]:  # it closed before we listened
            os.kill(os.getpid(), signal.SIGIO)

    @contextlib.contextmanager
    def following_input() -> Iterator[None]:
        """End while at work when whoever asked is gone; between two calls input is what comes next."""
        follow_input()
        try:
            yield
        finally:
            fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) & ~os.O_ASYNC)
