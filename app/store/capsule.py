"""The rescue capsule: what waits for the centre, sealed to it, in a file beside the vault.

It follows the outbox: after each commit what was saved is appended, on load what is missing. So nothing
has to be flushed at a save: a power cut costs a tail, and the next start writes it again. What the centre
has answered for is dropped by writing the file anew; a set that this register does not know stays, for it
may be the only copy (a backup put back over a newer vault). Attachments are not in it.

`rescue.py` gives the file away without a key; nobody but the centre opens a frame.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, func, or_, select

from app.domain.changes import SignedSet
from app.domain.errors import Refusal, Trouble
from app.seal.capsule import frame, frames, header, mark_of, read_header
from app.seal.sealing import Recipient
from app.store import place
from app.store.among import among_ids, listed
from app.store.connections import plainly
from app.store.disk import flush_folder, plain_words
from app.store.outbox import STANDING
from app.store.rescue import FILE
from app.store.tables import changes, replaced

_AT_ONCE = 256
_KEY = "capsule"  # the fact under which the labels' key is kept
_WAITS = (changes.c.seq.is_(None), or_(changes.c.why.is_(None), changes.c.why != STANDING))
_OLDEST = select(func.min(changes.c.no)).where(*_WAITS)
_NEWER = (
    select(changes.c.no, changes.c.body, changes.c.signature)
    .where(*_WAITS, changes.c.no > bindparam("after"))
    .order_by(changes.c.no)
)
_WAITING = select(changes.c.no, changes.c.id).where(*_WAITS)
_KNOWN = select(changes.c.id).where(among_ids(changes.c.id, "ids"))
_REPLACED = select(replaced.c.id).where(among_ids(replaced.c.id, "ids"))


@dataclass(frozen=True)
class _Held:
    """A frame in the file: the local number of its set, None for one that this register does not know."""

    no: int | None
    at: int
    end: int


def label_key(connection: Connection) -> bytes:
    """The key under which this register names its frames, made when there is none."""
    held = place.read(connection, _KEY)
    if held is None:
        held = secrets.token_bytes(32)
        place.write(connection, _KEY, held)
    return held


class Capsule:
    """One register's. `follow` is called after each commit, while the writing connection is held.

    `centre` finds the centre's sealing key, None before the laptop is enrolled. `trouble`: why the file
    lags behind, as a code; empty when it does not. The save it comes after has long been made.
    """

    def __init__(
        self, folder: Path, commune: str, key: bytes, centre: Callable[[Connection], Recipient | None]
    ) -> None:
        self.path = folder / FILE
        self.trouble = ""
        self._commune, self._key, self._centre = commune, key, centre
        self._sealed_to: Recipient | None = None
        self._held: list[_Held] = []
        self._newest, self._oldest, self._size = 0, 0, 0

    def follow(self, connection: Connection) -> None:
        """Bring the file to what waits now."""
        try:
            with plainly(self.path.parent), plain_words():
                self._follow(connection)
            self.trouble = ""
        except (Trouble, Refusal) as error:
            self._sealed_to, self.trouble = None, error.code  # read the file again before the next line

    def _follow(self, connection: Connection) -> None:
        if self._sealed_to is None or _size(self.path) != self._size:
            centre = self._centre(connection)
            if centre is None:
                return
            self._load(connection, centre)
        self._append(connection)
        oldest: int | None = connection.scalar(_OLDEST)
        if oldest != self._oldest:
            self._oldest = oldest or 0
            self._drop(oldest)

    def _load(self, connection: Connection, centre: Recipient) -> None:
        """Read what stands in the file; keep what still waits, and what only the file knows."""
        self._sealed_to = centre
        waiting = {row.id.hex(): row.no for row in connection.execute(_WAITING)}
        found = list(self._found(centre, waiting))
        held = {name for name, each in found if each.no is not None}
        missing = min((no for name, no in waiting.items() if name not in held), default=None)
        self._newest = max(waiting.values(), default=0) if missing is None else missing - 1
        answered = _answered(connection, [name for name, each in found if each.no is None and name])
        kept = [
            each
            for name, each in found
            if (name not in answered if each.no is None else each.no <= self._newest)
        ]
        self._held, self._size = kept, _size(self.path)
        if len(kept) < len(found) or self._size != (found[-1][1].end if found else 0):
            self._write_anew(kept)

    def _found(self, centre: Recipient, waiting: Mapping[str, int]) -> Iterator[tuple[str, _Held]]:
        """Each whole frame of the file with the set that it names."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            try:
                read_header(file)
            except Refusal:  # not ours to judge; what it holds may be the only copy
                self.path.replace(self.path.with_suffix(".unread"))
                return
            for each in frames(file):
                name, mark = each.names(self._key)
                no = waiting.get(name) if mark == mark_of(centre) else None
                yield name, _Held(no, each.at, each.end)

    def _append(self, connection: Connection) -> None:
        """What was saved since."""
        rows = connection.execute(_NEWER, {"after": self._newest})
        while some := rows.fetchmany(_AT_ONCE):
            self._write([(row.no, SignedSet(row.body, row.signature)) for row in some])

    def _write(self, sets: Sequence[tuple[int, SignedSet]]) -> None:
        assert self._sealed_to is not None
        at = self._size or len(header(self._commune))
        content, held = [] if self._size else [header(self._commune)], []
        for no, signed in sets:
            content.append(frame(signed, self._key, self._sealed_to))
            held.append(_Held(no, at, at + len(content[-1])))
            at = held[-1].end
        with os.fdopen(_opened(self.path, os.O_APPEND), "wb") as file:
            file.write(b"".join(content))
        self._held += held
        self._size, self._newest = at, sets[-1][0]

    def _drop(self, oldest: int | None) -> None:
        """Let go of what is answered for, once that is half of the file."""
        kept = [each for each in self._held if each.no is None or (oldest is not None and each.no >= oldest)]
        if 2 * len(kept) <= len(self._held) and self._held:
            self._write_anew(kept)

    def _write_anew(self, kept: Sequence[_Held]) -> None:
        """These frames alone, whole on the disk before they take the old file's place."""
        beside = self.path.with_suffix(".part")
        at = len(header(self._commune))
        held = []
        if kept:
            with self.path.open("rb") as old, os.fdopen(_opened(beside, os.O_TRUNC), "wb") as new:
                new.write(header(self._commune))
                for each in kept:
                    old.seek(each.at)
                    new.write(old.read(each.end - each.at))
                    held.append(_Held(each.no, at, at + each.end - each.at))
                    at = held[-1].end
                new.flush()
                os.fsync(new.fileno())
            os.replace(beside, self.path)
        else:
            self.path.unlink(missing_ok=True)
        flush_folder(self.path.parent)
        self._held, self._size = held, at if held else 0


def _answered(connection: Connection, names: Sequence[str]) -> set[str]:
    """Those among sets that do not wait here of which the register knows what became."""
    asked = {"ids": listed(names)}
    found = (connection.scalars(query, asked) for query in (_KNOWN, _REPLACED)) if names else ()
    return {each.hex() for rows in found for each in rows}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _opened(path: Path, how: int) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | how | getattr(os, "O_BINARY", 0), 0o600)
