"""Who may do what: dated data, checked in actions, and again by the centre for every atom it is handed.

The data are `resources/policy/roles.toml` (what a role may write) and `authority.toml` (who may decide a
conflict); the roles are those of the author's certificate at receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from app.domain.approval import signers
from app.domain.authority import Authorities, names
from app.domain.changes import Atom, Edit
from app.domain.decisions import CONFLICT, AtomAt, contested, opening, wanted
from app.domain.hybrid_clock import milliseconds
from app.domain.proposals import ACCEPTED, PROPOSAL, REFUSED, value_of
from app.domain.records import KINDS, Merge, field_of
from app.domain.seen import SEEN
from app.domain.standing import RecordKey, Standing

OFFICERS = ("officer", "approver", "surveyor", "auditor", "administrator")
SERVICE = "service"
EVERYBODY, ASSIGNED, NOBODY = "everybody", "assigned", "nobody"  # whom a role sees
ROLE, PLACE, DECIDER, ORIGINATED = "role", "place", "decider", "service"  # why an atom is refused
APPROVER = "approver"  # she may not answer a proposal of this subject
BY_WHOM = (ROLE, PLACE, ORIGINATED)  # whoever may, can write the same
_VIETNAM = timedelta(hours=7)
_BESIDE_A_SUBMISSION = frozenset({"proposal", "attachment"})
_WITH_HAMLET = frozenset(name for name, kind in KINDS.items() if kind.field("hamlet"))


@dataclass(frozen=True)
class Author:
    """Who signed a set. `scope`: of a surveyor her hamlets, of a service the kinds it may write."""

    id: str
    roles: tuple[str, ...]
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class Right:
    """What one role may write: `kind.field`, `kind.*` or `*`; `assigned`: only in the author's hamlets.

    `approves` and `refuses`: subjects of proposals that it may answer so, another's alone (`approval.py`).
    `keeps`: what of this laptop it may see to: its officers. `sees`: whom, `hides`: what of them it does not.
    """

    writes: tuple[str, ...]
    assigned: bool = False
    approves: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    sees: str = EVERYBODY
    hides: tuple[str, ...] = ()

    def covers(self, edit: Edit) -> bool:
        """Whether this role may write that cell at all."""
        return any(names(pattern, edit.kind, edit.field) for pattern in self.writes)


@dataclass(frozen=True)
class Rights:
    """Every role's right by the day from which it counts, and who decides where two values stand."""

    dated: tuple[tuple[date, Mapping[str, Right]], ...]
    authorities: Authorities

    def on(self, received: int) -> Mapping[str, Right]:
        """What counts at a moment of the centre's hybrid clock; before the first day, the first."""
        return self._counting(received)[1]

    def since(self, received: int) -> date:
        """From which day that counts."""
        return self._counting(received)[0]

    def may_approve(self, roles: Collection[str]) -> bool:
        """Whether any of these approves anything by any of the rules, or is a role that they do not know."""
        known: dict[str, bool] = {}
        for _day, rights in self.dated:
            known |= {role: known.get(role, False) or bool(right.approves) for role, right in rights.items()}
        return any(known.get(role, True) for role in roles)

    def _counting(self, received: int) -> tuple[date, Mapping[str, Right]]:
        day = _day(received)
        ordered = sorted(self.dated, key=lambda it: it[0])
        begun = [each for each in ordered if each[0] <= day]
        return begun[-1] if begun else ordered[0]


@lru_cache(maxsize=16)
def _day(received: int) -> date:
    """The day in Vietnam: all that one exchange brings is received at one moment."""
    return (datetime.fromtimestamp(milliseconds(received) / 1000, UTC) + _VIETNAM).date()


