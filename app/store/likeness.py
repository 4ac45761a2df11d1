"""People who could be one person: blocked in SQL's index, scored by what agrees and what does not.

Never equal on a folded name alone: Lan and Lân are two people, and a commune has thirty
Nguyễn Thị Lan. A score says how much evidence there is; a person decides (design/sync.md,
Two records for one person).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from typing import Any, TypeVar

from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Connection, func, or_, select

from app.domain.dates import PartialDate
from app.domain.progress import Progress
from app.domain.text import canonical, fold
from app.store.aliases import is_shown, shown_nos
from app.store.listing import MISTAKEN
from app.store.tables import records

LIKELY = 60  # below this, two people are not worth a look
_FEW = 200  # candidates for whom looking up beats walking the index
_CHUNK = 500
_CROWD = 20  # a telephone of more people than that is a hamlet's
_COLUMNS = ("name", "birth", "sex", "personal_id", "old_id", "phone", "hamlet", "household")

# Weights found on invented communes with planted doubles (tests/store/test_likeness.py): what a
# clerk would weigh, in the order in which she would.
POINTS: Mapping[str, int] = {
    "same_personal_id": 70,
    "near_personal_id": 25,
    "other_personal_id": -45,
    "same_old_id": 45,
    "other_old_id": -20,
    "same_phone": 12,
    "same_hamlet": 8,
    "same_account": 25,
    "same_household": 8,
    "same_name": 36,
    "same_name_unmarked": 28,
    "near_name": 18,
    "other_name": -30,
    "same_birth": 36,
    "swapped_birth": 24,
    "same_birth_year": 20,
    "near_birth_year": 8,
    "other_birth": -30,
    "other_sex": -30,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of somebody, from a card, a workbook's row or the register. Numbers are digits."""

    name: str
    birth: PartialDate | None = None
    sex: str | None = None
    personal_id: str | None = None
    old_id: str | None = None
    phone: str | None = None
    hamlet: str | None = None
    household: str | None = None  # the record's id
    accounts: frozenset[str] = frozenset()  # provider and number, a blank between


