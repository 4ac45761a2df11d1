"""Step 1: her identity card. Found, or asked about, or entered as somebody new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.actions.cards import Difference, Met
from app.domain.identity import CardQr, mask_personal_id
from app.domain.records import Value
from app.domain.text import fold
from app.store.enrolments import AtTable
from app.store.queries import PersonRow
from app.ui.drive.called import CalledHamlets
from app.ui.drive.choosing import PeopleChoice
from app.ui.drive.differing import DifferenceList
from app.ui.drive.step import Step
from app.ui.forms.field import Field, Form
from app.ui.forms.picking import Pick, PickBox
from app.ui.forms.text import TextBox
from app.ui.notices import IconLabel
from app.ui.parts.boxes import STRETCH, card, column_layout, fill, label, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.search import SearchField
from app.ui.person.facts import born
from app.ui.theme import give, look
from app.words import gettext as _


class ScanStep(Step):
    """Waits for a card; what it cannot decide alone it asks, one question at a time."""

    wanted = Signal(str)  # a person's record id
    sought = Signal(str)  # typed words
    newcomer = Signal(object, object)  # CardQr, values beside it
    taken_over = Signal(object)  # field → value; empty: the register stays as it is

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self._card: CardQr | None = None
        self._is_seeking = False
        self._wants_first = False
        self.box = SearchField(_("Or type: lan 1954, last 4 digits of number or phone"))
        give(self.box, fit="form")
        self.box.setMinimumHeight(look().px(48))
        self._listed = PeopleChoice(today)
        self._offered: PeopleChoice | None = None
        self._sought = ""
        self.question = Holder()
        self.called = CalledHamlets()
        self._newcomer: Form | None = None
        self._differences: DifferenceList | None = None
        self._waiting = self._prompt()
        layout = QVBoxLayout(self)
        fill(layout, self._waiting, self.question, self.called, STRETCH, gap=12)
        self.box.searched.connect(self._seek)
        self.box.moved_down.connect(self._into_list)
        self._listed.taken.connect(self.wanted)

    @property
    def people(self) -> PeopleChoice:
        """Who is offered: those of whom one is she, else those whom typed words found."""
        return self._offered or self._listed

    def _prompt(self) -> Step:
        made = Step()
        words = column_layout(
            label(_("Scan the QR code on her ID card"), "drivename", wrap=True),
            label(
                _("The scanner works wherever the cursor is. No card: type her name or number."),
                "drive",
                wrap=True,
            ),
            gap=4,
        )
        head = row_layout(IconLabel("id-card", 48, "accent"), words, gap=20)
        head.setStretch(1, 1)
        fill(QVBoxLayout(made), card(head, 8, self.box, self._listed, margins=20))
        return made

    def begin(self) -> None:
        self.reset()
        self.box.setFocus()

    def reset(self) -> None:
        """Wait for the next card."""
        self._card, self._newcomer, self._differences, self._offered = None, None, None, None
        self._wants_first, self._is_seeking, self._sought = False, False, ""
        self.question.put(None)
        self._waiting.show()
        self.called.show()
        self.box.clear()
        self._listed.show_people(())

    def hint(self) -> str:
        if self.question.held is not None:
            return _("Answer above; another ID card goes on with the next person.")
        return _("Scanner ready. Scan the ID card of the next person.")

    def _into_list(self) -> None:
        self._listed.move_by(1)
        self._listed.setFocus()

    def _seek(self, text: str) -> None:
        if text == self._sought:
            return  # Enter after the list is shown takes the marked one
        self._sought = text
        self.called.setVisible(not text.strip())
        self._is_seeking = len(text.strip()) >= 2
        if self._is_seeking:
            self.sought.emit(text)
        else:
            self._listed.show_people(())
            self.changed.emit()

    def show_found(self, people: Sequence[PersonRow]) -> None:
        """What the typed words found."""
        if not self._is_seeking:
            return  # a card was scanned meanwhile, or the words were taken back
        self._is_seeking = False
        self._listed.show_people(people)
        if self._wants_first and len(people) == 1:
            self._listed.take()
        self._wants_first = False

    def forward_words(self) -> tuple[str, str]:
        """What Enter does here: words and icon; empty while only a scan leads on."""
        if self._newcomer is not None:
            return _("Add to the register"), "plus"
        if self._differences is not None:
            return _("Correct the register"), "tick"
        return (_("This person"), "tick") if self.people.people else ("", "")

    def proceed(self) -> None:
        """Enter."""
        if self._newcomer is not None:
            self._add()
        elif self._differences is not None:
            self.taken_over.emit(self._differences.chosen())
        elif self._is_seeking:
            self._wants_first = True
        else:
            self.people.take()

    def ask_who(self, met: Met) -> None:
        """Several have the number, or somebody is much like her: which one is she?"""
        self._card = met.card
        self._waiting.hide()
        self.called.hide()
        offered = PeopleChoice(self._today)
        offered.taken.connect(self.wanted)
        why = {
            "name": _("Her number is not in the register, but her name and year of birth are. Is it she?"),
            "likeness": _("Her number is not in the register, but somebody much like her is. Is it she?"),
            "old_number": _("Her old number stands at somebody with another new number. Is it she?"),
        }.get(met.by, _("Several people in the register have this number. Which one is she?"))
        parts = [label(why, "driveheading", wrap=True)]
        if met.card is not None:
            parts.append(label(self._card_line(met.card), "drive", tone="second"))
            other = Button(_("None of them: somebody new"), icon="plus", size="form", on=self._ask_new)
            foot = row_layout(other, STRETCH)
            self.question.put(card(*parts, offered, foot, gap=12, margins=20))
        else:
            self.question.put(card(*parts, offered, gap=12, margins=20))
        self._offered = offered
        offered.show_people(met.people)  # only now: shown without a parent it would be a window
        offered.setFocus()
        self.changed.emit()

    def _ask_new(self) -> None:
        if self._card is not None:
            self.ask_new(self._card)

    def ask_new(self, found: CardQr) -> None:
        """Nobody in the register is she: what the card does not say is asked, and one Save enters her."""
        self._card, self._offered = found, None
        self._waiting.hide()
        self.called.hide()
        is_lost = "letters_lost" in found.mended
        name = Field(_("Full name"), TextBox("" if is_lost else found.name), required=True)
        if is_lost:
            name.set_hint(_("The scanner lost letters: read the name from the card."), "warn")
        hamlet = Field(_("Hamlet"), PickBox(self._hamlets, hint=_("Type a few letters")))
        self._newcomer = Form({"name": name, "hamlet": hamlet}, columns=2)
        words = (
            label(
                _("Nobody in the register has this number, or this name and birth"), "driveheading", wrap=True
            ),
            label(self._card_line(found), "drive", tone="second", wrap=True),
            label(found.address if not is_lost else "", "drive", tone="second", wrap=True),
        )
        note = _("Add her with what her card says. Her programme is decided and entered later.")
        self.question.put(card(*words, self._newcomer, label(note, "third", wrap=True), gap=10, margins=20))
        (name if is_lost else hamlet).control.setFocus()
        self.changed.emit()

    def _hamlets(self, text: str) -> list[Pick]:
        typed = fold(text)
        found = [Pick(name, name) for name in self.called.known if typed in fold(name)]
        is_new = text.strip() and all(fold(pick.words) != typed for pick in found)
        return [*found, *([Pick(text.strip(), text.strip(), _("a new hamlet"))] if is_new else [])]

    def _add(self) -> None:
        assert self._newcomer is not None
        assert self._card is not None
        name, hamlet = (self._newcomer.fields[key].control for key in ("name", "hamlet"))
        assert isinstance(name, TextBox)
        assert isinstance(hamlet, PickBox)
        values: Mapping[str, Value] = {"name": name.value(), "hamlet": hamlet.value()}
        self.newcomer.emit(self._card, {key: value for key, value in values.items() if value})

    def show_error(self, error: BaseException) -> bool:
        """Put a refusal at its field; False when it is none of ours."""
        return self._newcomer is not None and self._newcomer.show_error(error)

    def ask_differences(self, seated: AtTable, found: Sequence[Difference]) -> None:
        """The card says something else than the register: taken over only when told to."""
        self._waiting.hide()
        self.called.hide()
        self._differences = DifferenceList(found)
        words = _("{name}: her card says something else than the register").format(name=seated.row.name)
        keep = Button(
            _("Leave the register as it is"), key="F7", size="drive", on=lambda: self.taken_over.emit({})
        )
        note = _(
            "What is ticked is corrected. A guarded field that another laptop changed too is decided later."
        )
        foot = row_layout(label(note, "third", wrap=True), keep, gap=16)
        foot.setStretch(0, 1)
        self.question.put(
            card(label(words, "driveheading", wrap=True), self._differences, foot, gap=12, margins=20)
        )
        self._differences.setFocus()
        self.changed.emit()

    def keep_register(self) -> None:
        """F7."""
        if self._differences is not None:
            self.taken_over.emit({})

    def _card_line(self, found: CardQr) -> str:
        shown = (found.name, born(found.birth), mask_personal_id(found.personal_id))
        return _("Card: {facts}").format(facts=" · ".join(shown))
