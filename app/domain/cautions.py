"""What an officer should stop at before money goes somewhere else: found by the register, weighed by her.

None of it forbids: families share an account, banks misspell, a card is renewed the week before the
list. Who approves says that she saw it (design/security.md, The second pair of eyes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.accounts import compare_holder
from app.domain.dates import PartialDate
from app.domain.deadlines import Due
from app.domain.errors import Fact
from app.domain.records import Value

RECENT_DAYS = 30
PAPER_DAYS = 30  # a payee's paper that ends within these is renewed now, or pays nobody soon


@dataclass(frozen=True)
class Stranger:
    """Somebody else of the register, as she is named in a caution."""

    name: str
    hamlet: str


@dataclass(frozen=True)
class Caution:
    """One thing to stop at. `is_grave`: money may go to somebody else; otherwise it is a matter of time."""

    code: str
    is_grave: bool
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """One account as it would be put in force: whose, what it says, and what the register knows around it.

    `since`: the day on which what is in force now came in force; `has_moved`: somebody wrote there
    since it was proposed.
    """

    name: str
    state: str
    account: Mapping[str, Value]
    strangers: Sequence[Stranger]
    since: date | None
    has_moved: bool


def cautions(move: Move, today: date, due: Due | None) -> list[Caution]:
    """Everything to stop at, the gravest first."""
    return [*_grave(move, today), *_timely(move, today, due)]


def heard_cautions(alike: Sequence[Stranger], moved: int) -> Iterator[Caution]:
    """Of what a survey found: people whom somebody new could be, the likeliest first; how many fields hold
    something else now than whoever surveyed saw.
    """
    if alike:
        facts: dict[str, Fact] = {"count": len(alike), "name": alike[0].name, "hamlet": alike[0].hamlet}
        yield Caution("alike", is_grave=True, facts=facts)
    if moved:
        yield Caution("seen_otherwise", is_grave=False, facts={"count": moved})


def _grave(move: Move, today: date) -> Iterator[Caution]:
    account = move.account
    if move.has_moved:
        yield Caution("moved", is_grave=True)
    if move.state != "active":
        yield Caution("left", is_grave=True)
    receives = move.name if account.get("payee") == "self" else str(account.get("payee_name") or "")
    holder = str(account.get("holder") or "")
    if holder and compare_holder(receives, holder) == "different":
        why = str(account.get("mismatch_reason") or "")
        yield Caution("holder", is_grave=True, facts={"holder": holder, "receives": receives, "why": why})
    if move.strangers:
        first = move.strangers[0]
        why = str(account.get("shared_reason") or "")
        facts: dict[str, Fact] = {"count": len(move.strangers), "name": first.name, "hamlet": first.hamlet}
        yield Caution("shared", is_grave=True, facts={**facts, "why": why})
    until = _until(account)
    if until is not None and until < today:
        yield Caution("paper_over", is_grave=True, facts={"day": until.isoformat()})


def _timely(move: Move, today: date, due: Due | None) -> Iterator[Caution]:
    until = _until(move.account)
    if until is not None and 0 <= (until - today).days <= PAPER_DAYS:
        facts: dict[str, Fact] = {"day": until.isoformat(), "left": (until - today).days}
        yield Caution("paper_ends", is_grave=False, facts=facts)
    if move.since is not None and 0 <= (today - move.since).days <= RECENT_DAYS:
        yield Caution("recent", is_grave=False, facts={"days": (today - move.since).days})
    if due is not None and due.leads:
        yield Caution("before_list", is_grave=False, facts={"left": due.left, "day": due.on.isoformat()})


def _until(account: Mapping[str, Value]) -> date | None:
    """The last day on which the payee's paper counts; None where there is no paper with an end."""
    known = account.get("payee_until")
    return PartialDate.parse(str(known)).latest() if known is not None else None
