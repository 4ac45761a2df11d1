"""Lines of text: one, several, masked."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from app.survey.views import NodeView
from app.ui.survey.controls.line import Box, Line, Sheet
from app.ui.survey.controls.reading import Lines, Reader, Words


class TextLine(Line):
    """One line. `is_masked`: the form hides what stands there, but for the letters being typed."""

    def __init__(self, reader: Reader | None = None, *, is_masked: bool = False) -> None:
        super().__init__(reader or Words())
        self._is_masked = is_masked
        if is_masked and isinstance(self.box, Box):
            self.box.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)

    def said(self, node: NodeView) -> str:
        return "•" * len(node.value) if self._is_masked else super().said(node)


class TextSheet(Line):
    """Several lines."""

    def __init__(self, reader: Reader | None = None) -> None:
        super().__init__(reader or Lines(), Sheet())