@dataclass(frozen=True, slots=True)
class Likeness:
    """A person of the register, how like she is (60 to 100), and why: keys of `POINTS`."""

    no: int
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people of the register that could be one."""

    first: int
    second: int
    score: int
    reasons: tuple[str, ...]


_T = TypeVar("_T")
_Block = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class _Outline:
    """What blocks are made of, as the index holds it."""

    no: int
    year: int | None
    folded: str

    def blocks(self) -> Iterator[_Block]:
        """A slip spoils either the given name or the rest, so one of them still agrees."""
        yield (self.folded,)
        if self.year:
            rest, _, given = self.folded.rpartition(" ")
            yield self.year, given
            yield self.year, "", rest


def like(connection: Connection, facts: Facts) -> list[Likeness]:
    """People of the register who could be the one described, the likeliest first."""
    return likes(connection, [facts], Progress())[0]


def likes(connection: Connection, everybody: Sequence[Facts], progress: Progress) -> list[list[Likeness]]:
    """The same for many at once, in one walk of the index."""
    outlines = [
        _Outline(at, facts.birth.year if facts.birth else None, fold(facts.name))
        for at, facts in enumerate(everybody)
    ]
    blocks: dict[_Block, list[_Outline]] = {}
    for outline in outlines:
        for block in outline.blocks():
            blocks.setdefault(block, []).append(outline)
    alike = set(_same_numbers(connection, everybody))
    for other in _outlines(connection, outlines):
        for block in other.blocks():
            alike.update((one.no, other.no) for one in blocks.get(block, ()) if _is_worth_a_look(one, other))
    shown = shown_nos(connection)
    known = facts_of(connection, {no for _, no in alike}, with_joined=bool(shown))
    found: list[dict[int, Likeness]] = [{} for _ in everybody]
    for at, no in _stepping(sorted(alike), progress):
        if no in known:
            score, reasons = compare(everybody[at], known[no])
            her = shown.get(no, no)  # whoever is like somebody joined is like the one who stands for her
            if score >= LIKELY and (her not in found[at] or found[at][her].score < score):
                found[at][her] = Likeness(her, score, reasons)
    return [sorted(each.values(), key=lambda likeness: (-likeness.score, likeness.no)) for each in found]


def pairs(connection: Connection, progress: Progress) -> list[Pair]:
    """Everybody in the register who could be somebody else in it, the likeliest first."""
    alike = set(_shared_numbers(connection))
    unborn: list[_Outline] = []
    before: list[_Outline] = []
    for year, group in groupby(_outlines(connection), key=lambda outline: outline.year):
        people = list(group)
        progress.step(0, 1, "Comparing people")  # whoever locks need not wait for everybody
        alike.update(_within(people))
        if year is None:
            unborn = people
        else:
            alike.update(_namesakes(people, [*unborn, *before]))
            before = people
    known = facts_of(connection, {no for pair in alike for no in pair})
    found = []
    for first, second in _stepping(sorted(alike), progress):
        if first in known and second in known:
            score, reasons = compare(known[first], known[second])
            if score >= LIKELY:
                found.append(Pair(first, second, score, reasons))
    return sorted(found, key=lambda pair: (-pair.score, pair.first, pair.second))


def compare(one: Facts, other: Facts) -> tuple[int, tuple[str, ...]]:
    """How much speaks for one person, 0 to 100, and what does and does not."""
    reasons = [
        *_number_reasons(one, other),
        *_name_reasons(one.name, other.name),
        *_birth_reasons(one.birth, other.birth),
    ]
    if one.sex and other.sex and one.sex != other.sex:
        reasons.append("other_sex")
    score = sum(POINTS[reason] for reason in reasons)
    if "same_personal_id" in reasons:
        score = max(score, LIKELY)  # whatever else differs, one number for two is a question
    return min(max(score, 0), 100), tuple(reasons)


def _number_reasons(one: Facts, other: Facts) -> Iterator[str]:
    if one.personal_id and other.personal_id:
        slips = OSA.distance(one.personal_id, other.personal_id, score_cutoff=1)
        yield ("same_personal_id", "near_personal_id", "other_personal_id")[slips]
    if one.old_id and other.old_id:
        yield "same_old_id" if one.old_id == other.old_id else "other_old_id"
    if one.phone and one.phone == other.phone:
        yield "same_phone"
    if one.hamlet and other.hamlet and fold(one.hamlet) == fold(other.hamlet):
        yield "same_hamlet"
    if one.household and one.household == other.household:
        yield "same_household"
    if one.accounts & other.accounts:
        yield "same_account"


def _name_reasons(one: str, other: str) -> Iterator[str]:
    folded, other_folded = fold(one), fold(other)
    if canonical(one) == canonical(other):
        yield "same_name"
    elif folded == other_folded:
        yield "same_name_unmarked"
    else:
        yield "near_name" if is_near_name(folded, other_folded) else "other_name"


def _birth_reasons(one: PartialDate | None, other: PartialDate | None) -> Iterator[str]:
    if one is None or other is None:
        return
    if one.day and other.day and one == other:
        yield "same_birth"
    elif one.year != other.year:
        yield "near_birth_year" if abs(one.year - other.year) == 1 else "other_birth"
    elif not one.day or not other.day or _is_filled_in(one) or _is_filled_in(other):
        yield "same_birth_year"
    else:
        yield "swapped_birth" if (one.day, one.month) == (other.month, other.day) else "other_birth"


def _is_filled_in(birth: PartialDate) -> bool:
    """1 January stands in papers for a day nobody knew."""
    return (birth.day, birth.month) == (1, 1)


def is_near_name(one: str, other: str) -> bool:
    """Folded names one slip apart, in another order, or with one middle word more."""
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return True
    short, long = sorted((one.split(), other.split()), key=len)
    if sorted(short) == sorted(long):
        return True
    dropped = len(long) == len(short) + 1 and len(short) > 1
    return dropped and any(long[:at] + long[at + 1 :] == short for at in range(1, len(long) - 1))


def _is_worth_a_look(one: _Outline, other: _Outline) -> bool:
    if one.folded == other.folded:
        return not one.year or not other.year or abs(one.year - other.year) <= 1
    return is_near_name(one.folded, other.folded)  # of one year: only then do they share a block


def _within(people: Sequence[_Outline]) -> Iterator[tuple[int, int]]:
    blocks: dict[_Block, list[_Outline]] = {}
    for outline in people:
        for block in outline.blocks():
            blocks.setdefault(block, []).append(outline)
    for crowd in blocks.values():
        for one, other in combinations(crowd, 2):
            if _is_worth_a_look(one, other):
                yield min(one.no, other.no), max(one.no, other.no)


def _namesakes(people: Sequence[_Outline], others: Sequence[_Outline]) -> Iterator[tuple[int, int]]:
    by_name: dict[str, list[_Outline]] = {}
    for other in others:
        by_name.setdefault(other.folded, []).append(other)
    for one in people:
        for other in by_name.get(one.folded, ()):
            if _is_worth_a_look(one, other):
                yield min(one.no, other.no), max(one.no, other.no)


def _outlines(connection: Connection, few: Sequence[_Outline] | None = None) -> Iterator[_Outline]:
    """Everybody by birth, unknown births first; for a few, only whom they share a block with."""
    person = records["person"]
    query = select(person.c.no, person.c.birth, person.c.name_folded).order_by(person.c.birth)
    query = query.with_hint(person, "INDEXED BY person_by_birth", "sqlite")
    if few is not None and len(few) <= _FEW:
        years = {str(outline.year) for outline in few if outline.year}
        names = {outline.folded for outline in few}
        query = query.where(
            or_(func.substr(person.c.birth, 1, 4).in_(years), person.c.name_folded.in_(names))
        )
    for no, birth, folded in connection.execute(query):
        yield _Outline(no, int(birth[:4]) if birth else None, folded)


def _same_numbers(connection: Connection, everybody: Sequence[Facts]) -> Iterator[tuple[int, int]]:
    person = records["person"]
    for column in (person.c.personal_id, person.c.old_id, person.c.phone):
        asked: dict[str, list[int]] = {}
        for at, facts in enumerate(everybody):
            number = getattr(facts, column.name)
            if number:
                asked.setdefault(number, []).append(at)
        for numbers in _chunks(list(asked)):
            holders = connection.execute(select(column, person.c.no).where(column.in_(numbers)))
            yield from _who_asks(asked, holders)
    paid: dict[str, list[int]] = {}
    for at, facts in enumerate(everybody):
        for known in facts.accounts:
            paid.setdefault(known, []).append(at)
    for chunk in _chunks(list(paid)):
        bare = {known.partition(" ")[2] for known in chunk}
        yield from _who_asks(paid, _paid_at(connection, records["account"].c.number.in_(bare)))


def _who_asks(asked: Mapping[str, Sequence[int]], holders: Iterable[Any]) -> Iterator[tuple[int, int]]:
    """Whoever asked for a number, with each of its holders; a number of a whole hamlet says nothing."""
    by_number: dict[str, list[int]] = {}
    for number, no in holders:
        by_number.setdefault(number, []).append(no)
    for number, nos in by_number.items():
        if len(nos) <= _CROWD:
            yield from ((at, no) for at in asked.get(number, ()) for no in nos)


def _paid_at(connection: Connection, condition: ColumnElement[bool]) -> Iterator[tuple[str, int]]:
    """(account, `no` of whom it was proposed for), each once."""
    account, person = records["account"], records["person"]
    query = select(account.c.provider, account.c.number, person.c.no).distinct()
    query = query.join(person, person.c.id == account.c.person).where(condition)
    return ((f"{provider} {number}", no) for provider, number, no in connection.execute(query))


def _shared_numbers(connection: Connection) -> Iterator[tuple[int, int]]:
    person, account = records["person"], records["account"]
    for column in (person.c.personal_id, person.c.old_id, person.c.phone):
        shared = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1)
        holders = select(column, person.c.no).where(column.in_(shared)).order_by(column, person.c.no)
        yield from _couples(connection.execute(holders))
    shared = select(account.c.number).group_by(account.c.number).having(func.count() > 1)
    yield from _couples(sorted(_paid_at(connection, account.c.number.in_(shared))))


def _couples(holders: Iterable[Any]) -> Iterator[tuple[int, int]]:
    for _, group in groupby(holders, key=lambda row: row[0]):
        nos = [row[1] for row in group]
        if len(nos) <= _CROWD:
            yield from combinations(nos, 2)


def facts_of(connection: Connection, nos: Collection[int], *, with_joined: bool = False) -> dict[int, Facts]:
    """What the register knows of these people; records entered by mistake are nobody.

    Who was joined to somebody else is nobody either, unless she is asked for.
    """
    person = records["person"]
    columns = [person.c[name] for name in ("no", *_COLUMNS)]
    known: dict[int, Facts] = {}
    for chunk in _chunks(sorted(nos)):
        stands = person.c.state.is_distinct_from(MISTAKEN)
        if not with_joined:
            stands &= is_shown()
        accounts: dict[int, set[str]] = {}
        for account, no in _paid_at(connection, person.c.no.in_(chunk)):
            accounts.setdefault(no, set()).add(account)
        for no, name, birth, *others in connection.execute(
            select(*columns).where(person.c.no.in_(chunk), stands)
        ):
            facts = Facts(name or "", PartialDate.parse(birth) if birth else None, *others)
            paid = accounts.get(no)
            known[no] = replace(facts, accounts=frozenset(paid)) if paid else facts
    return known


def _stepping(found: Sequence[_T], progress: Progress) -> Iterator[_T]:
    for done, each in enumerate(found):
        if done % _CHUNK == 0:
            progress.step(done, len(found), "Comparing people")
        yield each


def _chunks(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
