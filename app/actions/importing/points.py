"""What the officer should see of a row: what she must answer, what was mended, what is good to know.

A row that holds an unanswered question is not written. Mendings that only change how a value is
written (`540.000` as 540000) are there to know; those that change what it says are shown apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from app.actions.importing.comparing import Beside, as_person, compare, is_guarded
from app.actions.importing.facts import Answer, Fate, Ground, How, Match, Point, Row, Side
from app.actions.importing.matching import match
from app.actions.importing.settling import FIELD_OF_PROBLEM, Typing, field_of, is_editable, settle
from app.actions.importing.shown import masked_as, shown_fact, shown_said
from app.actions.importing.values import Settled, house_said
from app.domain.accounts import compare_holder
from app.domain.text import fold
from app.sheets.proposed import Problem
from app.store.meant import Person

_FORM_ONLY = {
    *("comma", "dotted_amount", "text_date", "separators", "decimal_zero", "apostrophe", "no_separators"),
    *("country_code", "label", "decomposed", "unknown_parts"),
}
_TO_KNOW = {
    *("holder_missing", "old_id_number", "missing_personal_id", "missing_birth_date", "unknown_id_province"),
}
_WAYS: dict[str, tuple[How, ...]] = {
    "remark_in_name": (How.ACCEPT, How.DIED, How.SKIP),
    "invalid_birth_date": (How.ACCEPT, How.VALUE, How.BLANK, How.SKIP),
    "lunar_birth_date": (How.ACCEPT, How.VALUE, How.BLANK, How.SKIP),
    "sex_disagrees": (How.ACCEPT, How.FROM_ID, How.SKIP),
    "birth_disagrees": (How.ACCEPT, How.FROM_ID, How.VALUE, How.SKIP),
    "holder_differs": (How.ACCEPT, How.BLANK, How.SKIP),
    "note_says_dead": (How.DIED, How.ACCEPT, How.SKIP),
}
_LEAVE_OUT = (How.BLANK, How.VALUE, How.SKIP)
_DEAD = {"chet", "mat", "da mat", "da chet", "qua doi", "da qua doi", "tu vong", "tu tran", "bao tu"}


def settled_of(ground: Ground, row: Row, typing: Typing) -> Settled:
    """A row that holds a person, with what was answered about it."""
    assert row.person is not None
    kept = ground.headings.get(row.person.layout, frozenset())
    return settle(row.person, ground.answers(row.key), kept, typing)


def who(ground: Ground, row: Row, settled: Settled) -> Match:
    """Who the row is, as things stand."""
    written = ground.kept.records.get(row.key)
    if written in ground.register.by_id:
        return Match(written or "")
    answer = ground.answers(row.key).get("who")
    if answer is not None and answer.how is How.NEW:
        return Match()
    if answer is not None and answer.how is How.SAME:
        known = answer.value in ground.register.by_id
        return Match(record=answer.value) if known else Match(row=answer.value)
    return match(settled.person, ground.register, row.alike, row.repeats)


def held_by(ground: Ground, found: Match, typing: Typing) -> Person | None:
    """Whom a row is compared with: a person of the register, or one whom a row above begins."""
    if found.record:
        return ground.register.by_id.get(found.record)
    if not found.row:
        return None
    row = ground.row(found.row)
    settled = settled_of(ground, row, typing)
    before = held_by(ground, who(ground, row, settled), typing)
    return as_person(settled, before.id if before else "", before)


def judged(ground: Ground, row: Row, typing: Typing) -> tuple[tuple[Point, ...], Fate]:
    """The points of a row, and what becomes of it."""
    answers = ground.answers(row.key)
    skipped = any(answer.how is How.SKIP for answer in answers.values())
    if row.person is None:
        point = _unplaced(row)
        fate = Fate.SKIPPED if point.topic in answers or skipped else Fate.ASKS
        return (point,), fate
    settled = settled_of(ground, row, typing)
    found = who(ground, row, settled)
    held = held_by(ground, found, typing)
    beside = compare(settled, held) if held is not None else None
    points = [*_points(ground, row, settled, found, beside, typing)]
    asks = any(point.side is Side.ANSWER and point.topic not in answers for point in points)
    fate = Fate.SKIPPED if skipped else Fate.ASKS if asks else _fate(beside, answers)
    if found.row and fate in (Fate.FILLS, Fate.KNOWN):
        above = judged(ground, ground.row(found.row), typing)[1]
        fate = above if above in (Fate.ASKS, Fate.SKIPPED) else fate
    if fate in (Fate.NEW, Fate.KNOWN, Fate.SKIPPED):
        whole = settled.person
        points.append(Point(row.key, "row", Side.KNOW, fate.value, "row", whole.name_cell, ways=(How.SKIP,)))
    return tuple(points), fate


def _fate(beside: Beside | None, answers: Mapping[str, Answer]) -> Fate:
    if beside is None:
        return Fate.NEW
    taken = any(
        answers[topic].how in (How.TAKE, How.ADD) for topic in _open_topics(beside) if topic in answers
    )
    return Fate.KNOWN if beside.is_nothing and not taken else Fate.FILLS


def _open_topics(beside: Beside) -> Iterator[str]:
    """What the row and the register still say apart; an answer to more was written before."""
    yield from (f"differs:{name}" for name in beside.differs)
    yield from (f"differs:right.{name}" for name in beside.right_differs)
    if beside.other_right:
        yield "second_right"
    if beside.other_account:
        yield "other_account"


def _unplaced(row: Row) -> Point:
    assert row.question is not None
    ways = (How.ABOVE, How.SKIP) if row.question.why == "continues" else (How.SKIP, How.ABOVE)
    return Point(
        row.key,
        "place",
        Side.ANSWER,
        f"row_{row.question.why}",
        "row",
        f"{row.number}",
        row.question.text,
        ways=ways,
    )


def _points(
    ground: Ground, row: Row, settled: Settled, found: Match, beside: Beside | None, typing: Typing
) -> Iterator[Point]:
    assert row.person is not None
    if row.person.is_hidden:
        yield Point(row.key, "row", Side.KNOW, "hidden_row", "row", row.person.name_cell)
    if found.candidates or "who" in ground.answers(row.key):
        yield _who_point(ground, row, settled, found)
    for problem in _problems(settled, row):
        yield _problem_point(ground, row, settled, problem, typing)
    for mended in row.person.mended:
        yield _mended_point(row, settled, mended.kind, mended.field, (mended.cell, mended.typed), typing)
    if beside is not None:
        yield from _beside_points(row, settled, beside, typing)


def _problems(settled: Settled, row: Row) -> Iterator[Problem]:
    assert row.person is not None
    for problem in row.person.problems:
        if problem.kind != "possible_duplicate":
            yield problem
    if _note_says_dead(row) and not _says_dead(row):
        yield Problem("note_says_dead", row.person.name_cell, "note")
    account, payee = settled.person.account, settled.person.payee
    said = row.person.account.holder if row.person.account else None
    if account is not None and account.provider and not said:
        yield Problem("holder_missing", row.person.name_cell, "holder")  # written, and nobody can approve it
    if account is not None and account.holder and account.provider:
        owner = payee.name if payee and payee.name else settled.person.name
        if compare_holder(owner, account.holder) == "different":
            yield Problem("holder_differs", row.person.name_cell, "account")


def _who_point(ground: Ground, row: Row, settled: Settled, found: Match) -> Point:
    assert row.person is not None
    asked = match(settled.person, ground.register, row.alike, row.repeats)
    kind = found.kind or asked.kind or "could_be_known"
    field = "personal_id" if kind == "number_taken" else "name"
    typed = settled.person.personal_id or "" if kind == "number_taken" else row.person.name_typed
    return Point(
        row.key,
        "who",
        Side.ANSWER,
        kind,
        field,
        row.person.name_cell,
        typed,
        masked=masked_as(field),
        ways=(How.SAME, How.NEW, How.SKIP),
        candidates=asked.candidates,
    )


def _problem_point(ground: Ground, row: Row, settled: Settled, problem: Problem, typing: Typing) -> Point:
    kind = problem.kind
    field = FIELD_OF_PROBLEM.get(kind, field_of(problem.field))
    typed = ground.cells.text(row.sheet, problem.cell) if kind != "holder_missing" else ""
    if kind == "sex_disagrees" and row.person is not None:
        typed = shown_said("sex", row.person.sex, typing.reference)
    if kind == "birth_disagrees" and row.person is not None and row.person.birth is not None:
        typed = shown_said("birth", row.person.birth.iso(), typing.reference)
    side = Side.KNOW if kind in _TO_KNOW else Side.ANSWER
    ways = _WAYS.get(kind, _LEAVE_OUT)
    if kind in _TO_KNOW:
        ways = (How.ACCEPT, How.VALUE, How.SKIP)
    elif kind == "remark_in_name" and _says_dead(row):
        ways = (How.DIED, How.ACCEPT, How.SKIP)
    elif kind == "remark_in_name":
        side = Side.MENDED  # `(B)` behind a name: it goes into the note
    elif kind == "invalid_birth_date" and row.person is not None and row.person.birth is None:
        ways = _LEAVE_OUT
    return Point(
        row.key,
        f"problem:{kind}",
        side,
        kind,
        field,
        problem.cell,
        typed,
        shown_fact(settled.person, field, typing.reference),
        masked_as(field),
        ways,
    )


def _says_dead(row: Row) -> bool:
    remark = fold(row.person.remark or "") if row.person else ""
    return any(f" {word} " in f" {remark} " for word in _DEAD)


def _note_says_dead(row: Row) -> bool:
    """A note that begins so speaks of herself; `chồng chết` does not."""
    note = fold(row.person.details.note or "") if row.person else ""
    return any(f"{note} ".startswith(f"{word} ") for word in _DEAD)


def _mended_point(
    row: Row, settled: Settled, kind: str, part: str, at: tuple[str, str], typing: Typing
) -> Point:
    field = field_of(part)
    can_change = is_editable(field)
    ways = (How.ACCEPT, How.TYPED, How.VALUE, How.SKIP) if can_change else (How.ACCEPT, How.SKIP)
    cell, typed = at
    return Point(
        row.key,
        f"mended:{field}",
        Side.KNOW if kind in _FORM_ONLY else Side.MENDED,
        kind,
        field,
        cell,
        typed,
        shown_fact(settled.person, field, typing.reference),
        masked_as(field),
        ways,
    )


def _beside_points(row: Row, settled: Settled, beside: Beside, typing: Typing) -> Iterator[Point]:
    yield from _filling(row, settled, beside, typing)
    yield from _differing(row, beside, typing)
    others = {
        "second_right": ("group", beside.other_right),
        "other_account": ("account", beside.other_account),
    }
    for kind, (field, is_other) in others.items():
        if is_other:
            said = shown_fact(settled.person, field, typing.reference)
            ways = (How.KEEP, How.ADD, How.SKIP)
            point = _known(row, kind, field, (said, ""))
            yield replace(point, side=Side.ANSWER, topic=kind, ways=ways)


def _filling(row: Row, settled: Settled, beside: Beside, typing: Typing) -> Iterator[Point]:
    """What the register lacks and the row has: written without a question."""
    said = {
        name: shown_said(name, value, typing.reference)
        for name, value in (*beside.fills.items(), *beside.right_fills.items())
    }
    for field, adds in (("group", beside.adds_right), ("account", beside.adds_account)):
        if adds:
            said[field] = shown_fact(settled.person, field, typing.reference)
    if beside.dies:
        said["state"] = shown_said("state", "died", typing.reference)
    house = house_said(settled.person) if beside.joins_house else None
    if house is not None:
        said["household"] = " · ".join(filter(None, (house.code, house.head)))
    for field, value in said.items():
        yield _known(row, "fills", field, (value, value))


def _differing(row: Row, beside: Beside, typing: Typing) -> Iterator[Point]:
    """What both say, and not alike: guarded values are asked, others stay as the register has them."""
    for kind, differs in (("person", beside.differs), ("entitlement", beside.right_differs)):
        for name, values in differs.items():
            side = Side.ANSWER if is_guarded(kind, name) else Side.KNOW
            said, held = (shown_said(name, value, typing.reference) for value in values)
            topic = f"differs:{name}" if kind == "person" else f"differs:right.{name}"
            point = _known(row, "register_says", name, (said, held))
            yield replace(point, side=side, topic=topic, ways=(How.KEEP, How.TAKE, How.SKIP))


def _known(row: Row, kind: str, field: str, said: tuple[str, str]) -> Point:
    """Something about a row as a whole: it can only be left out."""
    assert row.person is not None
    cell = row.person.name_cell
    return Point(row.key, "row", Side.KNOW, kind, field, cell, *said, masked_as(field), (How.SKIP,))
