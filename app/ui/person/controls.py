"""Controls that only a record's form has: numbers behind their mask, ticks, a hamlet old or new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout

from app.domain.errors import Refusal, Trouble
from app.domain.text import clean, fold, read_coefficient
from app.ui.forms.picking import Pick, PickBox
from app.ui.forms.text import TextBox
from app.ui.parts.boxes import fill
from app.ui.parts.buttons import Button
from app.ui.proving import asking
from app.ui.theme import give, look
from app.words import gettext as _

_SHOWN_MOST = 30


class NumberBox(QFrame):
    """A number that stays masked until somebody is about to change it; that look is audited like any.

    `read` makes a typed number what the register holds, or gives a sentence that says what is wrong.
    """

    changed = Signal()

    def __init__(
        self,
        value: str,
        masked: str,
        reveal: Callable[[], str] | None,
        read: Callable[[str], tuple[str | None, str]],
    ) -> None:
        super().__init__()
        self._kept, self._reveal, self._read = value, reveal, read
        self.box = TextBox(masked if reveal else value)
        self._open = Button(_("Change"), "link", icon="pencil", on=self.open)
        give(self, fit="form")
        self.box.changed.connect(self.changed)
        layout = QHBoxLayout(self)
        fill(layout, self.box, self._open, gap=8)
        layout.setStretch(0, 1)
        self.setFocusProxy(self.box)
        self._cover(reveal is not None)

    @property
    def is_masked(self) -> bool:
        """Whether the number was not asked for."""
        return self._reveal is not None

    def open(self) -> None:
        """Show the number, to be changed; the look goes into the audit."""
        if self._reveal is None:
            return
        try:
            self._kept = self._reveal()
        except (Refusal, Trouble) as error:
            # Any other is of a record gone meanwhile: saving says so.
            asking(self, _("Show the number"), again=self.open, otherwise=lambda _gone: None)(error)
            return
        self._reveal = None
        self._cover(False)
        self.box.set_value(self._kept)
        self.box.setFocus()

    def _cover(self, masked: bool) -> None:
        self.box.set_plain(masked)
        self._open.setVisible(masked)

    def value(self) -> str | None:
        """The number as the register holds it; what was never shown stays as it was."""
        return self._kept if self.is_masked else self._read(self.box.text())[0]

    def problem(self) -> str:
        """A sentence when what was typed is no such number."""
        return "" if self.is_masked else self._read(self.box.text())[1]

    def set_value(self, value: str) -> None:
        """Put a number there, in the clear: it was typed or scanned just now."""
        self._reveal = None
        self._cover(False)
        self.box.set_value(value)


class Ticks(QFrame):
    """A few things that may hold together; by member of the field."""

    changed = Signal()

    def __init__(self, answers: Sequence[tuple[str, str]], ticked: Mapping[str, bool]) -> None:
        super().__init__()
        self.boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, look().px(6), 0, 0)
        grid.setHorizontalSpacing(look().px(20))
        grid.setVerticalSpacing(look().px(6))
        for place, (key, words) in enumerate(answers):
            box = QCheckBox(words)
            box.setChecked(ticked.get(key, False))
            box.toggled.connect(lambda _on: self.changed.emit())
            self.boxes[key] = box
            grid.addWidget(box, place, 0)
        self.setFocusProxy(next(iter(self.boxes.values())))

    def value(self) -> dict[str, bool]:
        """What is ticked, every member named."""
        return {key: box.isChecked() for key, box in self.boxes.items()}

    def set_value(self, ticked: Mapping[str, bool]) -> None:
        """Tick these."""
        for key, box in self.boxes.items():
            box.setChecked(bool(ticked.get(key)))


class OpenPick(PickBox):
    """A picker whose list only helps: what is typed and not in it is taken as written."""

    def __init__(self, known: Sequence[str], value: str = "", *, hint: str = "") -> None:
        self._known = known
        super().__init__(self._find, hint=hint)
        self.put(value)

    def _find(self, text: str) -> list[Pick]:
        sought = fold(text)
        found = [Pick(words, words) for words in self._known if sought in fold(words)][:_SHOWN_MOST]
        typed = clean(text)
        if typed and all(pick.words != typed for pick in found):
            found.append(Pick(typed, typed, _("new")))
        return found

    def words(self) -> str:
        """What stands there, taken from the list or not."""
        return clean(self.text())

    def put(self, value: str) -> None:
        """Show this."""
        self.set_value(Pick(value, value) if value else None)


class WholeBox(TextBox):
    """A whole number, or nothing."""

    def problem(self) -> str:
        """A sentence when what was typed is no whole number."""
        typed = self.value()
        return "" if not typed or typed.isdecimal() else _("A whole number, such as 2026.")


class CoefficientBox(TextBox):
    """`1,5` as offices write it, `1.5` as the register holds it."""

    def __init__(self, coefficient: str = "") -> None:
        super().__init__(show_coefficient(coefficient))

    def value(self) -> str:
        """The coefficient; empty when nothing readable was typed (`problem` tells which)."""
        return read_coefficient(self.text()) or ""

    def problem(self) -> str:
        """A sentence when what was typed is no coefficient."""
        return "" if not self.text().strip() or self.value() else _("A coefficient, such as 1,5.")

    def set_value(self, text: str) -> None:
        """Show a coefficient of the register."""
        super().set_value(show_coefficient(text))


def show_coefficient(coefficient: str) -> str:
    """`1,5`, and `1` for `1.0`."""
    return coefficient.removesuffix(".0").replace(".", ",")
