"""Conflicts as people decide them: each side whole, with who, when, why and what its author had seen.

Two conflicts about the same cells with the same values wanted are one question. Who wrote what
anywhere else: `disputes.py`, `history.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import Atom, ChangeSet, Edit, On, parse
from app.domain.decisions import CONFLICT, OPEN, contested
from app.domain.records import Value
from app.domain.standing import RecordKey
from app.store import rows
from app.store.disputes import Hand, hand
from app.store.opened import Opened, open_records
from app.store.tables import changes, records


@dataclass(frozen=True)
class Version:
    """What one side says of a cell, and what its author had seen there when she wrote it."""

    value: Value
    seen: Value


@dataclass(frozen=True)
class Side:
    """One side of a conflict: by whom (None where nothing ever stood), cell by cell.

    `decision` is the number of the commune's decision that its set carries, empty without one.
    """

    by: Hand | None
    versions: tuple[Version, ...]
    decision: str = ""

    @property
    def values(self) -> tuple[Value, ...]:
        """What the side would have stand."""
        return tuple(version.value for version in self.versions)


@dataclass(frozen=True)
class ContestedCell:
    """Where: kind, record, field; and what stands there with what stands behind it, as it was read."""

    kind: str
    record: str
    field: str
    stands: Value
    on: On

    def becomes(self, value: Value) -> Edit:
        """The edit that lets a value stand, laid on what was shown."""
        return Edit(self.kind, self.record, self.field, value, self.stands, self.on)


@dataclass(frozen=True)
class Contest:
    """One question for people: the conflicts it settles, each with what stands behind its state."""

    conflicts: Mapping[str, On]
    person: str
    name: str
    cells: tuple[ContestedCell, ...]
    stands: Side
    came: Side

    @property
    def key(self) -> str:
        """What a list calls it: the conflict opened first."""
        return next(iter(self.conflicts))

    @property
    def since(self) -> datetime:
        """When the side that came later was written."""
        assert self.came.by is not None
        return self.came.by.at


@dataclass(frozen=True)
class DecidedContest:
    """A conflict that was decided: by whom and when; the first cell says about what."""

    key: str
    person: str
    name: str
    kind: str
    field: str
    value: Value
    by: Hand


def open_contests(connection: Connection) -> list[Contest]:
    """Every question that waits, the oldest first."""
    conflict = records[CONFLICT]
    query = select(conflict).where(conflict.c.state == OPEN).order_by(conflict.c.seq, conflict.c.atom)
    found: dict[object, Contest] = {}
    for row in connection.execute(query):
        contest = _contest(connection, row)
        cells = tuple((cell.kind, cell.record, cell.field) for cell in contest.cells)
        question = (cells, contest.came.values)
        known = found.get(question)
        if known is not None:
            contest = _joined(known, contest)
        found[question] = contest
    return list(found.values())


def decided_since(connection: Connection, since: datetime, limit: int = 100) -> list[DecidedContest]:
    """What was decided from a moment on, the newest first."""
    conflict = records[CONFLICT]
    query = select(conflict).where(conflict.c.state != OPEN).order_by(conflict.c.no.desc()).limit(limit)
    found = []
    for row in connection.execute(query):
        cells = rows.load(connection, [(CONFLICT, row.id)])[CONFLICT, row.id]
        change = _change(connection, cells["state"].behind[-1])
        by = hand(change)
        if by.at < since:
            continue
        edit = _deciding(parse(change.body), row.id)
        person, name = _whose(connection, edit.kind, edit.record)
        found.append(DecidedContest(row.id, person, name, edit.kind, edit.field, edit.new, by))
    return sorted(found, key=lambda each: each.by.at, reverse=True)


def has_moved(connection: Connection, contest: Contest) -> bool:
    """Whether somebody wrote there since the contest was read; whoever decides it writes every cell."""
    now = open_records(connection, {(cell.kind, cell.record) for cell in contest.cells})
    return any(_now(now, cell).on.get(cell.field) != cell.on for cell in contest.cells)


def _joined(first: Contest, second: Contest) -> Contest:
    """The same question asked twice; the side that came says it as it was said last."""
    both = {**first.conflicts, **second.conflicts}
    return Contest(both, first.person, first.name, first.cells, first.stands, second.came)


def _contest(connection: Connection, row: Any) -> Contest:
    change = _change(connection, row.seq)
    came = parse(change.body)
    edits = contested(came.atoms[row.atom])
    keys = {(edit.kind, edit.record) for edit in edits} | {(CONFLICT, row.id)}
    now = open_records(connection, keys)
    cells = tuple(
        ContestedCell(*edit.cell, opened.values.get(edit.field), opened.on.get(edit.field))
        for edit in edits
        for opened in [_now(now, edit)]
    )
    person, name = _whose(connection, edits[0].kind, edits[0].record)
    versions = tuple(Version(edit.new, edit.old) for edit in edits)
    return Contest(
        {row.id: now[CONFLICT, row.id].on.get("state")},
        person,
        name,
        cells,
        _standing_side(connection, cells),
        Side(hand(change), versions, _decision_in(came, edits[0].record)),
    )


def _now(now: Mapping[RecordKey, Opened], cell: Edit | ContestedCell) -> Opened:
    return now.get((cell.kind, cell.record)) or Opened(cell.kind, cell.record)


def _standing_side(connection: Connection, cells: Sequence[ContestedCell]) -> Side:
    """Who stands behind what is in force: the set behind the first cell says who, when and why."""
    by, decision, versions = None, "", list[Version]()
    for cell in cells:
        change = _by_on(connection, cell.on)
        found = parse(change.body) if change is not None else None
        if by is None and change is not None and found is not None:
            by, decision = hand(change), _decision_in(found, cell.record)
        seen = next(
            (edit.old for edit in _edits(found) if edit.cell == (cell.kind, cell.record, cell.field)), None
        )
        versions.append(Version(cell.stands, seen))
    return Side(by, tuple(versions), decision)


def _edits(found: ChangeSet | None) -> Iterator[Edit]:
    return found.edits() if found is not None else iter(())


def _decision_in(found: ChangeSet, record: str) -> str:
    """The number of the decision that a set writes into the same record."""
    numbers = (edit.new for edit in found.edits() if (edit.record, edit.field) == (record, "decision"))
    return str(next(numbers, None) or "")


def _deciding(found: ChangeSet, conflict: str) -> Edit:
    """The first cell of the atom that decided a conflict."""
    atom: Atom = next(a for a in found.atoms if any(edit.record == conflict for edit in a.edits))
    return contested(atom)[0]


def _change(connection: Connection, seq: int) -> Any:
    """The journal line with this seq; a negative one names a set that waits, by its local number."""
    key = changes.c.seq == seq if seq > 0 else changes.c.no == -seq
    return connection.execute(select(changes).where(key)).one()


def _by_on(connection: Connection, on: On) -> Any | None:
    if on is None:
        return None
    key = changes.c.seq == on if isinstance(on, int) else changes.c.id == bytes.fromhex(on)
    return connection.execute(select(changes).where(key)).first()


def _whose(connection: Connection, kind: str, record: str) -> tuple[str, str]:
    """Id and name of the person a record is about; empty for a household."""
    person = records["person"]
    if kind != "person":
        table = records[kind]
        if "person" not in table.c:
            return "", ""
        record = connection.scalar(select(table.c.person).where(table.c.id == record)) or ""
    name = connection.scalar(select(person.c.name).where(person.c.id == record))
    return (record, name) if name is not None else ("", "")
