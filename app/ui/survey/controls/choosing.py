"""Which control a question gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.dates import PartialDate, read_date, show
from app.survey.views import NodeView
from app.ui.forms.choices import Dropdown
from app.ui.survey.asking import Asking
from app.ui.survey.controls.control import Control
from app.ui.theme import give
from app.words import gettext as _


def control_for(node: NodeView, asking: Asking, clock: Callable[[], date]) -> Control:
    """A list to choose from, or a line."""
    if node.kind in ("select1", "select", "rank"):
        return _List(asking)
    return _Line(clock, is_date=node.type == "date")


class _List(Control):
    def __init__(self, asking: Asking) -> None:
        super().__init__()
        self._asking = asking
        self._offered: list[tuple[str, str]] | None = None
        self.box = Dropdown([], hint="…")
        self.box.activated.connect(self._chosen)
        self.put(self.box)

    def _chosen(self, _place: int) -> None:
        self.answered.emit(self.box.value() or "")

    def boxes(self) -> Sequence[QWidget]:
        """The list."""
        return (self.box,)

    def paint(self, node: NodeView) -> None:
        """Its choices and which one is chosen."""
        offered = [(choice.value, choice.label) for choice in self._asking.choices(node.ref)]
        if offered != self._offered:
            self._offered = offered
            self.box.clear()
            for value, words in offered:
                self.box.addItem(words, value)
        self.box.set_value(node.value or None)

    def said(self, node: NodeView) -> str:
        """The label of what is chosen."""
        offered = {choice.value: choice.label for choice in self._asking.choices(node.ref)}
        return offered.get(node.value, node.value)


class _Line(Control):
    def __init__(self, clock: Callable[[], date], *, is_date: bool) -> None:
        super().__init__()
        self._clock, self._is_date = clock, is_date
        self._is_typing = False
        self.box = QLineEdit()
        give(self.box, fit="form")
        self.box.textEdited.connect(self._edited)
        self.box.editingFinished.connect(self.commit)
        self.put(self.box)

    def boxes(self) -> Sequence[QWidget]:
        """The line."""
        return (self.box,)

    def paint(self, node: NodeView) -> None:
        """Its value, unless something is being typed."""
        if not self._is_typing:
            self.box.setText(self.said(node))
            self.refuse("")

    def said(self, node: NodeView) -> str:
        """As it is typed."""
        held = PartialDate.parse(node.value) if self._is_date and node.value else None
        return show(held) if held else node.value

    @property
    def is_typing(self) -> bool:
        """Whether what stands here is not answered."""
        return self._is_typing

    def _edited(self, _text: str) -> None:
        self._is_typing = True

    def commit(self) -> None:
        """Answer it, or say that it is no day."""
        if not self._is_typing:
            return
        text = self.box.text()
        if self._is_date and text:
            reading = read_date(text, self._clock())
            if reading.value is None or reading.problem or reading.value.day is None:
                self.refuse(_("Not a date. Write day/month/year, or the year alone."))
                return
            text = f"{reading.value.year:04}-{reading.value.month:02}-{reading.value.day:02}"
        self._is_typing = False
        self.refuse("")
        self.answered.emit(text)
