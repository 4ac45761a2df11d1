"""The question of the current row and its answers; the line to type another value in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.importing.facts import Answer, Candidate, How, Point, Review, Side
from app.domain.errors import Refusal
from app.ui.forms.text import TextBox
from app.ui.importing.words import candidate_words, kind_words, reasons_words, way_words, why
from app.ui.parts.boxes import STRETCH, column, fill, label, row, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.theme import give, look
from app.words import explain
from app.words import gettext as _

_TYPED = (How.VALUE, How.SKIP)


class Answering(QFrame):
    """`answered(point, Answer)`; `left` when the line was closed without one."""

    answered = Signal(object, object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        give(self, role="sunkfooter")
        self._point: Point | None = None
        self._how = How.VALUE
        self._choices: list[tuple[How, str]] = []
        self._holder = Holder()
        self.box = _Line()
        self.box.setFixedWidth(look().px(280))
        self.box.returnPressed.connect(self._typed)
        self.box.escaped.connect(self._close)
        self._ask = label("", "strong")
        self._enter = Button(_("Write this"), key="Enter", on=self._typed)
        self._fault = label("", "error")
        self.line = row(self._ask, self.box, self._enter, self._fault, STRETCH, gap=10)
        fill(QVBoxLayout(self), self._holder, self.line, gap=6, margins=(14, 8))
        self.line.hide()
        self.hide()

    @property
    def choices(self) -> Sequence[tuple[How, str]]:
        """The answers offered, as the digits choose them."""
        return self._choices

    def show_point(self, review: Review, point: Point | None) -> None:
        """The question of a point; nothing for what was only mended, which is answered in its row."""
        if self.line.isVisible() and point == self._point:
            return
        self._point = point
        self.line.hide()
        is_asked = point is not None and bool(point.ways) and point.side is not Side.MENDED
        self._choices = []
        self._holder.put(self._question(review, point) if is_asked and point is not None else None)
        self.setVisible(is_asked)

    def _question(self, review: Review, point: Point) -> QFrame:
        answer = review.answer(point)
        reason = why(review, point)
        said = reason if reason != kind_words(point.kind) else ""
        if len(point.candidates) == 1:
            said = candidate_words(review.ground, point.candidates[0])
        head = row_layout(label(kind_words(point.kind), "strong"), label(said, "second", wrap=True), gap=10)
        head.setStretch(1, 1)
        people = [self._candidate(review, point, each, answer) for each in point.candidates]
        ways = [how for how in point.ways if not (how is How.SAME and point.candidates)]
        others = [self._button(way_words(point, how), how, "", answer) for how in ways]
        if len(people) == 1:
            return column(head, row(people[0], *others, STRETCH, gap=8), gap=6)
        lines = [
            row(
                button,
                label(candidate_words(review.ground, each)),
                label(reasons_words(each), "third"),
                STRETCH,
            )
            for button, each in zip(people, point.candidates, strict=True)
        ]
        return column(head, *lines, row(*others, STRETCH, gap=8), gap=6)

    def _candidate(self, review: Review, point: Point, one: Candidate, answer: Answer | None) -> Button:
        button = self._button(way_words(point, How.SAME), How.SAME, one.record or one.row, answer)
        button.setAccessibleName(f"{button.text()}: {candidate_words(review.ground, one)}")
        button.setToolTip(reasons_words(one))
        return button

    def _button(self, words: str, how: How, value: str, answer: Answer | None) -> Button:
        """An answer with its digit; the one that was given has a tick."""
        self._choices.append((how, value))
        is_given = answer is not None and answer.how is how and (how is not How.SAME or answer.value == value)
        key = str(len(self._choices))
        given = "tick" if is_given else ""
        return Button(words, key=key, icon=given, size="small", on=partial(self.choose, how, value))

    def choose_digit(self, digit: int) -> None:
        """The answer with this number."""
        if digit <= len(self._choices):
            self.choose(*self._choices[digit - 1])

    def choose(self, how: How, value: str = "") -> None:
        """Give an answer; what needs words opens the line for them first."""
        point = self._point
        if point is None:
            return
        if how in _TYPED:
            self.edit(point, how)
        else:
            self.answered.emit(point, Answer(how, value))

    def edit(self, point: Point, how: How = How.VALUE) -> None:
        """Open the line: another value, or why the row is left out."""
        self._point, self._how = point, how
        is_skipped = how is How.SKIP
        self._ask.setText(_("Why it is left out") if is_skipped else _("Write instead"))
        self.box.setPlaceholderText(_("may stay empty") if is_skipped else "")
        self.box.set_value("" if is_skipped else point.value.removesuffix(" đ") or point.typed)
        self.box.selectAll()
        self._fault.setText("")
        self.line.show()
        self.show()
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, error: Refusal) -> None:
        """What was typed says nothing: say so beside it."""
        self._fault.setText(explain(error).at_field)

    def _typed(self) -> None:
        if self._point is not None:
            self.answered.emit(self._point, Answer(self._how, self.box.value()))

    def close_line(self) -> None:
        """The answer was taken."""
        self.line.hide()
        self.setVisible(self._holder.held is not None)

    def _close(self) -> None:
        self.close_line()
        self.left.emit()


class _Line(TextBox):
    """Escape leaves it without an answer."""

    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)
