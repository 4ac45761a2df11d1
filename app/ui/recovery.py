"""The recovery code on screen, once: all groups but the last, which stands on the paper alone."""

from __future__ import annotations

import platform
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout

from app.domain.dates import PartialDate, show
from app.domain.places import Place
from app.seal.recovery import is_last_group
from app.ui.forms.field import Field
from app.ui.forms.text import TextBox
from app.ui.parts.boxes import STRETCH, card, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.theme import look
from app.words import gettext as _

_GROUPS_A_LINE = 4


class RecoveryCard(QFrame):
    """Print or write down, then type the last group back: so the sheet is known to be readable."""

    confirmed = Signal()
    told = Signal(str)

    def __init__(self, code: str, place: Place) -> None:
        super().__init__()
        self._code, self._place = code, place
        self._groups = code.replace("-", " ").split()
        self._day = date.today()
        self.grid = QGridLayout()
        self._draw_groups(is_whole=False)
        today = show(PartialDate(self._day.year, self._day.month, self._day.day))
        sheet = card(
            row(label(_("Recovery code of Sổ An Sinh"), "pane"), STRETCH, label(today, "caption")),
            label(f"{place.name}, {place.province}", "caption"),
            self._grid_frame(),
            label(_("Whoever holds this sheet can open the register."), "strong"),
            label(
                _("Seal it in an envelope in the commune's safe: for a lost password or a dead machine."),
                wrap=True,
            ),
            gap=12,
        )
        self.typed = Field(_("Last 4 signs on the sheet"), TextBox(), required=True)
        self.typed.control.setMaximumWidth(look().px(160))
        self.typed.control.changed.connect(self._compare)
        self.typed.control.textEdited.connect(self._compare)
        buttons = row(
            Button(_("Print the sheet"), icon="print", size="form", on=self._print_sheet),
            Button(_("No printer: write it by hand"), "link", on=self._show_whole),
            STRETCH,
            gap=12,
        )
        fill(QVBoxLayout(self), sheet, buttons, self.typed, STRETCH, gap=16)
        self.setMaximumWidth(look().px(620))

    def focus(self) -> None:
        """Where typing goes."""
        self.typed.control.setFocus()

    def _grid_frame(self) -> QFrame:
        frame = QFrame()
        frame.setLayout(self.grid)
        return frame

    def _draw_groups(self, *, is_whole: bool) -> None:
        while self.grid.count():
            taken = self.grid.takeAt(0)
            if taken is not None and (widget := taken.widget()) is not None:
                widget.deleteLater()
        for at, group in enumerate(self._groups):
            is_last = at == len(self._groups) - 1
            words = label("••••" if is_last and not is_whole else group, "sum")
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.grid.addWidget(words, at // _GROUPS_A_LINE, at % _GROUPS_A_LINE)

    def _show_whole(self) -> None:
        """Written by hand, the last group must be seen; typing it back still proves the sheet."""
        self._draw_groups(is_whole=True)
        self.told.emit(_("Write all groups on paper, then type the last one below."))
        self.focus()

    def _print_sheet(self) -> None:
        from app.ui.papers.page import office_printer
        from app.ui.papers.recovery_sheet import RecoverySheet, print_recovery_sheet

        printer = office_printer()
        if printer is None:
            self.told.emit(_("No printer is set up here. Write the sheet by hand instead."))
            return
        place = self._place
        sheet = RecoverySheet(self._code, place.name, place.province, platform.node(), self._day)
        print_recovery_sheet(sheet, printer)
        self.told.emit(_("The sheet went to the printer."))
        self.focus()

    def _compare(self) -> None:
        typed = self.typed.control.text()
        if is_last_group(self._code, typed):
            self.typed.set_hint(_("That is what stands on the sheet."), "ok")
            self.confirmed.emit()
        elif len(typed.strip()) >= len(self._groups[-1]):
            self.typed.set_error(_("The sheet says something else. Look once more."))
