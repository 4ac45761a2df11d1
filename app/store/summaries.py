"""What a list shows of a person that other records say: her account's state, groups, monthly sum.

Kept in her row so that filtering 100,000 people is one index walk; derived anew from the
records whenever one of them moves, never edited. Of two records joined by an alias the survivor's
row sums up both; the other is shown nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Text, Update, and_, case, func, literal_column, or_, select, update

from app.domain.aliases import ALIAS
from app.domain.standing import RecordKey
from app.store.aliases import JOINED, survivors_among
from app.store.among import among, listed
from app.store.tables import changes, records, touched

_OWNERS = ("entitlement", "account", "proposal")
RIGHT = ("group", "coefficient", "amount", "since", "until", "decision", "decided")
_PERSON = records["person"]
_HIDE = (
    update(_PERSON)
    .where(among(_PERSON.c.id, "ids"))
    .values(monthly_amount=None, group_codes=None, account_state=JOINED)
)
_SUMS = select(*(_PERSON.c[name] for name in ("id", "monthly_amount", "group_codes", "account_state"))).where(
    among(_PERSON.c.id, "ids")
)
_OWNERS_OF = {
    kind: select(records[kind].c.person).where(among(records[kind].c.id, "ids")) for kind in _OWNERS
}


def concerned(connection: Connection, moved: Collection[RecordKey]) -> set[str]:
    """Ids of the people whose rows the moved records have a part in."""
    people = {record for kind, record in moved if kind in ("person", ALIAS)}
    for kind, query in _OWNERS_OF.items():
        ids = [record for moved_kind, record in moved if moved_kind == kind]
        if ids:
            owners = connection.scalars(query, {"ids": listed(ids)})
            people.update(owner for owner in owners if owner)
    return people


def refresh(connection: Connection, people: Collection[str]) -> set[str]:
    """Derive anew for these people and whoever stands for them; returns the ids of all."""
    survivors = survivors_among(connection, people)
    everybody = {*people, *survivors, *survivors.values()}
    joined, standing = set(survivors), set(survivors.values())
    _derive(connection, sorted(everybody - joined - standing), _is_own)
    _derive(connection, sorted(standing), _is_of_both)
    _hide(connection, sorted(joined))
    return everybody


def refreshed(connection: Connection, people: Collection[str]) -> set[str]:
    """The same; returns whoever may be shown otherwise since: not those of whom it comes out as it was."""
    asked = {"ids": listed(sorted(people))}
    before = connection.execute(_SUMS, asked).all() if people else []
    everybody = refresh(connection, people)
    after = set(connection.execute(_SUMS, asked)) if people else set()
    return everybody - {row.id for row in before if row in after}


def _is_own(owner: Any) -> Any:
    return owner == records["person"].c.id


def _is_of_both(owner: Any) -> Any:
    """Whose records count for somebody who stands for others."""
    alias, person = records[ALIAS], records["person"]
    others = select(alias.c.id).where(alias.c.survivor == person.c.id).correlate(person)
    return or_(owner == person.c.id, owner.in_(others.scalar_subquery()))


def _derive(connection: Connection, people: Sequence[str], is_hers: Callable[[Any], Any]) -> None:
    if people:
        connection.execute(_derivation(is_hers), {"ids": listed(people)})


@cache
def _derivation(is_hers: Callable[[Any], Any]) -> Update:
    person, entitlement, proposal = (records[k] for k in ("person", "entitlement", "proposal"))
    active = (is_hers(entitlement.c.person), entitlement.c.state == "active")
    rights = select(*(entitlement.c[name] for name in RIGHT)).where(*active).correlate(person)
    if is_hers is _is_of_both:  # one right that both records hold, word for word, is one right
        rights = rights.distinct()
    amount = select(func.sum(rights.subquery().c.amount)).scalar_subquery()
    codes = 'group_concat(DISTINCT entitlement."group" ORDER BY entitlement."group")'
    groups = select(literal_column(codes, Text)).select_from(entitlement).where(*active)
    # SQLite would rather walk all the open ones by their own index, once a person.
    is_open = func.coalesce(proposal.c.state, "") == "open"
    waits = (
        select(proposal.c.no)
        .where(is_hers(proposal.c.person), is_open, proposal.c.subject == "account")
        .correlate(person)
        .exists()
    )
    account = case(
        (and_(person.c.receiving_account.is_not(None), _waits_for_the_centre(is_hers)), "approved"),
        (person.c.receiving_account.is_not(None), "in_force"),
        (waits, "proposed"),
        (person.c.wish == "cash", "cash"),
        else_="none",
    )
    change = update(person).values(
        monthly_amount=amount, group_codes=groups.correlate(person).scalar_subquery(), account_state=account
    )
    return change.where(among(person.c.id, "ids"))


def _waits_for_the_centre(is_hers: Callable[[Any], Any]) -> Any:
    """A second officer accepted it here, and the centre has not said yet: it may be on no list."""
    proposal, person = records["proposal"], records["person"]
    return (
        select(proposal.c.no)
        .join(touched, touched.c.record == proposal.c.id)
        .join(changes, changes.c.no == touched.c.change)
        .where(is_hers(proposal.c.person), proposal.c.state == "accepted", changes.c.seq.is_(None))
        .correlate(person)
        .exists()
    )


def _hide(connection: Connection, people: Sequence[str]) -> None:
    if people:
        connection.execute(_HIDE, {"ids": listed(people)})
