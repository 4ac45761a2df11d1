"""One person: what is known of her, what she receives, her accounts, and every change with who, when, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.actions import accounts, people
from app.actions.desk import Desk
from app.domain.errors import Refusal
from app.domain.identity import parse_card_qr
from app.domain.progress import Progress
from app.domain.records import Type, Value, field_of
from app.domain.scans import kind_of_scan, repair_input_method
from app.domain.text import show_amount
from app.store import dossier, history
from app.store.history import Fate, Line
from app.store.opened import Opened
from app.sync import policy
from app.ui.forms.field import Field
from app.ui.forms.text import TextBox
from app.ui.link import Link
from app.ui.moments import show_day, show_time
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, Facts, scroll
from app.ui.parts.tabs import Tab, Tabs
from app.ui.parts.timeline import Day, Dot, Event, Timeline
from app.ui.person_facts import group_words, who
from app.ui.person_pane import PersonPane
from app.ui.record_form import RecordForm
from app.ui.room import Room
from app.ui.theme import Tone
from app.ui.values import show_value
from app.ui.window import Window
from app.words import gettext as _

_SHOWN_OF_AN_ACCOUNT = (
    *("number", "holder", "payee", "payee_name", "payee_relation", "payee_until", "evidence"),
    *("mismatch_reason", "shared_reason"),
)
_TABS = ("profile", "entitlements", "accounts", "history")
_VERDICTS: dict[Fate, tuple[str, str, Tone, Dot]] = {
    Fate.WAITING: ("fate.waiting", "ring", "neutral", "waiting"),
    Fate.APPLIED: ("fate.applied", "tick", "ok", "in_force"),
    Fate.SAME: ("fate.applied", "tick", "ok", "in_force"),
    Fate.REPLACED: ("fate.replaced", "replaced", "neutral", "replaced"),
    Fate.SUPERSEDED: ("fate.replaced", "replaced", "neutral", "replaced"),
    Fate.CONFLICT: ("fate.conflict", "triangle", "bad", "conflict"),
    Fate.REFUSED: ("fate.refused", "cross", "bad", "replaced"),
}


@dataclass(frozen=True)
class Found:
    """All that is hers, read in one view."""

    person: dossier.Person
    lines: Sequence[Line]
    officers: Mapping[str, str]  # id → name, as the centre certified them


def look_up(_progress: Progress, desk: Desk, record: str) -> Found:
    """Read it; Refusal("record.gone") when she is not in the register."""
    with desk.vault.read() as connection:
        person = dossier.person(connection, record)
        if person is None:
            raise Refusal("record.gone")
        held = policy.held_policy(connection)
        members = held.officers if held else {}
        officers = {officer: member.certificate.name for officer, member in members.items()}
        officers[desk.officer.id] = desk.officer.name
        return Found(person, history.history(connection, record), officers)


class PersonFile(Room):
    """The pane of the list stays at the side; tabs hold the rest."""

    section = "people"
    help_page = "ho-so"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._record = ""
        self._found: Found | None = None
        self.notice, self.bar = NoticeSlot(), WorkBar()
        self.tabs = Tabs([Tab(name, _(f"tab.{name}")) for name in _TABS])
        self.tabs.chosen.connect(self._show_tab)
        self.form = RecordForm(desk.clock.today())
        self.reason = Field(_("Why"), TextBox(), hint=_("Stands in her history beside what was changed"))
        self.save = Button(_("Save"), "primary", size="form", on=self._save)
        self.rights, self.accounts = Holder(), Holder()
        self.timeline = Timeline()
        self.pane = PersonPane(window, desk, link)
        self.pages = QStackedWidget()
        foot = row(self.reason, STRETCH, column(22, self.save), gap=16)
        for page in (
            column(scroll(card(self.form)), card(foot), gap=12),
            column(self.rights, STRETCH),
            column(self.accounts, STRETCH),
            scroll(self.timeline),
        ):
            self.pages.addWidget(page)
        work = QWidget()
        inside = QVBoxLayout(work)
        fill(inside, self.tabs, column(self.notice, self.pages, self.bar, gap=12, margins=20))
        inside.setStretch(1, 1)
        body = QHBoxLayout(self)
        fill(body, work, self.pane)
        body.setStretch(0, 1)
        link.changed.connect(self._refresh)

    def enter(self, **arguments: object) -> None:
        """`person` with `tab`, or `add` for somebody new."""
        person, tab = arguments.get("person"), arguments.get("tab")
        self.notice.clear()
        self._record = person if isinstance(person, str) else ""
        self._found = None
        self.pane.setVisible(bool(self._record))
        self.tabs.setVisible(bool(self._record))
        if self._record:
            self.set_head("", back="people")
            self._refresh()
            self.tabs.open(tab if isinstance(tab, str) and tab in _TABS else "profile")
            return
        self.set_head(_("Add a person"), back="people")
        self.form.show_values({"state": "active"}, is_new=True)
        self._show_tab("profile")
        self.form.fields["name"].control.setFocus()

    def take_scan(self, text: str) -> bool:
        """A card fills the form of somebody new."""
        if self._record or kind_of_scan(text) != "card":
            return False
        try:
            found = parse_card_qr(repair_input_method(text))
        except Refusal as refusal:
            self.notice.show_error(refusal)
            return True
        values: dict[str, Value] = {
            "name": found.name,
            "sex": found.sex,
            "birth": found.birth.iso(),
            "personal_id": found.personal_id,
            "old_id": found.old_id,
            "address": found.address,
            "id_issued": found.issued.iso() if found.issued else None,
            "state": "active",
        }
        self.form.show_values(values, is_new=True)
        return True

    def _refresh(self) -> None:
        if self._record:
            work = (self._desk, self._record)
            self.shell.jobs.run(
                self, look_up, *work, title="person", done=self._show, failed=self.notice.show_error
            )

    def _show(self, found: Found) -> None:
        is_typing = self._found is not None and self._is_changed()
        self._found = found
        person = found.person.row
        line = who(person.sex, person.birth, person.hamlet, self._desk.clock.today())
        self.set_head(person.name, line, back="people")
        self.pane.show_person(person)
        if not is_typing:  # a sync never changes a field under the cursor
            self.form.show_values(found.person.opened.values)
        self.rights.put(self._rights(found.person.entitlements))
        self.accounts.put(self._accounts(found.person.accounts))
        told = [line for line in found.lines if _is_told(line)]
        self.timeline.set_days(self._days(told))
        tone: Tone = "bad" if found.person.conflicts else "neutral"
        self.tabs.set_tabs(
            [
                Tab("profile", _("tab.profile")),
                Tab("entitlements", _("tab.entitlements"), len(found.person.entitlements)),
                Tab("accounts", _("tab.accounts"), len(found.person.accounts)),
                Tab("history", _("tab.history"), len(told), tone),
            ]
        )

    def _is_changed(self) -> bool:
        if self._found is None:
            return False
        return bool(self._found.person.opened.edits(self.form.values()))

    def _show_tab(self, name: str) -> None:
        self.pages.setCurrentIndex(_TABS.index(name))

    def _save(self) -> None:
        self.form.clear_errors()
        if not self._record:
            new = (self._desk, self.form.values())
            self.shell.jobs.run(self, _add, *new, lane="write", done=self._added, failed=self._failed)
        elif self._found is not None:
            work = (self._desk, self._found.person.opened, self.form.values(), self.reason.control.value())
            self.shell.jobs.run(self, _change, *work, lane="write", done=self._changed, failed=self._failed)

    def _added(self, record: str) -> None:
        self._link.saved()
        self.shell.go("person", person=record)

    def _changed(self, is_changed: bool) -> None:
        self._found = None
        self.reason.control.set_value("")
        words = _("Saved.") if is_changed else _("Nothing was changed.")
        self.notice.say(words, tone="ok", icon="tick")
        self._link.saved()
        self._refresh()

    def _failed(self, error: Exception) -> None:
        if not self.form.show_error(error):
            self.notice.show_error(error)

    def _rights(self, rights: Sequence[Opened]) -> QWidget:
        if not rights:
            return card(Empty(_("Nothing was decided for her yet."), icon="info"))
        return column(*(self._right(right) for right in rights), gap=12)

    def _right(self, right: Opened) -> QWidget:
        values, reference = right.values, self._desk.reference
        title = group_words((str(values.get("group") or ""),), reference)
        state = Chip(_(f"choice.entitlement.state.{values.get('state') or 'active'}"), "info", "neutral")
        amount = f"{show_amount(int(values.get('amount') or 0))} đ"
        shown = [(_("field.entitlement.amount"), amount)]
        for name in ("coefficient", "since", "until", "decision", "decided"):
            if values.get(name) is not None:
                shown.append((_(f"field.entitlement.{name}"), show_value("entitlement", name, values[name])))
        return card(row(label(title, "card"), STRETCH, state), Facts(shown, label_width=160))

    def _accounts(self, found: Sequence[dossier.Account]) -> QWidget:
        enrol = Button(_("Enrol an account"), "primary", icon="bank", on=self._enrol)
        if not found:
            return card(Empty(_("She has no account yet."), enrol, icon="bank"))
        cards = [self._account(account) for account in found]
        return scroll(column(row(STRETCH, enrol), *cards, STRETCH, gap=12))

    def _account(self, account: dossier.Account) -> QWidget:
        values = account.opened.values
        tones: dict[str, Tone] = {"proposed": "warn", "in_force": "ok"}
        state = Chip(_(f"account.{account.standing}"), "clock", tones.get(account.standing, "neutral"))
        bank = show_value("account", "provider", values.get("provider"), self._desk.reference)
        shown = [
            (_(f"field.account.{name}"), show_value("account", name, values[name], self._desk.reference))
            for name in (
                "number",
                "holder",
                "payee",
                "payee_name",
                "payee_relation",
                "payee_until",
                "evidence",
            )
            if values.get(name) is not None
        ]
        parts: list[QWidget] = [row(label(bank, "card"), STRETCH, state), Facts(shown, label_width=160)]
        proposal = account.proposal
        if account.standing == "proposed" and proposal is not None:
            back = Button(_("Take the proposal back"), "quietbad", on=lambda: self._withdraw(proposal.record))
            parts.append(row(STRETCH, back))
        return card(*parts)

    def _enrol(self) -> None:
        self.shell.go("drive", person=self._record)

    def _withdraw(self, proposal: str) -> None:
        work = (self._desk, proposal)
        self.shell.jobs.run(
            self, _withdraw, *work, lane="write", done=self._changed, failed=self.notice.show_error
        )

    def _days(self, lines: Sequence[Line]) -> list[Day]:
        now = self._desk.clock.now()
        days = groupby(lines, key=lambda line: show_day(line.hand.at, now))
        return [Day(words, [self._event(line) for line in day]) for words, day in days]

    def _event(self, line: Line) -> Event:
        words, icon, tone, dot = _VERDICTS[line.fate]
        known = self._found.officers if self._found else {}
        author = known.get(line.hand.author) or _("another officer")
        why = _(f"reason.{line.hand.reason}")
        why = line.hand.reason if why.startswith("reason.") else why
        reference = self._desk.reference
        return Event(
            f"{line.hand.set_id}/{line.record}/{line.field}",
            show_time(line.hand.at),
            _(f"field.{line.kind}.{line.field.partition('/')[0]}"),
            show_value(line.kind, line.field, line.old, reference),
            show_value(line.kind, line.field, line.new, reference),
            f"{author} · {line.hand.device} · {why}",
            dot,
            (_(words), icon, tone),
        )


def _is_told(line: Line) -> bool:
    """What ties records together says nothing to an officer."""
    field = field_of(line.kind, line.field)
    return field is not None and field.type not in (Type.REF, Type.SEALED) and field.name != "proposer"


def _add(_progress: Progress, desk: Desk, values: dict[str, Value]) -> str:
    filled = {name: value for name, value in values.items() if value is not None}
    return people.add_person(desk, filled, "add")


def _change(_progress: Progress, desk: Desk, opened: Opened, values: dict[str, Value], why: str) -> bool:
    return people.change_record(desk, opened, values, why or "change")


def _withdraw(_progress: Progress, desk: Desk, proposal: str) -> bool:
    accounts.withdraw(desk, proposal, "")
    return True
