"""Two records of people line by line, for whoever proposes to join them and whoever approves it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.actions import people
from app.actions.desk import Desk
from app.store.twins import Candidate, Twin
from app.ui.duplicates import wording
from app.ui.forms.masked import MaskedValue
from app.ui.parts.boxes import label, row
from app.ui.parts.chips import Chip
from app.ui.parts.comparison import Compared
from app.ui.person.file import Names
from app.ui.values import show_value
from app.words import gettext as _

_COMPARED = ("name", "sex", "birth", "personal_id", "old_id", "phone", "hamlet", "address")
_MASKED = ("personal_id", "old_id", "phone")


def facts_of(desk: Desk, left: Candidate, right: Candidate) -> list[Compared]:
    """What both say of who she is; numbers stay masked until asked for, and each look is noted."""
    lines = []
    for name in _COMPARED:
        values = [one.values.get(name) for one in (left, right)]
        if values == [None, None]:
            continue
        differs = values[0] != values[1]
        hers, others = (_value(desk, one, name, differs=differs) for one in (left, right))
        lines.append(Compared(_(f"field.person.{name}"), hers, others, differs=differs))
    return lines


def told_of(desk: Desk, names: Names, left: Twin, right: Twin) -> list[Compared]:
    """What the register holds beside: household, rights, accounts; where each record comes from."""
    both = (left, right)
    lines = []
    for words, told in (
        (_("field.person.household"), [twin.head or _("no household") for twin in both]),
        (_("Receives"), [wording.right_words(twin.person, desk.reference) for twin in both]),
        (_("Account"), [wording.account_words(twin.person, desk.reference) for twin in both]),
    ):
        hers, others = (_shown(each, differs=told[0] != told[1]) for each in told)
        lines.append(Compared(words, hers, others))
    return [*lines, *entered_of(names, left.candidate, right.candidate)]


def entered_of(names: Names, left: Candidate, right: Candidate) -> list[Compared]:
    """When, by whom and from where; it always differs, so it is not marked."""
    return [
        Compared(_("Entered"), wording.entered_words(left, names), wording.entered_words(right, names)),
        Compared(_("From"), wording.source_words(left), wording.source_words(right)),
    ]


def _value(desk: Desk, one: Candidate, name: str, *, differs: bool) -> str | QWidget:
    value = one.values.get(name)
    words = show_value("person", name, value, desk.reference) if value is not None else "–"
    if name not in _MASKED or value is None:
        # In a name even a blank counts, so there it is drawn letter by letter.
        return _shown(words, differs=differs and name != "name")
    masked = MaskedValue(words, partial(people.reveal, desk, "person", one.record, name))
    # Two masks may look the same where the numbers are not.
    return row(masked, Chip(_("differs"), "triangle", "warn")) if differs else masked


def _shown(words: str, *, differs: bool) -> str | QWidget:
    return label(words, "strong", tone="warn", wrap=True) if differs else words
