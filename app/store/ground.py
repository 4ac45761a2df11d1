"""What a walk over the register reads: the journal in its order, what waits above it, the rows beside it.

Nothing here believes anything: it is read as it lies in the file, and `domain.walk` says what holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from app.domain.changes import Atom, is_set_id, unfolded
from app.domain.decisions import AtomAt
from app.domain.errors import Refusal
from app.domain.judge import SeqOf
from app.domain.usual import Line
from app.store import outbox, past, place, renewal
from app.store.at_rest import pages
from app.store.tables import audit as log
from app.store.tables import changes

_PAGE, SEQ_MAX = 500, 1 << 53
# Whoever edits a file may leave a text where bytes were.
_BYTES = tuple(f"CAST({name} AS BLOB)" for name in ("id", "body", "signature", "coalesce(verdicts, '')"))
_COLUMNS = "seq, {}, device, number, author, clock, reason, {}, {}, {}, no".format(*_BYTES)
_STRETCH = f"SELECT {_COLUMNS} FROM changes WHERE seq > ? AND seq <= ? ORDER BY seq"
_SEQ_OF = select(changes.c.seq).where(changes.c.id == bindparam("which"))
_BODY = select(changes.c.body).where(changes.c.seq == bindparam("at"))
_WAITING = f"SELECT {_COLUMNS} FROM changes WHERE seq IS NULL ORDER BY no"
_Cell = tuple[str | int | bool | None, ...]
_read_runs = msgspec.json.Decoder(list[tuple[str, str, tuple[_Cell, ...]]]).decode
_NUMBERED = f"SELECT {_COLUMNS} FROM changes WHERE no = ?"


@dataclass(frozen=True)
class Ground:
    """Where a walk may begin, and where it must arrive.

    Below `after` history is still to come, `lacking` sets of it. `digest` and `signature` are of the head at
    `cursor`, empty until the centre has said one.
    """

    commune: str
    device: str
    after: int
    below: bytes
    lacking: int
    cursor: int
    head: bytes
    digest: bytes
    signature: bytes

    @property
    def is_whole(self) -> bool:
        """Whether the journal is here from its first line."""
        return not self.after


def ground(connection: Connection) -> Ground:
    """As it lies in this vault."""
    here, signed = place.here(connection), place.read(connection, place.SIGNED) or b""
    where = here.commune, here.device, *past.whole_above(connection), past.lacking(connection)
    return Ground(*where, here.cursor, here.head, signed[:32], signed[32:])


def keep_signed(connection: Connection, digest: bytes, signature: bytes) -> None:
    """Keep what the centre signed of the head at the cursor."""
    place.write(connection, place.SIGNED, digest + signature)


def forget_signed(connection: Connection) -> None:
    """Another key signs heads from now on: the next answer brings one."""
    place.write(connection, place.SIGNED, None)


def stretch(connection: Connection, after: int, to: int = SEQ_MAX) -> Iterator[Sequence[Line]]:
    """The journal's lines in this stretch, page by page."""
    for page in pages(connection, _STRETCH, after, to):
        yield list(map(Line._make, page))


def lines(connection: Connection, numbers: Iterable[int]) -> list[Line]:
    """The lines with these numbers of rows, in the order of the journal."""
    found = (row for no in numbers for row in connection.exec_driver_sql(_NUMBERED, (no,)))
    return sorted(map(Line._make, found), key=lambda line: line.seq or 0)


def waiting(connection: Connection) -> list[Line]:
    """The sets that wait for the centre, in the order in which they were saved."""
    return [Line(*row) for row in connection.exec_driver_sql(_WAITING)]


def lost(connection: Connection) -> Iterator[int]:
    """Lines of the log that tell of a set saved here which is here no longer."""
    saved = select(log.c.no, log.c.record).where(log.c.act == "save", log.c.kind == "set").order_by(log.c.no)
    for page in connection.execute(saved, execution_options={"yield_per": _PAGE}).partitions(_PAGE):
        ids = [row.record for row in page if is_set_id(row.record)]
        known = outbox.own_ids(connection, ids) | renewal.signed_before(connection, ids)
        yield from (row.no for row in page if row.record not in known)


def runs_of(text: bytes) -> Any:
    """The runs of a set as a glance needs them, where they are such; ValueError for anything else.

    What it reads `changes.read_json` reads as well, and to the same, in twice the time.
    """
    try:
        return _read_runs(text)
    except msgspec.MsgspecError as error:
        raise ValueError("no runs") from error


def looking_back(connection: Connection) -> tuple[SeqOf, AtomAt]:
    """A set's seq by its id, an atom by its set's seq and its place."""

    def seq_of(set_id: str) -> int | None:
        return connection.scalar(_SEQ_OF, {"which": bytes.fromhex(set_id)}) if is_set_id(set_id) else None

    def atom_at(seq: int, at: int) -> Atom | None:
        body = connection.scalar(_BODY, {"at": seq})
        try:
            atoms = unfolded(body, b"").set.atoms if body is not None else ()
        except Refusal:
            return None
        return atoms[at] if 0 <= at < len(atoms) else None

    return seq_of, atom_at
