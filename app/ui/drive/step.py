"""What the room knows of a step, and how the person at the table is spoken of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.actions.drive import Entered
from app.actions.wording import address_key
from app.store.enrolments import AtTable
from app.store.queries import PersonRow
from app.words import gettext as _


class Step(QFrame):
    """One of the four. `changed`: something was entered; `answered`: nothing more is needed here."""

    changed = Signal()
    answered = Signal()
    is_low = False  # a low screen: who she is stands on one line

    def present(self, seated: AtTable, entered: Entered) -> None:
        """Show what was entered so far for this person."""

    def collect(self, entered: Entered) -> Entered:
        """What was entered, with what stands here."""
        return entered

    def begin(self) -> None:
        """Put the cursor where the work begins."""

    def is_complete(self) -> bool:
        """Whether one may go on; says what is missing, and puts the cursor there, when not."""
        return True

    def hint(self) -> str:
        """What the scanner's line says while this step is shown."""
        return ""


@dataclass(frozen=True)
class Spoken:
    """How she is named on the screen: `address` Bà, `called` bà Pánh inside a sentence."""

    address: str
    name: str

    @classmethod
    def of(cls, row: PersonRow, today: date) -> Spoken:
        """As age and sex say."""
        return cls(_(address_key(row.sex, row.birth, today)), row.name)

    @property
    def called(self) -> str:
        """Form of address and given name, as they stand inside a sentence."""
        return f"{self.address.lower()} {self.given}".strip()

    @property
    def given(self) -> str:
        """The name she is called by."""
        return self.name.split()[-1] if self.name.split() else ""
