"""The officer's answers laid over what a row says, and what she types read like a cell."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from msgspec.structs import replace as changed

from app.actions.importing.facts import Answer, How
from app.actions.importing.values import Settled
from app.domain.account_cells import read_account
from app.domain.accounts import bank_name
from app.domain.dates import PartialDate, read_date
from app.domain.errors import Refusal
from app.domain.identity import birth_year_of, read_personal_id, sex_of
from app.domain.phones import read_phone
from app.domain.reference import Reference
from app.domain.text import clean, fold, read_amount, read_coefficient
from app.sheets.proposed import Proposed, ProposedAccount
from app.words import gettext as _

FIELD_OF_PROBLEM = {
    "note_says_dead": "note",
    "remark_in_name": "name",
    "old_id_number": "personal_id",
    "missing_personal_id": "personal_id",
    "invalid_personal_id": "personal_id",
    "unknown_id_province": "personal_id",
    "invalid_birth_date": "birth",
    "lunar_birth_date": "birth",
    "missing_birth_date": "birth",
    "birth_disagrees": "birth",
    "sex_disagrees": "sex",
    "unreadable_sex": "sex",
    "unclear_sex": "sex",
    "unknown_provider": "account",
    "missing_account_number": "account",
    "invalid_account": "account",
    "holder_differs": "account",
    "holder_missing": "holder",
    "unknown_group": "group",
    "unclear_group": "group",
    "invalid_phone": "phone",
    "invalid_amount": "amount",
    "invalid_coefficient": "coefficient",
}
_PARTS = {
    "birth_male": "birth",
    "birth_female": "birth",
    "birth_day": "birth",
    "birth_month": "birth",
    "birth_year": "birth",
    "family_name": "name",
    "given_name": "name",
    "provider": "account",
    "holder": "account",
    "degree": "group",
}
_TEXTS = {"name", "hamlet", "address"}
_DETAILS = {"note", "ethnicity", "current_address", "household_head", "relation", "disability", "decision"}
_PLAIN = {"sex", "birth", "personal_id", "old_id", "phone", "group", "coefficient", "amount"}
_PAID_AT = {"account", "holder"}
_MEN, _WOMEN = {"male", "nam", "ong"}, {"female", "nu", "ba"}


def field_of(part: str) -> str:
    """The fact that a cell of this meaning is part of."""
    return _PARTS.get(part, part)


def is_editable(field: str) -> bool:
    """Whether another value can be given for this fact."""
    return field in _TEXTS | _DETAILS | _PLAIN | _PAID_AT


@dataclass(frozen=True)
class Typing:
    """What is needed to read what an officer types."""

    reference: Reference
    today: datetime.date


def with_value(person: Proposed, field: str, text: str, typing: Typing) -> Proposed:
    """The row with another value, read as a cell would be; Refusal("import.value") when it says nothing."""
    plain = clean(text)
    read = _READERS.get(field)
    if not plain or not is_editable(field):
        raise Refusal("import.value", field=field)
    if field in _DETAILS:
        return changed(person, details=changed(person.details, **_one(field, plain)))
    if read is None:
        return changed(person, **_one(field, plain))
    said = read(plain, typing, person)
    if not said:
        raise Refusal("import.value", field=field)
    return changed(person, **said)


Changed = Mapping[str, Any]


def _one(field: str, value: str | None) -> Changed:
    """A change of the field of that name, which `is_editable` knows."""
    return {field: value}


def _birth(text: str, typing: Typing, _person: Proposed) -> Changed:
    reading = read_date(text, typing.today)
    sound = reading.value is not None and not reading.problem and "month_day_swapped" not in reading.mended
    in_time = reading.value is not None and reading.value.earliest() <= typing.today
    return {"birth": reading.value} if sound and in_time else {}


def _personal_id(text: str, _typing: Typing, _person: Proposed) -> Changed:
    reading = read_personal_id(text)
    if reading.personal_id:
        return {"personal_id": reading.personal_id, "old_id": reading.old_id or _person.old_id}
    return {"old_id": reading.old_id} if reading.old_id else {}


def _old_id(text: str, _typing: Typing, _person: Proposed) -> Changed:
    reading = read_personal_id(text)
    return {"old_id": reading.old_id} if reading.old_id else {}


def _phone(text: str, typing: Typing, _person: Proposed) -> Changed:
    reading = read_phone(text, typing.reference)
    return {"phone": reading.phone} if reading.phone else {}


def _sex(text: str, _typing: Typing, _person: Proposed) -> Changed:
    word = fold(text)
    return {"sex": "male"} if word in _MEN else {"sex": "female"} if word in _WOMEN else {}


def _group(text: str, typing: Typing, _person: Proposed) -> Changed:
    groups = typing.reference.groups
    found = groups.by_code.get(text) or groups.find(text)
    return {"group": found.code} if found else {}


def _coefficient(text: str, _typing: Typing, _person: Proposed) -> Changed:
    found = read_coefficient(text)
    return {"coefficient": found} if found else {}


def _amount(text: str, _typing: Typing, _person: Proposed) -> Changed:
    found = read_amount(text).dong
    return {"amount": found} if found is not None else {}


def _account(text: str, typing: Typing, person: Proposed) -> Changed:
    """Number and provider; a provider alone names the one of the number that the row has."""
    reading = read_account(text, typing.reference)
    number = reading.number or (person.account.number if person.account else None)
    provider = reading.provider or typing.reference.providers.find(text)
    if number is None or provider is None:
        return {}
    holder = person.account.holder if person.account else None
    return {"account": ProposedAccount(provider.kind, provider.code, provider.identifier, number, holder)}


def _holder(text: str, _typing: Typing, person: Proposed) -> Changed:
    """In whose name the account of the row is."""
    return {"account": changed(person.account, holder=text)} if person.account and bank_name(text) else {}


_READERS: dict[str, Callable[[str, Typing, Proposed], Changed]] = {
    "birth": _birth,
    "personal_id": _personal_id,
    "old_id": _old_id,
    "phone": _phone,
    "sex": _sex,
    "group": _group,
    "coefficient": _coefficient,
    "amount": _amount,
    "account": _account,
    "holder": _holder,
}


def without(person: Proposed, field: str) -> Proposed:
    """The row without this fact."""
    if field in _DETAILS:
        return changed(person, details=changed(person.details, **_one(field, None)))
    return changed(person, **_one(field, None))


def settle(person: Proposed, answers: Mapping[str, Answer], kept: frozenset[str], typing: Typing) -> Settled:
    """The row as it will be written. Answers that no longer fit it are left aside."""
    settled = Settled(person, kept_headings=kept)
    for topic, answer in answers.items():
        family, _colon, name = topic.partition(":")
        if family == "mended":
            settled = _mended(settled, name, answer, typing)
        elif family == "problem":
            settled = _problem(settled, name, answer, typing)
        elif family == "above":
            settled = replace(settled, notes=(*settled.notes, answer.value))
    return settled


def _mended(settled: Settled, field: str, answer: Answer, typing: Typing) -> Settled:
    if answer.how is How.VALUE:
        return replace(settled, person=with_value(settled.person, field, answer.value, typing))
    if answer.how in (How.TYPED, How.BLANK):
        if field in _TEXTS | _DETAILS and clean(answer.value):
            return replace(settled, person=with_value(settled.person, field, answer.value, typing))
        if field == "name":
            return settled  # nobody is without a name
        return _emptied(settled, field, answer.value)
    return settled


def _emptied(settled: Settled, field: str, typed: str) -> Settled:
    """Left empty; what stood there is kept in the note, but for accounts, which a note would show to all."""
    notes = settled.notes
    if clean(typed) and field != "account":
        notes = (*notes, f"{_(f'sheets.meaning.{field}')}: {clean(typed)}")
    return replace(settled, person=without(settled.person, field), notes=notes)


def _problem(settled: Settled, kind: str, answer: Answer, typing: Typing) -> Settled:
    person, field = settled.person, FIELD_OF_PROBLEM.get(kind, "")
    match answer.how:
        case How.VALUE if field:
            return replace(settled, person=with_value(person, field, answer.value, typing))
        case How.DIED:
            return replace(settled, has_died=True)
        case How.FROM_ID if person.personal_id:
            if field == "sex":
                return replace(settled, person=changed(person, sex=sex_of(person.personal_id)))
            born = PartialDate(birth_year_of(person.personal_id))
            return replace(settled, person=changed(person, birth=born))
        case How.BLANK if field:
            return _emptied(settled, field, answer.value)
    return settled
