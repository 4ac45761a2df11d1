"""Filter chips with menus of values and counts: what a list is narrowed by, as words.

bar = FilterBar({"hamlets": Filter(_("Hamlet"), show_hamlet)})
bar.set_counts({"hamlets": facets}); bar.changed.connect(lambda chosen: …)   # {"hamlets": ("Bản Nà Lụa",)}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QMenu

from app.domain.text import show_amount
from app.store.queries import Facet
from app.ui.parts.boxes import row_layout
from app.ui.parts.chips import FilterChip

Chosen = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Filter:
    """A chip: its name, and how a value is said."""

    words: str
    show: Callable[[str], str]


class FilterBar(QFrame):
    """Chips side by side; values of one chip widen, chips narrow."""

    changed = Signal(object)

    def __init__(self, filters: Mapping[str, Filter]) -> None:
        super().__init__()
        self._filters = filters
        self._facets: Mapping[str, Sequence[Facet]] = {}
        self._chosen: Chosen = dict.fromkeys(filters, ())
        self.chips = {name: FilterChip(found.words) for name, found in filters.items()}
        for name, chip in self.chips.items():
            chip.opened.connect(partial(self._open_menu, name))
            chip.cleared.connect(partial(self._choose, name, ()))
        self.setLayout(row_layout(*self.chips.values(), gap=8))

    def set_counts(self, facets: Mapping[str, Sequence[Facet]]) -> None:
        """What each menu offers, with how many people it would leave."""
        self._facets = facets

    def set_chosen(self, chosen: Mapping[str, tuple[str, ...]]) -> None:
        """Choose these and nothing else, without telling."""
        self._chosen = {name: chosen.get(name, ()) for name in self._filters}
        for name in self._filters:
            self._say(name)

    def clear_last(self) -> None:
        """Backspace in the empty search box drops the last chip that is on."""
        on = [name for name, values in self._chosen.items() if values]
        if on:
            self._choose(on[-1], ())

    def clear_all(self) -> None:
        """Drop every filter."""
        self.set_chosen({})
        self.changed.emit(dict(self._chosen))

    def _open_menu(self, name: str) -> None:
        chip = self.chips[name]
        menu = QMenu(chip)
        for facet in self._facets.get(name, ()):
            words = f"{self._filters[name].show(facet.value)}\t{show_amount(facet.people)}"
            action = menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(facet.value in self._chosen[name])
            action.triggered.connect(partial(self._toggle, name, facet.value))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))

    def _toggle(self, name: str, value: str, is_on: bool) -> None:
        kept = tuple(other for other in self._chosen[name] if other != value)
        self._choose(name, (*kept, value) if is_on else kept)

    def _choose(self, name: str, values: tuple[str, ...]) -> None:
        self._chosen[name] = values
        self._say(name)
        self.changed.emit(dict(self._chosen))

    def _say(self, name: str) -> None:
        values = self._chosen[name]
        show = self._filters[name].show
        first = show(values[0]) if values else ""
        self.chips[name].set_value(f"{first} +{len(values) - 1}" if len(values) > 1 else first)
