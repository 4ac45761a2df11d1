"""What was found in a form, as lines of a table: how grave, in which cell, what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.survey.findings import ERROR, Finding
from app.ui.tables.columns import Column, MarkCell
from app.ui.theme import look
from app.words import gettext as _
from app.words import say_finding


@dataclass(frozen=True)
class FindingLine:
    """`place`: `survey!D3`, or empty of the whole form."""

    mark: MarkCell
    place: str
    said: str


def finding_columns() -> tuple[Column, ...]:
    """The sentence takes what is left; the pane says it whole, and in large text the cell too."""
    shown = (
        Column("weight", _("How grave"), 148, lambda it: it.mark, is_sortable=False),
        Column("place", _("Cell"), 116, lambda it: it.place, is_sortable=False, secondary=True),
        Column("said", _("What was found"), 280, lambda it: it.said, grows=True, is_sortable=False),
    )
    return shown if look().factor < 1.5 else tuple(each for each in shown if each.name != "place")


def finding_line(found: Finding) -> FindingLine:
    """One of them in words."""
    is_error = found.weight == ERROR
    mark = (
        MarkCell(_("To be mended"), "cross", "bad") if is_error else MarkCell(_("Advice"), "triangle", "warn")
    )
    place = f"{found.sheet}!{found.cell}" if found.cell else found.sheet
    return FindingLine(mark, place, say_finding(found.code, found.facts))


def errors_first(found: Sequence[Finding]) -> list[Finding]:
    """As they were found, but what forbids publishing before what does not."""
    return sorted(found, key=lambda each: each.weight != ERROR)
