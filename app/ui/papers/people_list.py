"""A list of people on A4, wide: to work through, to sign, or to post on the notice board.

What is posted shows no illness and no number: groups and amounts tell a disability, and HIV must
be hidden from notices.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter

from app.domain.progress import Progress
from app.domain.text import amount_in_words, show_amount
from app.ui.papers import page as paper
from app.ui.papers.flow import Column, Flow, Made, flowing, letterhead, signatures, table
from app.ui.papers.page import A4, Draw, Style
from app.ui.papers.vietnamese import gettext as _

MAY_BE_POSTED = frozenset({"name", "sex", "birth", "age", "hamlet", "household", "relation"})
_FIGURES = frozenset({"monthly_amount", "age", "vneid_level"})


@dataclass(frozen=True)
class PeopleList:
    """Rows as the screen shows them, masked. `columns` are names of `column.person.*`.

    `chosen` says which people these are (the filters, in words); `total` is đồng a month, left
    out where None; `is_posted` drops every column that may not hang on a notice board.
    """

    made: Made
    title: str
    chosen: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: int | None = None
    is_posted: bool = False


def write_list(people: PeopleList, path: Path, progress: Progress | None = None) -> None:
    """A PDF; Trouble("paper.not_written"), or Cancelled and nothing is left."""
    content = paper.pdf(_drawing(people, progress), A4, title=_("List of beneficiaries"), is_wide=True)
    paper.save(content, path)


def print_list(people: PeopleList, printer: QPrinter, progress: Progress | None = None) -> None:
    """On the printer; Trouble("paper.printer"), or Cancelled."""
    paper.send(_drawing(people, progress), printer, A4, is_wide=True)


def _drawing(people: PeopleList, progress: Progress | None) -> Draw:
    shown = [
        place for place, name in enumerate(people.columns) if name in MAY_BE_POSTED or not people.is_posted
    ]
    names = [people.columns[place] for place in shown]
    columns = [Column(_("No."), is_figure=True)]
    columns += [Column(_(f"column.person.{name}"), name in _FIGURES) for name in names]
    rows = [[str(at), *(row[place] for place in shown)] for at, row in enumerate(people.rows, 1)]

    def body(flow: Flow) -> None:
        letterhead(flow, people.made, people.title.upper(), people.chosen)
        table(flow, columns, rows, progress)
        _sum(flow, people)
        signatures(flow, people.made)

    return flowing(body, people.made)


def _sum(flow: Flow, people: PeopleList) -> None:
    said = _("In all, people: {count}.").format(count=show_amount(len(people.rows)))
    if people.total is not None and not people.is_posted:
        said += " " + _("Sum a month: {amount} dong ({words}).").format(
            amount=show_amount(people.total), words=amount_in_words(people.total)
        )
    # The sum and the signatures under it are one thing: neither stands on a page without the other.
    if not flow.has_room(52):
        flow.turn()
    flow.y += 2
    flow.text(said, Style(9.2).bold(), gap=4)
