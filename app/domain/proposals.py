"""What waits for somebody: a proposal's words read, and whom and which accounts they are about.

A proposal says what it would change, at which base, and why; nothing of it is in force before another
officer's approving set (`approval.py`). Pure and total: words that are no such thing want nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.aliases import ALIAS, MERGE, MERGING, UNMERGE, unpack
from app.domain.changes import Edit, Read, is_cell
from app.domain.decisions import CONFLICT, DECIDED
from app.domain.fitting import fault_of
from app.domain.records import Value
from app.domain.standing import RecordKey, Standing

PROPOSAL = "proposal"
ACCOUNT, DECISION, RESTORE, SURVEY = "account", "decision", "restore", "survey"
ON_WHAT_STANDS = (ACCOUNT, SURVEY)  # laid on what an approver is shown, not on what their proposer saw
OPEN, ACCEPTED, REFUSED, WITHDRAWN = "open", "accepted", "refused", "withdrawn"
PAID_AT = "receiving_account"


@dataclass(frozen=True)
class Wanted:
    """What would come in force, each cell laid on what the proposer saw, and what she read besides."""

    edits: tuple[Edit, ...]
    reads: tuple[Read, ...] = ()

    @property
    def accounts(self) -> dict[str, str]:
        """Person → the account where she would be paid."""
        return {edit.record: str(edit.new) for edit in self.edits if _pays(edit) and edit.new is not None}

    @property
    def paid(self) -> tuple[str, ...]:
        """Everybody who would be paid elsewhere, or nowhere."""
        return tuple(edit.record for edit in self.edits if _pays(edit))


@dataclass(frozen=True)
class Matter:
    """Whom and what a proposal is about, as far as what stands can tell: record ids, in order.

    `people`: those whose names an approver agrees to; `accounts`: those wanted and those in force now.
    """

    people: tuple[str, ...]
    accounts: tuple[str, ...]
    others: frozenset[RecordKey] = frozenset()

    def keys(self) -> set[RecordKey]:
        """Every record that an approval looks at."""
        people = {(kind, person) for person in self.people for kind in ("person", ALIAS)}
        return people | {("account", account) for account in self.accounts} | self.others


def wanted(proposal: str, standing: Standing) -> Wanted | None:
    """What the proposal under this id wants; None where it wants nothing that an officer could accept.

    An approver is shown the person that it names: where its words move somebody else's money, or join
    somebody else, it wants nothing.
    """
    subject, words = (str(value_of(standing, proposal, name)) for name in ("subject", "wants"))
    found = _joining(subject, words) if subject in MERGING else _READ.get(subject, _nothing)(words)
    named = value_of(standing, proposal, "person")
    return found if found is not None and _is_about(subject, named, found) else None


def _is_about(subject: str, named: Value, wants: Wanted) -> bool:
    if subject == ACCOUNT:
        return named == wants.edits[0].record
    if subject == MERGE and named is not None:
        return all(edit.new == named for edit in wants.edits if edit.field == "survivor")
    return True


def parts_another(proposal: str, wants: Wanted, standing: Standing) -> bool:
    """Whether it would part somebody from another than the person that it names."""
    if value_of(standing, proposal, "subject") != UNMERGE:
        return False
    named = value_of(standing, proposal, "person")
    ends = [edit for edit in wants.edits if edit.field == "survivor"]
    return any(named is None or standing.value(*edit.cell) != named for edit in ends)


def value_of(standing: Standing, proposal: str, name: str) -> Value:
    """What a proposal says in one field."""
    return standing.value(PROPOSAL, proposal, name)


def matter(wants: Wanted, standing: Standing) -> Matter:
    """Whom and what it is about; more of it shows once the people themselves are in `standing`."""
    people = {edit.record for edit in wants.edits if edit.kind in ("person", ALIAS)}
    for edit in wants.edits:
        if (edit.kind, edit.field) == (ALIAS, "survivor"):
            people |= {str(survivor) for survivor in (edit.new, standing.value(*edit.cell)) if survivor}
    accounts = {*wants.accounts.values(), *filter(None, in_force(wants, standing).values())}
    others = {(edit.kind, edit.record) for edit in wants.edits}
    others |= {(read.kind, read.record) for read in wants.reads}
    return Matter(tuple(sorted(people)), tuple(sorted(accounts)), frozenset(others))


def in_force(wants: Wanted, standing: Standing) -> Mapping[str, str | None]:
    """Person → the account where she is paid now, of everybody whose account would change."""
    found = {person: standing.value("person", person, PAID_AT) for person in wants.paid}
    return {person: str(account) if account else None for person, account in found.items()}


def _pays(edit: Edit) -> bool:
    return (edit.kind, edit.field) == ("person", PAID_AT)


def _nothing(_words: str) -> None:
    return None


def restored(words: str) -> Mapping[str, Value]:
    """What a restored laptop says of the backup it came from; empty for words that say no such thing."""
    try:
        said = json.loads(words)
    except (ValueError, RecursionError):
        return {}
    is_said = isinstance(said, dict) and all(isinstance(said.get(name), str) for name in ("made", "from"))
    return said if is_said else {}


def _restored(words: str) -> Wanted | None:
    """It puts nothing in force: another officer says that she knows of it."""
    return Wanted(()) if restored(words) else None


def _account(words: str) -> Wanted | None:
    edits = tuple(wanted_cells(words))
    is_one = len(edits) == 1 and _pays(edits[0]) and edits[0].new is not None
    return Wanted(edits) if is_one else None


def _decision(words: str) -> Wanted | None:
    """It names the conflicts it decides, and what every contested cell is to hold."""
    edits = tuple(wanted_cells(words))
    named = [edit for edit in edits if edit.kind == CONFLICT]
    decides = all((edit.field, edit.new) == ("state", DECIDED) for edit in named)
    is_one = named and len(named) < len(edits) and decides
    return Wanted(edits) if is_one and all(edit.kind != PROPOSAL for edit in edits) else None


def _surveyed(words: str) -> Wanted | None:
    """What a survey found out of people and households; never who is paid where, nor anybody's answer."""
    edits = tuple(wanted_cells(words))
    is_theirs = all(edit.kind in ("person", "household") and edit.field != PAID_AT for edit in edits)
    is_once = len({edit.cell for edit in edits}) == len(edits)
    return Wanted(edits) if edits and is_theirs and is_once else None


def _joining(subject: str, words: str) -> Wanted | None:
    atoms = unpack(words)
    edits = tuple(edit for atom in atoms for edit in atom.edits)
    survivors = [edit.new is not None for edit in edits if edit.field == "survivor"]
    if not survivors or not all(joins == (subject == MERGE) for joins in survivors):
        return None
    written = {edit.cell for edit in edits}
    reads = {(read.kind, read.record, read.field): read for atom in atoms for read in atom.reads}
    return Wanted(edits, tuple(read for cell, read in reads.items() if cell not in written))


def wanted_cells(words: str) -> Iterator[Edit]:
    """`[kind, record, field, new, on]` each, as words say them; none of them where one is no such thing."""
    try:
        found = [Edit(kind, record, name, new, None, on) for kind, record, name, new, on in json.loads(words)]
    except (ValueError, TypeError, RecursionError):
        return
    if all(_is_cell(edit) for edit in found):
        yield from found


def _is_cell(edit: Edit) -> bool:
    return is_cell(edit) and fault_of(edit.kind, edit.field, edit.new) is None


_READ: dict[str, Callable[[str], Wanted | None]] = {
    ACCOUNT: _account,
    DECISION: _decision,
    RESTORE: _restored,
    SURVEY: _surveyed,
}
