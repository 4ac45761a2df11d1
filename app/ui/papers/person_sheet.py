"""What the register holds on one person, on A4: for her file, or because she asks to see it.

A person's own data is printed on request (Law 91/2025/QH15, rights of the data subject). The
caller decides whether numbers are masked, for showing them counts as a look and is audited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter

from app.ui.papers import page as paper
from app.ui.papers.flow import MARGIN, Column, Flow, Made, flowing, letterhead, table
from app.ui.papers.page import A4, Draw, Style
from app.ui.papers.vietnamese import gettext as _

_LABEL_WIDTH = 48.0


@dataclass(frozen=True)
class Facts:
    """A part of the sheet: labels with values."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Ledger:
    """A part of the sheet: a table, such as accounts or history; `empty` is said when it has no rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


@dataclass(frozen=True)
class PersonSheet:
    """Her name as it is to be read, one line below it, and the parts in order.

    A report from the log is laid out the same; it has another `title` and its own last words, `notice`.
    """

    made: Made
    name: str
    below: str
    parts: Sequence[Facts | Ledger]
    title: str = ""
    notice: str = ""


def write_person(sheet: PersonSheet, path: Path) -> None:
    """A PDF; Trouble("paper.not_written") when the folder does not take it."""
    paper.save(paper.pdf(_drawing(sheet), A4, title=_("Person's record")), path)


def print_person(sheet: PersonSheet, printer: QPrinter) -> None:
    """On the printer; Trouble("paper.printer")."""
    paper.send(_drawing(sheet), printer, A4)


def _drawing(sheet: PersonSheet) -> Draw:
    def body(flow: Flow) -> None:
        letterhead(flow, sheet.made, sheet.title or _("BENEFICIARY'S RECORD"))
        flow.text(sheet.name, Style(16, leading=1.3).bold())
        flow.text(sheet.below, Style(9.4).quiet(), gap=3)
        for part in sheet.parts:
            _part(flow, part)
        notice = _(
            "The person named here may see, correct and complete these data, and may take a consent back"
            " (Law 91/2025/QH15)."
        )
        flow.text(sheet.notice or notice, Style(8).quiet())

    return flowing(body, sheet.made)


def _part(flow: Flow, part: Facts | Ledger) -> None:
    if not flow.has_room(20):
        flow.turn()
    flow.page.rule(flow.y, MARGIN, flow.page.width - MARGIN)
    flow.y += 1.8
    flow.text(part.title, Style(10.5).bold(), gap=1.4)
    if isinstance(part, Facts):
        flow.facts(part.rows, _LABEL_WIDTH)
    elif part.rows:
        table(flow, part.columns, part.rows)
    else:
        flow.text(part.empty, Style(9.2).quiet())
    flow.y += 4
