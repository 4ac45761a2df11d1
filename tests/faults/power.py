"""Watches what a process writes, and builds what a power cut could leave of its files.

The calls are recorded with strace. What was written after a file's last flush may be missing,
whole or torn at a sector; what came before it is there.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SECTOR = 512
_CALLS = "openat,close,pwrite64,write,fsync,fdatasync,ftruncate,unlink"
_CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Call:
    """One call: `said` holds the words of a line on standard output."""

    kind: str
    file: str = ""
    offset: int = 0
    data: bytes = b""
    said: tuple[str, ...] = ()


def watch(command: Sequence[str], folder: Path, trace: Path, lines: int) -> list[Call]:
    """Run until it said so many lines; the calls that touched files in the folder, in order."""
    watching = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-xx",
        "-s",
        "100000",
        "-e",
        f"trace={_CALLS}",
        "-o",
        str(trace),
    ]
    with subprocess.Popen([*watching, *command], stdout=subprocess.PIPE, text=True) as watched:
        assert watched.stdout is not None
        for _ in range(lines):
            watched.stdout.readline()
        subprocess.run(["pkill", "-KILL", "-P", str(watched.pid)], check=True)
    return _read(trace, folder)


def _read(trace: Path, folder: Path) -> list[Call]:
    open_files: dict[str, str] = {}
    calls: list[Call] = []
    for line in trace.read_text("ascii", "replace").splitlines():
        found = _CALL.match(line)
        if found is None or int(found[3]) < 0:
            continue
        kind, arguments, result = found.groups()
        text = _TEXT.search(arguments)
        data = bytes.fromhex(text[1].replace("\\x", "")) if text else b""
        descriptor = arguments.partition(",")[0]
        if kind in ("openat", "unlink"):
            path = Path(data.decode())
            name = path.name if path.parent == folder else ""
            if kind == "openat":
                open_files[result] = name
            elif name:
                calls.append(Call("unlink", name))
        elif kind == "close":
            open_files.pop(descriptor, None)
        elif kind == "write" and descriptor == "1":
            calls.append(Call("said", said=tuple(data.decode().split())))
        elif open_files.get(descriptor):
            calls.append(_call(kind, open_files[descriptor], arguments, data))
    return calls


def _call(kind: str, name: str, arguments: str, data: bytes) -> Call:
    last = arguments.rpartition(", ")[2]
    if kind == "pwrite64":
        return Call("write", name, int(last), data)
    if kind == "write":
        return Call("append", name, data=data)
    if kind == "ftruncate":
        return Call("cut", name, int(last))
    return Call("flush" if kind in ("fsync", "fdatasync") else "other", name)


def image(before: dict[str, bytes], calls: Sequence[Call], chance: random.Random) -> dict[str, bytes]:
    """What the files may hold when the power goes after these calls."""
    flushed = {call.file: at for at, call in enumerate(calls) if call.kind == "flush"}
    files = {name: bytearray(content) for name, content in before.items()}
    kept = chance.choice((0.0, 0.5, 0.9, 1.0))
    for at, call in enumerate(calls):
        is_safe = at < flushed.get(call.file, -1)
        if call.kind == "unlink":
            files.pop(call.file, None)
        elif call.kind in ("write", "append", "cut") and (is_safe or chance.random() < kept):
            content = files.setdefault(call.file, bytearray())
            if call.kind == "cut":
                content[:] = content[: call.offset].ljust(call.offset, b"\0")
                continue
            data = call.data
            if not is_safe and chance.random() < 0.3:
                data = data[: chance.randrange(len(data) // _SECTOR + 1) * _SECTOR]
            if call.kind == "append":
                content += data
                continue
            content[:] = content.ljust(call.offset, b"\0")
            content[call.offset : call.offset + len(data)] = data
    return {name: bytes(content) for name, content in files.items() if not name.endswith("-shm")}
