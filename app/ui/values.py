"""What stands in a cell, as an officer reads it: dates, money, choices, and numbers behind a mask."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.accounts import mask_account
from app.domain.dates import PartialDate, show
from app.domain.identity import mask_personal_id, mask_phone
from app.domain.reasons import code_of
from app.domain.records import Type, Value, field_of
from app.domain.reference import Reference
from app.domain.text import show_amount
from app.words import counted, ngettext
from app.words import gettext as _

_NAMED = 3  # people, before the others are only counted
_DECIMAL = ("coefficient",)  # kept with a point, read with a comma
_MASKS = {"phone": mask_phone, "payee_phone": mask_phone, "number": mask_account}


def show_value(kind: str, cell: str, value: Value, reference: Reference | None = None) -> str:
    """The words for a value; masked where the field is, empty-handed as “trống”."""
    field = field_of(kind, cell)
    if field is None or value is None:
        return _("empty") if value is None else str(value)
    name, _slash, member = cell.partition("/")
    if field.masked and field.type is Type.DIGITS:
        return _MASKS.get(name, mask_personal_id)(str(value))
    match field.type:
        case Type.DATE:
            return show(PartialDate.parse(str(value)))
        case Type.MONEY:
            return f"{show_amount(int(value))} đ"
        case Type.CHOICE:
            return _(f"choice.{kind}.{name}.{value}")
        case Type.MEMBERS:
            return _(f"choice.{kind}.{name}.{member}")
        case Type.FLAG:
            return _("yes") if value else _("no")
        case Type.CODE:
            return _code_words(name, str(value), reference)
        case Type.REF | Type.SEALED | Type.DIGEST:
            return "…"
        case _:
            return str(value).replace(".", ",") if name in _DECIMAL else str(value)


def show_size(count: int) -> str:
    """`482 B`, `73 kB`, `3,4 MB`."""
    if count < 1_000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{show_amount(round(count / 1_000))} kB"
    if count < 1_000_000_000:
        return f"{count / 1_000_000:.1f}".replace(".", ",") + " MB"
    return f"{count / 1_000_000_000:.1f}".replace(".", ",") + " GB"


def show_unread(count: int, whose: Sequence[str]) -> str:
    """Which photos stay behind because this laptop cannot read them: whose, so that they are taken again."""
    if not whose:
        return counted(
            "{count} photo or paper cannot be read on this laptop.",
            "{count} photos or papers cannot be read on this laptop.",
            count,
        )
    named = ", ".join(whose[:_NAMED])
    if len(whose) > _NAMED:
        named = _("{people} and {count} more").format(people=named, count=show_amount(len(whose) - _NAMED))
    words = ngettext(
        "{count} photo or paper cannot be read on this laptop, of {people}: take it again.",
        "{count} photos or papers cannot be read on this laptop, of {people}: take them again.",
        count,
    )
    return words.format(count=show_amount(count), people=named)


def show_reason(reason: str) -> str:
    """Why something was saved: the words of a code, or the officer's own words as she wrote them."""
    key = f"reason.{code_of(reason)}"
    words = _(key)
    return reason if words == key else words


def _code_words(name: str, code: str, reference: Reference | None) -> str:
    if reference is None:
        return code
    if name == "group":
        return next((group.name for group in reference.groups.all if group.code == code), code)
    provider = reference.providers.by_code.get(code) if name == "provider" else None
    return provider.short_name if provider else code
