"""One question: its words, its control, and under it a hint or what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout

from app.survey.views import Delta, NodeView
from app.ui.notices import IconLabel
from app.ui.parts.boxes import fill, label
from app.ui.survey.controls.choosing import control_for
from app.ui.survey.controls.control import Control
from app.ui.survey.laid import Laid
from app.ui.survey.live import Live
from app.ui.theme import give, look
from app.words import gettext as _

_WIDE_KINDS = frozenset({"select", "rank", "upload"})
_WIDE_TYPES = frozenset({"geotrace", "geoshape"})
_WIDE_LOOKS = frozenset({"multiline", "likert", "columns", "columns-pack", "map", "signature", "draw"})
_LONG = 90  # letters of a label that would fill a column's height


class Question(Laid):
    """Built when it is first asked; then it only shows what changed. `widened`: another width is due."""

    widened = Signal(bool)

    def __init__(self, live: Live, ref: str) -> None:
        super().__init__()
        self.ref = ref
        self.control: Control | None = None
        self._live = live
        self._node: NodeView | None = None
        self._words = label("", "label", wrap=True, rich=True)
        self._mark = label(_("from the register"), "caption")
        self._icon = IconLabel("triangle", 14, "bad")
        self._below = label("", "hint", wrap=True)
        for words in (self._words, self._below):
            words.setMinimumWidth(1)
        self._error = ""
        self.hide()

    @property
    def is_there(self) -> bool:
        """Whether it is asked now."""
        return self._node is not None and not self.isHidden()

    @property
    def is_open(self) -> bool:
        """Whether it may be answered."""
        return self.is_there and self._node is not None and not self._node.is_readonly

    @property
    def error(self) -> str:
        """The sentence under it; empty while nothing is shown to be wrong."""
        return self._error

    @property
    def words(self) -> str:
        """What it asks."""
        return self._node.label if self._node else ""

    @property
    def is_marked(self) -> bool:
        """Whether it says that its value came from the register."""
        return self.is_there and not self._mark.isHidden()

    def refresh(self, delta: Delta | None) -> bool:
        node = self._live.session.node(self.ref)
        if node.is_relevant:
            if self.control is None:
                self._build(node)
            if delta is None or node != self._node or self.ref in delta.nodes:
                self._show(node)
            self.show_error()
        if self.isHidden() == node.is_relevant:
            self.setVisible(node.is_relevant)
        return node.is_relevant

    def questions(self) -> Iterator[Question]:
        if self.is_there:
            yield self

    def reveal(self, ref: str) -> Question | None:
        return self if ref == self.ref and self.is_there else None

    def take_focus(self) -> None:
        """The keyboard comes here, and it is seen."""
        if self.control is not None:
            self.control.take_focus()
        QTimer.singleShot(0, self, self._come_into_view)

    def commit(self) -> None:
        """What is being typed is answered."""
        if self.control is not None and self.control.is_typing:
            self.control.commit()

    def silence(self) -> None:
        """Its row is gone: what was typed in it is nobody's answer."""
        if self.control is not None:
            self.control.blockSignals(True)

    def show_error(self) -> None:
        """The sentence, the outline, or the hint again."""
        said = self._live.error(self.ref)
        if said == self._error and self.control is not None and self._below.property("told") == "true":
            return
        self._error = said
        hint = self._node.hint.strip() if self._node else ""
        give(self._below, type="error" if said else "hint", told=True)
        self._below.setText(said or hint)
        self._below.setVisible(bool(said or hint))
        self._icon.setVisible(bool(said))
        if self.control is not None:
            give(self.control, error=bool(said))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._node is not None:
            self._show_words(self._node)

    def _build(self, node: NodeView) -> None:
        self.control = control_for(node, self._live, self._live.clock)
        head, foot = QHBoxLayout(), QHBoxLayout()
        fill(head, self._words, self._mark, gap=8)
        head.setStretch(0, 1)
        head.setAlignment(self._mark, Qt.AlignmentFlag.AlignTop)
        fill(foot, self._icon, self._below, gap=6)
        foot.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        foot.setStretch(1, 1)
        fill(QVBoxLayout(self), head, self.control, foot, gap=4)
        self.control.answered.connect(self._answered)
        self.control.refused.connect(self._refused)

    def _answered(self, text: str) -> None:
        self._live.answer(self.ref, text)

    def _refused(self, said: str) -> None:
        self._live.refuse(self.ref, said)

    def _show(self, node: NodeView) -> None:
        before, self._node = self._node, node
        if before is None or (before.label, before.is_required) != (node.label, node.is_required):
            self._show_words(node)
        if before is None or before.hint != node.hint:
            give(self._below, told=False)
        if self.control is not None:
            self.control.show_node(node)
        self._mark.setVisible(self._live.is_from_register(self.ref))
        self.widened.emit(_is_wide(node))

    def _show_words(self, node: NodeView) -> None:
        words = escape(node.label.strip()).replace("\n", "<br>")
        bad = look().colours.bad.name()
        is_asked = node.is_required and not node.is_readonly
        self._words.setText(f'{words} <span style="color:{bad}">*</span>' if is_asked else words)
        self._words.setVisible(bool(words) or is_asked)

    def _come_into_view(self) -> None:
        """With all of its words: the sentence may lie below what is shown."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            around.ensureWidgetVisible(self, 0, look().px(12))


def _is_wide(node: NodeView) -> bool:
    looks = set(node.control.appearance) if node.control else set()
    is_note = node.is_readonly and node.kind == "input" and not node.value
    return (
        node.kind in _WIDE_KINDS
        or node.type in _WIDE_TYPES
        or bool(looks & _WIDE_LOOKS)
        or is_note
        or len(node.label) > _LONG
    )
