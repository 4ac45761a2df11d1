"""What an officer has seen of what came back to her: a small record, so that every laptop knows it."""

from __future__ import annotations

from app.domain.changes import Atom, Edit
from app.domain.ids import derived_id

SEEN = "seen"


def seen(officer: str, seq: int, cell: str = "") -> Atom:
    """She has seen that a cell of the set at `seq` gave way, or, without one, that the set was refused.

    The id follows from what it says: seen on two laptops is seen once.
    """
    record = derived_id(SEEN, officer, str(seq), cell)
    edits = [Edit(SEEN, record, "officer", officer), Edit(SEEN, record, "seq", seq)]
    return Atom((*edits, *([Edit(SEEN, record, "cell", cell)] if cell else [])))


def cell_of(kind: str, record: str, field: str) -> str:
    """A cell by one name."""
    return f"{kind}/{record}/{field}"
