"""What lists, counts and queues read. A listing gives every `no` in order, rows come by `no`: no OFFSET.

One person with all that is hers: `dossier.py`. What happened to a record: `history.py`.
What two laptops wrote apart: `disputes.py`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, func, or_, select

from app.domain.aliases import MERGING
from app.domain.dates import PartialDate
from app.domain.text import sort_key
from app.store import alike, assignments, disputes, drafts, returned, search
from app.store.aliases import is_shown
from app.store.listing import MISTAKEN, Listing, Order
from app.store.search import Found
from app.store.tables import COUNTED, accepted, overwritten, records

IMPORT_DRAFT = "import:"  # how the subject of a draft of an import under review begins
_CHUNK = 500
_OF_A_PERSON = ("entitlement", "account", "consent", "proposal")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as a list shows her. `account`: none, cash, proposed, in_force; `amount` in đồng a month.

    `is_waiting`: something about her was not yet sent to the centre.
    """

    no: int
    id: str
    name: str
    sex: str | None
    birth: PartialDate | None
    hamlet: str
    groups: tuple[str, ...]
    amount: int
    account: str
    state: str
    personal_id: str | None
    old_id: str | None
    phone: str | None
    ethnicity: str | None
    address: str | None
    household: str | None
    note: str | None
    is_waiting: bool


@dataclass(frozen=True)
class Facet:
    """One value of a filter, and how many people it would leave."""

    value: str
    people: int


@dataclass(frozen=True)
class Counts:
    """The footer of a list and the menus of its chips; each menu counts without its own chip.

    `without_account`: those who are paid and have neither an account nor a wish for cash.
    """

    people: int
    monthly: int
    without_account: int
    hamlets: tuple[Facet, ...]
    groups: tuple[Facet, ...]
    accounts: tuple[Facet, ...]
    states: tuple[Facet, ...]


@dataclass(frozen=True)
class HamletProgress:
    """How far a hamlet's active people are with their accounts."""

    hamlet: str
    people: int
    in_force: int
    proposed: int
    cash: int

    @property
    def left(self) -> int:
        """People who have neither an account, proposed at least, nor chosen cash."""
        return self.people - self.in_force - self.proposed - self.cash


@dataclass(frozen=True)
class Today:
    """What waits for somebody, by kind. `merges`: proposals to join people or to part them.

    `surveys`: households and persons whom she is to go to with a form, and fillings that are not finished.
    """

    without_account: int
    proposals: int
    duplicates: int
    merges: int
    conflicts: int
    overwritten: int
    refused: int
    imports: int
    surveys: int

    @property
    def total(self) -> int:
        """What asks for a decision. Enrolling or asking everybody is a campaign, and what a later save
        replaced is told in the record's history: neither is one."""
        return self.waiting + self.duplicates + self.conflicts + self.refused + self.imports

    @property
    def waiting(self) -> int:
        """What a second officer answers."""
        return self.proposals + self.merges


@dataclass(frozen=True)
class PaidAt:
    """A person for whom an account number is in force, or proposed (`open`)."""

    person: str
    name: str
    household: str | None
    hamlet: str
    open: bool


def listed(connection: Connection, listing: Listing) -> Found:
    """Everybody a listing asks for, in its order; one slip forgiven separately, by name."""
    if listing.text.strip():
        found = search.search(connection, listing.text, limit=None, within=listing)
    else:
        found = Found(search.filtered(connection, listing), [])
    if listing.order is Order.NAME:
        return Found(found.nos[::-1], found.approximate) if listing.descending else found
    return Found(_sorted(connection, found.nos, listing), found.approximate)


def ids(connection: Connection, listing: Listing) -> list[int]:
    """The `no` of everybody a listing asks for, in its order. Measured: 100,000 by name in 30 ms."""
    return listed(connection, listing).nos


_SORTED_BY = {
    Order.BIRTH: "birth",
    Order.HAMLET: "hamlet",
    Order.GROUP: "group_codes",
    Order.AMOUNT: "monthly_amount",
    Order.ACCOUNT: "account_state",
}


