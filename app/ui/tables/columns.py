"""Columns as data, and the few kinds of cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from app.ui.theme import Tone

Kind = Literal["text", "name", "number", "strong"]


@dataclass(frozen=True)
class MarkCell:
    """A state: 14 px icon and word; good ones in plain ink with a green tick."""

    words: str
    icon: str
    tone: Tone = "neutral"
    note: str = ""  # plain words after the mark: “✓ Đã nhận 12/11”

    def __str__(self) -> str:
        return f"{self.words} {self.note}".strip()


@dataclass(frozen=True)
class BarCell:
    """A small bar and its figure: “▬▬▬ 12 ngày”."""

    done: int
    total: int
    words: str
    tone: Tone = "neutral"

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Span:
    """Letters from `start`, `length` long, with a soft fill behind them."""

    start: int
    length: int
    tone: Tone


@dataclass(frozen=True)
class DifferenceCell:
    """A value whose differing or mended letters are marked (comparison, import review)."""

    words: str
    spans: tuple[Span, ...] = ()
    is_strong: bool = False

    def __str__(self) -> str:
        return self.words


Cell = str | MarkCell | BarCell | DifferenceCell


@dataclass(frozen=True)
class Column:
    """One column. `width` is in px at 100 % and holds the widest real value; what `grows` shares the rest.

    A `secondary` column is in ink2, as values beside a name are. Masked values are masked by
    `show`: what is not in a cell cannot be copied, read out or photographed.
    """

    name: str
    words: str
    width: int
    show: Callable[[Any], Cell]
    kind: Kind = "text"
    grows: bool = False
    is_sortable: bool = True
    secondary: bool = False


def cell_column(name: str, words: str, width: int, kind: Kind = "text", *, grows: bool = False) -> Column:
    """A column of a list whose rows are cells by name, in the order in which they came."""
    return Column(name, words, width, lambda line: line[name], kind, grows, is_sortable=False)


@dataclass(frozen=True)
class Group:
    """A heading between rows: “Mất số 0 ở đầu số căn cước  31 ô”, with an action painted as a button.

    `table.acted` gives `key` when the action is pressed.
    """

    key: str
    words: str
    note: str = ""
    action: str = ""
    action_icon: str = ""
    height: int = 36
