"""What waits for a second officer, and what was answered lately: each with whom it is about and by whom.

What an approval looks at, and who may not give it, is in `approvals`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from app.domain.aliases import MERGING, UNMERGE, unpack
from app.domain.cautions import Stranger
from app.domain.changes import On
from app.domain.proposals import OPEN, wanted
from app.domain.records import Value
from app.domain.standing import Standing
from app.store import rows, surveyed
from app.store.among import among, among_ids, listed
from app.store.disputes import Hand, hand
from app.store.opened import Opened, open_records
from app.store.queries import people_paid_at
from app.store.surveyed import Heard
from app.store.tables import changes, records

_PERSON, _ALIAS, _PROPOSAL = records["person"], records["alias"], records["proposal"]
_COUNT = select(func.count()).where(_PROPOSAL.c.state == OPEN)
_NAMES = select(_PERSON.c.id, _PERSON.c.name).where(among(_PERSON.c.id, "ids"))
_HAND = tuple(changes.c[name] for name in ("seq", "id", "author", "device", "clock", "reason"))
_BY_SEQ = select(*_HAND).where(among(changes.c.seq, "seqs"))
_BY_ID = select(*_HAND).where(among_ids(changes.c.id, "ids"))
_SURVIVOR = _PERSON.alias("survivor")
_SHOWN = (
    select(
        _PERSON.c.id.label("asked"),
        *(_SURVIVOR.c[name] for name in ("id", "name", "hamlet", "household", "state")),
        _SURVIVOR.c.receiving_account,
    )
    .select_from(_PERSON)
    .outerjoin(_ALIAS, _ALIAS.c.id == _PERSON.c.id)
    .join(_SURVIVOR, _SURVIVOR.c.id == func.coalesce(_ALIAS.c.survivor, _PERSON.c.id))
    .where(among(_PERSON.c.id, "ids"))
)


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
    at the same number. Of a merge: ids (who stays, who goes) and names of each pair. Of a survey:
    what it heard.
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
    heard: Heard | None = None


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
    query = select(_PROPOSAL.c.id).where(_PROPOSAL.c.state == OPEN).order_by(_PROPOSAL.c.no).limit(limit)
    ids = list(connection.scalars(query.where(_PROPOSAL.c.subject.in_(subjects)) if subjects else query))
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
    heard = surveyed.with_twins(connection, surveyed.heard(connection, found))
    return [
        _whole(
            connection,
            Waiting(
                each,
                her := _about(each, hers, heard),
                by.get(each.on.get("state")),
                known.get(("account", sought.get(each.record, ""))),
                known.get(("account", her.receiving)),
                heard=heard.get(each.record),
            ),
        )
        for each in found
    ]


def _about(proposal: Opened, hers: Mapping[str, Her], heard: Mapping[str, Heard]) -> Her:
    """Whom it is about; of a survey's, somebody whom the register has not is called as the survey has it."""
    her = hers.get(str(proposal.values.get("person") or ""))
    of_survey = heard.get(proposal.record)
    if her is None and of_survey is not None:
        return Her(name=of_survey.name, hamlet=of_survey.hamlet)
    return her or Her()


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
    return connection.scalar(_COUNT) or 0


def answered_since(connection: Connection, since: datetime, limit: int = 100) -> list[Answered]:
    """What was answered from a moment on, the newest first; what waits for the centre always."""
    answered = select(_PROPOSAL.c.id).where(_PROPOSAL.c.state != OPEN)
    ids = list(connection.scalars(answered.order_by(_PROPOSAL.c.no.desc()).limit(limit)))
    opened = open_records(connection, [("proposal", record) for record in ids])
    found = [opened["proposal", record] for record in ids]
    hers = _people(connection, {str(each.values.get("person") or "") for each in found})
    by = hands(connection, {each.on["state"] for each in found})
    heard = surveyed.heard(connection, found)
    told = []
    for each in found:
        on = each.on["state"]
        if on in by and (by[on].at >= since or isinstance(on, str)):
            told.append(Answered(each, _about(each, hers, heard), by[on], isinstance(on, str)))
    return sorted(told, key=lambda each: each.by.at, reverse=True)


def accounts_of(connection: Connection, proposals: Collection[str]) -> dict[str, str]:
    """Proposal → the account it would put in force, of those that are about one."""
    standing = Standing(rows.load(connection, {("proposal", record) for record in proposals}))
    wants = ((record, wanted(record, standing)) for record in proposals)
    return {
        record: account
        for record, each in wants
        if each is not None and len(each.accounts) == 1
        for account in each.accounts.values()
    }


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
    found = connection.execute(_NAMES, {"ids": listed(people)}) if people else ()
    return {row.id: row.name or "" for row in found}


def why(proposal: Opened) -> str:
    """The reason that a proposal gives; empty where it gives none."""
    try:
        return str(json.loads(str(proposal.values.get("evidence"))).get("reason") or "")
    except (ValueError, AttributeError, RecursionError):
        return ""


def hands(connection: Connection, sets: Collection[On]) -> dict[On, Hand]:
    """Who wrote these sets (by seq, or by id while they wait), of those that are here."""
    seqs, ids = [on for on in sets if isinstance(on, int)], [on for on in sets if isinstance(on, str)]
    by_seq = connection.execute(_BY_SEQ, {"seqs": listed(seqs)}) if seqs else ()
    found: dict[On, Hand] = {row.seq: hand(row) for row in by_seq}
    by_id = connection.execute(_BY_ID, {"ids": listed(ids)}) if ids else ()
    return found | {row.id.hex(): hand(row) for row in by_id}


def _people(connection: Connection, people: Collection[str]) -> dict[str, Her]:
    """These people by the id they were proposed under, as whoever stands for them."""
    found = connection.execute(_SHOWN, {"ids": listed(people)}) if people else ()
    return {
        row.asked: Her(
            row.id,
            row.name or "",
            row.hamlet or "",
            row.household or "",
            row.state or "active",
            row.receiving_account or "",
        )
        for row in found
    }
