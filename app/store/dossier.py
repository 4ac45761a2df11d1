"""One person with all that is hers: what the pane beside a list and the tabs of her page show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.standing import RecordKey
from app.store.attachments import Attachment, attachments_of
from app.store.disputes import Dispute, conflicts
from app.store.opened import Opened, open_records
from app.store.queries import PersonRow, person_rows
from app.store.tables import records

_HERS = ("entitlement", "account", "consent", "proposal", "attachment")
_STANDINGS = ("in_force", "proposed", "refused", "withdrawn", "earlier")


@dataclass(frozen=True)
class Account:
    """An account, and where it stands: in_force, proposed, refused, withdrawn, or earlier than another."""

    opened: Opened
    standing: str
    proposal: Opened | None


@dataclass(frozen=True)
class Household:
    """A household and its members in the order of their names, the person herself among them."""

    opened: Opened
    members: tuple[PersonRow, ...]

    @property
    def head(self) -> str:
        """The name of its head, where one of its members or the household itself says it."""
        known = self.opened.values
        named = next((member.name for member in self.members if member.id == known.get("head")), "")
        return named or str(known.get("head_name") or "")


@dataclass(frozen=True)
class Person:
    """All that a register says of one person; every record ready to be edited.

    Entitlements: active ones first; accounts: in force, proposed, then others; newest first each.
    """

    row: PersonRow
    opened: Opened
    entitlements: tuple[Opened, ...]
    accounts: tuple[Account, ...]
    consents: tuple[Opened, ...]
    attachments: tuple[Attachment, ...]
    household: Household | None
    conflicts: tuple[Dispute, ...]


def person(connection: Connection, who: int | str) -> Person | None:
    """A person by her `no` or record id; None where there is none."""
    table = records["person"]
    key = table.c.no == who if isinstance(who, int) else table.c.id == who
    found = connection.execute(select(table.c.no, table.c.id).where(key)).first()
    row = person_rows(connection, [found.no])[0] if found else None
    if row is None:
        return None
    hers = list(_records_of(connection, row.id))
    opened = open_records(connection, [("person", row.id), *hers])
    of_kind = {kind: [opened[key] for key in hers if key[0] == kind] for kind in _HERS}
    return Person(
        row,
        opened["person", row.id],
        tuple(sorted(of_kind["entitlement"], key=lambda right: right.values.get("state") != "active")),
        _accounts(opened["person", row.id], of_kind["account"], of_kind["proposal"]),
        tuple(of_kind["consent"]),
        attachments_of(connection, of_kind["attachment"]),
        _household(connection, row.household) if row.household else None,
        tuple(conflicts(connection, {row.id, *(record for _, record in hers)})),
    )


def records_of(connection: Connection, record: str) -> list[RecordKey]:
    """A person's own record and those that belong to her, newest first by kind."""
    return [("person", record), *_records_of(connection, record)]


def _records_of(connection: Connection, record: str) -> Iterable[RecordKey]:
    for kind in _HERS:
        table = records[kind]
        hers = select(table.c.id).where(table.c.person == record).order_by(table.c.no.desc())
        yield from ((kind, each) for each in connection.scalars(hers))


def _accounts(her: Opened, accounts: Iterable[Opened], proposals: Iterable[Opened]) -> tuple[Account, ...]:
    proposal_of = {account: proposal for proposal in proposals for account in _wanted(proposal.values)}
    found = []
    for account in accounts:
        proposal = proposal_of.get(account.record)
        found.append(Account(account, _standing(her, account, proposal), proposal))
    return tuple(sorted(found, key=lambda each: _STANDINGS.index(each.standing)))


def _wanted(proposal: Mapping[str, object]) -> list[str]:
    """The accounts that a proposal would put in force: `[kind, record, field, new, on]` each."""
    wants = json.loads(str(proposal.get("wants") or "[]"))
    return [new for _, _, field, new, _ in wants if field == "receiving_account"]


def _standing(her: Opened, account: Opened, proposal: Opened | None) -> str:
    if her.values.get("receiving_account") == account.record:
        return "in_force"
    state = proposal.values.get("state") if proposal else None
    return {"open": "proposed", "refused": "refused", "withdrawn": "withdrawn"}.get(str(state), "earlier")


def _household(connection: Connection, record: str) -> Household | None:
    opened = open_records(connection, [("household", record)]).get(("household", record))
    if opened is None:
        return None
    table = records["person"]
    members = select(table.c.no).where(table.c.household == record).order_by(table.c.name_key, table.c.no)
    rows = person_rows(connection, list(connection.scalars(members)))
    return Household(opened, tuple(row for row in rows if row))
