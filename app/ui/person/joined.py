"""Records joined to hers: who they said she was, why they were joined, and the way to part them again."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.actions import people
from app.actions.desk import Desk
from app.store.dossier import Joined
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.forms.masked import MaskedValue
from app.ui.parts.boxes import STRETCH, card, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Facts
from app.ui.values import show_value
from app.words import gettext as _

_TOLD = ("name", "birth", "personal_id", "old_id", "phone", "hamlet", "address")
_MASKED = ("personal_id", "old_id", "phone")


class JoinedCard(QFrame):
    """One of them; `parted` with the reason when a second officer shall be asked to part them."""

    parted = Signal(object, str)

    def __init__(self, desk: Desk, joined: Joined) -> None:
        super().__init__()
        self._desk, self._joined = desk, joined
        values = joined.opened.values
        facts: list[tuple[str, str | QWidget]] = [
            (_(f"field.person.{name}"), self._value(name)) for name in _TOLD if values.get(name) is not None
        ]
        facts.append((_("field.alias.why"), str(joined.alias.values.get("why") or "–")))
        name = str(values.get("name") or "")
        title = label(_("Merged from {name}").format(name=name), "section")
        self.part = Button(_("Propose to part them"), icon="undo", size="small", on=self._ask)
        self._asking = Holder()
        whole = card(
            row(title, STRETCH, self.part),
            Facts(facts, label_width=168),
            self._asking,
            gap=8,
            margins=(16, 12),
        )
        fill(QVBoxLayout(self), whole)

    def _value(self, name: str) -> str | QWidget:
        opened = self._joined.opened
        words = show_value("person", name, opened.values[name], self._desk.reference)
        if name not in _MASKED:
            return words
        return MaskedValue(words, partial(people.reveal, self._desk, "person", opened.record, name))

    def _ask(self) -> None:
        self.reason = Field(_("Why they are parted"), Reason([_("Two people, asked both")]), required=True)
        ask = Button(_("Propose to part them"), "primary", size="form", on=self._part)
        back = Button(_("Give up"), "quiet", size="form", on=lambda: self._asking.put(None))
        self._asking.put(card(self.reason, row(STRETCH, back, ask, gap=12), gap=8))
        self.reason.control.setFocus()

    def _part(self) -> None:
        reason = self.reason.control.value()
        if not reason:
            self.reason.set_error(_("Say why; it stands in her history."))
            return
        self._asking.put(None)
        self.parted.emit(self._joined, reason)
