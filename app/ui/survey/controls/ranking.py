"""Choices put in an order: by buttons, by Ctrl+Up and Ctrl+Down, or by the number of the place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.survey.choices import Choice
from app.survey.views import NodeView
from app.ui.parts.boxes import fill, label
from app.ui.parts.buttons import Button
from app.ui.survey.asking import Asking
from app.ui.survey.controls.control import Control
from app.ui.theme import give, look
from app.words import gettext as _

_STEPS = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}


class Ranking(Control):
    """Nothing is answered until somebody moves one, or says that the order is right as it stands."""

    def __init__(self, asking: Asking) -> None:
        super().__init__()
        self._asking = asking
        self._offered: tuple[Choice, ...] = ()
        self._order: list[Choice] = []
        self.rows: list[RankRow] = []
        self._list = give(QFrame(), role="boxed")
        fill(QVBoxLayout(self._list))
        self.keep = Button(_("The order is right as it stands"), icon="tick", size="small", on=self._answer)
        line = QHBoxLayout()
        fill(line, self.keep)
        line.addStretch(1)
        self.put(self._list, line, gap=6)

    def boxes(self) -> Sequence[QWidget]:
        return (self._list,)

    def take_focus(self) -> None:
        if self.rows:
            self.rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def paint(self, node: NodeView) -> None:
        offered = tuple(self._asking.choices(node.ref))
        ranked = {value: place for place, value in enumerate(node.value.split())}
        order = sorted(offered, key=lambda choice: ranked.get(choice.value, len(ranked)))
        if offered != self._offered or order != self._order:
            self._offered, self._order = offered, order
            self._draw()
        for place, row in enumerate(self.rows, 1):
            row.set_place(place, is_ranked=bool(node.value), of=len(self.rows))
        self.keep.setVisible(bool(offered) and not node.value)

    def said(self, node: NodeView) -> str:
        words = {choice.value: choice.label for choice in self._offered}
        values = enumerate(node.value.split(), 1)
        return "\n".join(f"{place}. {words.get(value, value)}" for place, value in values)

    def move_to(self, row: RankRow, place: int) -> None:
        """Put one at a place, from zero."""
        here = self.rows.index(row)
        if not 0 <= place < len(self.rows) or place == here:
            return
        self._order.insert(place, self._order.pop(here))
        self._draw()
        self.rows[place].setFocus(Qt.FocusReason.OtherFocusReason)
        self._answer()

    def _answer(self) -> None:
        self.answered.emit(" ".join(choice.value for choice in self._order))

    def _draw(self) -> None:
        layout = self._list.layout()
        assert isinstance(layout, QVBoxLayout)
        while len(self.rows) > len(self._order):
            gone = self.rows.pop()
            layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        are_more = len(self.rows) < len(self._order)
        while len(self.rows) < len(self._order):
            row = RankRow()
            row.moved.connect(partial(self._moved, row))
            row.placed.connect(partial(self.move_to, row))
            row.went.connect(partial(self._went, row))
            self.rows.append(row)
            layout.addWidget(row)
        if are_more:
            self.keep_in_turn(self.editor)
        for row, choice in zip(self.rows, self._order, strict=True):
            row.show_words(choice.label or choice.value)

    def _moved(self, row: RankRow, step: int) -> None:
        self.move_to(row, self.rows.index(row) + step)

    def _went(self, row: RankRow, step: int) -> None:
        place = self.rows.index(row) + step
        if 0 <= place < len(self.rows):
            self.rows[place].setFocus(Qt.FocusReason.OtherFocusReason)


class RankRow(QFrame):
    """A place and what stands there. `moved(step)`, `placed(place from zero)`, `went(step)`: the keyboard."""

    moved = Signal(int)
    placed = Signal(int)
    went = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._is_last = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(look().px(36))
        self._number, self._words = label("", "strong"), label("", "answer", wrap=True)
        self._number.setMinimumWidth(look().px(24))
        self.up = Button.only_icon("arrow-up", "", bare=True, on=lambda: self.moved.emit(-1))
        self.down = Button.only_icon("arrow-down", "", bare=True, on=lambda: self.moved.emit(1))
        for button in (self.up, self.down):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Ctrl+Up and Ctrl+Down do it from the row
        layout = QHBoxLayout(self)
        fill(layout, self._number, self._words, self.up, self.down, gap=6, margins=(10, 3, 6, 3))
        layout.setStretch(1, 1)

    def show_words(self, words: str) -> None:
        """What stands here."""
        self._words.setText(words)
        for button, name in ((self.up, _("Move up: {words}")), (self.down, _("Move down: {words}"))):
            button.setToolTip(name.format(words=words))
            button.setAccessibleName(name.format(words=words))

    def set_place(self, place: int, *, is_ranked: bool, of: int) -> None:
        """Its number, grey until somebody put them in order."""
        self._number.setText(str(place) if is_ranked else "–")
        give(self._number, tone="accent" if is_ranked else "second")
        self._is_last = place == of
        self.up.setEnabled(place > 1)
        self.down.setEnabled(place < of)
        words = self._words.text()
        self.setAccessibleName(f"{place}. {words}" if is_ranked else words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, typed = _STEPS.get(event.key()), event.text()
        if step is not None:
            (self.moved if event.modifiers() & Qt.KeyboardModifier.ControlModifier else self.went).emit(step)
        elif typed.isdecimal() and typed != "0":
            self.placed.emit(int(typed) - 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), look().colours
        if self.underMouse():
            painter.fillRect(self.rect().adjusted(1, 1, -1, -1), colours.hover)
        if not self._is_last:
            painter.fillRect(QRect(1, self.height() - 1, self.width() - 2, 1), colours.line)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.accent, 2))
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 3, 3)
