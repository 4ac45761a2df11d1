"""Watches what a process does to a tree of folders, and builds what a power cut could leave of it.

`power.py` knows the files of one folder. Here names are lost too: of a folder that was not flushed, a name
made, taken or given since may be there or not, in the order in which it happened; on most disks all folders
keep one order, on some each its own. What was written into a file after its last flush may be missing,
whole or torn at a sector. Names and bytes that were flushed are there.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

_SECTOR = 512
_CALLS = (
    "openat,close,pwrite64,write,fsync,fdatasync,ftruncate,sendfile,copy_file_range,"
    "unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,rmdir"
)
_CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')

Tree = dict[str, bytes | None]  # path below the root → content; None for a folder


@dataclass(frozen=True)
class Touch:
    """One call. `node`: which file or folder, whatever it is called; `folder`: the one that names it."""

    kind: str  # write, append, cut, flush · name, take, move · said
    node: int = 0
    folder: int = 0
    name: str = ""
    offset: int = 0
    data: bytes = b""
    from_folder: int = 0
    from_name: str = ""
    is_folder: bool = False
    said: str = ""


def tree_of(root: Path) -> Tree:
    """All that lies below a folder."""
    every = sorted(root.rglob("*"))
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else None for path in every}


def lay(tree: Tree, root: Path) -> None:
    """Put it there."""
    root.mkdir(parents=True)
    for name, content in sorted(tree.items()):
        path = root / name
        if content is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


@dataclass
class Watched:
    """A tree before, and all that one process did to it until it ended."""

    before: Tree
    touches: list[Touch]

    @property
    def begun(self) -> int:
        """Where the work began: what was before it is coming in."""
        return next(at for at, touch in enumerate(self.touches) if touch.said == "ready")

    def image(self, cut: int, chance: random.Random, *, is_lax: bool = False) -> Tree:
        """What may be there when the power goes after so many calls; `is_lax`: had nothing been flushed."""
        return _Image(self.before, self.touches[:cut], chance, is_lax=is_lax).tree()


def watch(command: Sequence[str], root: Path, trace: Path) -> Watched:
    """Run it to its end."""
    before = tree_of(root)
    trace.mkdir()
    watching = ["strace", "-ff", "--seccomp-bpf", "-xx", "-s", "10000000", "-e", f"trace={_CALLS}"]
    done = subprocess.run(
        [*watching, "-o", str(trace / "t"), *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    pid = done.stdout.split()[0]
    reader = _Reader(before, root)
    for line in (trace / f"t.{pid}").read_text("ascii", "replace").splitlines():
        found = _CALL.match(line)
        if found is not None and int(found[3]) >= 0:
            reader.read(found[1], found[2], int(found[3]))
    return Watched(before, reader.touches)


@dataclass
class _Names:
    """Folders and what they name; the root is 1."""

    folders: dict[int, dict[str, int]] = field(default_factory=lambda: {1: {}})
    last: int = 1

    @classmethod
    def of(cls, tree: Tree) -> tuple[_Names, dict[int, bytes]]:
        """With the content of the files."""
        names, contents = cls(), dict[int, bytes]()
        for path, content in sorted(tree.items()):
            folder, name = names.place(path)
            node = names.new()
            names.folders[folder][name] = node
            if content is None:
                names.folders[node] = {}
            else:
                contents[node] = content
        return names, contents

    def new(self) -> int:
        self.last += 1
        return self.last

    def place(self, path: str) -> tuple[int, str]:
        """The folder that a path lies in, and its name there."""
        *above, name = PurePosixPath(path).parts
        at = 1
        for each in above:
            at = self.folders[at][each]
        return at, name

    def apply(self, touch: Touch) -> None:
        """A name made, taken or given."""
        if touch.kind == "name":
            self.folders[touch.folder][touch.name] = touch.node
            if touch.is_folder:
                self.folders.setdefault(touch.node, {})
        elif touch.kind == "take":
            self.folders[touch.folder].pop(touch.name, None)
        elif touch.kind == "move":
            if self.folders[touch.from_folder].get(touch.from_name) == touch.node:
                del self.folders[touch.from_folder][touch.from_name]
            self.folders[touch.folder][touch.name] = touch.node


class _Reader:
    """What strace wrote, call after call."""

    def __init__(self, before: Tree, root: Path) -> None:
        self._root = root
        self._names, contents = _Names.of(before)
        self._sizes = {node: len(content) for node, content in contents.items()}
        self._handles: dict[int, int] = {}  # → node
        self._read_from: dict[int, Path] = {}
        self.touches: list[Touch] = []

    def read(self, call: str, arguments: str, result: int) -> None:
        texts = [bytes.fromhex(each.replace("\\x", "")) for each in _TEXT.findall(arguments)]
        if call == "openat":
            self._open(arguments, texts[0], result)
        elif call == "close":
            self._handles.pop(int(arguments), None)
            self._read_from.pop(int(arguments), None)
        elif call in ("mkdir", "mkdirat"):
            self._make(arguments, texts[0])
        elif call in ("unlink", "unlinkat", "rmdir"):
            self._take(arguments, texts[0])
        elif call.startswith("rename"):
            self._move(texts)
        else:
            self._write(call, arguments, texts, result)

    def _say(self, touch: Touch) -> None:
        self._names.apply(touch)
        self.touches.append(touch)

    def _place(self, arguments: str, text: bytes) -> tuple[int, str] | None:
        """Folder and name that a call speaks of; None outside of the tree."""
        path, first = Path(text.decode()), arguments.partition(",")[0]
        if not path.is_absolute() and first.isdigit():
            node = self._handles.get(int(first))
            return (node, str(path)) if node is not None else None
        if not path.is_relative_to(self._root) or path == self._root:
            return None
        return self._names.place(str(path.relative_to(self._root)))

    def _open(self, arguments: str, text: bytes, handle: int) -> None:
        self._handles.pop(handle, None)
        self._read_from[handle] = Path(text.decode())
        if Path(text.decode()) == self._root:
            self._handles[handle] = 1
        place = self._place(arguments, text)
        if place is None:
            return
        folder, name = place
        node = self._names.folders[folder].get(name)
        if node is None:
            if "O_CREAT" not in arguments:  # made by another process, which is not watched
                return
            node = self._names.new()
            self._say(Touch("name", node, folder, name))
        elif "O_TRUNC" in arguments:
            self._say(Touch("cut", node))
        self._handles[handle] = node

    def _make(self, arguments: str, text: bytes) -> None:
        place = self._place(arguments, text)
        if place is not None:
            self._say(Touch("name", self._names.new(), *place, is_folder=True))

    def _take(self, arguments: str, text: bytes) -> None:
        place = self._place(arguments, text)
        if place is not None:
            self._say(Touch("take", 0, *place))

    def _move(self, texts: list[bytes]) -> None:
        came, went = (self._place("", text) for text in texts)
        if came is not None and went is not None:
            node = self._names.folders[came[0]][came[1]]
            self._say(Touch("move", node, *went, from_folder=came[0], from_name=came[1]))

    def _write(self, call: str, arguments: str, texts: list[bytes], result: int) -> None:
        parts = arguments.split(", ")
        handle = int(parts[2] if call == "copy_file_range" else parts[0])
        node = self._handles.get(handle)
        if call == "write" and handle == 1:
            self.touches.append(Touch("said", said=texts[0].decode().strip()))
        elif node is None:
            return
        elif call in ("fsync", "fdatasync"):
            self._say(Touch("flush", node))
        elif call == "ftruncate":
            self._say(Touch("cut", node, offset=int(parts[1])))
        elif call == "pwrite64":
            self._say(Touch("write", node, offset=int(parts[-1]), data=texts[0]))
        elif call == "write":
            self._say(Touch("append", node, data=texts[0]))
        else:  # copied by the system: the source is read once it is whole
            self._copied(call, parts, node, result)

    def _copied(self, call: str, parts: list[str], node: int, size: int) -> None:
        source = self._handles[int(parts[0 if call == "copy_file_range" else 1])]
        self._say(Touch("append", node, offset=source, data=bytes(size), name="copied"))


@dataclass
class _Image:
    """One image in the making."""

    before: Tree
    touches: Sequence[Touch]
    chance: random.Random
    is_lax: bool

    def tree(self) -> Tree:
        """What is there."""
        names, contents = _Names.of(self.before)
        kept = self.chance.choice((0.0, 0.5, 0.9, 1.0))
        flushed = {} if self.is_lax else self._flushed()
        lasting = self._lasting(flushed)
        told, whole = ({node: bytearray(content) for node, content in contents.items()} for _ in range(2))
        for at, touch in enumerate(self.touches):
            if touch.is_folder:
                names.folders[touch.node] = {}
            if touch.kind in ("name", "take", "move"):
                if at in lasting:
                    names.apply(touch)
            elif touch.kind in ("write", "append", "cut"):
                data = self._data(touch, whole)
                _put(whole.setdefault(touch.node, bytearray()), touch, data)
                is_safe = at < flushed.get(touch.node, -1)
                if is_safe or self.chance.random() < kept:
                    if not is_safe and touch.kind != "cut" and self.chance.random() < 0.3:
                        data = data[: self.chance.randrange(len(data) // _SECTOR + 1) * _SECTOR]
                    _put(told.setdefault(touch.node, bytearray()), touch, data)
        return dict(_walked(names, told, 1, ""))

    def _data(self, touch: Touch, whole: dict[int, bytearray]) -> bytes:
        if touch.name != "copied":
            return touch.data
        begun = len(whole.get(touch.node, b""))
        return bytes(whole[touch.offset][begun : begun + len(touch.data)])

    def _flushed(self) -> dict[int, int]:
        """File or folder → the last call that flushed it."""
        return {touch.node: at for at, touch in enumerate(self.touches) if touch.kind == "flush"}

    def _lasting(self, flushed: dict[int, int]) -> set[int]:
        """The calls about names that the disk kept."""
        about = [at for at, touch in enumerate(self.touches) if touch.kind in ("name", "take", "move")]
        safe = {at for at in about if at < flushed.get(self.touches[at].folder, -1)}
        if self.chance.random() < 0.5:  # one order for all: as journals of names are written
            first = max(safe, default=-1)
            until = self.chance.choice([at for at in about if at >= first] or [-1])
            return {at for at in about if at <= max(until, first)}
        until_of: dict[int, int] = {}
        for folder in sorted({self.touches[at].folder for at in about}):
            here = [at for at in about if self.touches[at].folder == folder]
            until_of[folder] = self.chance.choice([-1, *here])
        return safe | {at for at in about if at <= until_of[self.touches[at].folder]}


def _put(content: bytearray, touch: Touch, data: bytes) -> None:
    if touch.kind == "cut":
        content[:] = content[: touch.offset].ljust(touch.offset, b"\0")
    elif touch.kind == "append":
        content += data
    else:
        content[:] = content.ljust(touch.offset, b"\0")
        content[touch.offset : touch.offset + len(data)] = data


def _walked(
    names: _Names, told: dict[int, bytearray], folder: int, above: str
) -> Iterator[tuple[str, bytes | None]]:
    for name, node in names.folders[folder].items():
        if name.endswith("-shm"):
            continue
        if node in names.folders:
            yield above + name, None
            yield from _walked(names, told, node, f"{above}{name}/")
        else:
            yield above + name, bytes(told.get(node, b""))
