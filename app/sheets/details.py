"""What a list says beside the facts every list has, and who receives for the person."""

from __future__ import annotations

import datetime

from msgspec.structs import replace

from app.domain.reference import Reference
from app.domain.text import proper_case
from app.sheets.fields import date_of, identity_of, phone_of, said
from app.sheets.located import Located
from app.sheets.proposed import Details, Payee
from app.sheets.vocabulary import Meaning, Vocabulary

_M = Meaning
_TEXTS = (
    _M.CURRENT_ADDRESS,
    _M.ETHNICITY,
    _M.OTHER_NAME,
    _M.HOUSEHOLD_CODE,
    _M.RELATION,
    _M.DISABILITY,
    _M.ID_ISSUER,
    _M.DECISION,
    _M.NOTE,
)
_DAYS = (_M.ID_ISSUED, _M.DECIDED, _M.SINCE, _M.UNTIL)
_PAYEE = (_M.PAYEE_NAME, _M.PAYEE_ID, _M.PAYEE_PHONE, _M.PAYEE_RELATION)


class DetailsReader:
    """Reads the further columns of one table; columns that are not there cost nothing."""

    def __init__(
        self,
        located: Located,
        beside: list[tuple[int, str]],
        vocabulary: Vocabulary,
        today: datetime.date,
    ) -> None:
        """`beside`: the columns that have no field, with their headings."""
        self._located, self._beside, self._today = located, beside, today
        self._vocabulary = vocabulary
        self._texts = [meaning for meaning in _TEXTS if located.has(meaning)]
        self._days = [meaning for meaning in _DAYS if located.has(meaning)]

    def read(self) -> Details:
        """The details of the row the reader of the table stands on."""
        located = self._located
        texts = {meaning.value: located.text(meaning) for meaning in self._texts}
        days = {meaning.value: date_of(located.cell(meaning), self._today) for meaning in self._days}
        beside = [(head, said(located.cells[at])) for at, head in self._beside if at in located.cells]
        plain = Details(
            household_head=_named(located.text(_M.HOUSEHOLD_HEAD)),
            poverty=_poverty(located.text(_M.POVERTY), self._vocabulary),
            wish=_wish(located.text(_M.METHOD), self._vocabulary),
            extra=tuple(beside),
        )
        return replace(plain, **texts, **days) if texts or days else plain


def _named(text: str | None) -> str | None:
    return proper_case(text) if text and text.isupper() else text


def _poverty(text: str | None, vocabulary: Vocabulary) -> str | None:
    if text is None:
        return None
    habits = vocabulary.habits
    if habits["near_poor"].hold(text):
        return "near_poor"
    if habits["poor"].hold(text) or text.casefold() in habits["marks"].marked:
        return "poor"
    return "none" if habits["not_poor"].hold(text) else None


def _wish(text: str | None, vocabulary: Vocabulary) -> str | None:
    if text is None:
        return None
    if vocabulary.habits["cash"].hold(text):
        return "cash"
    return "account" if vocabulary.habits["by_account"].hold(text) else None


def payee_of(located: Located, reference: Reference) -> Payee | None:
    """Who receives for the person, when a column says so."""
    if not any(map(located.has, _PAYEE)):
        return None
    number = identity_of(located.cell(_M.PAYEE_ID))
    payee = Payee(
        _named(located.text(_M.PAYEE_NAME)),
        number.personal_id or number.old_id,
        phone_of(located.cell(_M.PAYEE_PHONE), reference).phone,
        located.text(_M.PAYEE_RELATION),
    )
    return payee if payee != Payee() else None
