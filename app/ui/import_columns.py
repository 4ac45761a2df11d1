"""What the columns of each found table mean: guessed, shown with samples, corrected by the officer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.sheets.proposed import Layout, LayoutColumn
from app.sheets.vocabulary import Meaning
from app.ui.forms.choices import Dropdown
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.holder import Holder
from app.ui.parts.panes import scroll
from app.ui.theme import look
from app.words import gettext as _

_SAMPLES_SHOWN = 3


class ColumnsPage(QFrame):
    """A card a layout, a line a column; `correct(fingerprint, meanings)` when one is changed."""

    def __init__(self, correct: Callable[[str, Sequence[str]], object]) -> None:
        super().__init__()
        self._correct = correct
        self._holder = Holder()
        self.choices: dict[tuple[str, int], Dropdown] = {}
        fill(QVBoxLayout(self), scroll(column(self._holder, STRETCH)))

    def show_layouts(self, layouts: Sequence[Layout]) -> None:
        """Show each layout once, those with unknown columns first."""
        self.choices.clear()
        once = {layout.fingerprint: layout for layout in reversed(layouts)}
        ordered = sorted(once.values(), key=lambda layout: not layout.unknown)
        self._holder.put(column(*map(self._card, ordered), gap=12))

    def _card(self, layout: Layout) -> QFrame:
        words = _("Table on {sheet}, row {row}").format(sheet=layout.sheet, row=layout.top)
        lines = [self._line(layout, place, found) for place, found in enumerate(layout.columns)]
        return card(label(words, "card"), *lines, gap=6)

    def _line(self, layout: Layout, place: int, found: LayoutColumn) -> QFrame:
        meanings = [(meaning.value, _(f"sheets.meaning.{meaning.value}")) for meaning in Meaning]
        choice = Dropdown(meanings)
        choice.set_value(found.meaning.value)
        choice.setFixedWidth(look().px(220))
        choice.setAccessibleName(f"{found.letter} {found.heading}")
        choice.changed.connect(partial(self._changed, layout, place))
        self.choices[layout.fingerprint, place] = choice
        heading = label(f"{found.letter} · {found.heading}", "strong", wrap=True)
        heading.setFixedWidth(look().px(280))
        samples = label(" · ".join(found.samples[:_SAMPLES_SHOWN]), "second")
        return row(heading, choice, samples, STRETCH, gap=12)

    def _changed(self, layout: Layout, place: int) -> None:
        meanings = [found.meaning.value for found in layout.columns]
        meanings[place] = self.choices[layout.fingerprint, place].value() or meanings[place]
        self._correct(layout.fingerprint, meanings)
