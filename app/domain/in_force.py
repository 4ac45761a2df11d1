"""Who is paid where, told from a journal alone: the lines of a list, and who is left off it and why.

A line stands on signed sets, their order at the centre and its verdicts given anew (`walk.py`), never on
rows. Nobody is left off in silence: whoever the register shows as paid, or whom a waiting approval would
pay, is on the list or among those left off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.accounts import compare_holder
from app.domain.aliases import ALIAS
from app.domain.changes import Edit, canonical
from app.domain.dates import PartialDate
from app.domain.hybrid_clock import milliseconds
from app.domain.proposals import ACCOUNT, PAID_AT
from app.domain.records import KINDS, Value
from app.domain.standing import Cells, RecordKey
from app.domain.walk import Paid, Walk

# Faults of the journal after which nobody can say whom they concern: then there is no list at all.
STOPPING = frozenset(
    {
        "missing",
        "beyond",
        "content",
        "form",
        "chain",
        "verdicts",
        "head",
        "head_unsigned",
        "head_signature",
        "put_back",
    }
)
EVIDENCE, WAITS, MISMATCH, JOINED, ENDED, NOT_YET, PAYEE_OVER, RENAMED = (
    "evidence",  # signed sets behind it have not come yet
    "waits",  # approved or ended here, and the centre has not answered
    "mismatch",  # the journal, its verdicts or the rows say otherwise of her
    "joined",  # she is shown as somebody else
    "ended",  # dead, moved, or entered by mistake
    "not_yet",  # she comes from another commune, which pays until her first month here
    "payee_over",  # whoever receives for her may no longer
    "renamed",  # her name was written anew since two approved, and it is not the holder's
)
_FORM = "soansinh.list.1"
_GRACE_MS = 3600 * 1000  # within which the clocks of a centre's processes agree
_RIGHT = tuple(each.name for each in KINDS["entitlement"].fields if each.name not in ("person", "note"))
_WHO = ("name", "birth", "personal_id")


@dataclass(frozen=True)
class Line:
    """One person and the account in force; values as signed. `amount`: her rights this month, đồng.

    `paid`: the approving set; `shared`: how many other people, of other households, are paid there.
    `rewritten`: of what says who she is, by which seq it was written after two had approved.
    """

    person: str
    account: str
    who: Mapping[str, Value]
    cells: Mapping[str, Value]
    amount: int
    paid: Paid
    shared: int = 0
    rewritten: Mapping[str, int] = field(default_factory=dict)

    def rewritten_since(self, seq: int) -> bool:
        """Whether somebody wrote anew who she is, since two approved and since a list made at that seq."""
        return any(at > seq for at in self.rewritten.values())

    def moved_since(self, seq: int) -> bool:
        """Whether she is paid elsewhere since a list made at that seq."""
        return self.paid.seq > seq

    def moved_after(self, ms: int) -> bool:
        """Whether that was put in force after a moment (milliseconds since 1970)."""
        return milliseconds(self.paid.clock) >= ms

    @property
    def said(self) -> list[Value]:
        """What the digest of a list covers of it."""
        every = [self.cells.get(each.name) for each in KINDS[ACCOUNT].fields]
        return [self.person, *(self.who.get(name) for name in _WHO), self.account, *every, self.amount]


@dataclass(frozen=True)
class LeftOff:
    """Somebody who is not on the list, and why."""

    person: str
    why: str


@dataclass(frozen=True)
class Shown:
    """What the register beside the journal shows: who is paid, whose approvals wait, whom faults concern.

    `ending`: of whom a set that waits says that she is dead, moved, somebody else, or without a right.
    """

    paid: Collection[str]
    waiting: Collection[str]
    doubted: Collection[str]
    ending: Collection[str] = ()


@dataclass(frozen=True)
class Certified:
    """What a laptop knows of an officer: nothing before her newest certificate, for it keeps no other.

    `since`, `until`: of that certificate, in milliseconds since 1970; `until` 0 for no end.
    """

    since: int
    until: int
    may_approve: bool

    def is_over(self, at: int) -> bool:
        """Whether what the centre received at this moment or later was no approval of hers."""
        return (not self.may_approve and at >= self.since + _GRACE_MS) or 0 < self.until <= at


def by_one_alone(walk: Walk, services: Collection[str]) -> Iterator[tuple[str, Paid]]:
    """Who is paid by one officer's word: what the centre itself proposes is nobody's, whatever it judged."""
    for person, paid in walk.paid.items():
        hands = paid.proposers.difference(services, {paid.approver})
        if not hands or paid.approver in services:
            yield person, paid


def by_one_who_may_not(walk: Walk, officers: Mapping[str, Certified]) -> Iterator[tuple[str, Paid]]:
    """Who is paid by the approval of an officer who by then might approve nothing, or not any more."""
    for person, paid in walk.paid.items():
        known, at = officers.get(paid.approver), milliseconds(paid.received)
        if known is not None and known.is_over(at):
            yield person, paid


def digest_of(lines: Sequence[Line]) -> str:
    """Over every line, in order of person: two lists with one digest pay the same people the same."""
    ordered = sorted(lines, key=lambda line: line.person)
    return hashlib.sha256(canonical([_FORM, [line.said for line in ordered]])).hexdigest()


def lines_of(walk: Walk, today: date) -> Iterator[Line]:
    """Everybody of whom the journal says that she is paid somewhere, in no particular order."""
    if not walk.is_whole:
        return
    amounts = _amounts(walk, today)
    for person, paid in walk.paid.items():
        who = walk.cells(("person", person))
        cell = who.get(PAID_AT)
        if cell is None or cell.value is None:
            continue
        account = str(cell.value)
        cells = _values(walk.cells((ACCOUNT, account)))
        amount, since = amounts.get(person, 0), _rewritten(who, paid)
        yield Line(person, account, _values(who), cells, amount, paid, rewritten=since)


def sorted_out(
    lines: Collection[Line], joined: Collection[str], shown: Shown, today: date, *, is_whole: bool
) -> tuple[list[Line], list[LeftOff]]:
    """Who is on the list, and who is left off."""
    kept, left = list[Line](), dict[str, str]()
    for line in lines:
        why = _why_not(line, joined, shown, today)
        if why:
            left[line.person] = why
        else:
            kept.append(line)
    on = {line.person for line in kept}
    for person in [*shown.paid, *shown.waiting]:
        if person not in on and person not in left:
            waits = person in shown.waiting
            left[person] = WAITS if waits else MISMATCH if is_whole else EVIDENCE
    return _with_shared(kept), [LeftOff(person, why) for person, why in sorted(left.items())]


def ended_in(edits: Iterable[Edit]) -> set[RecordKey]:
    """People and rights that sets in this order leave ended, and people whom they leave joined."""
    last = {edit.cell: edit.new for edit in edits}
    found = set[RecordKey]()
    for (kind, record, cell), new in last.items():
        is_ended = (kind, cell) == ("person", "state") and new not in ("active", None)
        is_ended |= (kind, cell) == ("entitlement", "state") and new != "active"
        if is_ended or ((kind, cell) == (ALIAS, "survivor") and new is not None):
            found.add((kind, record))
    return found


def survivors_in(walk: Walk) -> dict[str, str]:
    """Who stands for whom: the person who is joined → her survivor."""
    found = ((key[1], walk.cells(key).get("survivor")) for key in walk.left() if key[0] == ALIAS)
    return {person: str(cell.value) for person, cell in found if cell is not None and cell.value is not None}


def _why_not(line: Line, joined: Collection[str], shown: Shown, today: date) -> str:
    if line.person in shown.doubted or line.cells.get("person") != line.person:
        return MISMATCH
    if line.person in shown.waiting:
        return WAITS
    if line.person in joined:
        return JOINED
    is_active, is_new = (
        line.who.get("state") in ("active", None),
        not _begun(line.who.get("state_since"), today),
    )
    if is_active and is_new and not line.amount:
        return NOT_YET
    if not is_active and not (is_new and line.amount):
        return ENDED
    if line.person in shown.ending:
        return WAITS
    if _is_renamed(line):
        return RENAMED
    until = line.cells.get("payee_until")
    return PAYEE_OVER if until and PartialDate.parse(str(until)).latest() < today else ""


def _rewritten(who: Cells, paid: Paid) -> dict[str, int]:
    """Of who she is, what stands by a set after the approving one; where two wrote the same, by the first."""
    cells = ((name, who.get(name)) for name in _WHO)
    first = {name: min(cell.behind, default=0) for name, cell in cells if cell is not None}
    return {name: seq for name, seq in first.items() if seq > paid.seq}


def _is_renamed(line: Line) -> bool:
    """Whether her name, written anew, is no longer the holder's: two have not looked at the account since.

    What two approved in spite of another name stays; whoever receives in her place is named by the account.
    """
    holder, name = (str(it or "") for it in (line.cells.get("holder"), line.who.get("name")))
    own = line.cells.get("payee") in ("self", None) and "name" in line.rewritten
    return own and compare_holder(name, holder) == "different"


def _with_shared(lines: Sequence[Line]) -> list[Line]:
    """Each with the number of others who are paid at the same account and live in another household."""
    at: dict[tuple[Value, Value], list[Line]] = {}
    for line in lines:
        at.setdefault((line.cells.get("provider"), line.cells.get("number")), []).append(line)
    found = []
    for line in lines:
        house = line.who.get("household")
        beside = at[line.cells.get("provider"), line.cells.get("number")]
        others = [o for o in beside if o is not line and (not house or o.who.get("household") != house)]
        found.append(replace(line, shared=len(others)))
    return found


def _begun(day: Value, today: date) -> bool:
    """Whether a month has come: somebody who moves is paid here up to the month before, there from it on."""
    return day is None or str(day)[:7] <= today.isoformat()[:7]


def _pays(right: Mapping[str, Value], today: date) -> bool:
    """Whether a right is one to this month's money: begun, and not ended before it."""
    until = str(right.get("until") or "")
    is_over = bool(until) and PartialDate.parse(until).latest().isoformat()[:7] < today.isoformat()[:7]
    is_held = right.get("state") == "active" or (right.get("state") == "ended" and bool(until))
    return is_held and not is_over and _begun(right.get("since"), today)


def _amounts(walk: Walk, today: date) -> dict[str, int]:
    """Person → what her rights come to this month; a right that two joined records hold counts once."""
    survivors = survivors_in(walk)
    stands = set(survivors.values())
    rights: dict[str, dict[tuple[object, ...], int]] = {}
    for kind, record in walk.left():
        cells = _values(walk.cells((kind, record))) if kind == "entitlement" else {}
        if not _pays(cells, today):
            continue
        owner = str(cells.get("person"))
        person = survivors.get(owner, owner)
        same = tuple(cells.get(name) for name in _RIGHT) if person in stands else (record,)
        rights.setdefault(person, {})[same] = int(cells.get("amount") or 0)
    return {person: sum(found.values()) for person, found in rights.items()}


def _values(cells: Cells) -> dict[str, Value]:
    return {name: cell.value for name, cell in cells.items()}
