"""What every layout is made of: a sample on disk with its truth, people typed with an office's habits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sheets.invented import GROUPS, Typed, Typist, people
from tests.sheets.workbooks import Cell

MESS = {
    "capitals",
    "spaces",
    "loose",
    "years",
    "zeros",
    "impossible",
    "numbers",
    "spaced",
    "apostrophes",
    "old",
}
MESS |= {
    "missing",
    "broken",
    "phones",
    "dotted",
    "commas",
    "remarks",
    "decomposed",
    "months",
    "words",
    "sexes",
}


@dataclass
class Sample:
    """A workbook on disk and its truth: recorded facts and problems by sheet and row."""

    path: Path
    truth: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, sheet: str, row: int, typed: Typed, **others: Any) -> None:
        """Record one person's truth; `others` are what this list says differently, or not at all."""
        facts = {**typed.recorded, **others}
        self.truth.append({"sheet": sheet, "row": row, **facts, "problems": sorted(typed.problems)})


Layout = Callable[[Path], Sample]


def cell(typed: Typed, key: str) -> Cell:
    """One of a person's cells with its font and format."""
    return Cell(typed.cells[key], typed.fonts.get(key, ""), typed.formats.get(key, ""))


def line(typed: Typed, *items: Any) -> list[Any]:
    """A row: `@name @birth` stands for the person's cells of those names, anything else for itself."""
    cells: list[Any] = []
    for item in items:
        is_keys = isinstance(item, str) and item.startswith("@")
        cells += [cell(typed, key[1:]) for key in item.split()] if is_keys else [item]
    return cells


def typed_people(
    seed: int, count: int, habits: set[str], hamlets: tuple[str, ...], groups: tuple[str, ...] = tuple(GROUPS)
) -> list[Typed]:
    """Distinct people, typed."""
    typist = Typist(seed, habits)
    return [typist.type(person) for person in people(seed, count, hamlets, groups)]
