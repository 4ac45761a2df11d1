"""Papers of several pages: text and tables that run on, the heading of a table on every page.

A paper is drawn twice, first silently to count its pages, so that each can say `Trang 2/7`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF

from app.domain.progress import Progress
from app.ui.papers.page import Align, Draw, Page, Style
from app.ui.papers.vietnamese import gettext as _
from app.ui.theme import LIGHT, make_look

MARGIN = 14.0
_TOP, _BOTTOM = 13.0, 14.0
_PAD, _GAP, _NARROW = 1.1, 3.4, 19.0
_CELL = Style(8.4, leading=1.3)


@dataclass(frozen=True)
class Made:
    """What the foot of each page says: who printed it and when, for which commune."""

    commune: str
    officer: str
    at: datetime
    is_training: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table; figures stand right."""

    heading: str
    is_figure: bool = False


class Flow:
    """Where the next thing goes: a sheet, a height on it, and a fresh sheet when it is full."""

    def __init__(self, page: Page, made: Made, pages: int) -> None:
        self.page = page
        self.y = _TOP
        self.number = 1
        self._made = made
        self._pages = pages
        self._mark()

    @property
    def width(self) -> float:
        """Between the margins."""
        return self.page.width - 2 * MARGIN

    def has_room(self, height: float) -> bool:
        """Whether so much still fits on this sheet."""
        return self.y + height <= self.page.height - _BOTTOM

    def turn(self) -> None:
        """Go on with a fresh sheet."""
        self.page.turn()
        self.number += 1
        self.y = _TOP
        self._mark()

    def text(self, text: str, style: Style, align: Align = Align.AlignLeft, gap: float = 0) -> None:
        """A paragraph over the whole width."""
        if not self.has_room(self.page.height_of(text, self.width, style)):
            self.turn()
        self.y += self.page.text((MARGIN, self.y), self.width, text, style, align) + gap

    def facts(self, rows: Sequence[tuple[str, str]], label_width: float) -> None:
        """Labels with their values, one a line; what is empty says so."""
        for label, value in rows:
            width = self.width - label_width
            style = Style(9.2)
            said = value or _("(empty)")
            if not self.has_room(self.page.height_of(said, width, style)):
                self.turn()
            self.page.text((MARGIN, self.y), label_width, label, style.quiet())
            shown = style if value else style.quiet()
            self.y += self.page.text((MARGIN + label_width, self.y), width, said, shown) + 0.6

    def _mark(self) -> None:
        """Training's band above, who printed it and the page's number below."""
        page, made = self.page, self._made
        if made.is_training:
            page.box(QRectF(0, 0, page.width, 6.5), None, make_look(training=True).colours.spine)
            words = _("TRAINING: invented people and numbers")
            style = Style(8, colour=LIGHT.onFill).bold()
            page.text((0, 1.5), page.width, words, style, Align.AlignHCenter)
        y, small = page.height - 10, Style(7.4).quiet()
        page.rule(y - 1, MARGIN, page.width - MARGIN, LIGHT.line)
        by = " · ".join(
            (_("Printed from Sổ An Sinh"), made.commune, made.officer, f"{made.at:%d/%m/%Y %H:%M}")
        )
        page.text((MARGIN, y), self.width, by, small)
        turned = _("Page {number}/{pages}").format(number=self.number, pages=self._pages)
        page.text((MARGIN, y), self.width, turned, small, Align.AlignRight)


def flowing(body: Callable[[Flow], None], made: Made) -> Draw:
    """What draws `body` over as many pages as it needs."""

    def draw(page: Page) -> None:
        counted = Flow(page.silent(), made, 0)
        body(counted)
        body(Flow(page, made, counted.number))

    return draw


def letterhead(flow: Flow, made: Made, title: str, below: str = "") -> None:
    """Office and motto above, then what the paper is (layout of Decree 30/2020/NĐ-CP)."""
    page, small = flow.page, Style(8.4, leading=1.35)
    left, right = 62.0, 84.0
    start = page.width - MARGIN - right
    page.text((MARGIN, flow.y), left, _("PEOPLE'S COMMITTEE"), small, Align.AlignHCenter)
    page.text((MARGIN, flow.y + 4), left, made.commune.upper(), small.bold(), Align.AlignHCenter)
    page.text((start, flow.y), right, _("SOCIALIST REPUBLIC OF VIET NAM"), small.bold(), Align.AlignHCenter)
    motto = _("Independence - Freedom - Happiness")
    page.text((start, flow.y + 4), right, motto, small.bold(), Align.AlignHCenter)
    half = page.width_of(motto, small.bold()) / 2
    page.rule(flow.y + 8.8, start + right / 2 - half, start + right / 2 + half, LIGHT.ink, 0.25)
    page.rule(flow.y + 8.8, MARGIN + left / 2 - 9, MARGIN + left / 2 + 9, LIGHT.ink, 0.25)
    flow.y += 15
    flow.text(title, Style(14, leading=1.3).bold(), Align.AlignHCenter, 0.6)
    if below:
        flow.text(below, Style(9).quiet(), Align.AlignHCenter)
    flow.y += 4


