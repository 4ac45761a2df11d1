"""One set against what stands → a verdict for each atom. Pure and total.

Only the centre judges; replicas replay its verdicts (design/sync.md, Judging), so a
better rule here needs no laptop update. *Meanwhile* has one meaning everywhere: the
set the author saw no longer stands behind the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.domain.aliases import ALIAS, Ends, fault_of_alias, is_joined
from app.domain.changes import Atom, ChangeSet, Edit, Entry, On, Outcome, Read, Verdict, fault_in
from app.domain.decisions import CONFLICT, AtomAt, fault_of_decision
from app.domain.records import Field, Merge, field_of
from app.domain.standing import Cell, Standing

SeqOf = Callable[[str], int | None]  # a set's id → its seq, None while the journal has none
FaultOfAuthor = Callable[[Atom], str]


def judge(
    found: ChangeSet,
    standing: Standing,
    received: int,
    seq_of: SeqOf,
    atom_at: AtomAt,
    fault_of_author: FaultOfAuthor,
) -> tuple[Verdict, ...]:
    """Verdicts for every atom of `found`.

    `received` is the centre's hybrid clock. The effective clock is the author's, not after receipt (a
    clock set to 2099 wins nothing). `atom_at` finds what opened a conflict; `fault_of_author` says why
    its author may not write an atom: no standing, or no right (`roles.Bench`).
    """
    clock, fault = min(found.clock, received), fault_in(found)
    aliases = set() if fault else _faults_of_aliases(found, standing)
    return tuple(
        Verdict(Outcome.REFUSED, clock, why=why)
        if (why := fault_of_author(atom) or fault or ("alias" if at in aliases else ""))
        else _judge_atom(atom, standing, clock, seq_of, atom_at)
        for at, atom in enumerate(found.atoms)
    )


def judged_anew(
    entry: Entry, standing: Standing, seq_of: SeqOf, atom_at: AtomAt
) -> Iterator[tuple[int, Verdict]]:
    """The atoms of an entry that come out otherwise when they are judged by what stood below it, and how.

    So a centre is found that held a set back and let it land when what its author saw had moved. What
    was refused is not asked again: who had which rights at receipt, the journal does not say.
    """
    clock, aliases = entry.signed.set.clock, _faults_of_aliases(entry.signed.set, standing)
    for at, (atom, said) in enumerate(zip(entry.signed.set.atoms, entry.verdicts, strict=True)):
        if said.outcome is Outcome.REFUSED:
            continue
        found = _judge_atom(atom, standing, min(clock, said.clock), seq_of, atom_at)
        if at in aliases:
            found = Verdict(Outcome.REFUSED, clock, why="alias")
        if found != said:
            yield at, found


def _faults_of_aliases(found: ChangeSet, standing: Standing) -> set[int]:
    """The atoms that would let an alias point at an alias, whoever signed them."""
    joining = [at for at, atom in enumerate(found.atoms) if any(edit.kind == ALIAS for edit in atom.edits)]
    if not joining:
        return set()
    ends = Ends.of(standing, found.edits())
    return {at for at in joining if fault_of_alias(found.atoms[at], ends)}


def _judge_atom(atom: Atom, standing: Standing, clock: int, seq_of: SeqOf, atom_at: AtomAt) -> Verdict:
    fields = [_declared(edit) for edit in atom.edits]
    if any(_needs_approval(edit, field) for edit, field in zip(atom.edits, fields, strict=True)):
        return Verdict(Outcome.REFUSED, clock, why="approval")
    if any(edit.kind == CONFLICT for edit in atom.edits):
        why = fault_of_decision(atom, standing, atom_at)
        return (
            Verdict(Outcome.REFUSED, clock, why=why) if why else _judge_guarded(atom, standing, clock, seq_of)
        )
    if any(
        edit.kind == "person" and field.merge is not Merge.ORDINARY and is_joined(edit.record, standing)
        for edit, field in zip(atom.edits, fields, strict=True)
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


def _needs_approval(edit: Edit, field: Field) -> bool:
    """Only an approving set of a second officer may put money anywhere (security.md).

    Approvals have no form yet, so until they have, whatever would need one is refused.
    """
    return field.merge is Merge.APPROVED or (edit.kind, edit.field, edit.new) == (
        "proposal",
        "state",
        "accepted",
    )


def _judge_once(atom: Atom, standing: Standing, clock: int) -> Verdict:
    if all(standing.cell(*edit.cell) is None for edit in atom.edits):
        return Verdict(Outcome.APPLIED, clock)
    if _all_same(atom, standing):
        return Verdict(Outcome.SAME, clock)
    return Verdict(Outcome.REFUSED, clock, why="once")


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
    cells: tuple[Edit | Read, ...] = (*atom.edits, *atom.reads)
    moved = any(_moved_meanwhile(standing.cell(c.kind, c.record, c.field), c.on, seq_of) for c in cells)
    if not moved:
        return Verdict(Outcome.APPLIED, clock)
    return Verdict(Outcome.SAME if _all_same(atom, standing) else Outcome.CONFLICT, clock)


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
