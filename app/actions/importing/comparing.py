"""A row beside the person it is: what fills her blanks, what says otherwise, what comes on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.actions.importing.matching import can_be_one
from app.actions.importing.values import Settled, house_said, person_values, right_values
from app.domain.dates import PartialDate
from app.domain.records import KINDS, Value
from app.domain.text import canonical, fold
from app.store.meant import Person, Right

_NEVER_DIFFERS = {"name_typed", "state", "wish", "relation", "id_issuer"}
HELD = "one that this import begins"
_FOLDED = {"hamlet", "address", "current_address", "ethnicity", "disability"}


@dataclass(frozen=True)
class Beside:
    """What a row and its person say apart. `differs`: field → (workbook, register)."""

    fills: Mapping[str, Value] = field(default_factory=dict)
    differs: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    right: Right | None = None  # the one that the row speaks of
    right_fills: Mapping[str, Value] = field(default_factory=dict)
    right_differs: Mapping[str, tuple[Value, Value]] = field(default_factory=dict)
    adds_right: bool = False  # she has none: filled
    other_right: bool = False  # she has another: asked
    adds_account: bool = False
    dies: bool = False  # the officer says so, and the register does not
    other_account: bool = False
    joins_house: bool = False  # the row names a household, and she is in none

    @property
    def is_nothing(self) -> bool:
        """Whether the row adds nothing by itself."""
        adds = self.adds_right or self.adds_account or self.dies or self.joins_house
        return not (self.fills or self.right_fills or adds)


def compare(settled: Settled, held: Person) -> Beside:
    """The row beside a person of the register, or beside one whom a row above began.

    Of somebody who is no longer here the register says all there is to say: a list that pays her still
    is asked about that alone.
    """
    state = held.values.get("state") or "active"
    if state != "active":
        return Beside() if settled.has_died else Beside(differs={"state": ("active", state)})
    fills: dict[str, Value] = {}
    differs: dict[str, tuple[Value, Value]] = {}
    for name, said in person_values(settled).items():
        stands = held.values.get(name)
        if name in ("state", "name_typed"):
            continue
        if stands is None:
            fills[name] = said
        elif not _same(name, said, stands):
            differs[name] = (said, stands)
    joins = house_said(settled.person) is not None and not held.values.get("household")
    if settled.has_died:
        return Beside(fills, differs, dies=True, joins_house=joins)
    beside = Beside(fills, differs, joins_house=joins)
    return _with_account(_with_right(beside, settled, held), settled, held)


def _with_account(found: Beside, settled: Settled, held: Person) -> Beside:
    account = settled.person.account
    if account is None or account.provider is None or (account.provider, account.number) in held.accounts:
        return found
    is_free = held.account == "none"
    return replace(found, adds_account=is_free, other_account=not is_free)


def _same(name: str, said: Value, stands: Value) -> bool:
    """Whether two values say one thing; a less precise birth says nothing against a precise one."""
    if said == stands or name in _NEVER_DIFFERS:
        return True
    if name == "name":
        return canonical(str(said)) == canonical(str(stands))
    if name == "birth":
        one, other = PartialDate.parse(str(said)), PartialDate.parse(str(stands))
        return can_be_one(one, other) and len(str(said)) <= len(str(stands))
    if name == "note":
        return all(part in str(stands) for part in str(said).split("; "))
    return name in _FOLDED and fold(str(said)) == fold(str(stands))


def _with_right(found: Beside, settled: Settled, held: Person) -> Beside:
    said = right_values(settled)
    if not said:
        return found
    if not held.rights:
        return replace(found, adds_right=True)
    group = said.get("group")
    right = next(
        (
            one
            for one in held.rights
            if (group is None or one.values.get("group") in (group, None))
            and one.values.get("state") != "ended"
        ),
        None,
    )
    if right is None:
        return replace(found, other_right=True)
    fills = {name: value for name, value in said.items() if right.values.get(name) is None}
    differs = {
        name: (value, right.values[name])
        for name, value in said.items()
        if name not in fills and not _same_term(name, value, right.values[name])
    }
    return replace(found, right=right, right_fills=fills, right_differs=differs)


def _same_term(name: str, said: Value, stands: Value) -> bool:
    if name == "coefficient":
        return str(said).rstrip("0").rstrip(".") == str(stands).rstrip("0").rstrip(".")
    return said == stands


def is_guarded(kind: str, name: str) -> bool:
    """Whether two values of this field need somebody's decision."""
    declared = KINDS[kind].field(name)
    return declared is not None and declared.merge == "guarded"


def as_person(settled: Settled, record: str, base: Person | None = None, right: str = "") -> Person:
    """Who she is once the row is written: what stood before, and what the row adds.

    `right` is the id of the right that the row begins.
    """
    before = base or Person(0, record, {}, "none")
    beside = compare(settled, before)
    rights, accounts, account = list(before.rights), set(before.accounts), before.account
    if beside.right is not None and beside.right_fills:
        filled = replace(beside.right, values={**beside.right.values, **beside.right_fills})
        rights[rights.index(beside.right)] = filled
    if beside.adds_right or right:
        rights.append(Right(right, right_values(settled)))
    paid = settled.person.account
    if beside.adds_account and paid is not None and paid.provider is not None:
        accounts.add((paid.provider, paid.number))
        account = "proposed"
    state = {"state": "died"} if beside.dies else {}
    house = {"household": HELD} if beside.joins_house else {}
    values = {**person_values(settled), **before.values, **state, **house}
    return replace(before, values=values, account=account, rights=tuple(rights), accounts=frozenset(accounts))