def _sorted(connection: Connection, nos: Sequence[int], listing: Listing) -> list[int]:
    """They come in the order of names, and sorting is stable: equals stay so. Nothing known comes last."""
    person = records["person"]
    column = person.c[_SORTED_BY[listing.order]]
    index = "person_by_birth" if listing.order is Order.BIRTH else "person_counted"
    query = select(person.c.no, column).with_hint(person, f"INDEXED BY {index}", "sqlite")
    values = {no: value for no, value in connection.execute(query) if value is not None}
    rank: Callable[[Any], Any] = (
        _ranks(values.values()) if listing.order is Order.HAMLET else lambda value: value
    )
    known = [no for no in nos if no in values]
    known.sort(key=lambda no: rank(values[no]), reverse=listing.descending)
    return known + [no for no in nos if no not in values]


def _ranks(hamlets: Iterable[str]) -> Callable[[str], int]:
    places = {hamlet: place for place, hamlet in enumerate(sorted(set(hamlets), key=hamlet_key))}
    return places.__getitem__


def hamlet_key(hamlet: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts hamlets as people count them: Thôn 2 before Thôn 12, Bản Đon after Bản Don."""
    return tuple(
        (0, int(word), "") if word.isdecimal() and len(word) < 9 else (1, 0, sort_key(word))
        for word in hamlet.split()
    )


def person_rows(connection: Connection, nos: Sequence[int]) -> list[PersonRow | None]:
    """A row for each `no`, in the order asked; None where the person is gone. 128 in about 2 ms."""
    found: dict[int, PersonRow] = {}
    for start in range(0, len(nos), _CHUNK):
        query = _ROWS.where(records["person"].c.no.in_(nos[start : start + _CHUNK]))
        found.update((row.no, row) for row in map(_person_row, connection.execute(query)))
    return [found.get(no) for no in nos]


def _is_waiting() -> Any:
    """Beneath each edit that waits lies what the journal says: `accepted` holds nothing else."""
    person = records["person"]
    own = exists().where(accepted.c.kind == "person", accepted.c.record == person.c.id)
    others = (
        exists().where(
            records[kind].c.person == person.c.id,
            accepted.c.kind == kind,
            accepted.c.record == records[kind].c.id,
        )
        for kind in _OF_A_PERSON
    )
    return or_(own, *others)


_SHOWN = (
    *(
        "no",
        "id",
        "name",
        "sex",
        "birth",
        "hamlet",
        "group_codes",
        "monthly_amount",
        "account_state",
        "state",
    ),
    *("personal_id", "old_id", "phone", "ethnicity", "address", "household", "note"),
)
_ROWS = select(*(records["person"].c[name] for name in _SHOWN), _is_waiting().label("is_waiting"))


def _person_row(row: Any) -> PersonRow:
    no, record, name, sex, birth, hamlet, groups, amount, account, state, *_ = row
    return PersonRow(
        no=no,
        id=record,
        name=name or "",
        sex=sex,
        birth=PartialDate.parse(birth) if birth else None,
        hamlet=hamlet or "",
        groups=tuple(groups.split(",")) if groups else (),
        amount=amount or 0,
        account=account or "none",
        state=state or "active",
        personal_id=row.personal_id,
        old_id=row.old_id,
        phone=row.phone,
        ethnicity=row.ethnicity,
        address=row.address,
        household=row.household,
        note=row.note,
        is_waiting=bool(row.is_waiting),
    )


@dataclass(frozen=True, slots=True)
class _Pile:
    """People alike in everything that chips filter by."""

    state: str
    hamlet: str
    account: str
    groups: tuple[str, ...]
    people: int
    monthly: int

    def is_left_by(self, listing: Listing, without: str = "") -> bool:
        states = listing.states if without != "states" else ()
        return (
            (self.state in states if states else self.state != MISTAKEN)
            and (without == "hamlets" or not listing.hamlets or self.hamlet in listing.hamlets)
            and (without == "accounts" or not listing.accounts or self.account in listing.accounts)
            and (without == "groups" or not listing.groups or not set(self.groups).isdisjoint(listing.groups))
        )


def counts(connection: Connection, listing: Listing) -> Counts:
    """How many a listing leaves, what they are paid a month, and what each chip would leave."""
    among = None
    if listing.text.strip():
        everywhere = Listing(states=listing.states)
        among = search.search(connection, listing.text, limit=None, within=everywhere).nos
    piles = list(_piles(connection, among))
    left = [pile for pile in piles if pile.is_left_by(listing)]
    return Counts(
        sum(pile.people for pile in left),
        sum(pile.monthly for pile in left),
        sum(pile.people for pile in left if pile.account == "none" and pile.state == "active"),
        _facets(piles, listing, "hamlets", lambda pile: (pile.hamlet,), hamlet_key),
        _facets(piles, listing, "groups", lambda pile: pile.groups, str),
        _facets(piles, listing, "accounts", lambda pile: (pile.account,), str),
        _facets(piles, listing, "states", lambda pile: (pile.state,), str),
    )


def _piles(connection: Connection, among: Sequence[int] | None) -> Iterator[_Pile]:
    person = records["person"]
    columns = [person.c[name] for name in COUNTED]
    query = select(
        *columns[:-1], func.count().label("people"), func.sum(columns[-1]).label("monthly")
    ).group_by(*columns[:-1])
    query = query.with_hint(person, "INDEXED BY person_counted", "sqlite").where(is_shown())
    if among is not None:
        query = query.where(
            person.c.no.in_(select(func.json_each(json.dumps(among)).table_valued("value").c.value))
        )
    for row in connection.execute(query):
        codes = tuple((row.group_codes or "").split(","))
        yield _Pile(
            row.state or "active",
            row.hamlet or "",
            row.account_state or "none",
            codes,
            row.people,
            row.monthly or 0,
        )


def _facets(
    piles: Iterable[_Pile],
    listing: Listing,
    chip: str,
    values: Callable[[_Pile], Iterable[str]],
    key: Callable[[str], Any],
) -> tuple[Facet, ...]:
    counted: Counter[str] = Counter()
    for pile in piles:
        if pile.is_left_by(listing, without=chip):
            counted.update(dict.fromkeys(values(pile), pile.people))
    return tuple(Facet(value, counted[value]) for value in sorted(counted, key=key))


def progress(connection: Connection) -> list[HamletProgress]:
    """Every hamlet with active people, the least done first."""
    hamlets: dict[str, Counter[str]] = {}
    for pile in _piles(connection, None):
        if pile.state == "active":
            hamlets.setdefault(pile.hamlet, Counter())[pile.account] += pile.people
    found = [
        HamletProgress(hamlet, by.total(), by["in_force"], by["proposed"] + by["approved"], by["cash"])
        for hamlet, by in hamlets.items()
    ]
    return sorted(found, key=lambda each: (1 - each.left / each.people, hamlet_key(each.hamlet)))


def today(connection: Connection, officer: str) -> Today:
    """How much waits for her, by kind."""
    proposal = records["proposal"]
    waiting = select(func.count()).where(proposal.c.state == "open")
    lost = disputes.unseen(select(func.count()).select_from(overwritten), officer)
    return Today(
        without_account=sum(each.left for each in progress(connection)),
        proposals=_count(connection, waiting.where(func.coalesce(proposal.c.subject, "").not_in(MERGING))),
        duplicates=alike.count_open(connection),
        merges=_count(connection, waiting.where(proposal.c.subject.in_(MERGING))),
        conflicts=open_conflicts(connection),
        overwritten=_count(connection, lost),
        refused=returned.count(connection, officer),
        imports=drafts.count_under(connection, IMPORT_DRAFT),
        surveys=assignments.waiting(connection, officer),
    )


def open_conflicts(connection: Connection) -> int:
    """How many values written apart wait for a decision."""
    return _count(connection, select(func.count()).where(records["conflict"].c.state == "open"))


def _count(connection: Connection, query: Any) -> int:
    return int(connection.scalar(query) or 0)


def people_paid_at(connection: Connection, provider: str, number: str) -> list[PaidAt]:
    """For whom an account number is in force or proposed. Several may be one family, or a fraud."""
    person, account, proposal = (records[kind] for kind in ("person", "account", "proposal"))
    alias = records["alias"]
    is_open = exists().where(
        proposal.c.person == account.c.person,
        proposal.c.state == "open",
        proposal.c.wants.contains(account.c.id),
    )
    holders = (
        select(person.c.id, person.c.name, person.c.household, person.c.hamlet, is_open.label("open"))
        .select_from(account)
        .outerjoin(alias, alias.c.id == account.c.person)
        .join(person, person.c.id == func.coalesce(alias.c.survivor, account.c.person))
        .where(account.c.number == number, account.c.provider == provider)
        .where(or_(person.c.receiving_account == account.c.id, is_open))
        .order_by(person.c.name_key, person.c.no)
    )
    return [
        PaidAt(row.id, row.name or "", row.household, row.hamlet or "", bool(row.open))
        for row in connection.execute(holders)
    ]
