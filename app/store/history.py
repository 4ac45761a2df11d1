"""What happened to a record, line by line: who, when, from what to what, why, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from app.domain.changes import ChangeSet, Edit, On, parse, unpack_verdicts
from app.domain.records import Value
from app.store import sight
from app.store.disputes import Hand, hand
from app.store.dossier import records_of
from app.store.tables import changes, records, touched


class Fate(StrEnum):
    """What became of one edit."""

    WAITING = "waiting"  # not yet at the centre
    APPLIED = "applied"  # stands
    SAME = "same"  # stands beside another set that wrote the same
    REPLACED = "replaced"  # stood, until a later set took its place
    SUPERSEDED = "superseded"  # never stood: a later clock was there before it
    CONFLICT = "conflict"  # never stood: people decide
    REFUSED = "refused"


@dataclass(frozen=True)
class Line:
    """One cell moved by one set. `by` is the set that replaced, superseded or withstood it.

    `number` counts the sets of its laptop; `seen` is the set whose value its author saw, `why`
    the code of a refusal.
    """

    hand: Hand
    number: int
    seq: int | None
    kind: str
    record: str
    field: str
    old: Value
    new: Value
    seen: On
    fate: Fate
    by: Hand | None = None
    why: str = ""


@dataclass(frozen=True)
class Done:
    """One person dealt with at an enrolment drive; `how` is account or cash."""

    hand: Hand
    person: str
    name: str
    how: str


_Cell = tuple[str, str, str]


def history(connection: Connection, record: str) -> list[Line]:
    """Every line about a record, newest first; of a person, also about what belongs to her.

    What waits comes first, then the journal backwards.
    """
    person = records["person"]
    is_person = connection.scalar(select(person.c.no).where(person.c.id == record)) is not None
    names = {name for _, name in records_of(connection, record)} if is_person else {record}
    about = select(touched.c.change).where(touched.c.record.in_(names))
    in_order = changes.c.seq.is_(None), changes.c.seq, changes.c.no
    lines: list[Line] = []
    standing: dict[_Cell, list[int]] = {}
    for row in connection.execute(select(changes).where(changes.c.no.in_(about)).order_by(*in_order)):
        for line in _lines(row):
            if line.record in names and sight.shows(connection, line.kind, line.field):
                _add(lines, standing, line)
    return lines[::-1]


def _lines(row: Any) -> Iterator[Line]:
    found = parse(row.body)
    verdicts = unpack_verdicts(row.verdicts) if row.seq is not None else (None,) * len(found.atoms)
    for atom, verdict in zip(found.atoms, verdicts, strict=True):
        fate = Fate(verdict.outcome) if verdict else Fate.WAITING
        for edit in atom.edits:
            yield Line(
                hand=hand(row),
                number=row.number,
                seq=row.seq,
                kind=edit.kind,
                record=edit.record,
                field=edit.field,
                old=edit.old,
                new=edit.new,
                seen=edit.on,
                fate=fate,
                why=verdict.why if verdict else "",
            )


def _add(lines: list[Line], standing: dict[_Cell, list[int]], line: Line) -> None:
    """Follow which lines stand in each cell, as the journal goes by."""
    stood = standing.setdefault((line.kind, line.record, line.field), [])
    match line.fate:
        case Fate.APPLIED:
            for at in stood:
                lines[at] = replace(lines[at], fate=Fate.REPLACED, by=line.hand)
            stood[:] = [len(lines)]
        case Fate.SAME:
            stood.append(len(lines))
        case Fate.SUPERSEDED | Fate.CONFLICT if stood:
            line = replace(line, by=lines[stood[-1]].hand)
    lines.append(line)


def drive(connection: Connection, device: str, since: datetime) -> list[Done]:
    """Whom a drive on this laptop dealt with since it began, newest first; what was undone is left out."""
    newest = select(changes).where(changes.c.device == device).order_by(changes.c.number.desc())
    done: list[Done] = []
    for row in connection.execute(newest.execution_options(yield_per=50)):
        by = hand(row)
        if by.at < since:
            break
        if row.reason in ("enrolment", "cash"):
            done += _done(connection, by, list(parse(row.body).edits()))
    return done


def _done(connection: Connection, by: Hand, edits: Sequence[Edit]) -> Iterator[Done]:
    """What still stands of a set: an enrolment whose proposal was not withdrawn, a wish for cash."""
    person, proposal = records["person"], records["proposal"]
    opened = {
        edit.record for edit in edits if (edit.kind, edit.field, edit.new) == ("proposal", "state", "open")
    }
    wished = {
        edit.record for edit in edits if (edit.kind, edit.field, edit.new) == ("person", "wish", "cash")
    }
    enrolled = (
        select(person.c.id, person.c.name)
        .join(proposal, proposal.c.person == person.c.id)
        .where(proposal.c.id.in_(opened), proposal.c.state.in_(("open", "accepted")))
    )
    cash = select(person.c.id, person.c.name).where(person.c.id.in_(wished), person.c.wish == "cash")
    for how, query in (("account", enrolled), ("cash", cash)):
        yield from (Done(by, row.id, row.name or "", how) for row in connection.execute(query))


def change_set(connection: Connection, set_id: str) -> ChangeSet:
    """A set that this laptop holds, by its id; LookupError for any other."""
    body = connection.scalar(select(changes.c.body).where(changes.c.id == bytes.fromhex(set_id)))
    if body is None:
        raise LookupError
    return parse(body)
