"""What an officer sees of a person at a glance: form of address, age, states; shared by list and file."""

from __future__ import annotations

from datetime import date

from app.actions.wording import address_key
from app.domain.dates import PartialDate, age_on, show
from app.domain.policy import Groups
from app.domain.reference import Reference
from app.domain.text import fold, show_amount
from app.store.queries import PersonRow
from app.ui.forms.picking import Pick
from app.ui.tables.columns import MarkCell
from app.ui.theme import Tone
from app.words import gettext as _

# account state → word, icon, tone: good states are quiet, what needs work is coloured
ACCOUNT_MARKS: dict[str, tuple[str, str, Tone]] = {
    "none": ("choice.person.account_state.none", "dash", "neutral"),
    "cash": ("choice.person.account_state.cash", "cash", "neutral"),
    "proposed": ("choice.person.account_state.proposed", "clock", "warn"),
    "approved": ("choice.person.account_state.approved", "clock", "neutral"),
    "in_force": ("choice.person.account_state.in_force", "tick", "ok"),
}
STANDINGS: dict[str, tuple[str, Tone]] = {
    "in_force": ("tick", "ok"),
    "approved": ("clock", "neutral"),
    "proposed": ("clock", "warn"),
    "refused": ("cross", "bad"),
    "withdrawn": ("undo", "neutral"),
    "earlier": ("dash", "neutral"),
}
STATE_MARKS: dict[str, tuple[str, Tone]] = {
    "active": ("tick", "ok"),
    "died": ("cross", "neutral"),
    "moved": ("arrow-right", "neutral"),
    "ended": ("dash", "neutral"),
    "entered_by_mistake": ("cross", "bad"),
}
RIGHT_MARKS: dict[str, tuple[str, Tone]] = {
    "active": ("tick", "ok"),
    "suspended": ("clock", "warn"),
    "ended": ("dash", "neutral"),
    "entered_by_mistake": ("cross", "bad"),
}


def account_mark(state: str) -> MarkCell:
    """A mark for a list."""
    words, icon, tone = ACCOUNT_MARKS.get(state, ACCOUNT_MARKS["none"])
    return MarkCell(_(words), icon, tone)


def born(birth: PartialDate | None) -> str:
    """`02/03/1950`, `1950`, or nothing."""
    return show(birth) if birth else ""


def who(sex: str | None, birth: PartialDate | None, hamlet: str, today: date) -> str:
    """`Bà · 78 tuổi · Bản Nà Lụa`."""
    age = _("age {age}").format(age=age_on(birth, today)) if birth else _("age unknown")
    return " · ".join(part for part in (_(address_key(sex, birth, today)), age, hamlet) if part)


def group_words(codes: tuple[str, ...], reference: Reference) -> str:
    """The names of groups, short enough for a column."""
    return ", ".join(_short(code, reference) for code in codes)


def group_name(code: str, reference: Reference) -> str:
    """A group as the law calls it; the code where the data do not know it."""
    known = reference.groups.by_code.get(code)
    return known.name if known else code or _("no group")


def _short(code: str, reference: Reference) -> str:
    key = f"group.{code.lower()}"
    words = _(key)
    if words != key:
        return words
    return next((group.name for group in reference.groups.all if group.code == code), code)


def find_groups(groups: Groups, text: str) -> list[Pick]:
    """Groups whose code or name has what was typed, accents or not; all of them for nothing."""
    sought = fold(text)
    return [
        Pick(group.code, group.name, group.code)
        for group in groups.all
        if sought in fold(f"{group.code} {group.name}")
    ]


def monthly(row: PersonRow) -> str:
    """`540.000`, or a dash where nothing is paid."""
    return show_amount(row.amount) if row.amount else "–"
