"""The officer's own word: that she looked, her password once more, and a reason when she refuses."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QFrame

from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.parts.boxes import STRETCH, card, column, column_layout, row
from app.ui.proving import ProofField
from app.ui.theme import look
from app.words import gettext as _


class Signing(QFrame):
    """`looked` when the tick is set or taken away; what was typed is dropped with the page."""

    changed = Signal()
    looked = Signal(bool)

    def __init__(self, words: str, password: ProofField, phrases: list[str], *, is_looked_at: bool) -> None:
        super().__init__()
        self.box = QCheckBox(words)
        self.box.setChecked(is_looked_at)
        self.password = password
        self.reason = Field(_("Reason"), Reason(phrases), note=_("needed to refuse"))
        beside = look().factor < 1.5
        fields = (column(self.password, STRETCH), self.reason)  # its label stays at its line
        asked = row(*fields, gap=20) if beside else column(*fields, gap=10)
        layout = asked.layout()
        assert isinstance(layout, QBoxLayout)
        layout.setStretch(0, 2)
        layout.setStretch(1, 3)
        self.setLayout(column_layout(card(self.box, asked, gap=10)))
        self.box.toggled.connect(self.looked)
        self.box.toggled.connect(self.changed)
        self.password.control.changed.connect(self.changed)
        self.reason.control.changed.connect(self.changed)

    def let_tick(self, why_not: str) -> None:
        """Let it be ticked, or say what has to be opened before."""
        self.box.setEnabled(not why_not)
        self.box.setToolTip(why_not)
        if why_not and self.box.isChecked():
            self.box.setChecked(False)

    def begin(self) -> None:
        """The cursor where she goes on."""
        if self.box.isEnabled() and not self.box.isChecked():
            self.box.setFocus()
        else:
            self.password.control.setFocus()
