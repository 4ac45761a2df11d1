"""Who stands in a workbook twice: `possible_duplicate` on the second and later row.

Told by the same number, whatever else differs; or by the same name with births that can be
one, unless the rows hold two different twelve-digit numbers, two sexes, or two birthdays.
Two old numbers prove nothing against: one person had several in a life.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace
from rapidfuzz.distance import Levenshtein

from app.domain.dates import PartialDate
from app.domain.text import canonical, fold
from app.sheets.proposed import Problem, Proposed

_DIGITS_MIN = 9  # fewer digits of a damaged number tell nothing
_SLIPS_MAX = 2  # digits a damaged number may lack, have too many or wrong beside a whole one


def mark_duplicates(people: Iterable[Proposed]) -> list[Proposed]:
    """The people in order, later occurrences with their problem."""
    numbers: set[str] = set()
    by_name: dict[str, list[Proposed]] = {}
    marked = []
    for person in people:
        own = {number for number in (person.personal_id, person.old_id) if number}
        namesakes = by_name.setdefault(fold(person.name), [])
        is_second = bool(own & numbers) or any(_may_be_one(person, other) for other in namesakes)
        numbers |= own
        namesakes.append(person)
        marked.append(_doubted(person) if is_second else person)
    return marked


def _doubted(person: Proposed) -> Proposed:
    return replace(
        person, problems=(*person.problems, Problem("possible_duplicate", person.name_cell, "name"))
    )


def _may_be_one(person: Proposed, other: Proposed) -> bool:
    if not _same_name(person, other) or (person.sex and other.sex and person.sex != other.sex):
        return False
    numbers = _compared_numbers(person, other)
    if numbers is not None:
        return numbers and _births_agree(person.birth, other.birth)
    if person.birth is None or other.birth is None or not _births_agree(person.birth, other.birth):
        return False
    is_day = person.birth.day is not None and other.birth.day is not None
    return is_day or not (person.phone and other.phone and person.phone != other.phone)


def _same_name(person: Proposed, other: Proposed) -> bool:
    """Equal with their marks, or without them where one was typed without and the day of birth is known."""
    if person.name == other.name or canonical(person.name) == canonical(other.name):
        return True
    is_bare = person.name.isascii() or other.name.isascii()
    return is_bare and person.birth == other.birth and bool(person.birth and person.birth.day)


def _compared_numbers(person: Proposed, other: Proposed) -> bool | None:
    """Whether the twelve-digit numbers agree, damaged ones nearly; None when one is wanting."""
    if person.personal_id and other.personal_id:
        return person.personal_id == other.personal_id
    one, two = (_digits(side.personal_id or side.personal_id_typed or "") for side in (person, other))
    if len(one) < _DIGITS_MIN or len(two) < _DIGITS_MIN:
        return None
    return Levenshtein.distance(one, two) <= _SLIPS_MAX


def _digits(number: str) -> str:
    return re.sub("[^0-9]", "", number)


def _births_agree(one: PartialDate | None, two: PartialDate | None) -> bool:
    """Whether two births, each as precise as it is known, can be the same."""
    if one is None or two is None:
        return True
    return all(
        a is None or b is None or a == b
        for a, b in ((one.year, two.year), (one.month, two.month), (one.day, two.day))
    )
