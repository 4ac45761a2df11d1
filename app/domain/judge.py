"""One set against what stands → a verdict for each atom. Pure and total.

Only the centre judges; replicas replay its verdicts (design/sync.md, Judging), so a
better rule here needs no laptop update. *Meanwhile* has one meaning everywhere: the
set the author saw no longer stands behind the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.domain.aliases import ALIAS, Ends, fault_of_alias, is_joined
from app.domain.approval import (
    NOT_OPEN,
    AuthorOf,
    fault_of_answer,
    fault_of_approval,
    is_approval,
)
from app.domain.changes import Atom, ChangeSet, Edit, Entry, On, Outcome, Read, Verdict, fault_in
from app.domain.decisions import CONFLICT, AtomAt, fault_of_decision
from app.domain.proposals import ACCOUNT, PAID_AT, PROPOSAL
from app.domain.records import Field, Merge, field_of
from app.domain.standing import Cell, Standing

SeqOf = Callable[[str], int | None]  # a set's id → its seq, None while the journal has none
FaultOfAuthor = Callable[[Atom], str]
_WHOLE = (ACCOUNT, PROPOSAL, "submission", "visit")  # written whole by one set
_ANSWERED = {("person", PAID_AT), (PROPOSAL, "state"), (PROPOSAL, "agreed")}  # whoever writes them is asked


@dataclass(frozen=True)
class Past:
    """What the journal knows: where a set stands, the atom that opened a conflict, who signed a set."""

    seq_of: SeqOf
    atom_at: AtomAt
    author_of: AuthorOf


def judge(
    found: ChangeSet, standing: Standing, received: int, past: Past, fault_of_author: FaultOfAuthor
) -> tuple[Verdict, ...]:
    """Verdicts for every atom of `found`.

    `received` is the centre's hybrid clock. The effective clock is the author's, not after receipt (a
    clock set to 2099 wins nothing). `fault_of_author` says why its author may not write an atom: no
    standing, or no right (`roles.Bench`); an approval's other conditions are asked here.
    """
    clock, fault = min(found.clock, received), fault_in(found)
    aliases = set() if fault else _faults_of_aliases(found, standing)
    return tuple(
        Verdict(Outcome.REFUSED, clock, why=why)
        if (why := fault_of_author(atom) or fault or ("alias" if at in aliases else ""))
        else _judge_atom(atom, found.author, standing, clock, past)
        for at, atom in enumerate(found.atoms)
    )


def judged_anew(entry: Entry, standing: Standing, past: Past) -> Iterator[tuple[int, Verdict]]:
    """The atoms of an entry that come out otherwise when they are judged by what stood below it, and how.

    So a centre is found that held a set back and let it land when what its author saw had moved. What
    was refused is not asked again: who had which rights at receipt, the journal does not say.
    """
    signed, fault = entry.signed.set, fault_in(entry.signed.set)
    plain = Verdict(Outcome.APPLIED, signed.clock)
    aliases = set() if fault else _faults_of_aliases(signed, standing)
    for at, (atom, said) in enumerate(zip(signed.atoms, entry.verdicts, strict=True)):
        if said.outcome is Outcome.REFUSED:
            continue
        if not fault and said == plain and _begins(atom, standing):
            continue
        clock, why = min(signed.clock, said.clock), fault or ("alias" if at in aliases else "")
        refused = Verdict(Outcome.REFUSED, clock, why=why)
        found = refused if why else _judge_atom(atom, signed.author, standing, clock, past)
        if found != said:
            yield at, found


def _begins(atom: Atom, standing: Standing) -> bool:
    """Whether one cell of a record that nobody had is written, for which nobody else has to answer: it lands.

    What `_judge_atom` says too, told at a tenth of the cost, for it is what most of a journal is.
    """
    edit = atom.edits[0]
    is_lone = len(atom.edits) == 1 and not atom.reads and edit.on is None
    is_own = edit.kind not in (CONFLICT, ALIAS) and (edit.kind, edit.field) not in _ANSWERED
    is_new = (edit.kind, edit.record) not in standing.records
    return is_lone and is_own and is_new and not is_joined(edit.record, standing)


def _faults_of_aliases(found: ChangeSet, standing: Standing) -> set[int]:
    """The atoms that would let an alias point at an alias, whoever signed them."""
    if not any(edit.kind == ALIAS for edit in found.edits()):
        return set()
    ends = Ends.of(standing, found.edits())
    return {at for at, atom in enumerate(found.atoms) if fault_of_alias(atom, ends)}


def _judge_atom(atom: Atom, author: str, standing: Standing, clock: int, past: Past) -> Verdict:
    if is_approval(atom):
        return _judge_approval(atom, author, standing, clock, past)
    why = _fault_of_decision(atom, standing, past.atom_at)
    for edit in atom.edits:
        if (edit.kind, edit.field) == (PROPOSAL, "state"):
            why = why or fault_of_answer(edit, author, standing, past.author_of)
    if why:
        return Verdict(Outcome.REFUSED, clock, why=why)
    return _judge_written(atom, standing, clock, past.seq_of)


def _judge_approval(atom: Atom, author: str, standing: Standing, clock: int, past: Past) -> Verdict:
    """Only a sound approval by a second officer puts money anywhere or joins two people (security.md)."""
    is_moved = has_moved((*atom.edits, *atom.reads), standing, past.seq_of)
    why = fault_of_approval(atom, author, standing, past.author_of, has_moved=is_moved)
    why = why or _fault_of_decision(atom, standing, past.atom_at)
    if why == NOT_OPEN and _all_same(atom, standing):  # two approved it apart
        return Verdict(Outcome.SAME, clock)
    if why:
        return Verdict(Outcome.REFUSED, clock, why=why)
    return Verdict(Outcome.CONFLICT if is_moved else Outcome.APPLIED, clock)


def _fault_of_decision(atom: Atom, standing: Standing, atom_at: AtomAt) -> str:
    decides = any(edit.kind == CONFLICT for edit in atom.edits)
    return fault_of_decision(atom, standing, atom_at) if decides else ""


def _judge_written(atom: Atom, standing: Standing, clock: int, seq_of: SeqOf) -> Verdict:
    """What one officer may put in force by herself."""
    if any(edit.kind == CONFLICT for edit in atom.edits):
        return _judge_guarded(atom, standing, clock, seq_of)
    fields = [_declared(edit) for edit in atom.edits]
    if any(
        is_joined(edit.record, standing) and _declared(edit).merge is not Merge.ORDINARY
        for edit in atom.edits
    ):  # its author did not know that she is somebody else: people decide, it never lands by itself
        return Verdict(Outcome.SAME if _all_same(atom, standing) else Outcome.CONFLICT, clock)
    if any(field.merge is Merge.ONCE for field in fields):
        return _judge_once(atom, standing, clock)
    if fields[0].merge is Merge.ORDINARY and len(fields) == 1 and not atom.reads:
        return _judge_ordinary(atom.edits[0], standing, clock, seq_of)
    return _judge_guarded(atom, standing, clock, seq_of)


def _declared(edit: Edit) -> Field:
    field = field_of(edit.kind, edit.field)
    assert field is not None
    return field


def _judge_once(atom: Atom, standing: Standing, clock: int) -> Verdict:
    if all(_is_unwritten(edit, standing) for edit in atom.edits):
        return Verdict(Outcome.APPLIED, clock)
    if _all_same(atom, standing):
        return Verdict(Outcome.SAME, clock)
    return Verdict(Outcome.REFUSED, clock, why="once")


def _is_unwritten(edit: Edit, standing: Standing) -> bool:
    """Whether a cell may still be written once, where its record is not written whole by one set."""
    is_whole = edit.kind in _WHOLE and standing.records.get((edit.kind, edit.record))
    return not is_whole and standing.cell(*edit.cell) is None


def _judge_ordinary(edit: Edit, standing: Standing, clock: int, seq_of: SeqOf) -> Verdict:
    stands = standing.cell(*edit.cell)
    if not _moved_meanwhile(stands, edit.on, seq_of):
        # Later than what its author saw, however far behind her clock is.
        return Verdict(Outcome.APPLIED, max(clock, stands.clock + 1) if stands else clock)
    if stands is None:
        return Verdict(Outcome.APPLIED, clock)
    if stands.value == edit.new:
        return Verdict(Outcome.SAME, clock)
    if clock > stands.clock:
        return Verdict(Outcome.APPLIED, clock, stands.behind)
    return Verdict(Outcome.SUPERSEDED, clock, stands.behind)


def _judge_guarded(atom: Atom, standing: Standing, clock: int, seq_of: SeqOf) -> Verdict:
    if not has_moved((*atom.edits, *atom.reads), standing, seq_of):
        return Verdict(Outcome.APPLIED, clock)
    return Verdict(Outcome.SAME if _all_same(atom, standing) else Outcome.CONFLICT, clock)


def has_moved(cells: Iterable[Edit | Read], standing: Standing, seq_of: SeqOf) -> bool:
    """Whether of any of these cells another set stands than the one that was seen there."""
    return any(_moved_meanwhile(standing.cell(c.kind, c.record, c.field), c.on, seq_of) for c in cells)


def _moved_meanwhile(stands: Cell | None, on: On, seq_of: SeqOf) -> bool:
    """Whether the set named by `on` no longer stands behind the value.

    An edit laid on a value that never came in force counts as moved.
    """
    seen = seq_of(on) if isinstance(on, str) else on
    if stands is None:
        return on is not None
    return seen not in stands.behind


def _all_same(atom: Atom, standing: Standing) -> bool:
    for edit in atom.edits:
        stands = standing.cell(*edit.cell)
        if stands is None or stands.value != edit.new:
            return False
    return True
