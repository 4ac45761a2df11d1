"""A code, scanned, pasted or typed: an identity card gives its number here, what else it says elsewhere."""

from __future__ import annotations

from app.domain.errors import Refusal
from app.domain.identity import CardQr, parse_card_qr
from app.domain.scans import kind_of_scan, repair_input_method
from app.domain.text import clean
from app.ui.survey.asking import Asking
from app.ui.survey.controls.line import Box, Line
from app.ui.survey.controls.reading import Reading
from app.words import explain
from app.words import gettext as _


class Code:
    """Reads a code; `card`: the identity card behind what was read last."""

    def __init__(self) -> None:
        self.card: CardQr | None = None

    @property
    def hint(self) -> str:
        """In the empty box."""
        return _("Scan, or type the number")

    def read(self, text: str) -> Reading:
        """Of a card, its number."""
        self.card = None
        try:
            if kind_of_scan(text) != "card":
                return Reading(clean(repair_input_method(text)))
            self.card = parse_card_qr(text)
        except Refusal as error:
            return Reading(problem=explain(error).at_field, is_whole=False)
        return Reading(self.card.personal_id)

    def show(self, value: str) -> str:
        """As it is."""
        return value


class Barcode(Line):
    """Takes what the scanner reads while the keyboard is here, or while nobody else wants it."""

    def __init__(self, asking: Asking) -> None:
        self._code = Code()
        super().__init__(self._code, Box("scan"))
        self._asking = asking

    def take_scan(self, text: str) -> bool:
        if self.node is None or self.node.is_readonly:
            return False
        self.type_in(text)
        return True

    def _answer(self) -> None:
        card = self._code.read(self.box.typed()).problem == "" and self._code.card
        super()._answer()
        if card and self.node is not None:
            self._asking.scanned_card(self.node.ref, card)
