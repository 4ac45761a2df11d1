"""Facts of a row as an officer reads them; numbers whole: whoever shows them masks them."""

from __future__ import annotations

from app.domain.dates import PartialDate, show
from app.domain.records import Value
from app.domain.reference import Reference
from app.domain.text import show_amount
from app.sheets.proposed import Proposed
from app.words import gettext as _

_MASKS = {
    "personal_id": "number",
    "old_id": "number",
    "phone": "number",
    "payee_id": "number",
    "payee_phone": "number",
    "account": "number",
}
_DATES = {"birth", "since", "until", "decided", "id_issued"}


def masked_as(field: str) -> str:
    """Which mask a window must put before this fact; empty for none."""
    return _MASKS.get(field, "")


def shown_said(field: str, value: Value, reference: Reference) -> str:
    """A stored value in words."""
    if value is None:
        return ""
    if field in _DATES:
        return show(PartialDate.parse(str(value)))
    match field:
        case "sex":
            return _(f"choice.person.sex.{value}")
        case "wish":
            return _(f"choice.person.wish.{value}")
        case "state":
            return _(f"choice.person.state.{value}")
        case "amount":
            return f"{show_amount(int(value))} đ"
        case "group":
            key = f"group.{str(value).lower()}"
            known = reference.groups.by_code.get(str(value))
            return _(key) if _(key) != key else known.name if known else str(value)
    return str(value)


def shown_fact(person: Proposed, field: str, reference: Reference) -> str:
    """A fact of a row in words, empty where the row has none."""
    if field == "account":
        account = person.account
        if account is None:
            return ""
        known = reference.providers.by_code.get(account.provider or "")
        return f"{account.number} {known.short_name}" if known else account.number
    if field == "holder":
        return person.account.holder or "" if person.account else ""
    if field == "birth":
        return show(person.birth) if person.birth else ""
    if hasattr(person, field):
        return shown_said(field, getattr(person, field), reference)
    return str(getattr(person.details, field, None) or "")
