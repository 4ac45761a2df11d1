"""A new person: typed or scanned from her card, with her group at once; likely doubles stand beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.actions import people
from app.actions.cards import card_values
from app.actions.desk import Desk
from app.domain.dates import PartialDate
from app.domain.identity import CardQr, mask_personal_id, parse_card_qr
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import drafts, likeness, queries
from app.store.likeness import Facts
from app.store.listing import Listing
from app.store.opened import Opened
from app.store.queries import PersonRow
from app.ui.parts.boxes import STRETCH, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty, Pane, section
from app.ui.person.amount import AmountProposed
from app.ui.person.draft import Kept, read_kept
from app.ui.person.editing import Editing, Plan
from app.ui.person.facts import who
from app.ui.person.file import hamlets_of
from app.ui.person.form import Part, RecordForm
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

SUBJECT = "person:new"
_LOOK_MS = 250
_SHOWN_MOST = 5
_PANE, _PANE_LARGE = 312, 256
_PERSON = ("name", "sex", "birth", "personal_id", "old_id", "phone", "hamlet", "address", "ethnicity")
_RIGHT = ("group", "coefficient", "amount", "since", "decision", "decided")


@dataclass(frozen=True)
class Beginning:
    """What the form needs to begin: hamlets to pick from, and what was typed before."""

    hamlets: tuple[str, ...]
    kept: Kept | None


@dataclass(frozen=True)
class Alike:
    """Somebody in the register whom the new one could be, and why."""

    person: PersonRow
    reasons: tuple[str, ...]


def read_beginning(_progress: Progress, desk: Desk) -> Beginning:
    """Hamlets and the draft."""
    with desk.vault.read() as connection:
        return Beginning(
            hamlets_of(queries.counts(connection, Listing()).hamlets),
            read_kept(drafts.kept(connection, SUBJECT)),
        )


def look_alike(_progress: Progress, desk: Desk, facts: Facts) -> list[Alike]:
    """The likeliest few."""
    with desk.vault.read() as connection:
        found = likeness.like(connection, facts)[:_SHOWN_MOST]
        rows = queries.person_rows(connection, [each.no for each in found])
    pairs = zip(found, rows, strict=True)
    return [Alike(person, each.reasons) for each, person in pairs if person is not None]


class Adding(QFrame):
    """The form at the left, people alike at the right."""

    added = Signal(str)
    given_up = Signal()

    def __init__(self, window: Window, desk: Desk, beginning: Beginning) -> None:
        super().__init__()
        self._window, self._desk = window, desk
        self._record = ""
        self._asked = 0
        self.form = _PersonForm(desk, beginning.hamlets)
        plan = Plan(SUBJECT, _("Add this person"), self._add, _reasons())
        self.editing = Editing(window, desk, self.form, plan, beginning.kept)
        self.editing.saved.connect(lambda _set: self.added.emit(self._record))
        self.editing.given_up.connect(self.given_up)
        self.pane = Pane(width=_PANE if look().factor < 1.5 else _PANE_LARGE)
        self.alike: Sequence[Alike] = ()
        self._timer = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.form.changed.connect(self._timer.start)
        margin = QVBoxLayout()
        fill(margin, self.editing, margins=20)
        layout = QHBoxLayout(self)
        fill(layout, margin, self.pane)
        layout.setStretch(0, 1)
        self._show_alike([])
        if beginning.kept is not None:
            self._timer.start()

    def take_card(self, scanned: str) -> None:
        """Fill the form by her card. Refusals of `parse_card_qr`."""
        card: CardQr = parse_card_qr(scanned)
        self.form.put(card_values(card))
        if "letters_lost" in card.mended:
            words = _("The scanner lost the letters of her name: type it from the card.")
            self.editing.notice.say(words, tone="warn")
            self.form.fields["name"].control.setFocus()
            return
        self.editing.notice.clear()
        self.form.fields["hamlet"].control.setFocus()

    def _add(self, desk: Desk, _opened: Opened, values: Mapping[str, Value], reason: str) -> None:
        """On the writing lane; the values hold her own fields and those of her first right."""
        own = {name: value for name, value in values.items() if name in _PERSON and value is not None}
        right = {name: value for name, value in values.items() if name in _RIGHT and value is not None}
        has_right = bool(right.get("group"))
        self._record = people.add_person(desk, own, reason or "add", right if has_right else None)

    def _facts(self) -> Facts:
        now = self.form.moved()
        birth = now.get("birth")
        return Facts(
            str(now.get("name") or ""),
            PartialDate.parse(str(birth)) if birth else None,
            _text(now.get("sex")),
            _text(now.get("personal_id")),
            _text(now.get("old_id")),
            _text(now.get("phone")),
            _text(now.get("hamlet")),
        )

    def _look(self) -> None:
        facts = self._facts()
        self._asked += 1
        number = self._asked
        if not (facts.name and facts.birth) and not facts.personal_id and not facts.old_id:
            self._show_alike([])
            return
        self._window.jobs.run(
            self,
            look_alike,
            self._desk,
            facts,
            done=lambda found: self._show_alike(found) if number == self._asked else None,
        )

    def _show_alike(self, found: Sequence[Alike]) -> None:
        self.alike = found
        self.editing.ask_why(bool(found))
        if not found:
            empty = Empty(
                _("Nobody in the register is like her so far."),
                icon="people",
                more=_("Whoever could be the same person appears here while you type."),
            )
            self.pane.show_parts(section("", empty, margins=(0, 0)))
            self.editing.save.setText(_("Add this person"))
            return
        title = label(_("Could be she"), "card")
        self.pane.show_parts(section("", title), *(self._card(each) for each in found))
        self.editing.save.setText(_("Add her all the same"))

    def _card(self, alike: Alike) -> QFrame:
        person = alike.person
        line = who(person.sex, person.birth, person.hamlet, self._desk.clock.today())
        number = mask_personal_id(person.personal_id or "")
        reasons = ". ".join(_(f"likeness.{reason}") for reason in alike.reasons)
        go = Button(_("Open her instead"), "", size="small", on=partial(self._open, person.id))
        lines = [label(person.name, "strong", wrap=True), label(line, "second", wrap=True)]
        if number:
            lines.append(label(number, "second"))
        return section("", *lines, label(reasons, tone="warn", wrap=True), row(go, STRETCH), gap=4)

    def _open(self, record: str) -> None:
        self._window.go("person", person=record)


class _PersonForm(RecordForm):
    """A person's form with that of her first right below; read, kept and restored as one."""

    def __init__(self, desk: Desk, hamlets: Sequence[str]) -> None:
        self._right = RecordForm(desk, Opened("entitlement", ""), [Part("", _RIGHT)])
        AmountProposed(self._right, desk)
        super().__init__(
            desk, Opened("person", ""), [Part(_("Who she is"), _PERSON)], hamlets=hamlets, required=("name",)
        )
        layout = self.layout()
        assert layout is not None
        layout.addWidget(column(label(_("What she receives (may be left empty)"), "section"), 8, self._right))
        self._right.changed.connect(self.changed)

    def read(self) -> dict[str, Value] | None:
        own, right = super().read(), self._right.read()
        return None if own is None or right is None else own | right

    @property
    def is_touched(self) -> bool:
        return super().is_touched or self._right.is_touched

    @property
    def is_guarded(self) -> bool:
        """Somebody new overwrites nothing that others answer for."""
        return False

    def show_error(self, error: BaseException) -> bool:
        return super().show_error(error) or self._right.show_error(error)

    def draft(self) -> dict[str, object]:
        return super().draft() | {f"right/{name}": typed for name, typed in self._right.draft().items()}

    def restore(self, draft: Mapping[str, object]) -> None:
        prefix = "right/"
        self._right.restore({n.removeprefix(prefix): t for n, t in draft.items() if n.startswith(prefix)})
        super().restore({name: typed for name, typed in draft.items() if not name.startswith(prefix)})


def _reasons() -> list[str]:
    phrases = [_("New decision"), _("Moved here"), _("Missing from the list")]
    return phrases if look().factor < 1.5 else phrases[:2]


def _text(value: Value) -> str | None:
    return str(value) if value else None
