"""Officers and laptops: who they are, whose key is certified; who comes, who leaves, who may try again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.actions import exchange, officers
from app.actions.desk import Desk
from app.actions.officers import WAITING, Colleague, Machine, Office, Wish
from app.domain.errors import Refusal
from app.domain.roles import OFFICERS
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field, Form
from app.ui.forms.password import PasswordBox
from app.ui.forms.text import TextBox
from app.ui.link import Link
from app.ui.notices import Notice, NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.proving import ProofDialog
from app.ui.settings.appointing import Appointing
from app.ui.settings.columns import machine_columns, officer_columns
from app.ui.tables.columns import Column
from app.ui.tables.table import Table
from app.ui.window import Window
from app.words import gettext as _

_ROW = 32


class OfficersPage(QFrame):
    """Two lists, what is told of them, and what may be done with the officer that is chosen."""

    changed = Signal()

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__()
        self._window, self._desk, self._link = window, desk, link
        self._office: Office | None = None
        self._lines: dict[str, Colleague | Machine] = {}
        self.notice, self.bar, self.weak = NoticeSlot(), WorkBar(), Holder()
        self.count = label("", "second")
        self.add_button = Button(_("Add an officer"), icon="plus", on=self._open_form)
        self.officers, self.machines = self._table(officer_columns()), self._table(machine_columns())
        self.officers.followed.connect(lambda _id: self._show_chosen())
        self.form, self.certifying = Holder(), Holder()
        title = label(_("Officers"), "card")
        head = row(title, self.count, STRETCH, self.add_button, gap=8, margins=(16, 10))
        people = column(head, self.officers, role="card")
        laptops = column(
            row(label(_("Laptops"), "card"), STRETCH, margins=(16, 10)), self.machines, role="card"
        )
        self.chosen = label("", "strong")
        self.again = Button(_("Let her try again"), icon="undo", on=self._forgive)
        self.leave = Button(_("Take her leave here"), "danger", on=self._dismiss)
        self.roles = Button(_("Change roles"), icon="pencil", on=self._open_roles)
        foot = row(self.chosen, STRETCH, self.again, self.leave, self.roles, gap=12)
        self.setLayout(
            column_layout(
                self.notice, self.certifying, people, self.form, foot, self.bar, laptops, self.weak, gap=12
            )
        )
        if not officers.may_keep(desk):
            self.add_button.forbid(_("Your role does not see to officers."))

    def refresh(self) -> None:
        """Read again."""
        self._window.jobs.run(self, officers.look_up, self._desk, title="officers", done=self._show)

    def _show(self, office: Office) -> None:
        self._office = office
        self.count.setText(_("{count} known").format(count=len(office.officers)))
        self._lines = {one.id: one for one in office.officers} | {one.id: one for one in office.machines}
        for table, lines in ((self.officers, office.officers), (self.machines, office.machines)):
            table.set_ids([line.id for line in lines])
            head = table.horizontalHeader().sizeHint().height()
            table.setFixedHeight(head + table.row_height * max(len(lines), 1) + 1)
        own = next((one for one in office.officers if one.id == self._desk.officer.id), None)
        self.certifying.put(self._certify_card() if own and own.key == WAITING else None)
        is_weak = any(machine.is_weak for machine in office.machines)
        self.weak.put(_weak_notice() if is_weak else None)
        self._show_chosen()

    def _table(self, columns: Sequence[Column]) -> Table:
        return Table(columns, fetch=lambda ids: [self._lines.get(one) for one in ids], row_height=_ROW)

    @property
    def _chosen(self) -> Colleague | None:
        key = self.officers.current_id
        known = self._office.officers if self._office else ()
        return next((one for one in known if one.id == key), None)

    def _show_chosen(self) -> None:
        one = self._chosen
        self.chosen.setText(one.name if one else "")
        is_other = one is not None and one.is_here and one.id != self._desk.officer.id
        for button, may in ((self.leave, is_other), (self.again, is_other and bool(one and one.wrong))):
            button.setEnabled(may and officers.may_keep(self._desk))
        self.roles.setEnabled(one is not None and officers.may_keep(self._desk))

    def _open_form(self) -> None:
        self.name = Field(_("Full name"), TextBox(), required=True)
        roles = [(role, _(f"role.{role}")) for role in OFFICERS]
        self.role = Field(_("Role"), Dropdown(roles), hint=_("The centre certifies it."))
        hint = _("She types it herself; 8 characters or more")
        self.password = Field(_("Her first password"), PasswordBox(), required=True, hint=hint)
        self.once_more = Field(_("Password once more"), PasswordBox(), required=True)
        self.role.control.set_value("officer")
        fields = {"name": self.name, "role": self.role, "password": self.password, "again": self.once_more}
        self.fields = Form(fields, columns=2)
        buttons = row(
            STRETCH,
            Button(_("Cancel"), on=lambda: self.form.put(None)),
            Button(_("Add her"), "primary", icon="plus", on=self._add),
            gap=8,
        )
        self.form.put(card(label(_("A new officer at this laptop"), "card"), self.fields, buttons, gap=12))
        self.name.control.setFocus()

    def _add(self) -> None:
        self.fields.clear_errors()
        if self.password.control.value() != self.once_more.control.value():
            self.fields.show_error(Refusal("password.differs", field="again"))
            return
        name, role = self.name.control.text(), self.role.control.value() or "officer"
        typed = (name, role, self.password.control.value())
        said = _("{name} can come in here now. What she writes waits until the centre certifies her key.")

        def added(_id: object) -> None:
            self.form.put(None)
            self.notice.say(said.replace("{name}", name), tone="ok", icon="tick")

        self._prove(_("Add an officer"), officers.add, typed, added)

    def _dismiss(self) -> None:
        one = self._chosen
        if one is None:
            return
        said = _("{name} no longer comes in here; the register has another key.").replace("{name}", one.name)
        rest = _("Tell the province too, so that what she signs elsewhere is refused.")
        why = _("Take {name}'s leave from this laptop").replace("{name}", one.name)
        done = lambda _none: self.notice.say(said, rest, tone="ok", icon="tick")  # noqa: E731
        self._prove(why, officers.dismiss, (one.id,), done)

    def _open_roles(self) -> None:
        one = self._chosen
        if one is not None:
            shown = lambda hamlets: self._show_roles(one, hamlets)  # noqa: E731
            self._window.jobs.run(self, officers.known_hamlets, self._desk, title="hamlets", done=shown)

    def _show_roles(self, one: Colleague, hamlets: Sequence[str]) -> None:
        made = Appointing(one, hamlets, self._desk.clock.today())
        made.given_up.connect(lambda: self.form.put(None))
        made.wanted.connect(lambda wish: self._appoint(one, wish))
        self.fields = made.form
        self.form.put(made)
        made.roles.setFocus()

    def _appoint(self, one: Colleague, wish: Wish) -> None:
        def done(counts: bool) -> None:
            self.form.put(None)
            said, rest = _("{name} has other roles now."), ""
            if not counts:
                said = _("The centre is asked about {name}'s roles.")
                rest = _("It goes with the next sync or stick; until the answer is here her roles stay.")
            self.notice.say(said.replace("{name}", one.name), rest, tone="ok", icon="tick")
            self._link.saved()

        why = _("Change the roles of {name}").replace("{name}", one.name)
        self._prove(why, officers.appoint, (one.id, wish), done)

    def _forgive(self) -> None:
        one = self._chosen
        if one is None:
            return
        said = _("{name} may try her password again.").replace("{name}", one.name)
        done = lambda _none: self.notice.say(said, tone="ok", icon="tick")  # noqa: E731
        self._prove(_("Let her try again"), officers.forgive, (one.id,), done)

    def _prove(
        self, why: str, work: Callable[..., Any], typed: Sequence[Any], done: Callable[[Any], object]
    ) -> None:
        def ended(found: Any) -> None:
            done(found)
            self.refresh()
            self.changed.emit()

        def proved() -> None:
            proof = self._desk.prove.latest
            self._window.jobs.run(
                self,
                work,
                self._desk,
                proof,
                *typed,
                lane="write",
                title=why,
                done=ended,
                failed=self._failed,
                bar=self.bar,
            )

        ProofDialog(self._window, self._desk.prove, why, proved).open()

    def _failed(self, error: Exception) -> None:
        if self.form.held is None or not self.fields.show_error(error):
            self.notice.show_error(error)

    def _certify_card(self) -> QFrame:
        self.code = Field(
            _("Code from the province"), TextBox(), hint=_("Given to you in person, for your key alone")
        )
        words = _("Your signing key waits for the centre; what you save is kept and goes once it is known.")
        go = Button(_("Have my key certified"), "primary", icon="key", on=self._certify)
        return card(label(words, wrap=True), self.code, row(go, STRETCH), gap=10)

    def _certify(self) -> None:
        self._window.jobs.run(
            self,
            exchange.certify_key,
            self._desk,
            self.code.control.text(),
            lane="net",
            done=self._certified,
            failed=self.notice.show_error,
            bar=self.bar,
        )

    def _certified(self, _none: object) -> None:
        said = _("Your key is certified. What waited goes at the next sync.")
        self.notice.say(said, tone="ok", icon="tick")
        self.refresh()
        self.changed.emit()


def _weak_notice() -> Notice:
    more = _(
        "The register is encrypted and asks for a password all the same; who copies the whole disk can try "
        "passwords without end. Turn on full-disk encryption."
    )
    return Notice(_("This laptop keeps its own secret in a plain file."), more, tone="warn")
