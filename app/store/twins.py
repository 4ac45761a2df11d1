"""Two people who could be one, side by side: what an officer must see before she proposes anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from app.domain import reasons
from app.domain.aliases import Seen
from app.domain.records import PERSON, Merge, Type, Value
from app.domain.standing import RecordKey
from app.store import dossier
from app.store.alike import Like
from app.store.disputes import Hand, hand
from app.store.households import household_head
from app.store.opened import Opened, open_records
from app.store.tables import changes, records, touched

_AGREED = tuple(f.name for f in PERSON.fields if f.merge is not Merge.ORDINARY and f.name != "household")
_HOUSEHOLD = ("code", "head_name", "hamlet", "address")
_CHUNK = 400


@dataclass(frozen=True)
class Candidate:
    """One of two, as light as it gets: her values, who entered her, and what a merge would have read."""

    values: dict[str, Value]
    entered: Hand | None
    seen: Seen
    rights: int = 0

    @property
    def record(self) -> str:
        """Her id."""
        return self.seen.record

    @property
    def is_paid(self) -> bool:
        """Whether an account of hers is in force."""
        return self.values.get("receiving_account") is not None

    @property
    def verified(self) -> int:
        """How far she is identified electronically: 0, 1 or 2."""
        return int(self.values.get("vneid_level") or 0)

    @property
    def filled(self) -> int:
        """How much is known of her: fields and rights."""
        return self.rights + sum(value is not None for value in self.values.values())

    @property
    def since(self) -> datetime | None:
        """When she was entered, where that is known here."""
        return self.entered.at if self.entered else None


@dataclass(frozen=True)
class Twin:
    """One of two, whole; with her household's head."""

    candidate: Candidate
    person: dossier.Person
    head: str


@dataclass(frozen=True)
class Twins:
    """Both of a pair; `judged` is what was decided of them before."""

    like: Like
    one: Twin
    other: Twin
    judged: Opened


@dataclass(frozen=True)
class Couple:
    """A pair that two imports of one workbook made: everything people would ask about agrees."""

    like: Like
    one: Candidate
    other: Candidate


def twins(connection: Connection, like: Like) -> Twins | None:
    """A pair whole; None when one of them is gone, or shown as somebody else by now."""
    one, other = (dossier.person(connection, record) for record in (like.first, like.second))
    if one is None or other is None or (one.row.id, other.row.id) != (like.first, like.second):
        return None
    known = candidates(connection, [like.first, like.second])
    judged = open_records(connection, [("pair", like.pair)]).get(("pair", like.pair))
    first, second = (Twin(known[person.row.id], person, _head(connection, person)) for person in (one, other))
    return Twins(like, first, second, judged or Opened("pair", like.pair))


def _head(connection: Connection, person: dossier.Person) -> str:
    return household_head(connection, person.household.opened.values) if person.household else ""


def candidates(connection: Connection, people: Collection[str]) -> dict[str, Candidate]:
    """These people as candidates, those of them that there are."""
    keys = [(kind, record) for record in people for kind in ("person", "alias")]
    opened = open_records(connection, keys)
    entered, rights = _entered(connection, people), _rights(connection, people)
    return {
        record: Candidate(
            dict(opened["person", record].values),
            entered.get(record),
            Seen(record, opened["person", record].on, _on(opened, ("alias", record))),
            rights.get(record, 0),
        )
        for record in people
        if ("person", record) in opened
    }


def _on(opened: dict[RecordKey, Opened], key: RecordKey) -> Any:
    return opened[key].on if key in opened else {}


def _entered(connection: Connection, people: Collection[str]) -> dict[str, Hand]:
    """The save that made each of these people, where it is known here."""
    columns = [changes.c[name] for name in ("id", "author", "device", "clock", "reason")]
    found: dict[str, Hand] = {}
    for chunk in _chunks(sorted(people)):
        query = select(touched.c.record, *columns).join(changes, changes.c.no == touched.c.change)
        newest_first = (changes.c.seq.is_(None).desc(), changes.c.seq.desc(), changes.c.no.desc())
        rows = connection.execute(query.where(touched.c.record.in_(chunk)).order_by(*newest_first))
        found.update((row.record, hand(row)) for row in rows)  # the first comes last, and stays
    return found


def _rights(connection: Connection, people: Collection[str]) -> dict[str, int]:
    right = records["entitlement"]
    found: dict[str, int] = {}
    for chunk in _chunks(sorted(people)):
        query = select(right.c.person, func.count().label("rights")).where(right.c.person.in_(chunk))
        found.update((row.person, row.rights) for row in connection.execute(query.group_by(right.c.person)))
    return found


def couples(connection: Connection, likes: Sequence[Like]) -> list[Couple]:
    """Of these pairs those that two imports made, equal in number, name and birth, nothing guarded apart."""
    sure = [like for like in likes if {"same_personal_id", "same_old_id"} & {*like.reasons}]
    known = candidates(connection, {record for like in sure for record in (like.first, like.second)})
    houses = _houses(connection, known.values())
    found = []
    for like in sure:
        one, other = known.get(like.first), known.get(like.second)
        if one is not None and other is not None and _is_double(one, other, houses):
            found.append(Couple(like, one, other))
    return found


def _is_double(one: Candidate, other: Candidate, houses: dict[str, tuple[Value, ...]]) -> bool:
    batches = [reasons.batch_of(each.entered.reason) if each.entered else "" for each in (one, other)]
    homes = [houses.get(str(each.values.get("household"))) for each in (one, other)]
    agree = all(one.values.get(name) == other.values.get(name) for name in _AGREED)
    named = bool(one.values.get("birth") and (one.values.get("personal_id") or one.values.get("old_id")))
    return named and agree and all(batches) and batches[0] != batches[1] and homes[0] == homes[1]


def _houses(connection: Connection, people: Iterable[Candidate]) -> dict[str, tuple[Value, ...]]:
    """What households say of themselves: two imports make two records of one."""
    keys = {("household", str(each.values["household"])) for each in people if each.values.get("household")}
    return {
        record: tuple(opened.values.get(name) for name in _HOUSEHOLD)
        for (_kind, record), opened in open_records(connection, sorted(keys)).items()
    }


def has_moved(connection: Connection, seen: Iterable[Seen]) -> bool:
    """Whether a guarded value or an alias of these people was written since it was read."""
    read = {one.record: one for one in seen}
    now = candidates(connection, list(read))
    return any(
        record not in now or list(now[record].seen.reads()) != list(one.reads())
        for record, one in read.items()
    )


def differing(one: Candidate, other: Candidate) -> list[str]:
    """Ordinary fields of which the other one says something else, or something at all."""
    plain = (f for f in PERSON.fields if f.merge is Merge.ORDINARY and f.type is not Type.MEMBERS)
    names = [f.name for f in plain if f.name != "name_typed"]
    return [name for name in names if other.values.get(name) not in (None, one.values.get(name))]


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
