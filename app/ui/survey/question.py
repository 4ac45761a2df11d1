"""One question: its words, its control, and under it a hint or what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout

from app.survey.views import Delta, NodeView
from app.ui.notices import IconLabel
from app.ui.parts.boxes import fill, label
from app.ui.survey.controls.choosing import control_for
from app.ui.survey.controls.control import Control
from app.ui.survey.laid import Laid
from app.ui.survey.live import Live
from app.ui.survey.slowly import appear
from app.ui.theme import give, look

_WIDE_KINDS = frozenset({"select", "rank", "upload"})
_WIDE_TYPES = frozenset({"geotrace", "geoshape"})
_WIDE_LOOKS = frozenset({"multiline", "likert", "columns", "columns-pack", "map", "signature", "draw"})
_LONG = 90  # letters of a label that would fill a column's height


class Question(Laid):
    """Built when it is first asked; then it only shows what changed. `widened`: another width is due.

    Of a long page, what is further down is built while one reads: `waits` until then.
    """

    widened = Signal(bool)

    def __init__(self, live: Live, ref: str) -> None:
        super().__init__()
        self.ref = ref
        self.control: Control | None = None
        self._live = live
        self._quotes = live.session.quotes(ref)
        self._node: NodeView | None = None
        self._words: QLabel | None = None
        self._mark: QLabel | None = None
        self._below: _Below | None = None
        self._error = ""
        self.hide()

    @property
    def is_there(self) -> bool:
        """Whether it is asked now."""
        return self._node is not None and self._node.is_relevant

    @property
    def is_open(self) -> bool:
        """Whether it may be answered."""
        return self.is_there and self._node is not None and not self._node.is_readonly

    @property
    def waits(self) -> bool:
        """Whether it is asked and not built."""
        return self.is_there and self.control is None

    @property
    def error(self) -> str:
        """The sentence under it; empty while nothing is shown to be wrong."""
        return self._error

    @property
    def words(self) -> str:
        """What it asks."""
        return self._node.label if self._node else ""

    @property
    def value(self) -> str:
        """What was answered."""
        return self._node.value if self._node else ""

    @property
    def is_marked(self) -> bool:
        """Whether it says that its value came from the register."""
        return self.is_there and self._mark is not None and not self._mark.isHidden()

    def refresh(self, delta: Delta | None) -> bool:
        if delta is not None and self._node is not None and not self._quotes and self.ref not in delta.nodes:
            return self.is_there
        before, self._node = self._node, self._live.session.node(self.ref)
        is_there = self._node.is_relevant
        if is_there and self.control is None and not self._live.slowly.may_build():
            self._live.slowly.wait(self)
            return True
        if is_there:
            self._show(before if self.control else None, self._node)
        appear(self, is_there)
        return is_there

    def build(self) -> None:
        """Now, if it waits."""
        if self.waits and self._node is not None:
            self._show(None, self._node)
            appear(self, True)

    def questions(self) -> Iterator[Question]:
        if self.is_there:
            yield self

    def reveal(self, ref: str) -> Question | None:
        return self if ref == self.ref and self.is_there else None

    def take_focus(self) -> None:
        """The keyboard comes here, and it is seen."""
        self.build()
        if self.control is not None:
            self.control.take_focus()
        QTimer.singleShot(0, self, self._come_into_view)

    def commit(self) -> None:
        """What is being typed is answered."""
        if self.control is not None and self.control.is_typing:
            self.control.commit()

    def take_scan(self, text: str) -> bool:
        """What a scanner read; whether it belongs here."""
        return self.control is not None and self.control.take_scan(text)

    def silence(self) -> None:
        """Its row is gone: what was typed in it is nobody's answer, and nobody waits for it."""
        self._node = None
        if self.control is not None:
            self.control.blockSignals(True)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._node is not None and self._words is not None:
            self._show_words(self._node)

    def _show(self, before: NodeView | None, node: NodeView) -> None:
        control = self.control or self._build(node)
        if before is None or (before.label, before.is_required) != (node.label, node.is_required):
            self._show_words(node)
        control.show_node(node)
        self._show_mark()
        self._show_below(control, node)
        self.widened.emit(_is_wide(node))

    def _build(self, node: NodeView) -> Control:
        made = self.control = control_for(node, self._live, self._live.clock)
        self._words = label("", "label", wrap=True, rich=True)
        self._words.setMinimumWidth(1)
        self._head, self._rows = QHBoxLayout(), QVBoxLayout(self)
        fill(self._head, self._words, gap=8)
        self._head.setStretch(0, 1)
        fill(self._rows, self._head, made, gap=4)
        made.answered.connect(self._answered)
        made.refused.connect(self._refused)
        return made

    def _answered(self, text: str) -> None:
        self._live.answer(self.ref, text)

    def _refused(self, said: str) -> None:
        self._live.refuse(self.ref, said)

    def _show_words(self, node: NodeView) -> None:
        words = escape(node.label.strip()).replace("\n", "<br>")
        bad = look().colours.bad.name()
        is_asked = node.is_required and not node.is_readonly
        if self._words is not None:
            self._words.setText(f'{words} <span style="color:{bad}">*</span>' if is_asked else words)
            appear(self._words, bool(words) or is_asked)

    def _show_mark(self) -> None:
        said = self._live.mark(self.ref)
        if self._mark is None and said:
            self._mark = label("", "caption")
            self._head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        if self._mark is not None:
            self._mark.setText(said)
            appear(self._mark, bool(said))

    def _show_below(self, control: Control, node: NodeView) -> None:
        """The sentence and the outline, or the hint."""
        self._error, hint = self._live.error(self.ref), node.hint.strip()
        if self._below is None and (self._error or hint):
            self._below = _Below()
            self._rows.addWidget(self._below)
        if self._below is not None:
            self._below.say(self._error or hint, is_error=bool(self._error))
        if self._error or control.property("error"):
            give(control, error=bool(self._error))

    def _come_into_view(self) -> None:
        """With all of its words: the sentence may lie below what is shown."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            around.ensureWidgetVisible(self, 0, look().px(12))


class _Below(QFrame):
    """What stands under a control."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = IconLabel("triangle", 14, "bad")
        self._words = label("", "hint", wrap=True)
        self._words.setMinimumWidth(1)
        layout = QHBoxLayout(self)
        fill(layout, self._icon, self._words, gap=6)
        layout.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        layout.setStretch(1, 1)

    def say(self, words: str, *, is_error: bool) -> None:
        """A hint, or what is wrong; nothing takes no room."""
        self._words.setText(words)
        give(self._words, type="error" if is_error else "hint")
        appear(self._icon, is_error)
        appear(self, bool(words))


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
