"""The tab of her household: who else is in it, whose it is; founding, joining and leaving one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from app.actions import households as acts
from app.actions import people
from app.actions.desk import Desk
from app.domain.dates import age_on
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.text import clean, fold
from app.store import households
from app.store.dossier import Household
from app.store.households import HouseholdLine
from app.store.opened import Opened
from app.store.queries import PersonRow
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.forms.picking import Pick, PickBox
from app.ui.forms.text import TextBox
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty, Facts, scroll
from app.ui.person.editing import Plan, ready_phrases
from app.ui.person.facts import group_words
from app.ui.person.file import File, new_household
from app.ui.person.form import Part, RecordForm
from app.ui.person.tab import PersonTab
from app.ui.theme import look
from app.ui.values import show_value
from app.words import counted
from app.words import gettext as _

_FIELDS = ("code", "head_name", "hamlet", "address", "poverty", "poverty_year", "note")
_SHOWN_MOST = 30
_LAST = 3  # the column of the head


class HouseholdTab(PersonTab):
    """The household's own facts above, its members below."""

    def page(self, file: File) -> QWidget:
        household = file.person.household
        if household is None:
            found = Button(_("Found a household"), icon="home", on=self.found)
            join = Button(_("Join a household"), "primary", icon="people", on=self.join)
            return card(Empty(_("She belongs to no household yet."), join, found, icon="home"))
        return scroll(column(self._facts(household), self._members(household), STRETCH, gap=12))

    def _facts(self, household: Household) -> QWidget:
        values = household.opened.values
        title = _("Household of {head}").format(head=self.file.head or "…")
        change = Button(_("Change"), icon="pencil", size="small", on=lambda: self.change(household))
        leave = Button(_("Leave this household"), "quietbad", size="small", on=self.leave)
        facts: list[tuple[str, str | QWidget]] = [
            (_(f"field.household.{name}"), show_value("household", name, values[name]))
            for name in _FIELDS
            if name != "head_name" and values.get(name) is not None
        ]
        relation = str(self.file.person.opened.values.get("relation") or "–")
        facts.append((_("field.person.relation"), relation))
        return card(row(label(title, "card"), STRETCH, leave, change), Facts(facts, label_width=148))

    def _members(self, household: Household) -> QWidget:
        """Her among them; a name opens that person's file."""
        frame = QFrame()
        grid = QGridLayout(frame)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look().px(20))
        grid.setVerticalSpacing(look().px(8))
        for place, member in enumerate(household.members):
            for at, cell in enumerate(self._line(household, member)):
                side = Qt.AlignmentFlag.AlignRight if at == _LAST else Qt.AlignmentFlag.AlignLeft
                grid.addWidget(cell, place, at, Qt.AlignmentFlag.AlignVCenter | side)
        grid.setColumnStretch(2, 1)
        words = counted(
            "{count} person in the register", "{count} people in the register", len(household.members)
        )
        return card(label(words, "card"), frame)

    def _line(self, household: Household, member: PersonRow) -> list[QWidget]:
        is_she = member.id == self.file.person.row.id
        name: QWidget = label(member.name, "strong")
        if not is_she:
            name = Button(
                member.name, "link", on=lambda: self.window_.go("person", person=member.id, tab="household")
            )
        today = self.desk.clock.today()
        age = _("age {age}").format(age=age_on(member.birth, today)) if member.birth else "–"
        groups = group_words(member.groups, self.desk.reference) or _("nothing decided")
        head: QWidget = label(_("Head"), "caption")
        if household.opened.values.get("head") != member.id:
            head = Button(_("Make head"), "link", on=lambda: self._make_head(household, member))
        return [name, label(age, "second"), label(groups, "second"), head]

    def _make_head(self, household: Household, member: PersonRow) -> None:
        reason = _("New head of the household")
        self.write(people.change_record, household.opened, {"head": member.id}, reason)

    def change(self, household: Household) -> None:
        """The form of the household itself."""
        record = household.opened.record
        plan = Plan(f"household:{record}", _("Save the changes"), people.change_record)
        self.edit(household.opened, self._form, plan)

    def found(self) -> None:
        """A household with her as its first member."""
        person = self.file.person.opened
        known = person.values
        plan = Plan(
            new_household(person.record),
            _("Found this household"),
            lambda desk, _opened, values, why: _found(desk, person, values, why),
            title=_("A new household"),
            asks_always=True,
        )
        editing = self.edit(Opened("household", ""), self._form, plan)
        if new_household(person.record) not in self.file.drafts:
            editing.form.put({name: known.get(name) for name in ("hamlet", "address")})
            editing.form.fields["head_name"].set_hint(_("Empty: she herself is the head"))

    def _form(self, opened: Opened) -> RecordForm:
        fields = [name for name in _FIELDS if name != "head_name" or not opened.values.get("head")]
        return RecordForm(self.desk, opened, [Part("", fields)], hamlets=self.file.hamlets)

    def join(self) -> None:
        """Pick one of the commune's households."""
        self.window_.jobs.run(self, read_households, self.desk, title="households", done=self._ask_which)

    def _ask_which(self, lines: Sequence[HouseholdLine]) -> None:
        joining = _Joining(lines, str(self.file.person.opened.values.get("relation") or ""))
        joining.save.clicked.connect(lambda: self._join(joining))
        joining.back.clicked.connect(self._close)
        self.form.put(joining)
        self.shown.hide()
        joining.which.control.setFocus()

    def _join(self, joining: _Joining) -> None:
        which, reason = joining.which.control.value(), joining.reason.control.value()
        if which is None:
            joining.which.set_error(_("Choose one from the list."))
            return
        if not reason:
            joining.reason.set_error(_("Say why; it stands in her history."))
            return
        relation = clean(joining.relation.control.text())
        self.form.put(None)
        self.shown.show()
        self.write(acts.join_household, self.file.person.opened, which, relation, reason)

    def leave(self) -> None:
        """She no longer belongs to it; the toast takes it back."""
        self.write(acts.join_household, self.file.person.opened, None, "", _("Left the household"))