@dataclass(frozen=True)
class Bench:
    """What the centre knows when it asks whether an author may: the rights of the day, and the journal."""

    rights: Mapping[str, Right]
    authorities: Authorities
    atom_at: AtomAt
    author_of: Callable[[int], str]  # of the set at a seq; empty where there is none
    is_service: Callable[[str], bool] = lambda _author: False

    def is_bound_to_places(self, author: Author) -> bool:
        """Whether it matters whom her edits are about."""
        return any(role in self.rights and self.rights[role].assigned for role in author.roles)

    def fault_of(self, author: Author, atom: Atom, written: Collection[Edit], standing: Standing) -> str:
        """Why this author may not write this atom; empty when she may. `written`: all edits of the set."""
        if SERVICE in author.roles:
            return _fault_of_service(author, atom, self.rights)
        for edit in atom.edits:
            why = fault_of_edit(self.rights, author, edit, written, standing)
            if why:
                return why
        if not all(self._may_answer(author, edit, standing) for edit in atom.edits):
            return APPROVER
        decided = {edit.record for edit in atom.edits if edit.kind == CONFLICT}
        decided |= {edit.record for edit in _proposed(atom) if edit.kind == CONFLICT}
        if decided and not self._may_decide(author, decided, standing):
            return DECIDER
        return ""

    def _may_answer(self, author: Author, edit: Edit, standing: Standing) -> bool:
        """Whether one of her roles may accept or refuse that proposal; what a service proposed is no
        officer's word, and a second officer alone would be the only one.
        """
        if (edit.kind, edit.field) != (PROPOSAL, "state") or edit.new not in (ACCEPTED, REFUSED):
            return True
        subject = value_of(standing, edit.record, "subject")
        held = [right for role, right in self.rights.items() if role in author.roles]
        if edit.new == REFUSED:
            return any(right.refuses and subject in (None, *right.refuses) for right in held)
        signed = signers(edit.record, standing, self.author_of)
        return any(subject in right.approves for right in held) and not any(map(self.is_service, signed))

    def _may_decide(self, author: Author, conflicts: Collection[str], standing: Standing) -> bool:
        for conflict in conflicts:
            opened = opening(conflict, standing, self.atom_at)
            for edit in contested(opened) if opened else ():
                authority = self.authorities.of(edit.kind, edit.field)
                if not set(author.roles) & set(authority.deciders):
                    return False
                if authority.apart and author.id in self._sides(conflict, edit, standing):
                    return False
        return True

    def _sides(self, conflict: str, edit: Edit, standing: Standing) -> set[str]:
        """Who wrote the two values that stand against each other."""
        came, stands = standing.cell(CONFLICT, conflict, "seq"), standing.cell(*edit.cell)
        seqs = [int(came.value or 0)] if came else []
        return {self.author_of(seq) for seq in (*seqs, *(stands.behind if stands else ()))}


def fault_of_edit(
    rights: Mapping[str, Right], author: Author, edit: Edit, written: Collection[Edit], standing: Standing
) -> str:
    """Why her roles do not let her write that cell; empty when one does. Who may decide is another matter."""
    if edit.kind == CONFLICT:
        return ""
    if edit.kind == SEEN:  # what she herself has seen, whatever else she may
        return ROLE if edit.field == "officer" and edit.new != author.id else ""
    held = (right for role, right in rights.items() if role in author.roles)
    covering = [right for right in held if right.covers(edit)]
    if not covering:
        return ROLE
    if any(not right.assigned for right in covering):
        return ""
    hamlets = _hamlets(edit, written, standing)
    return "" if hamlets and hamlets <= set(author.scope) else PLACE


def owners(written: Collection[Edit], standing: Standing) -> set[RecordKey]:
    """The people that edits are about, as the set itself or what stands says: to be loaded before judging."""
    return {("person", person) for edit in written for person in _people(edit, written, standing)}


def asked_for(atom: Atom) -> set[RecordKey]:
    """The records that a proposed decision speaks of: to be loaded before judging."""
    return {(edit.kind, edit.record) for edit in _proposed(atom)}


def _proposed(atom: Atom) -> Iterator[Edit]:
    for edit in atom.edits:
        if (edit.kind, edit.field) == ("proposal", "wants"):
            yield from wanted(str(edit.new or ""))


def _fault_of_service(author: Author, atom: Atom, rights: Mapping[str, Right]) -> str:
    """It proposes, in the kinds of its certificate; it approves nothing and writes no guarded value."""
    right = rights.get(SERVICE, Right(()))
    for edit in atom.edits:
        field = field_of(edit.kind, edit.field)
        is_guarded = field is None or field.merge in (Merge.GUARDED, Merge.APPROVED)
        opens = (edit.kind, edit.field, edit.new, edit.on) == ("proposal", "state", "open", None)
        if edit.kind not in author.scope or not right.covers(edit) or (is_guarded and not opens):
            return ORIGINATED
    return ""


def _hamlets(edit: Edit, written: Collection[Edit], standing: Standing) -> set[str]:
    """Where whoever an edit is about lives, before the set and after it; empty where nobody knows.

    What is handed in beside a submission about somebody whom nobody knows yet lies where the submission does.
    """
    has_own = edit.kind in _WITH_HAMLET
    kind, records = (edit.kind, {edit.record}) if has_own else ("person", _people(edit, written, standing))
    found = {str(each.new) for each in written if each.record in records and each.field == "hamlet"}
    stood = [standing.cell(kind, record, "hamlet") for record in records]
    found |= {str(cell.value) for cell in stood if cell is not None}
    if found or edit.kind not in _BESIDE_A_SUBMISSION:
        return found
    return {str(each.new) for each in written if (each.kind, each.field) == ("submission", "hamlet")}


def _people(edit: Edit, written: Collection[Edit], standing: Standing) -> set[str]:
    if edit.kind == "person":
        return {edit.record}
    declared = KINDS.get(edit.kind)
    if declared is None or declared.field("person") is None:
        return set()
    named = {str(each.new) for each in written if (each.record, each.field) == (edit.record, "person")}
    stood = standing.cell(edit.kind, edit.record, "person")
    return named | ({str(stood.value)} if stood else set())
