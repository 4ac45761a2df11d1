"""A labelled control with its hint or its error, and a form of them.

name = Field(_("Full name"), TextBox(), required=True)
born = Field(_("Date of birth"), DateBox(today))
form = Form({"name": name, "birth": born}, columns=2)
form.show_error(refusal)        # at the field the Refusal names; False when it names none of ours
name.control.text(), born.control.value()
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.errors import Refusal
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, fill, label
from app.ui.theme import give, look
from app.words import explain

Control_co = TypeVar("Control_co", bound=QWidget, covariant=True)


class Field(QFrame, Generic[Control_co]):
    """Label, control, then hint or error; an error has a red outline, an icon and a sentence."""

    def __init__(
        self, words: str, control: Control_co, *, required: bool = False, hint: str = "", note: str = ""
    ) -> None:
        super().__init__()
        self.control = control
        self._hint = hint
        self._error = ""
        self._label = label(words, "label")
        star = label("*" if required else "", "label", tone="bad")
        self._label.setBuddy(control)
        self._note = label(note, "caption")
        self._icon = IconLabel("triangle", 14, "bad")
        self._below = label(hint, "hint", wrap=True)
        if not control.property("fit"):
            give(control, fit="form")
        control.setAccessibleName(words)
        head, foot = QHBoxLayout(), QHBoxLayout()
        fill(head, self._label, star, self._note, STRETCH, gap=4)
        fill(foot, self._icon, self._below, gap=6)
        foot.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        foot.setStretch(1, 1)
        fill(QVBoxLayout(self), head, control, foot, gap=4)
        # Only now: shown without a parent, a star would be a window of its own and take the keyboard away.
        star.setVisible(required)
        self._note.setVisible(bool(note))
        self._show_below()
        self._clear_when_changed(control)

    def _clear_when_changed(self, control: QWidget) -> None:
        """What is being mended is no longer shown as wrong."""
        for name in ("changed", "textEdited"):
            signal = getattr(control, name, None)
            if signal is not None:
                signal.connect(self.clear_error)
                return

    @property
    def error(self) -> str:
        """The sentence under the field, empty when nothing is wrong."""
        return self._error

    def set_error(self, sentence: str) -> None:
        """Say what is wrong, here."""
        self._error = sentence
        give(self.control, error=True)
        self.control.setAccessibleDescription(sentence)
        self._show_below()
        QTimer.singleShot(0, self, self._come_into_view)

    def _come_into_view(self) -> None:
        """Once it is laid out: the sentence may lie below what a pane shows."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            around.ensureWidgetVisible(self)

    def clear_error(self, *_ignored: object) -> None:
        """Back to the hint."""
        if self._error:
            self._error = ""
            give(self.control, error=False)
            self.control.setAccessibleDescription(self._hint)
            self._show_below()

    def set_hint(self, hint: str, tone: str = "") -> None:
        """Other words under the field."""
        self._hint = hint
        give(self._below, tone=tone)
        self._show_below()

    def _show_below(self) -> None:
        self._icon.setVisible(bool(self._error))
        self._below.setVisible(bool(self._error or self._hint))
        give(self._below, type="error" if self._error else "hint")
        self._below.setText(self._error or self._hint)


class Form(QFrame):
    """Fields in a grid, 12 down and 20 across, found by the name that a Refusal gives."""

    def __init__(self, fields: Mapping[str, Field[QWidget]], *, columns: int = 1) -> None:
        super().__init__()
        self.fields = dict(fields)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(look().px(12))
        grid.setHorizontalSpacing(look().px(20))
        if look().factor >= 1.5:
            columns = max(1, columns * 2 // 3)
        for place, field in enumerate(self.fields.values()):
            row, column = divmod(place, columns)
            grid.addWidget(field, row, column, Qt.AlignmentFlag.AlignTop)
        for column in range(columns):
            grid.setColumnStretch(column, 1)

    def show_error(self, error: BaseException) -> bool:
        """Put a Refusal at the field it names and the cursor there; False when it is not ours."""
        field = self.fields.get(error.field or "") if isinstance(error, Refusal) else None
        if field is None:
            return False
        field.set_error(explain(error).at_field)
        field.control.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def clear_errors(self) -> None:
        """Take every error away, before trying again."""
        for field in self.fields.values():
            field.clear_error()