def signatures(flow: Flow, made: Made) -> None:
    """Who made a list, and who answers for it."""
    half = flow.width / 2
    day = _("{place}, day {day} month {month} year {year}").format(
        place=made.commune.partition(" ")[2], day=f"{made.at:%d}", month=f"{made.at:%m}", year=made.at.year
    )
    flow.page.text((MARGIN + half, flow.y), half, day, Style(9), Align.AlignHCenter)
    flow.y += 5
    for place, title in enumerate((_("Prepared by"), _("Chairman of the People's Committee"))):
        x = MARGIN + half * place
        flow.page.text((x, flow.y), half, title, Style(9.4).bold(), Align.AlignHCenter)
        hint = _("(signature, full name)") if place == 0 else _("(signature, seal)")
        flow.page.text((x, flow.y + 4.8), half, hint, Style(8).quiet(), Align.AlignHCenter)
    flow.page.text((MARGIN, flow.y + 26), half, made.officer, Style(9.4).bold(), Align.AlignHCenter)


def table(
    flow: Flow, columns: Sequence[Column], rows: Sequence[Sequence[str]], progress: Progress | None = None
) -> None:
    """Rows between rules; a row is never torn, its heading stands on every page."""
    widths = _widths(flow, columns, rows)
    _heading(flow, columns, widths)
    for at, row in enumerate(rows):
        cells = list(zip(columns, widths, row, strict=True))
        height = max(flow.page.height_of(text, width - _GAP, _CELL) for _c, width, text in cells) + 2 * _PAD
        if not flow.has_room(height):
            flow.turn()
            _heading(flow, columns, widths)
        _row(flow, cells, _CELL)
        flow.y += height
        flow.page.rule(flow.y, MARGIN, MARGIN + sum(widths), LIGHT.line)
        if progress and at % 64 == 0:
            progress.step(at, len(rows))


def _heading(flow: Flow, columns: Sequence[Column], widths: Sequence[float]) -> None:
    cells = [(column, width, column.heading) for column, width in zip(columns, widths, strict=True)]
    style = _CELL.bold()
    height = max(flow.page.height_of(text, width - _GAP, style) for _c, width, text in cells) + 2 * _PAD
    if not flow.has_room(height * 2):
        flow.turn()
    flow.page.box(QRectF(MARGIN, flow.y, sum(widths), height), None, LIGHT.sunk)
    flow.page.rule(flow.y, MARGIN, MARGIN + sum(widths))
    _row(flow, cells, style)
    flow.y += height
    flow.page.rule(flow.y, MARGIN, MARGIN + sum(widths))


def _row(flow: Flow, cells: Sequence[tuple[Column, float, str]], style: Style) -> None:
    x = MARGIN
    for column, width, text in cells:
        align = Align.AlignRight if column.is_figure else Align.AlignLeft
        flow.page.text((x + _GAP / 2, flow.y + _PAD), width - _GAP, text, style, align)
        x += width


def _widths(flow: Flow, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[float]:
    """Each column as wide as it wants; what is over goes to words, what lacks is taken from the widest."""
    wanted = []
    for place, column in enumerate(columns):
        longest = sorted({row[place] for row in rows}, key=len)[-20:]
        inside = [flow.page.width_of(text, _CELL) for text in longest]
        wanted.append(max([*inside, flow.page.width_of(column.heading, _CELL.bold())]) + _GAP + 0.5)
    room = flow.width - sum(wanted)
    if room >= 0:
        words = sum(width for width, column in zip(wanted, columns, strict=True) if not column.is_figure)
        return [
            width if column.is_figure else width + room * width / words
            for width, column in zip(wanted, columns, strict=True)
        ]
    floor = [min(width, _NARROW) for width in wanted]
    share = (flow.width - sum(floor)) / (sum(wanted) - sum(floor))
    return [least + (width - least) * share for least, width in zip(floor, wanted, strict=True)]
