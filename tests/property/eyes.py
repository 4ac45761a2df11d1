"""Who may answer what, and what an approval must be: reckoned a second time from the journal, and otherwise.

Nothing here asks the engine's rules: a proposal's words are read anew, officers are those who signed,
and whether an approver was shown what stands is known from what the schedule let her see.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.changes import Atom, ChangeSet, Edit, Read
from tests.property.world import APPROVERS, Made, Where

if TYPE_CHECKING:
    from tests.property.truth import Reckoning

MONEY = {("person", "receiving_account"), ("alias", "survivor")}
SHOWN = ("name", "personal_id", "birth")  # of everybody whom it is about
WHOLE = ("kind", "provider", "number", "holder")  # of an account
SIGNED = ("person", "subject", "wants", "proposer", "state")


def needs_second(atom: Atom) -> bool:
    """Whether one officer alone may not write it."""
    return any((edit.kind, edit.field) in MONEY or _accepts(edit) for edit in atom.edits)


def disputed(opened: Atom) -> set[Where]:
    """The cells that a conflict opened by this atom is about."""
    besides = {"conflict", "proposal"} if any(map(_accepts, opened.edits)) else {"conflict"}
    return {edit.cell for edit in opened.edits if edit.kind not in besides}


@dataclass(frozen=True)
class Eyes:
    """One set under them: its author, and what she had seen."""

    journal: Reckoning
    found: ChangeSet
    made: Made
    is_spoilt: bool

    def has_moved(self, atom: Atom) -> bool:
        """Whether anything that it writes or reads is not what its author saw."""
        cells: list[Edit | Read] = [*atom.edits, *atom.reads]
        places = [(cell.kind, cell.record, cell.field) for cell in cells]
        return any(self.journal.unseen(self.made.saw[where], where) for where in places)

    def refusal(self, atom: Atom) -> str:
        """Why the centre has to refuse an atom whose author stands; empty when it has not."""
        return self._no_right(atom) or self._chains(atom) or self._not_sound(atom)

    def _no_right(self, atom: Atom) -> str:
        may = self.found.author in APPROVERS
        for edit in filter(_accepts, atom.edits):
            if not may or self.journal.value("proposal", edit.record, "subject") is None:
                return "approver"
        for conflict in self._decided(atom):
            opened = self.journal.conflicts.get(conflict)
            for where in disputed(opened) if opened else ():
                if (where[0], where[2]) in MONEY and (not may or self._wrote_a_side(conflict, where)):
                    return "decider"
        return ""

    def _decided(self, atom: Atom) -> Iterator[str]:
        for edit in atom.edits:
            if edit.kind == "conflict":
                yield edit.record
            elif (edit.kind, edit.field) == ("proposal", "wants"):
                words = json.loads(str(edit.new))
                yield from (line[1] for line in words if line[0] == "conflict")

    def _wrote_a_side(self, conflict: str, where: Where) -> bool:
        came = self.journal.value("conflict", conflict, "seq")
        stands = self.journal.cells.get(where)
        sides = [int(came or 0), *(stands.behind if stands else ())]
        return self.found.author in {self.journal.authors[seq] for seq in sides}

    def _chains(self, atom: Atom) -> str:
        """An alias may not point at an alias, nor may any other of its set make it so."""
        made = [e for e in self.found.edits() if (e.kind, e.field) == ("alias", "survivor") and e.new]
        stand = [(w[1], s.value) for w, s in self.journal.cells.items() if w[::2] == ("alias", "survivor")]
        pairs = [(edit.record, edit.new) for edit in made] + [pair for pair in stand if pair[1]]
        joined, survivors = {one for one, _ in pairs}, {other for _, other in pairs}
        mine = [edit for edit in made if edit in atom.edits]
        return "alias" if any(edit.record in survivors or edit.new in joined for edit in mine) else ""

    def _not_sound(self, atom: Atom) -> str:
        if needs_second(atom):
            return self._not_an_approval(atom) or self._decides_else(atom)
        why = self._decides_else(atom)
        for edit in atom.edits:
            if (edit.kind, edit.field) == ("proposal", "state"):
                why = why or self._no_answer(edit)
        return why

    def _decides_else(self, atom: Atom) -> str:
        named = [edit.record for edit in atom.edits if edit.kind == "conflict"]
        if not named:
            return ""
        wanted = {where for conflict in named for where in disputed(self.journal.conflicts[conflict])}
        return "" if wanted == disputed(atom) else "undecided"

    def _no_answer(self, edit: Edit) -> str:
        stands = self.journal.value("proposal", edit.record, "state")
        if edit.new == "open" and stands in (None, "open"):
            hands = self._hands(edit.record)
            return "proposer" if hands and self.found.author not in hands else ""
        if edit.new == stands:
            return ""
        if stands != "open" and (stands, edit.new) != ("withdrawn", "open"):
            return "not_open"
        is_hers = self.found.author in self._signers(edit.record)
        if edit.new in ("withdrawn", "open"):
            return "" if is_hers else "proposer"
        return "same_officer" if is_hers else ""

    def _not_an_approval(self, atom: Atom) -> str:
        named = {edit.record for edit in atom.edits if edit.kind == "proposal"}
        if len(named) != 1 or sum(edit.kind == "proposal" for edit in atom.edits) != 2:
            return "approval"
        (proposal,) = named
        value = self.journal.value
        effects = [edit for edit in atom.edits if edit.kind != "proposal"]
        words, pays = value("proposal", proposal, "wants"), self._pays(proposal)
        wanted = {(*edit.cell, edit.new, None if pays else edit.on) for edit in effects}
        reads = {(read.kind, read.record, read.field, read.on) for read in atom.reads}
        if _written(words, is_account=pays) != wanted or not _read(words) <= reads:
            return "wants"
        if not all(self._is_whole(str(edit.new), edit.record) for edit in effects if _pays(edit)):
            return "account"
        if self.found.author in self._signers(proposal):
            return "same_officer"
        if value("proposal", proposal, "state") != "open":
            return "not_open"
        if self.has_moved(atom):
            return "in_force" if all(value(*edit.cell) == edit.new for edit in effects) else ""
        if pays and value("alias", effects[0].record, "survivor"):
            return "joined"
        if not self._named_everybody(atom, effects):
            return "unread"
        return "digest" if self.is_spoilt or self._was_shown_else(effects) else ""

    def _is_whole(self, account: str, person: str) -> bool:
        """Whether an account is hers and says where; parts of one may have come alone, before its own set."""
        said = [self.journal.value("account", account, name) for name in WHOLE]
        return None not in said and self.journal.value("account", account, "person") == person

    def _named_everybody(self, atom: Atom, effects: list[Edit]) -> bool:
        """Whether she saw both of two who are joined: her laptop may not have known yet that they are."""
        named = {read.record for read in atom.reads if (read.kind, read.field) == ("person", "name")}
        ends = [edit for edit in effects if (edit.kind, edit.field) == ("alias", "survivor")]
        return all({edit.new, self.journal.value(*edit.cell)} - {None} <= named for edit in ends)

    def _was_shown_else(self, effects: list[Edit]) -> bool:
        """Whether names, accounts or what it writes lay before her as what never came in force left them."""
        value, paid = self.journal.value, [edit for edit in effects if (edit.kind, edit.field) in MONEY]
        accounts = {edit.new for edit in paid} | {value(*edit.cell) for edit in paid}
        places = [where for where in self.journal.cells if where[0] == "account" and where[1] in accounts]
        if any(self.journal.unseen(self.made.saw.get(where, frozenset()), where) for where in places):
            return True
        joined = [edit for edit in effects if (edit.kind, edit.field) == ("alias", "survivor")]
        people = {edit.record for edit in effects if edit.kind in ("person", "alias")}
        people |= {str(one) for edit in joined for one in (edit.new, value(*edit.cell)) if one}
        lay = {edit.cell for edit in effects}
        lay |= {("person", person, name) for person in people for name in SHOWN}
        return any(self.made.shown.get(where) != value(*where) for where in lay)

    def _pays(self, proposal: str) -> bool:
        return self.journal.value("proposal", proposal, "subject") == "account"

    def _signers(self, proposal: str) -> set[str]:
        """Everybody whose hand is in it: in the proposal, and in the accounts that it wants."""
        wants = json.loads(str(self.journal.value("proposal", proposal, "wants") or "[]"))
        accounts = {line[3] for line in wants if line[0] == "person" and line[2] == "receiving_account"}
        places = [where for where in self.journal.cells if where[0] == "account" and where[1] in accounts]
        named = str(self.journal.value("proposal", proposal, "proposer") or "")
        return self._hands(proposal) | self._authors(places) | {named} - {""}

    def _hands(self, proposal: str) -> set[str]:
        """Those whose hand is in the proposal's own words."""
        return self._authors([("proposal", proposal, name) for name in SIGNED])

    def _authors(self, places: Sequence[Where]) -> set[str]:
        stood = [self.journal.cells[where] for where in places if where in self.journal.cells]
        return {self.journal.authors[seq] for stand in stood for seq in stand.behind}


def _accepts(edit: Edit) -> bool:
    return edit.kind == "proposal" and (edit.field == "agreed" or edit.new == "accepted")


def _pays(edit: Edit) -> bool:
    return (edit.kind, edit.field) == ("person", "receiving_account") and edit.new is not None


def _written(words: object, *, is_account: bool) -> set[tuple[object, ...]]:
    """The cells that a proposal's words would write, each with its base where that counts."""
    lines = json.loads(str(words or "[]"))
    cells = [cell for line in lines for cell in line[0]] if _joins(lines) else lines
    return {(*cell[:4], None if is_account else cell[4]) for cell in cells}


def _read(words: object) -> set[tuple[object, ...]]:
    """The cells that its proposer read besides, each with its base."""
    lines = json.loads(str(words or "[]"))
    lines = [line for atom in lines for line in atom[1]] if _joins(lines) else []
    return {(kind, record, name, on) for kind, record, on, names in lines for name in names.split()}


def _joins(lines: list[Any]) -> bool:
    return bool(lines) and isinstance(lines[0][0], list)
