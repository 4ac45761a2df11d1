"""What a list says beside the facts every list has, and who receives for the person."""

from __future__ import annotations

import datetime

from app.domain.dates import PartialDate
from app.domain.reference import Reference
from app.domain.text import proper_case
from app.sheets.fields import date_of, identity_of, phone_of, said
from app.sheets.located import Located
from app.sheets.proposed import Details, Payee
from app.sheets.vocabulary import Meaning, Vocabulary

_M = Meaning


def details_of(
    located: Located, beside: list[tuple[int, str]], vocabulary: Vocabulary, today: datetime.date
) -> Details:
    """The row's further columns; `beside` are the columns that have no field, with their headings."""

    def day(meaning: Meaning) -> PartialDate | None:
        return date_of(located.cell(meaning), today)

    return Details(
        current_address=located.text(_M.CURRENT_ADDRESS),
        ethnicity=located.text(_M.ETHNICITY),
        other_name=located.text(_M.OTHER_NAME),
        household_head=_named(located.text(_M.HOUSEHOLD_HEAD)),
        household_code=located.text(_M.HOUSEHOLD_CODE),
        relation=located.text(_M.RELATION),
        poverty=_poverty(located.text(_M.POVERTY), vocabulary),
        wish=_wish(located.text(_M.METHOD), vocabulary),
        disability=located.text(_M.DISABILITY),
        id_issued=day(_M.ID_ISSUED),
        id_issuer=located.text(_M.ID_ISSUER),
        decision=located.text(_M.DECISION),
        decided=day(_M.DECIDED),
        since=day(_M.SINCE),
        until=day(_M.UNTIL),
        note=located.text(_M.NOTE),
        extra=tuple((head, said(located.cells[at])) for at, head in beside if at in located.cells),
    )


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
    number = identity_of(located.cell(_M.PAYEE_ID))
    payee = Payee(
        _named(located.text(_M.PAYEE_NAME)),
        number.personal_id or number.old_id,
        phone_of(located.cell(_M.PAYEE_PHONE), reference).phone,
        located.text(_M.PAYEE_RELATION),
    )
    return payee if payee != Payee() else None
