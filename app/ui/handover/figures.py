"""A line of large figures with their words, rules between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from PySide6.QtWidgets import QFrame

from app.ui.parts.boxes import STRETCH, column, label, row, rule


def figures(told: Sequence[tuple[str, str]]) -> QFrame:
    """`[("39", "saves"), …]` on one line."""
    cells = [column(label(figure, "sum"), label(words, "caption"), gap=2) for figure, words in told]
    for cell, (figure, words) in zip(cells, told, strict=True):
        cell.setAccessibleName(f"{figure} {words}")
    parted = chain.from_iterable((rule(vertical=True), cell) for cell in cells)
    return row(*list(parted)[1:], STRETCH, gap=20, margins=(0, 8))
