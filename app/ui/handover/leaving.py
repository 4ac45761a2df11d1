"""To another commune: who moves, where to, and the first month that the other commune pays for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions import moving
from app.actions.desk import Desk
from app.actions.moving import Leaving
from app.domain.reasons import Move
from app.domain.text import show_amount
from app.store import queries, search
from app.store.listing import Listing
from app.store.queries import PersonRow
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field
from app.ui.forms.picking import Pick, PickBox
from app.ui.jobs import Jobs
from app.ui.notices import Notice
from app.ui.parts.boxes import STRETCH, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.words import counted, ngettext
from app.words import gettext as _

_FOUND_MOST = 8
_NEXT_MONTH = 1


@dataclass(frozen=True)
class Wish:
    """Whose files are closed, and by which move."""

    people: tuple[str, ...]
    move: Move


class LeavingForm(QFrame):
    """People chosen one after another, the commune by name or code, the month; what follows is said."""

    changed = Signal()

    def __init__(self, jobs: Jobs, desk: Desk) -> None:
        super().__init__()
        self._jobs, self._desk = jobs, desk
        self.people: dict[str, Leaving] = {}
        self.who = Field(
            _("Who moves"), PickBox(self._find_people, hint=_("Name, year, number"), opens_empty=False)
        )
        self.to = Field(
            _("To which commune"), PickBox(self._find_communes, hint=_("Name or code"), opens_empty=False)
        )
        months = moving.months_within_reach(desk)
        answers = [(month, show_month(month)) for month in months]
        self.month = Field(_("It pays from"), Dropdown(answers, months[_NEXT_MONTH]))
        self.chosen, self.consequence = Holder(), Holder()
        self.who.control.changed.connect(self._take_person)
        self.to.control.changed.connect(self._told)
        self.month.control.changed.connect(self._told)
        form = row(self.who, self.to, self.month, gap=12)
        fill(QVBoxLayout(self), form, self.chosen, self.consequence, gap=8)
        self._told()

    def value(self) -> Wish | None:
        """What would be done; None while something is missing."""
        to, month = self.to.control.value(), self.month.control.value()
        going = [one.person for one in self.people.values() if not one.why_not]
        if not going or len(going) < len(self.people) or to is None or month is None:
            return None
        return Wish(tuple(going), Move(to, month))

    def clear(self) -> None:
        """Nobody."""
        self.people = {}
        self.who.control.set_value(None)
        self.to.control.set_value(None)
        self._told()

    def _find_people(self, text: str) -> Sequence[Pick]:
        """At most eight, by the index: what the window may ask while somebody types."""
        if not text.strip():
            return []
        with self._desk.vault.page() as connection:
            found = search.search(
                connection, text, limit=_FOUND_MOST, within=Listing(states=("active", "moved"))
            )
            rows = queries.person_rows(connection, found.nos[:_FOUND_MOST])
        return [
            Pick(row.id, row.name, _note(row))
            for row in rows
            if row is not None and row.id not in self.people
        ]

    def _find_communes(self, text: str) -> Sequence[Pick]:
        own = self._desk.commune.code
        places = self._desk.reference.places
        found = [
            Pick(one.code, one.name, f"{places.province_by_code[one.province].bare_name} · {one.code}")
            for one in places.search_communes(text, limit=_FOUND_MOST)
            if one.code != own
        ]
        typed = text.strip().upper()
        if self._desk.training and typed and typed != own and typed.isalnum():
            found.insert(0, Pick(typed, typed, _("training")))  # invented communes have codes alone
        return found

    def _take_person(self) -> None:
        person = self.who.control.value()
        if person is not None:
            self.who.control.set_value(None)
            self.add(person)

    def add(self, *people: str) -> None:
        """One more, or several."""
        wanted = [*self.people, *people]
        self._jobs.run(self, moving.what_leaves, self._desk, wanted, title="leaving", done=self._show)

    def _show(self, found: Sequence[Leaving]) -> None:
        self.people = {one.person: one for one in found}
        self._told()

    def _drop(self, person: str) -> None:
        self.people.pop(person, None)
        self._told()

    def _told(self) -> None:
        lines = [self._line(one) for one in self.people.values()]
        self.chosen.put(column(*lines, gap=2) if lines else None)
        month = self.month.control.value()
        if self.people and month:
            happened = _("This commune pays up to {last}, the other from {first} on.")
            last = moving.month_before(month)
            rest = _("Their rights end with that month, proposals that wait are taken back, papers go along.")
            told = happened.format(last=show_month(last), first=show_month(month))
            self.consequence.put(Notice(told, rest))
        else:
            self.consequence.put(None)
        self.changed.emit()

    def _line(self, one: Leaving) -> QFrame:
        away = Button(_("Take off"), "link", size="small", on=lambda: self._drop(one.person))
        away.setAccessibleName(_("Take off {name}").format(name=one.name))
        words = label(one.name, "strong")
        return row(words, label(leaving_words(one), "second"), STRETCH, away, gap=12)


def leaving_words(one: Leaving) -> str:
    """What leaves with her, in a few words."""
    if one.why_not:
        return _("her file is closed already, for another reason")
    if one.again:
        return _("moved already: her parcel is asked for once more")
    told = [
        ngettext(
            "{count} right, {amount} đ a month", "{count} rights, {amount} đ a month", one.rights
        ).format(count=one.rights, amount=show_amount(one.monthly))
    ]
    told.append(_("an account in force") if one.has_account else _("no account in force"))
    if one.papers:
        told.append(counted("{count} photo or paper", "{count} photos and papers", one.papers))
    return " · ".join(told)


def show_month(month: str) -> str:
    """`2026-12` as 12/2026."""
    year, _dash, number = month.partition("-")
    return f"{number}/{year}"


def _note(row: PersonRow) -> str:
    told = [str(row.birth.year) if row.birth else "", row.hamlet]
    return " · ".join(each for each in told if each)
