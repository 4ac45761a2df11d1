"""What all controls share: a question to be answered, or its answer as plain words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.survey.views import NodeView
from app.ui.parts.boxes import Item, fill, label
from app.ui.theme import give


class Control(QWidget):
    """Shows one node; says what was answered in it, and what was typed that is no answer.

    `answered`: a value as `Session.answer` takes it. `refused`: a sentence, "" once mended; nothing is
    answered then. `show_node` emits nothing, but for the refusal that it takes back where another value
    came in place of what was refused.
    """

    answered = Signal(str)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.node: NodeView | None = None
        self.editor = QFrame()
        self.plain = label("", wrap=True)
        self.plain.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        give(self.plain, type="answer")
        fill(QVBoxLayout(self), self.editor, self.plain)
        self.plain.hide()
        self._refusal = ""

    def put(self, *items: Item, gap: int = 4, grows: int | None = None) -> None:
        """What is filled, below each other."""
        fill(QVBoxLayout(self.editor), *items, gap=gap, grows=grows)

    def show_node(self, node: NodeView) -> None:
        """The node as it stands; whatever is being typed stays."""
        self.node = node
        for box in self.boxes():
            box.setAccessibleName(node.label or node.ref.rpartition("/")[2])
            box.setAccessibleDescription(node.message if node.violation else node.hint)
        self.paint(node)
        said = self.said(node) if node.is_readonly else ""
        if node.is_readonly and not said and node.type != "string":
            said = "—"
        self.plain.setText(said)
        self.plain.setVisible(bool(said))
        self.editor.setVisible(not node.is_readonly)

    def paint(self, node: NodeView) -> None:
        """Its value and choices, in what is filled."""
        raise NotImplementedError

    def said(self, node: NodeView) -> str:
        """Its value as words, for who may only read it."""
        return node.value

    def boxes(self) -> Sequence[QWidget]:
        """What the keyboard comes to first, and what is outlined when the answer is wrong."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """The keyboard comes here."""
        if boxes := self.boxes():
            boxes[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_typing(self) -> bool:
        """Whether something stands here that is not answered yet."""
        return False

    @property
    def refusal(self) -> str:
        """The sentence about what stands here and is no answer; empty when all is well."""
        return self._refusal

    def commit(self) -> None:
        """Answer what was typed."""

    def take_scan(self, text: str) -> bool:
        """What a scanner read while this question was asked; whether it belongs here."""
        return False

    def refuse(self, sentence: str) -> None:
        """Say what is wrong, or with "" that nothing is any more."""
        if sentence != self._refusal:
            self._refusal = sentence
            self.refused.emit(sentence)

    def event(self, event: QEvent) -> bool:
        # A field outlines its control by a property; it is the boxes within that have an outline.
        if event.type() == QEvent.Type.DynamicPropertyChange:
            is_wrong = self.property("error") == "true"
            for box in self.boxes():
                give(box, error=is_wrong)
        return super().event(event)
