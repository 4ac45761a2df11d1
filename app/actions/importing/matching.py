"""Who a row is: nobody yet, somebody for sure, or a question.

Sure is: the same whole number and a name that is not another's; the same old number, name and
birth; or the same name, birth and hamlet with nothing against it. All else that is alike is asked:
a commune has thirty Nguyễn Thị Lan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.actions.importing.facts import Candidate, Match
from app.domain.dates import PartialDate
from app.domain.progress import Progress
from app.domain.text import canonical, fold
from app.sheets.proposed import Proposed
from app.store import likeness
from app.store.likeness import Facts, Likeness, is_near_name
from app.store.meant import Known, Person

_REPEATED_SHOWN = 3


def facts_of(person: Proposed) -> Facts:
    """The row as likeness weighs it."""
    return Facts(
        person.name,
        person.birth,
        person.sex,
        person.personal_id,
        person.old_id,
        person.phone,
        person.hamlet,
    )


def key_of(person: Proposed) -> str:
    """A row's name in a review: tables may stand side by side, so a row number is not enough."""
    return f"{person.sheet}!{person.name_cell}"


def repeated(people: Sequence[Proposed], progress: Progress) -> dict[str, tuple[Candidate, ...]]:
    """For each row that the reading calls a possible duplicate: the rows above that it could repeat."""
    by_number: dict[str, list[Proposed]] = {}
    by_name: dict[str, list[Proposed]] = {}
    found: dict[str, tuple[Candidate, ...]] = {}
    for done, person in enumerate(people):
        numbers = [number for number in (person.personal_id, person.old_id) if number]
        if any(problem.kind == "possible_duplicate" for problem in person.problems):
            rows = [other for number in numbers for other in by_number.get(number, ())]
            rows += by_name.get(fold(person.name), ())
            found[key_of(person)] = _likeliest(person, rows)
        for number in numbers:
            by_number.setdefault(number, []).append(person)
        by_name.setdefault(fold(person.name), []).append(person)
        if done % 500 == 0:
            progress.step(done, len(people), "Comparing people")
    return found


def _likeliest(person: Proposed, others: Iterable[Proposed]) -> tuple[Candidate, ...]:
    scored = []
    for other in {key_of(other): other for other in others}.values():
        score, reasons = likeness.compare(facts_of(person), facts_of(other))
        scored.append((-score, other.row, Candidate(row=key_of(other), reasons=reasons)))
    return tuple(
        candidate for _score, _row, candidate in sorted(scored, key=lambda one: one[:2])[:_REPEATED_SHOWN]
    )


def alike(found: Sequence[Likeness], register: Known) -> tuple[Candidate, ...]:
    """What likeness found, as candidates; records that are gone meanwhile are nobody."""
    return tuple(
        Candidate(record=register.by_no[each.no].id, reasons=each.reasons)
        for each in found
        if each.no in register.by_no
    )


def match(
    person: Proposed, register: Known, alike: Sequence[Candidate], repeats: Sequence[Candidate]
) -> Match:
    """Who a row is, before anybody answered."""
    if repeats:
        return Match(candidates=tuple(repeats), kind="repeated")
    told = _by_number(person, register)
    if told is not None:
        return told
    same = _by_name(person, register)
    if same is not None:
        return Match(same.id)
    if alike:
        return Match(candidates=tuple(alike), kind="could_be_known")
    return Match()


def _by_number(person: Proposed, register: Known) -> Match | None:
    for number, is_whole in ((person.personal_id, True), (person.old_id, False)):
        record = register.by_number.get(number or "")
        if record is None:
            continue
        held = register.by_id[record]
        is_sure = _names_agree(person, held) and (is_whole or _births_agree(person, held))
        if is_sure and not _numbers_differ(person, held):
            return Match(record)
        reasons = likeness.compare(facts_of(person), _facts(held))[1]
        return Match(candidates=(Candidate(record, reasons=reasons),), kind="number_taken")
    return None


def _by_name(person: Proposed, register: Known) -> Person | None:
    """The only one of her name, birth and hamlet, when nothing says that it is another."""
    birth = person.birth.iso() if person.birth else None
    same = [
        held
        for held in register.by_name.get(canonical(person.name), ())
        if held.values.get("birth") == birth
        and fold(str(held.values.get("hamlet") or "")) == fold(person.hamlet or "")
        and not _numbers_differ(person, held)
        and not (person.sex and held.values.get("sex") and person.sex != held.values["sex"])
    ]
    if len(same) != 1:
        return None
    # Without a birth a number on one side alone proves nothing.
    is_bare = birth is None and (person.personal_id or person.old_id or _has_number(same[0]))
    return None if is_bare else same[0]


def _has_number(held: Person) -> bool:
    return bool(held.values.get("personal_id") or held.values.get("old_id"))


def _numbers_differ(person: Proposed, held: Person) -> bool:
    """Two whole numbers are two people; of old ones a person may have had several."""
    number = held.values.get("personal_id")
    return bool(person.personal_id and number and person.personal_id != number)


def _names_agree(person: Proposed, held: Person) -> bool:
    one, other = fold(person.name), fold(held.name)
    return one == other or (is_near_name(one, other) and _births_agree(person, held))


def _births_agree(person: Proposed, held: Person) -> bool:
    """Whether two births can be one, each as precise as it is known."""
    born = held.values.get("birth")
    return person.birth is None or born is None or can_be_one(person.birth, PartialDate.parse(str(born)))


def can_be_one(one: PartialDate, other: PartialDate) -> bool:
    """Whether both dates can mean one day."""
    return one.earliest() <= other.latest() and other.earliest() <= one.latest()


def _facts(held: Person) -> Facts:
    said: Mapping[str, object] = held.values
    born = said.get("birth")

    def text(name: str) -> str | None:
        value = said.get(name)
        return value if isinstance(value, str) else None

    return Facts(
        held.name,
        PartialDate.parse(str(born)) if born else None,
        text("sex"),
        text("personal_id"),
        text("old_id"),
        text("phone"),
        text("hamlet"),
    )
