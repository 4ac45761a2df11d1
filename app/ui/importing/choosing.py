"""The first step: a file, a draft to go on with, an earlier import to take back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.actions.importing.around import Around
from app.actions.importing.facts import Import
from app.store.imports import Past
from app.ui.moments import show_moment
from app.ui.notices import IconLabel, Notice
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row, rule
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, scroll
from app.words import counted
from app.words import gettext as _

_PAST_SHOWN = 12


class Choosing(QFrame):
    """`resumed(digest)`, `given_up(Import)`, `withdrawn(Past)`; the room does what they ask."""

    file_wanted = Signal()
    sync_wanted = Signal()
    resumed = Signal(str)
    given_up = Signal(object)
    withdrawn = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.choose = Button(
            _("Choose a workbook…"), "primary", icon="folder", size="form", on=self.file_wanted.emit
        )
        more = _(
            "Excel (.xlsx, .xls), OpenDocument (.ods) or text (.csv); or drop it here. "
            "The file itself is never changed."
        )
        first = card(Empty(_("Bring in the list you keep."), self.choose, icon="table", more=more), margins=0)
        self._fill, self._lists = Holder(), Holder()
        fill(QVBoxLayout(self), scroll(column(self._fill, first, self._lists, STRETCH, gap=12)))
        self.setFocusProxy(self.choose)

    def show_around(self, around: Around, officer: Callable[[str], str]) -> None:
        """Show what there is; `officer` names the author of an import."""
        self._fill.put(self._fill_first() if around.must_fill else None)
        cards = []
        if around.unfinished:
            lines = [self._draft(kept, is_first=not at) for at, kept in enumerate(around.unfinished)]
            cards.append(_list_card(_("Unfinished"), lines))
        if around.past:
            shown = [self._past(past, around, officer) for past in around.past[:_PAST_SHOWN]]
            cards.append(_list_card(_("Earlier imports"), shown))
        self._lists.put(column(*cards, gap=12) if cards else None)

    def _fill_first(self) -> Notice:
        action = Button(_("Sync now"), icon="sync", size="small", on=self.sync_wanted.emit)
        return Notice(
            _("This machine has joined the commune and does not have its people yet."),
            _("Sync first: importing now would enter people whom the commune already has a second time."),
            tone="warn",
            action=action,
        )

    def _draft(self, kept: Import, *, is_first: bool) -> QFrame:
        go_on = Button(
            _("Continue"),
            "" if is_first else "quiet",
            size="small",
            on=partial(self.resumed.emit, kept.file.digest),
        )
        forget = Button(_("Drop the draft"), "quietbad", size="small", on=partial(self.given_up.emit, kept))
        for button in (go_on, forget):
            button.setAccessibleName(f"{button.text()} {kept.file.name}")
        asks = counted("{count} row still asks", "{count} rows still ask", kept.open)
        said = [asks] if kept.open else [_("waits to be written")]
        if kept.people:
            said.append(counted("{count} person written", "{count} people written", kept.people))
        return _line("table", kept.file.name, " · ".join(said), forget, go_on)

    def _past(self, past: Past, around: Around, officer: Callable[[str], str]) -> QFrame:
        own = around.own.get(past.id)
        name = (
            own.file.name
            if own is not None
            else _("Import by {officer}").format(officer=officer(past.author))
        )
        said = [
            show_moment(past.at),
            officer(past.author),
            counted("{count} person", "{count} people", past.people),
        ]
        if past.is_withdrawn:
            return _line("undo", name, " · ".join(said), Chip(_("Taken back"), "undo", "neutral"))
        back = Button(_("Take back…"), "quietbad", size="small", on=partial(self.withdrawn.emit, past))
        back.setAccessibleName(f"{back.text()} {name}")
        return _line("tick", name, " · ".join(said), back)


def _list_card(title: str, lines: list[QFrame]) -> QFrame:
    parts: list[QWidget] = [row(label(title, "section"), STRETCH, margins=(16, 10))]
    for line in lines:
        parts += [rule(), line]
    return card(*parts, gap=0, margins=0)


def _line(icon: str, name: str, said: str, *ends: QWidget) -> QFrame:
    words = column(label(name, "strong"), label(said, "third"))
    return row(IconLabel(icon, 18, "ink2"), words, STRETCH, *ends, gap=12, margins=(16, 8))
