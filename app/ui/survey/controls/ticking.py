"""A sentence that is to be acknowledged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.survey.views import NodeView
from app.ui.survey.controls.control import Control
from app.ui.survey.controls.marks import Tick
from app.words import gettext as _


class Acknowledged(Control):
    """`OK` when it is ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.tick = Tick(_("Read and understood"))
        self.tick.clicked.connect(lambda checked: self.answered.emit("OK" if checked else ""))
        self.put(self.tick)

    def boxes(self) -> Sequence[QWidget]:
        return (self.tick,)

    def paint(self, node: NodeView) -> None:
        self.tick.setChecked(node.value == "OK")
        self.tick.setAccessibleDescription(self.tick.text())

    def said(self, node: NodeView) -> str:
        return _("Read and understood") if node.value else ""
