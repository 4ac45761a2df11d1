"""A review's points by side and kind: what the list at the left counts and the table shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.actions.importing.facts import Point, Review, Side
from app.actions.importing.reviewing import is_acceptable
from app.domain.text import show_amount
from app.ui.importing.kinds import Entry
from app.ui.importing.lines import MORE
from app.ui.importing.words import kind_words, side_words
from app.ui.tables.columns import Group
from app.words import counted
from app.words import gettext as _

ALL = "all"
_FIRST_SHOWN = 3
_ICONS = {Side.ANSWER: "triangle", Side.MENDED: "pencil", Side.KNOW: "info"}


@dataclass(frozen=True)
class Pile:
    """All points of one kind; `left`: nobody answered them; `open`: those that one press may accept."""

    side: Side
    kind: str
    points: Sequence[Point]
    left: int
    open: int

    @property
    def key(self) -> str:
        """As the list at the left and the headings of the table name it."""
        return f"{self.side}:{self.kind}"


def piles_of(review: Review) -> list[Pile]:
    """What asks first, the largest first within a side."""
    sorted_out: dict[tuple[Side, str], list[Point]] = {}
    answered: Counter[tuple[Side, str]] = Counter()
    taken: Counter[tuple[Side, str]] = Counter()
    answers = review.ground.kept.answers
    for point in review.every_point():
        where = point.side, point.kind
        if where in sorted_out:
            sorted_out[where].append(point)
        else:
            sorted_out[where] = [point]
        if point.row in answers and point.topic in answers[point.row]:
            answered[where] += 1
            taken[where] += is_acceptable(point)
    piles = []
    for where, points in sorted_out.items():
        can = 0 if where[0] is Side.KNOW else sum(map(is_acceptable, points)) - taken[where]
        piles.append(Pile(*where, points, len(points) - answered[where], can))
    order = list(Side)
    return sorted(piles, key=lambda pile: (order.index(pile.side), -len(pile.points), pile.kind))


def entries(piles: Sequence[Pile], asking: int) -> list[Entry]:
    """The lines at the left: each side with its kinds; what must be answered counts what is left.

    `asking`: rows that ask something, some of them twice.
    """
    lines: list[Entry] = []
    for side in Side:
        here = [pile for pile in piles if pile.side is side]
        if not here:
            continue
        counts = [pile.left if side is Side.ANSWER else len(pile.points) for pile in here]
        is_open = side is Side.ANSWER
        whole = asking if is_open else sum(counts)
        lines.append(Entry(side, side_words(side), whole, _ICONS[side], is_open=is_open))
        if len(here) > 1 and side is not Side.KNOW:
            lines.append(Entry(f"{side}:{ALL}", _("All"), whole))
        lines += [
            Entry(pile.key, kind_words(pile.kind), count) for pile, count in zip(here, counts, strict=True)
        ]
    return lines


def first_key(piles: Sequence[Pile]) -> str:
    """What to show at first: what must be answered, else what was mended, else what there is to know."""
    for side in Side:
        here = [pile for pile in piles if pile.side is side and (pile.left or side is not Side.ANSWER)]
        if len(here) > 1 and side is not Side.KNOW:
            return f"{side}:{ALL}"
        if here:
            return here[0].key
    return ""


def items(piles: Sequence[Pile], key: str) -> tuple[list[str | Group], dict[str, Point]]:
    """The table's rows for a line at the left: headings, and keys of points."""
    side, _colon, kind = key.partition(":")
    chosen = [pile for pile in piles if pile.side == side and kind in (ALL, pile.kind)]
    rows: list[str | Group] = []
    points: dict[str, Point] = {}
    for pile in chosen:
        rows.append(_heading(pile))
        shown = pile.points[:_FIRST_SHOWN] if kind == ALL else pile.points
        here = {point.key: point for point in shown}
        points |= here
        rows += here
        more = len(pile.points) - len(shown)
        if more:
            words = counted("{count} more cell", "{count} more cells", more)
            rows.append(Group(MORE + pile.key, words, height=30))
    return rows, points


def _heading(pile: Pile) -> Group:
    note = counted("{count} cell", "{count} cells", len(pile.points))
    if not pile.open:
        return Group(pile.key, kind_words(pile.kind), note)
    action = _("Accept all {count}").format(count=show_amount(pile.open))
    return Group(pile.key, kind_words(pile.kind), note, action, "tick", height=36)
