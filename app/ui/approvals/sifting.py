"""Which proposals the list shows and in which order: two chips above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QMenu

from app.domain.text import sort_key
from app.ui.approvals import wording
from app.ui.approvals.found import Asked, Found
from app.ui.parts.boxes import STRETCH, row_layout
from app.ui.parts.chips import FilterChip
from app.words import gettext as _

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
ORDERS: Mapping[str, Callable[[Asked], Any]] = {
    "oldest": lambda asked: asked.by.at if asked.by else _LONG_AGO,
    "newest": lambda asked: -(asked.by.at.timestamp() if asked.by else 0),
    "name": lambda asked: sort_key(asked.her.name),
    "hamlet": lambda asked: (sort_key(asked.her.hamlet), sort_key(asked.her.name)),
}


@dataclass(frozen=True)
class Sieve:
    """Chosen by the chips; empty lets everything through. `only`: cautions, unseen."""

    only: str = ""
    author: str = ""
    hamlet: str = ""
    order: str = "oldest"

    def sifted(self, asked: Sequence[Asked], seen: Sequence[str]) -> list[Asked]:
        """Those that are let through, in order."""
        through = [
            each
            for each in asked
            if (self.only != "cautions" or each.cautions)
            and (self.only != "unseen" or each.record not in seen)
            and self.author in ("", each.author)
            and self.hamlet in ("", each.her.hamlet)
        ]
        return sorted(through, key=ORDERS[self.order])


class Sifting(QFrame):
    """`changed` when another sieve was chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sieve = Sieve()
        self._found: Found | None = None
        self.filter, self.order = FilterChip(_("Filter")), FilterChip(_("Order"))
        self.filter.opened.connect(lambda: self._open(self.filter, self._filters()))
        self.filter.cleared.connect(lambda: self.choose(Sieve(order=self.sieve.order)))
        self.order.opened.connect(lambda: self._open(self.order, self._orders()))
        self.order.cleared.connect(lambda: self.choose(replace(self.sieve, order="oldest")))
        self.setLayout(row_layout(self.filter, self.order, STRETCH, margins=(12, 8)))

    def know(self, found: Found) -> None:
        """Offer the authors and hamlets that there are."""
        self._found = found

    def choose(self, sieve: Sieve) -> None:
        """Let these through from now on."""
        self.sieve = sieve
        self.filter.set_value(self._words())
        self.order.set_value("" if sieve.order == "oldest" else self._orders_words()[sieve.order])
        self.changed.emit()

    def _words(self) -> str:
        sieve = self.sieve
        if sieve.only:
            return self._only_words()[sieve.only]
        if sieve.author and self._found:
            return self._found.names.officer(sieve.author)
        return sieve.hamlet

    @staticmethod
    def _only_words() -> dict[str, str]:
        return {"cautions": _("With cautions"), "unseen": _("Not opened yet")}

    @staticmethod
    def _orders_words() -> dict[str, str]:
        return {
            "oldest": _("Longest waiting"),
            "newest": _("Newest"),
            "name": _("Name"),
            "hamlet": _("Hamlet"),
        }

    def _filters(self) -> list[tuple[str, Sieve]]:
        order = self.sieve.order
        asked = self._found.asked if self._found else ()
        names = self._found.names if self._found else None
        ways = [(words, Sieve(only=only, order=order)) for only, words in self._only_words().items()]
        authors = sorted({each.author for each in asked if each.author})
        if names is not None:
            ways += [(names.officer(each), Sieve(author=each, order=order)) for each in authors]
        hamlets = sorted({each.her.hamlet for each in asked if each.her.hamlet}, key=sort_key)
        return [*ways, *((hamlet, Sieve(hamlet=hamlet, order=order)) for hamlet in hamlets)]

    def _orders(self) -> list[tuple[str, Sieve]]:
        return [(words, replace(self.sieve, order=order)) for order, words in self._orders_words().items()]

    def _open(self, chip: FilterChip, ways: Sequence[tuple[str, Sieve]]) -> None:
        menu = QMenu(chip)
        for words, sieve in ways:
            action = menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, sieve=sieve: self.choose(sieve))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height() + 4)))


def line_words(asked: Asked, found: Found) -> str:
    """`từ 21/11 · Quàng Văn Thương`."""
    since = _("since {moment}").format(moment=wording.day_words(asked.by.at)) if asked.by else ""
    return " · ".join(
        part for part in (since, found.names.officer(asked.author) if asked.author else "") if part
    )
