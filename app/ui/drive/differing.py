"""Where card and register disagree: field, register, card; each ticked to be taken over."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout

from app.actions.cards import Difference
from app.domain.records import Value
from app.ui.notices import IconLabel
from app.ui.parts.boxes import label
from app.ui.theme import look
from app.ui.values import show_value
from app.words import gettext as _


class DifferenceList(QFrame):
    """One row a field; numbers stay masked, for the queue looks on."""

    def __init__(self, found: Sequence[Difference]) -> None:
        super().__init__()
        self._found = found
        self._boxes = [QCheckBox(_(f"field.person.{each.field}")) for each in found]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look().px(16))
        grid.setVerticalSpacing(look().px(6))
        for place, words in ((1, _("Register")), (3, _("ID card"))):
            grid.addWidget(label(words, "caption"), 0, place)
        for line, (each, box) in enumerate(zip(found, self._boxes, strict=True), 1):
            box.setChecked(True)
            box.setFont(look().font("drive"))
            box.setMinimumHeight(look().px(36))
            known = label(_shown(each.field, each.register), "drive", tone="second", wrap=True)
            said = label(_shown(each.field, each.card), "driveheading", wrap=True)
            grid.addWidget(box, line, 0)
            grid.addWidget(known, line, 1, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(IconLabel("arrow-right", 16, "ink3"), line, 2)
            grid.addWidget(said, line, 3, Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        if self._boxes:
            self.setFocusProxy(self._boxes[0])

    def chosen(self) -> dict[str, Value]:
        """The fields that are ticked, with what the card says."""
        pairs = zip(self._found, self._boxes, strict=True)
        return {each.field: each.card for each, box in pairs if box.isChecked()}


def _shown(field: str, value: Value) -> str:
    return show_value("person", field, value)
