"""The handover minute on A4: figures that the other side prints too, and two signatures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter

from app.ui.papers import page as paper
from app.ui.papers.flow import MARGIN, Flow, Made, flowing, letterhead
from app.ui.papers.page import A4, Align, Draw, Style
from app.ui.papers.vietnamese import gettext as _

_LABEL_WIDTH, _LINE = 62.0, 8.2


@dataclass(frozen=True)
class MinuteSheet:
    """The lines of one parcel, label and value; who hands over and who receives."""

    made: Made
    lines: tuple[tuple[str, str], ...]
    giver: str
    receiver: str


def write_minute(sheet: MinuteSheet, path: Path) -> None:
    """A PDF; Trouble("paper.not_written") when the folder does not take it."""
    paper.save(paper.pdf(_drawing(sheet), A4, title=_("Handover minute")), path)


def send_minute(sheet: MinuteSheet, printer: QPrinter) -> None:
    """On the printer; Trouble("paper.printer")."""
    paper.send(_drawing(sheet), printer, A4)


def _drawing(sheet: MinuteSheet) -> Draw:
    def body(flow: Flow) -> None:
        letterhead(flow, sheet.made, _("HANDOVER MINUTE"), _("Data of social protection on a USB stick"))
        _lines(flow, sheet)
        flow.y += 3
        told = _("Both sides have compared the figures above with what their own machine shows.")
        flow.text(told, Style(9.6), gap=1)
        secret = _(
            "The parcel is sealed: nobody but its receiver opens it. This minute names no beneficiary."
        )
        flow.text(secret, Style(9.6), gap=8)
        _signatures(flow, sheet)

    return flowing(body, sheet.made)


def _lines(flow: Flow, sheet: MinuteSheet) -> None:
    width = flow.width - _LABEL_WIDTH
    for words, value in sheet.lines:
        height = max(flow.page.height_of(value, width, Style(10.5)), _LINE - 3)
        flow.page.text((MARGIN, flow.y), _LABEL_WIDTH, words, Style(9.6).quiet())
        flow.page.text((MARGIN + _LABEL_WIDTH, flow.y), width, value, Style(10.5).bold())
        flow.y += height + 1.6
        flow.page.rule(flow.y, MARGIN, flow.page.width - MARGIN)
        flow.y += 1.6


def _signatures(flow: Flow, sheet: MinuteSheet) -> None:
    half = flow.width / 2
    sides = ((_("HANDED OVER BY"), sheet.giver), (_("RECEIVED BY"), sheet.receiver))
    for place, (words, who) in enumerate(sides):
        x = MARGIN + half * place
        flow.page.text((x, flow.y), half, words, Style(10).bold(), Align.AlignHCenter)
        flow.page.text((x, flow.y + 5), half, who, Style(9).quiet(), Align.AlignHCenter)
        below = _("(signature, full name, day)")
        flow.page.text((x, flow.y + 10), half, below, Style(8.6).quiet(), Align.AlignHCenter)
        flow.page.dots(flow.y + 42, x + 12, x + half - 12)
    flow.y += 46
