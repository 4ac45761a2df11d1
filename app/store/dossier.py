"""One person with all that is hers: what the pane beside a list and the tabs of her page show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.aliases import MERGING
from app.domain.standing import RecordKey
from app.store import beneath
from app.store.aliases import is_shown, joined_to, survivor_of
from app.store.attachments import Attachment, attachments_of
from app.store.disputes import Dispute, conflicts
from app.store.opened import Opened, open_records
from app.store.queries import PersonRow, person_rows
from app.store.summaries import RIGHT
from app.store.tables import records

_HERS = ("entitlement", "account", "consent", "proposal", "attachment")
_KINDS = ("alias", *_HERS)
_STANDINGS = ("in_force", "approved", "proposed", "refused", "withdrawn", "earlier")


@dataclass(frozen=True)
class Account:
    """An account, and where it stands: in_force, approved (waits for the centre), proposed, refused,
    withdrawn, or earlier than another.
    """

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
class Joined:
    """A record that was joined to the person's: who it says she is, and the alias with its reason."""

    opened: Opened
    alias: Opened


@dataclass(frozen=True)
class Person:
    """All that a register says of one person; every record ready to be edited.

    Entitlements: active ones first; accounts: in force, proposed, then others; newest first each.
    What belongs to records joined to hers is among them; a right that both hold stands once.
    """

    row: PersonRow
    opened: Opened
    entitlements: tuple[Opened, ...]
    accounts: tuple[Account, ...]
    consents: tuple[Opened, ...]
    attachments: tuple[Attachment, ...]
    household: Household | None
    conflicts: tuple[Dispute, ...]
    joined: tuple[Joined, ...] = ()


def person(connection: Connection, who: int | str) -> Person | None:
    """A person by her `no` or record id, or who stands for her; None where there is none."""
    table = records["person"]
    known = connection.scalar(select(table.c.id).where(table.c.no == who)) if isinstance(who, int) else who
    shown = survivor_of(connection, str(known or ""))
    no = connection.scalar(select(table.c.no).where(table.c.id == shown))
    row = person_rows(connection, [no])[0] if no is not None else None
    if row is None:
        return None
    hers = records_of(connection, row.id)
    opened = open_records(connection, hers)
    of_kind = {kind: [opened[key] for key in hers if key[0] == kind and key in opened] for kind in _KINDS}
    return Person(
        row,
        opened["person", row.id],
        _rights(row.id, of_kind["entitlement"]),
        _accounts(
            opened["person", row.id],
            _accepted_account(connection, row.id),
            of_kind["account"],
            _of_accounts(of_kind["proposal"]),
        ),
        tuple(of_kind["consent"]),
        attachments_of(connection, of_kind["attachment"]),
        _household(connection, row.household) if row.household else None,
        tuple(conflicts(connection, {record for _, record in hers})),
        tuple(Joined(opened["person", alias.record], alias) for alias in of_kind["alias"]),
    )


def records_of(connection: Connection, record: str) -> list[RecordKey]:
    """A person's own record, those joined to it, and all that belongs to them, newest first by kind."""
    joined = joined_to(connection, record)
    return [
        ("person", record),
        *((kind, other) for other in joined for kind in ("person", "alias")),
        *_belonging_to(connection, [record, *joined]),
    ]


def open_proposals(connection: Connection, person: str, account: str) -> list[Opened]:
    """Of hers, those that wait and would put this account in force."""
    table = records["proposal"]
    hers = select(table.c.id).where(table.c.person == person, table.c.state == "open")
    opened = open_records(connection, [("proposal", record) for record in connection.scalars(hers)])
    return [each for each in _of_accounts(opened.values()) if account in _wanted(each.values)]


def _belonging_to(connection: Connection, people: Sequence[str]) -> Iterable[RecordKey]:
    for kind in _HERS:
        table = records[kind]
        hers = select(table.c.id).where(table.c.person.in_(people)).order_by(table.c.no.desc())
        yield from ((kind, each) for each in connection.scalars(hers))


def _rights(her: str, opened: Iterable[Opened]) -> tuple[Opened, ...]:
    """Active ones first; of one right that two records hold, word for word, her own."""
    kept: list[Opened] = []
    for right in sorted(opened, key=lambda right: right.values.get("person") != her):
        twins = (known for known in kept if known.values.get("person") != right.values.get("person"))
        if not any(_says(known) == _says(right) for known in twins):
            kept.append(right)
    return tuple(sorted(kept, key=lambda right: right.values.get("state") != "active"))


def _says(right: Opened) -> list[object]:
    return [right.values.get(name) for name in ("state", *RIGHT)]


def _accepted_account(connection: Connection, her: str) -> str:
    """Where she is paid by the journal, whatever waits above it."""
    cells = beneath.accepted_cells(connection, {("person", her)}).get(("person", her), {})
    return str(cells["receiving_account"].value or "") if "receiving_account" in cells else ""


def _accounts(
    her: Opened, in_force: str, accounts: Iterable[Opened], proposals: Iterable[Opened]
) -> tuple[Account, ...]:
    proposal_of = {account: proposal for proposal in proposals for account in _wanted(proposal.values)}
    found = []
    for account in accounts:
        proposal = proposal_of.get(account.record)
        found.append(Account(account, _standing(her, in_force, account, proposal), proposal))
    return tuple(sorted(found, key=lambda each: _STANDINGS.index(each.standing)))


def _of_accounts(proposals: Iterable[Opened]) -> list[Opened]:
    return [each for each in proposals if each.values.get("subject") not in MERGING]


def _wanted(proposal: Mapping[str, object]) -> list[str]:
    """The accounts that a proposal would put in force: `[kind, record, field, new, on]` each."""
    try:
        wants = json.loads(str(proposal.get("wants") or "[]"))
        return [str(new) for _, _, field, new, _ in wants if field == "receiving_account"]
    except (ValueError, TypeError, RecursionError):
        return []


def _standing(her: Opened, in_force: str, account: Opened, proposal: Opened | None) -> str:
    if account.record == in_force:
        return "in_force"
    if her.values.get("receiving_account") == account.record:
        return "approved"
    state = proposal.values.get("state") if proposal else None
    return {"open": "proposed", "refused": "refused", "withdrawn": "withdrawn"}.get(str(state), "earlier")


def _household(connection: Connection, record: str) -> Household | None:
    opened = open_records(connection, [("household", record)]).get(("household", record))
    if opened is None:
        return None
    table = records["person"]
    members = (
        select(table.c.no)
        .where(table.c.household == record, is_shown())
        .order_by(table.c.name_key, table.c.no)
    )
    rows = person_rows(connection, list(connection.scalars(members)))
    return Household(opened, tuple(row for row in rows if row))