class _Joining(QFrame):
    """Which household, as whom, and why."""

    def __init__(self, lines: Sequence[HouseholdLine], relation: str) -> None:
        super().__init__()
        box = PickBox(lambda text: find_households(lines, text), hint=_("Name of the head, code or hamlet"))
        self.which = Field(_("field.person.household"), box, required=True)
        self.relation = Field(_("field.person.relation"), TextBox(relation))
        self.reason = Field(_("Why"), Reason(ready_phrases()), required=True)
        self.save = Button(_("Join this household"), "primary", size="form")
        self.back = Button(_("Give up"), "quiet", size="form")
        buttons = row(STRETCH, self.back, self.save, gap=12)
        whole = card(row(self.which, self.relation, gap=20), self.reason, buttons, gap=12)
        fill(QVBoxLayout(self), whole, STRETCH)


def read_households(_progress: Progress, desk: Desk) -> list[HouseholdLine]:
    """Those that stand."""
    with desk.vault.read() as connection:
        return households.households(connection)


def find_households(lines: Sequence[HouseholdLine], text: str) -> list[Pick]:
    """Households whose head, code or hamlet has every word typed."""
    words = fold(text).split()
    picks = []
    for line in lines:
        told = fold(f"{line.head} {line.code} {line.hamlet}")
        if all(word in told for word in words):
            note = " · ".join(part for part in (line.hamlet, line.code) if part)
            picks.append(Pick(line.record, line.head or line.code or line.hamlet, note))
            if len(picks) == _SHOWN_MOST:
                break
    return picks


def _found(desk: Desk, person: Opened, values: Mapping[str, Value], reason: str) -> str:
    filled = {name: value for name, value in values.items() if value is not None}
    return acts.found_household(desk, person, filled, reason)
