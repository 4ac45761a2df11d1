"""Both sides of one conflict, line by line: values, who, when and where, why, what each had seen."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.actions import conflicts
from app.actions.desk import Desk
from app.domain.records import Type, field_of
from app.store.contest import Contest, Side
from app.ui.conflicts import wording
from app.ui.conflicts.found import Found
from app.ui.forms.masked import MaskedValue
from app.ui.parts.chips import Chip
from app.ui.parts.comparison import Compared, Comparison
from app.words import gettext as _


def sides(desk: Desk, found: Found, contest: Contest) -> Comparison:
    """The comparison; numbers stay masked until asked for, and each look is noted."""
    lines = _values(desk, found, contest)
    both = (contest.stands, contest.came)
    told = (
        (_("Who wrote"), [wording.author_words(found, side) for side in both]),
        (_("When, where"), [wording.when_words(found, side) for side in both]),
        (_("Why"), [wording.why_words(side) for side in both]),
        (_("Had seen"), [_seen(desk, found, contest, side) for side in both]),
    )
    lines += [Compared(words, left, right) for words, (left, right) in told]
    return Comparison(
        (_("Used now"), Chip(_("In force"), "tick", "ok")),
        (_("Came later"), Chip(_("Not in force"), "clock", "neutral")),
        lines,
    )


def _values(desk: Desk, found: Found, contest: Contest) -> list[Compared]:
    lines = []
    for at, cell in enumerate(contest.cells):
        values = [side.versions[at].value for side in (contest.stands, contest.came)]
        words_of = [wording.value_words(found, cell, value, desk.reference) for value in values]
        shown: list[str | QWidget] = [*words_of]
        field = field_of(cell.kind, cell.field)
        if field is not None and field.masked and field.type is Type.DIGITS:
            looks = [partial(conflicts.reveal, desk, contest, at, is_came) for is_came in (False, True)]
            shown = [
                MaskedValue(words, look) if value is not None else words
                for words, value, look in zip(words_of, values, looks, strict=True)
            ]
        left, right = shown
        is_head = at == 0 and len(contest.cells) == 1
        words = wording.field_words(cell.kind, cell.field)
        lines.append(Compared(words, left, right, differs=values[0] != values[1], is_head=is_head))
    return lines


def _seen(desk: Desk, found: Found, contest: Contest, side: Side) -> str:
    """What stood there when this side was written; several cells are told by their fields."""
    if side.by is None:
        return "–"
    told = [
        (cell, wording.value_words(found, cell, version.seen, desk.reference))
        for cell, version in zip(contest.cells, side.versions, strict=True)
    ]
    if len(told) == 1:
        return told[0][1]
    return "; ".join(f"{wording.field_words(cell.kind, cell.field)}: {words}" for cell, words in told)
