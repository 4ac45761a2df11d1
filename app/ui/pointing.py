"""What a value that points to another record says: an account, a household, a person, in words."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.accounts import mask_account
from app.domain.records import Type, Value, field_of
from app.domain.reference import Reference
from app.store.pointed import Pointed
from app.ui.values import show_value
from app.words import gettext as _


def pointed_words(pointed: Pointed, kind: str, cell: str, value: Value, reference: Reference) -> str:
    """The words for a value of any cell; a record that is not known here says so."""
    declared = field_of(kind, cell)
    if value is None or declared is None or declared.type is not Type.REF or declared.refers is None:
        return show_value(kind, cell, value, reference)
    known = pointed.values.get((declared.refers, str(value)), {})
    if declared.refers == "account":
        return account_words(known, reference) if known else _("an account not known here")
    if declared.refers == "household":
        head = pointed.heads.get(str(value))
        return _("household of {head}").format(head=head) if head else _("a household")
    return str(known.get("name") or _("a record not known here"))


def account_words(values: Mapping[str, Value], reference: Reference) -> str:
    """`Agribank ••••••4471`."""
    provider = show_value("account", "provider", values.get("provider"), reference)
    return f"{provider} {mask_account(str(values.get('number') or ''))}".strip()
