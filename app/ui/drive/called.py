"""Where the drive is held and which hamlets were called: what the counter counts against."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout

from app.ui.forms.field import Field
from app.ui.forms.text import TextBox
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row_layout
from app.ui.parts.chips import FilterChip
from app.ui.parts.holder import Holder
from app.ui.theme import look
from app.words import gettext as _

_COLUMNS = 6


class CalledHamlets(QFrame):
    """`changed` when place or hamlets differ; no hamlet chosen: everybody is called."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.known: Sequence[str] = ()
        self._chips: list[FilterChip] = []
        self.place = Field(_("Held at"), TextBox(hint=_("Village hall, commune office…")))
        self.place.control.changed.connect(self.changed)
        self._holder = Holder()
        title = label(_("This drive"), "card")
        hint = label(_("Hamlets called today; none chosen: the whole commune"), "third")
        fill(QVBoxLayout(self), card(row_layout(title, STRETCH, hint), self.place, self._holder, gap=10))

    def show_drive(self, place: str, known: Sequence[str], called: Sequence[str]) -> None:
        """Show where, and every hamlet, those called switched on."""
        if not self.place.control.hasFocus():
            self.place.control.set_value(place)
        if (tuple(known), set(called)) == (tuple(self.known), set(self.hamlets())):
            return
        self.known = known
        self._chips = [FilterChip(hamlet, is_toggle=True) for hamlet in known if hamlet]
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look().px(8))
        columns = max(2, round(_COLUMNS / look().factor))
        for at, chip in enumerate(self._chips):
            chip.setChecked(chip.name in called)
            chip.toggled.connect(lambda _on: self.changed.emit())
            grid.addWidget(chip, at // columns, at % columns)
        grid.setColumnStretch(columns, 1)
        frame = QFrame()
        frame.setLayout(grid)
        self._holder.put(column(frame))

    def hamlets(self) -> tuple[str, ...]:
        """Those switched on."""
        return tuple(chip.name for chip in self._chips if chip.isChecked())
