"""What waits for a second officer, and what was answered lately: each with whom it is about and by whom.

What an approval looks at, and who may not give it, is in `approvals`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Connection, func, select

from app.domain.aliases import MERGING, UNMERGE, unpack
from app.domain.cautions import Stranger
from app.domain.changes import On
from app.domain.proposals import OPEN, wanted
from app.domain.records import Value
from app.domain.standing import Standing
from app.store import rows
from app.store.disputes import Hand, hand
from app.store.opened import Opened, open_records
from app.store.queries import people_paid_at
from app.store.tables import changes, records

_CHUNK = 500
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Her:
    """Whom a proposal is about, as the list shows her; ids of who stands for her. All empty for a batch."""

    record: str = ""
    name: str = ""
    hamlet: str = ""
    household: str = ""
    state: str = "active"
    receiving: str = ""


@dataclass(frozen=True)
class Waiting:
    """A proposal that is open, and the set that opened it.

    Of an account: the one wanted, the one in force since when, and whoever of other households is paid
    at the same number. Of a merge: ids (who stays, who goes) and names of each pair.
    """

    opened: Opened
    her: Her
    by: Hand | None
    account: Opened | None = None
    stands: Opened | None = None
    since: date | None = None
    strangers: Sequence[Stranger] = ()
    pairs: Sequence[tuple[str, str]] = ()
    named: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Answered:
    """A proposal that was accepted, refused or taken back, and by whom.

    `is_waiting`: the answer is still on this laptop alone, so that nothing is in force by it.
    """

    opened: Opened
    her: Her
    by: Hand
    is_waiting: bool


def waiting(connection: Connection, limit: int, subjects: Collection[str] = ()) -> list[Waiting]:
    """Those that wait longest first; `subjects` narrows to these."""
    proposal = records["proposal"]
    query = select(proposal.c.id).where(proposal.c.state == OPEN).order_by(proposal.c.no).limit(limit)
    ids = list(connection.scalars(query.where(proposal.c.subject.in_(subjects)) if subjects else query))
    return _waiting(connection, ids)


def waiting_one(connection: Connection, proposal: str) -> Waiting | None:
    """One of them; None once it is answered, or gone."""
    found = _waiting(connection, [proposal])
    return found[0] if found and found[0].opened.values.get("state") == OPEN else None


def _waiting(connection: Connection, ids: Sequence[str]) -> list[Waiting]:
    opened = open_records(connection, [("proposal", record) for record in ids])
    found = [opened["proposal", record] for record in ids if ("proposal", record) in opened]
    hers = _people(connection, {str(each.values.get("person") or "") for each in found})
    by = hands(connection, {each.on["state"] for each in found if "state" in each.on})
    sought = accounts_of(connection, [each.record for each in found])
    accounts = {*sought.values(), *(her.receiving for her in hers.values() if her.receiving)}
    known = open_records(connection, [("account", record) for record in sorted(accounts)])
    return [
        _whole(
            connection,
            Waiting(
                each,
                her := hers.get(str(each.values.get("person") or ""), Her()),
                by.get(each.on.get("state")),
                known.get(("account", sought.get(each.record, ""))),
                known.get(("account", her.receiving)),
            ),
        )
        for each in found
    ]


def _whole(connection: Connection, found: Waiting) -> Waiting:
    if found.account is not None:
        since = paid_since(connection, found.her.record) if found.stands else None
        return replace(found, since=since, strangers=strangers(connection, found.her, found.account.values))
    if found.opened.values.get("subject") in MERGING:
        pairs = pairs_of(found.opened)
        known = names(connection, {record for pair in pairs for record in pair})
        named = [(known.get(stays, ""), known.get(goes, "")) for stays, goes in pairs]
        return replace(found, pairs=pairs, named=named)
    return found


def pairs_of(proposal: Opened) -> list[tuple[str, str]]:
    """(Who stays, who goes) of every pair that a proposal would join or part."""
    atoms = unpack(str(proposal.values.get("wants") or ""))
    stays = str(proposal.values.get("person") or "")
    is_unmerge = proposal.values.get("subject") == UNMERGE
    return [(stays if is_unmerge else str(atom.edits[0].new), atom.edits[0].record) for atom in atoms]


def count_waiting(connection: Connection) -> int:
    """How many are open."""
    proposal = records["proposal"]
    return connection.scalar(select(func.count()).where(proposal.c.state == OPEN)) or 0


def answered_since(connection: Connection, since: datetime, limit: int = 100) -> list[Answered]:
    """What was answered from a moment on, the newest first; what waits for the centre always."""
    proposal = records["proposal"]
    query = select(proposal.c.id).where(proposal.c.state != OPEN).order_by(proposal.c.no.desc()).limit(limit)
    ids = list(connection.scalars(query))
    opened = open_records(connection, [("proposal", record) for record in ids])
    found = [opened["proposal", record] for record in ids]
    hers = _people(connection, {str(each.values.get("person") or "") for each in found})
    by = hands(connection, {each.on["state"] for each in found})
    answered = []
    for each in found:
        on = each.on["state"]
        if on in by and (by[on].at >= since or isinstance(on, str)):
            her = hers.get(str(each.values.get("person") or ""), Her())
            answered.append(Answered(each, her, by[on], isinstance(on, str)))
    return sorted(answered, key=lambda each: each.by.at, reverse=True)


def accounts_of(connection: Connection, proposals: Collection[str]) -> dict[str, str]:
    """Proposal → the account it would put in force, of those that are about one."""
    found: dict[str, str] = {}
    for chunk in _chunks(sorted(proposals)):
        standing = Standing(rows.load(connection, {("proposal", record) for record in chunk}))
        for record in chunk:
            wants = wanted(record, standing)
            if wants is not None and len(wants.accounts) == 1:
                found[record] = next(iter(wants.accounts.values()))
    return found


def strangers(connection: Connection, her: Her, account: Mapping[str, Value]) -> list[Stranger]:
    """People of other households whose money goes to the same number, or would."""
    sharing = people_paid_at(connection, str(account.get("provider") or ""), str(account.get("number") or ""))
    others = [one for one in sharing if one.person != her.record]
    apart = [one for one in others if not her.household or one.household != her.household]
    return [Stranger(one.name, one.hamlet) for one in apart]


def paid_since(connection: Connection, person: str) -> date | None:
    """The day on which the account that is in force came in force; None where none is, or nobody knows."""
    opened = open_records(connection, [("person", person)]).get(("person", person))
    on = opened.on.get("receiving_account") if opened else None
    by = hands(connection, {on}).get(on) if on is not None else None
    return by.at.astimezone().date() if by is not None else None


def names(connection: Connection, people: Collection[str]) -> dict[str, str]:
    """What these records of people are called, merged ones too."""
    person = records["person"]
    found: dict[str, str] = {}
    for chunk in _chunks(sorted(people)):
        named = select(person.c.id, person.c.name).where(person.c.id.in_(chunk))
        found.update((row.id, row.name or "") for row in connection.execute(named))
    return found


def why(proposal: Opened) -> str:
    """The reason that a proposal gives; empty where it gives none."""
    try:
        return str(json.loads(str(proposal.values.get("evidence"))).get("reason") or "")
    except (ValueError, AttributeError, RecursionError):
        return ""


def hands(connection: Connection, sets: Collection[On]) -> dict[On, Hand]:
    """Who wrote these sets (by seq, or by id while they wait), of those that are here."""
    found: dict[On, Hand] = {}
    for seqs in _chunks(sorted(on for on in sets if isinstance(on, int))):
        for row in connection.execute(select(changes).where(changes.c.seq.in_(seqs))):
            found[row.seq] = hand(row)
    for ids in _chunks(sorted(on for on in sets if isinstance(on, str))):
        by_id = changes.c.id.in_([bytes.fromhex(set_id) for set_id in ids])
        for row in connection.execute(select(changes).where(by_id)):
            found[row.id.hex()] = hand(row)
    return found


def _people(connection: Connection, people: Collection[str]) -> dict[str, Her]:
    """These people by the id they were proposed under, as whoever stands for them."""
    person, alias = records["person"], records["alias"]
    shown = func.coalesce(alias.c.survivor, person.c.id)
    found: dict[str, Her] = {}
    survivor = person.alias("survivor")
    for chunk in _chunks(sorted(each for each in people if each)):
        query = (
            select(
                person.c.id.label("asked"),
                *(survivor.c[name] for name in ("id", "name", "hamlet", "household", "state")),
                survivor.c.receiving_account,
            )
            .select_from(person)
            .outerjoin(alias, alias.c.id == person.c.id)
            .join(survivor, survivor.c.id == shown)
            .where(person.c.id.in_(chunk))
        )
        for row in connection.execute(query):
            found[row.asked] = Her(
                row.id,
                row.name or "",
                row.hamlet or "",
                row.household or "",
                row.state or "active",
                row.receiving_account or "",
            )
    return found


def _chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
