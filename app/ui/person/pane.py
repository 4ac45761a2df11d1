"""The pane beside the list: who she is, what she is paid, where, and the next step."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame, QWidget

from app.actions import people
from app.actions.desk import Desk
from app.domain.identity import mask_personal_id, mask_phone
from app.domain.text import show_amount
from app.store.queries import PersonRow
from app.ui.forms.masked import MaskedValue
from app.ui.link import Link
from app.ui.parts.boxes import STRETCH, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.panes import Empty, Facts, Pane, section
from app.ui.person.facts import ACCOUNT_MARKS, STATE_MARKS, born, group_words, who
from app.ui.window import Window
from app.words import gettext as _


class PersonPane(Pane):
    """Filled off one row; every look at a masked number is audited."""

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        self._file = Button(_("Open the file"), "primary", on=self._open_file)
        self._account = Button(_("Enrol an account"), icon="bank", on=self._open_drive)
        super().__init__(row(self._file, self._account, STRETCH, gap=8, margins=(16, 12), role="footer"))
        self._window, self._desk, self._link = window, desk, link
        self._person: PersonRow | None = None
        self.show_person(None)

    def show_person(self, person: PersonRow | None) -> None:
        """Show her, or nobody."""
        self._person = person
        self._file.setEnabled(person is not None)
        self._account.setEnabled(person is not None and person.state == "active")
        if person is None:
            self.show_parts(section("", Empty(_("Nobody is chosen."), icon="person")))
            return
        parts = (self._head, self._identity, self._paid, self._receives)
        self.show_parts(*(part(person) for part in parts))

    def _head(self, person: PersonRow) -> QFrame:
        icon, tone = STATE_MARKS.get(person.state, ("dash", "neutral"))
        state = Chip(_(f"choice.person.state.{person.state}"), icon, tone)
        chips = [state, Chip(_("Waiting to go"), "ring", "neutral")] if person.is_waiting else [state]
        line = who(person.sex, person.birth, person.hamlet, self._desk.clock.today())
        words = (label(person.name, "pane", wrap=True), label(line, "second", wrap=True))
        return section("", column(*words, 4, row(*chips, STRETCH)))

    def _identity(self, person: PersonRow) -> QFrame:
        personal_id = mask_personal_id(person.personal_id or "")
        facts: list[tuple[str, str | QWidget]] = [
            (_("Personal ID"), self._masked(person, "personal_id", personal_id)),
            (_("Born"), born(person.birth) or _("unknown")),
            (_("Phone"), self._masked(person, "phone", mask_phone(person.phone or ""))),
        ]
        if person.old_id:
            masked = self._masked(person, "old_id", mask_personal_id(person.old_id))
            facts.insert(1, (_("Old number"), masked))
        return section(_("Identity"), Facts(facts))

    def _masked(self, person: PersonRow, field: str, masked: str) -> str | QFrame:
        if not masked:
            return _("none")
        return MaskedValue(masked, reveal=partial(people.reveal, self._desk, "person", person.id, field))

    def _paid(self, person: PersonRow) -> QFrame:
        if not person.groups and not person.amount:
            return section(_("Receives"), label(_("nothing decided"), "second"))
        groups = label(group_words(person.groups, self._desk.reference), "strong", wrap=True)
        amount = label(_("{amount} đ a month").format(amount=show_amount(person.amount)), "strong")
        return section(_("Receives"), column(groups, amount))

    def _receives(self, person: PersonRow) -> QFrame:
        words, icon, tone = ACCOUNT_MARKS.get(person.account, ACCOUNT_MARKS["none"])
        return section(_("Account to be paid into"), row(Chip(_(words), icon, tone), STRETCH))

    def _open_file(self) -> None:
        if self._person is not None:
            self._window.go("person", person=self._person.id)

    def _open_drive(self) -> None:
        if self._person is not None:
            self._window.go("drive", person=self._person.id)
