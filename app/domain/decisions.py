"""A conflict decided: one atom that names it and says what every contested cell holds.

The decision stands or falls whole, is judged like any guarded atom, and reaches everyone as the
set it is. Whoever decides the same conflict apart meets the first decision there: the same
values stand together, others open a conflict of their own (design/sync.md, Judging).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from app.domain.changes import Atom, Edit, On, is_cell
from app.domain.records import KINDS, Merge, field_of
from app.domain.standing import Standing

CONFLICT = "conflict"
OPEN, DECIDED = "open", "decided"
AtomAt = Callable[[int, int], Atom | None]  # a set's seq and the atom's place in it → the atom


def contested(opened: Atom) -> tuple[Edit, ...]:
    """The cells an atom disputes: of a decision that met another, those it decided; of an approval, those
    it would have put in force, for what it accepts then still waits.
    """
    is_approval = any((edit.kind, edit.field) == ("proposal", "agreed") for edit in opened.edits)
    besides = (CONFLICT, "proposal") if is_approval else (CONFLICT,)
    return tuple(edit for edit in opened.edits if edit.kind not in besides)


def decision(conflicts: Mapping[str, On], edits: Sequence[Edit]) -> Atom:
    """The atom that decides: each contested cell, laid on what its decider saw, then the conflicts.

    Three laptops apart open two conflicts about one cell: `conflicts` names both, each with what
    stands behind its state.
    """
    named = [Edit(CONFLICT, record, "state", DECIDED, OPEN, on) for record, on in conflicts.items()]
    return Atom((*edits, *named))


def needs_second(edits: Sequence[Edit]) -> bool:
    """Whether these cells say who is paid where: one officer may propose, another puts in force."""
    fields = [field_of(edit.kind, edit.field) for edit in edits]
    return any(field is not None and field.merge is Merge.APPROVED for field in fields)


def fault_of_decision(atom: Atom, standing: Standing, atom_at: AtomAt) -> str:
    """Why an atom that writes a conflict's cells may not; empty when it decides all it names, and no more."""
    wanted: set[tuple[str, str, str]] = set()
    for edit in atom.edits:
        if edit.kind != CONFLICT:
            continue
        opened = opening(edit.record, standing, atom_at)
        if opened is None or (edit.field, edit.new) != ("state", DECIDED):
            return "conflict"  # opened by `settle` alone
        wanted |= {cell.cell for cell in contested(opened)}
    return "" if {edit.cell for edit in contested(atom)} == wanted else "undecided"


def wanted(sealed: str) -> tuple[Edit, ...]:
    """What a proposed decision would write; nothing for any other proposal's words."""
    try:
        cells = [Edit(kind, record, field, None) for kind, record, field, *_value in json.loads(sealed)]
    except (ValueError, TypeError, RecursionError):
        return ()
    return tuple(cell for cell in cells if is_cell(cell) and cell.kind in KINDS)


def opening(conflict: str, standing: Standing, atom_at: AtomAt) -> Atom | None:
    """The atom that opened a conflict; None where none stands under this id."""
    seq, at = (standing.value(CONFLICT, conflict, name) for name in ("seq", "atom"))
    return atom_at(seq, at) if isinstance(seq, int) and isinstance(at, int) else None
