"""The second step: what each column means, guessed, shown with samples, corrected by the officer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout

from app.sheets.proposed import Layout, LayoutColumn
from app.sheets.vocabulary import Meaning
from app.ui.forms.choices import Dropdown
from app.ui.importing.words import masked_anywhere
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import scroll
from app.ui.theme import look
from app.words import counted
from app.words import gettext as _

_SAMPLES_SHOWN = 3


class ColumnsPage(QFrame):
    """A card a layout, a line a column; `corrected(fingerprint, meanings)` when one is changed."""

    corrected = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._holder = Holder()
        self._layouts: Sequence[Layout] = ()
        # One list for all columns: fifty meanings a column would be thousands of items.
        self._meanings = QStandardItemModel(self)
        for meaning in Meaning:
            item = QStandardItem(_(f"sheets.meaning.{meaning.value}"))
            item.setData(meaning.value, Qt.ItemDataRole.UserRole)
            self._meanings.appendRow(item)
        self.choices: dict[tuple[str, int], Dropdown] = {}
        fill(QVBoxLayout(self), scroll(column(self._holder, STRETCH)))

    def show_layouts(self, layouts: Sequence[Layout]) -> None:
        """Show each layout once, those with unknown columns first."""
        if layouts == self._layouts:
            return
        self._layouts = layouts
        self.choices.clear()
        once = {layout.fingerprint: layout for layout in reversed(layouts)}
        counted = [layout.fingerprint for layout in layouts]
        ordered = sorted(once.values(), key=lambda layout: not layout.unknown)
        cards = [self._card(layout, counted.count(layout.fingerprint)) for layout in ordered]
        self._holder.put(column(*cards, gap=12))

    def _card(self, layout: Layout, tables: int) -> QFrame:
        words = _("Table on {sheet}, row {row}").format(sheet=layout.sheet, row=layout.top)
        more = _("and {count} more like it").format(count=tables - 1) if tables > 1 else ""
        chips = []
        if layout.unknown:
            said = counted(
                "{count} column not recognised", "{count} columns not recognised", len(layout.unknown)
            )
            chips.append(Chip(said, "triangle", "warn"))
        head = row(label(words, "card"), label(more, "third"), STRETCH, *chips)
        lines = QFrame()
        grid = QGridLayout(lines)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look().px(12))
        grid.setVerticalSpacing(look().px(6))
        for place, title in enumerate((_("Column in the file"), _("Is"), _("For example"))):
            grid.addWidget(label(title, "caption"), 0, place)
        for place, found in enumerate(layout.columns):
            self._line(grid, layout, place, found)
        grid.setColumnStretch(2, 1)
        return card(head, lines, gap=8)

    def _line(self, grid: QGridLayout, layout: Layout, place: int, found: LayoutColumn) -> None:
        choice = Dropdown(())
        choice.setModel(self._meanings)
        choice.set_value(found.meaning.value)
        choice.setFixedWidth(look().px(220))
        choice.setAccessibleName(f"{found.letter} {found.heading}")
        choice.changed.connect(partial(self._changed, layout, place))
        self.choices[layout.fingerprint, place] = choice
        heading = label(f"{found.letter} · {found.heading}".strip(" ·"), "strong", wrap=True)
        heading.setFixedWidth(look().px(280))
        samples = label(" · ".join(map(masked_anywhere, found.samples[:_SAMPLES_SHOWN])), "second", wrap=True)
        for at, widget in enumerate((heading, choice, samples)):
            grid.addWidget(widget, place + 1, at)

    def _changed(self, layout: Layout, place: int) -> None:
        meanings = [found.meaning.value for found in layout.columns]
        meanings[place] = self.choices[layout.fingerprint, place].value() or meanings[place]
        self.corrected.emit(layout.fingerprint, meanings)
