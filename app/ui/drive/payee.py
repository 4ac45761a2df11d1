"""Who receives: herself, or another by relation, paper and term (her ID card may be scanned)."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions.drive import Entered
from app.domain.dates import PartialDate
from app.domain.identity import CardQr, read_personal_id
from app.domain.phones import read_phone
from app.domain.reference import Reference
from app.ui.forms.choices import Joined
from app.ui.forms.field import Field, Form
from app.ui.forms.text import DateBox, TextBox
from app.ui.parts.boxes import STRETCH, card, fill, label, row_layout
from app.ui.theme import look
from app.words import gettext as _

KINDS = ("self", "guardian", "authorised", "household_head")
_TEXTS = ("payee_name", "payee_relation", "payee_id", "payee_phone", "payee_paper")
_DATES = ("payee_paper_date", "payee_until")


class PayeeForm(QFrame):
    """`changed` when it says something else; a child's payee is not chosen beforehand."""

    changed = Signal()

    def __init__(self, reference: Reference, today: date) -> None:
        super().__init__()
        self._reference, self._today = reference, today
        self.kind = Joined([(kind, _(f"choice.account.payee.{kind}")) for kind in KINDS])
        self.kind.setMinimumWidth(look().px(660))
        self.texts = {name: TextBox() for name in _TEXTS}
        self.dates = {name: DateBox(today) for name in _DATES}
        words = {
            "payee_name": _("Full name"),
            "payee_relation": _("Relation to the beneficiary"),
            "payee_id": _("ID number (or scan her card)"),
            "payee_phone": _("Telephone"),
            "payee_paper": _("Paper: kind and number"),
            "payee_paper_date": _("Date of the paper"),
            "payee_until": _("Valid until"),
        }
        needed = {"payee_name", "payee_relation"}
        controls: dict[str, TextBox | DateBox] = {**self.texts, **self.dates}
        self.form = Form(
            {
                name: Field(words[name], control, required=name in needed)
                for name, control in controls.items()
            },
            columns=4,
        )
        head = row_layout(label(_("Who takes the money"), "driveheading"), 8, self.kind, STRETCH, gap=12)
        fill(QVBoxLayout(self), card(head, self.form, gap=12, margins=(20, 14)))
        self.kind.changed.connect(self._changed)
        for control in controls.values():
            control.changed.connect(self._changed)

    def _changed(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        self.form.setVisible(self.kind.value() not in (None, "self"))

    def present(self, entered: Entered, *, is_grown: bool) -> None:
        """Show what was entered."""
        self.form.clear_errors()
        self.kind.set_value(entered.payee if is_grown or entered.payee != "self" else None)
        for name, box in self.texts.items():
            box.set_value(getattr(entered, name))
        for name, day in self.dates.items():
            said = getattr(entered, name)
            day.set_value(PartialDate.parse(said) if said else None)
        self._show()

    def collect(self, entered: Entered) -> Entered:
        """What stands here; numbers as the register keeps them."""
        texts = {name: box.value() for name, box in self.texts.items()}
        # What is not a number yet stays as typed: a draft keeps it, and `is_complete` does not let it by.
        number, phone = texts["payee_id"], texts["payee_phone"]
        texts["payee_id"] = read_personal_id(number).personal_id or number
        texts["payee_phone"] = read_phone(phone, self._reference).phone or phone
        dates = {name: box.value() for name, box in self.dates.items()}
        said = {name: day.iso() if day else "" for name, day in dates.items()}
        return entered.moved(payee=self.kind.value() or "", **texts, **said)

    def is_another(self) -> bool:
        """Whether somebody else than the beneficiary receives."""
        return self.kind.value() not in (None, "self")

    def take_card(self, card: CardQr) -> None:
        """The payee's own card: name and number stand there."""
        is_lost = "letters_lost" in card.mended
        self.texts["payee_name"].set_value("" if is_lost else card.name)
        self.texts["payee_id"].set_value(card.personal_id)
        self.form.clear_errors()
        if is_lost:
            self.form.fields["payee_name"].set_error(
                _("The scanner lost letters: read the name from the card.")
            )
        self.texts["payee_name" if is_lost else "payee_relation"].setFocus()
        self._changed()

    def is_complete(self) -> bool:
        """Whether enough is said; marks what is missing and puts the cursor there."""
        self.form.clear_errors()
        for name, sentence in self._faults():
            field = self.form.fields[name]
            field.set_error(sentence)
            field.control.setFocus()
            return False
        return True

    def _faults(self) -> list[tuple[str, str]]:
        if not self.is_another():
            return []
        texts = {name: box.value() for name, box in self.texts.items()}
        has_paper = self.kind.value() == "household_head" or texts["payee_paper"]
        personal_id = texts["payee_id"] and not read_personal_id(texts["payee_id"]).personal_id
        phone = texts["payee_phone"] and not read_phone(texts["payee_phone"], self._reference).phone
        until = self.dates["payee_until"].value()
        is_over = until is not None and until.latest() < self._today
        found = [
            ("payee_name", "" if texts["payee_name"] else _("Whose name is it?")),
            ("payee_relation", "" if texts["payee_relation"] else _("How is she related?")),
            ("payee_paper", "" if has_paper else _("A guardian or authorised person shows a paper.")),
            ("payee_id", _("Not twelve digits.") if personal_id else ""),
            ("payee_phone", _("Not a telephone number.") if phone else ""),
            *((name, box.problem()) for name, box in self.dates.items()),
            ("payee_until", _("The paper has expired.") if is_over else ""),
        ]
        return [(name, sentence) for name, sentence in found if sentence]
