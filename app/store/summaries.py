"""What a list shows of a person that other records say: her account's state, groups, monthly sum.

Kept in her row so that filtering 100,000 people is one index walk; derived anew from the
records whenever one of them moves, never edited.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Text, case, exists, func, literal_column, select, update

from app.domain.standing import RecordKey
from app.store.tables import records

_OWNERS = ("entitlement", "account", "proposal")
_CHUNK = 500


def refresh(connection: Connection, moved: Collection[RecordKey]) -> set[str]:
    """Derive anew for every person whom the moved records concern; returns their ids."""
    people = {record for kind, record in moved if kind == "person"}
    for kind in _OWNERS:
        table = records[kind]
        ids = [record for moved_kind, record in moved if moved_kind == kind]
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            owners = connection.scalars(select(table.c.person).where(table.c.id.in_(chunk)))
            people.update(owner for owner in owners if owner)
    _derive(connection, sorted(people))
    return people


def _derive(connection: Connection, people: list[str]) -> None:
    person, entitlement, proposal = (records[k] for k in ("person", "entitlement", "proposal"))
    active = (entitlement.c.person == person.c.id, entitlement.c.state == "active")
    amount = select(func.sum(entitlement.c.amount)).where(*active).scalar_subquery()
    codes = 'group_concat(DISTINCT entitlement."group" ORDER BY entitlement."group")'
    groups = select(literal_column(codes, Text)).select_from(entitlement).where(*active).scalar_subquery()
    waits = exists().where(
        proposal.c.person == person.c.id, proposal.c.state == "open", proposal.c.subject == "account"
    )
    account = case(
        (person.c.receiving_account.is_not(None), "in_force"),
        (waits, "proposed"),
        (person.c.wish == "cash", "cash"),
        else_="none",
    )
    change = update(person).values(monthly_amount=amount, group_codes=groups, account_state=account)
    for start in range(0, len(people), _CHUNK):
        connection.execute(change.where(person.c.id.in_(people[start : start + _CHUNK])))
