"""The sheet for the safe: whoever holds it opens the register.

It goes to a printer only, never to a file by itself: a file is copied, found and kept.
Eight groups of four; the screen shows all but the last, which stands on this paper alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import segno
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPageSize
from PySide6.QtPrintSupport import QPrinter

from app.ui.papers import page as paper
from app.ui.papers.page import A4, A5, Align, Page, Style
from app.ui.papers.vietnamese import gettext as _
from app.ui.theme import LIGHT

_MARGIN, _HEIGHT = 15.0, 148.0
_GROUPS_A_LINE = 4


@dataclass(frozen=True)
class RecoverySheet:
    """The code as `seal.recovery` spells it, and which register on which machine it opens."""

    code: str = field(repr=False)
    commune: str
    province: str
    machine: str
    day: date
    is_training: bool = False


def print_recovery_sheet(sheet: RecoverySheet, printer: QPrinter) -> None:
    """One A5 page, wide; on other paper the upper half of an A4. Trouble("paper.printer")."""
    if printer.pageLayout().pageSize().id() == QPageSize.PageSizeId.A5:
        paper.send(lambda page: _draw(page, sheet), printer, A5, is_wide=True)
    else:
        paper.send(lambda page: _draw(page.part(0, 0, page.width, _HEIGHT), sheet), printer, A4)


def _draw(page: Page, sheet: RecoverySheet) -> None:
    width = page.width - 2 * _MARGIN
    page.box(QRectF(_MARGIN - 5, 10, width + 10, page.height - 20), LIGHT.ink2, weight=0.35)
    y = 16.0
    title = _("Recovery code of Sổ An Sinh")
    page.text((_MARGIN, y), width, title, Style(17).bold())
    page.text((_MARGIN, y + 1.6), width, f"{sheet.day:%d/%m/%Y}", Style(9.5).quiet(), Align.AlignRight)
    place = ", ".join(part for part in (sheet.commune, sheet.province) if part)
    where = f"{place} · {sheet.machine}" if sheet.machine else place
    page.text((_MARGIN, y + 9.6), width, where, Style(11, colour=LIGHT.ink2))
    y = _code(page, sheet.code, 36, width)
    _explanation(page, sheet, y + 7, width)


def _code(page: Page, code: str, y: float, width: float) -> float:
    groups = code.split("-")
    page.rule(y, _MARGIN, _MARGIN + width)
    y += 4.5
    style = Style(21, QFont.Weight.DemiBold, spacing=12)
    cell = width / _GROUPS_A_LINE
    for at, group in enumerate(groups):
        line, place = divmod(at, _GROUPS_A_LINE)
        page.text((_MARGIN + cell * place, y + line * 13), cell, group, style, Align.AlignHCenter)
    y += 13 * -(-len(groups) // _GROUPS_A_LINE) + 1.5
    page.rule(y, _MARGIN, _MARGIN + width)
    return y


def _explanation(page: Page, sheet: RecoverySheet, y: float, width: float) -> None:
    size = 42.0
    _qr(page, sheet.code, _MARGIN, y, size)
    x, span = _MARGIN + size + 7, width - size - 7
    y += page.text((x, y), span, _("Whoever holds this sheet can open the register."), Style(12).bold()) + 1.5
    steps = _(
        "Put it in an envelope, sign across the seal, lock it in the commune's safe."
        " Use it when a password is forgotten or the machine has broken down."
    )
    y += page.text((x, y), span, steps, Style(10.5)) + 1.5
    once = _("It is printed once and kept nowhere else. Never photograph it, never send it.")
    y += page.text((x, y), span, once, Style(10.5)) + 11
    for place, label in enumerate((_("Kept by:"), _("Sealed on:"))):
        start = x + (span / 2 + 2) * place
        page.text((start, y - 4), span, label, Style(9).quiet())
        taken = page.width_of(label, Style(9)) + 2
        page.dots(y, start + taken, start + span / 2 - 3)
    if sheet.is_training:
        words = _("TRAINING: invented people and numbers")
        page.text((_MARGIN, page.height - 17), width, words, Style(9).bold(), Align.AlignRight)


def _qr(page: Page, content: str, x: float, y: float, size: float) -> None:
    modules = [list(row) for row in segno.make(content, error="m", micro=False).matrix]
    side = size / len(modules)
    for down, row in enumerate(modules):
        for across, is_dark in enumerate(row):
            if is_dark:
                # A hair wider than its place, or rasterising leaves white seams between modules.
                square = QRectF(x + across * side, y + down * side, side * 1.02, side * 1.02)
                page.box(square, None, LIGHT.ink)
