"""Who is to go where with which form, how far that has come, and who is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal,
    not_,
    outerjoin,
    select,
)

from app.domain.text import sort_key
from app.store import fillings, forms
from app.store.aliases import is_shown
from app.store.opened import Opened, open_records
from app.store.tables import records

_ASSIGNMENT, _VISIT, _SUBMISSION = records["assignment"], records["visit"], records["submission"]
_PERSON = records["person"]
LEFT_MOST = 2_000  # nobody works through a longer list; the rest follows as these are done


@dataclass(frozen=True)
class Assigned:
    """An assignment that is under way; `done` of `total` households or persons."""

    opened: Opened
    done: int
    total: int


@dataclass(frozen=True)
class Left:
    """Whom nobody asked yet. `visits`: how often somebody came in vain; the last one's outcome and day."""

    visits: int
    household: str
    person: str
    name: str
    hamlet: str
    address: str
    outcome: str
    day: str
    again: str


def assigned(connection: Connection, abouts: Mapping[str, str]) -> list[Assigned]:
    """All that are under way, by their day; `abouts`: of each form, `household` or `person`."""
    return _progressed(connection, _under_way(connection), abouts)


def waiting(connection: Connection, officer: str) -> int:
    """How much her surveys still ask of her: whom to go to, and what is not finished."""
    return left_of(connection, officer, forms.abouts(connection)) + fillings.count(connection)


def left_of(connection: Connection, officer: str, abouts: Mapping[str, str]) -> int:
    """How many households and persons an officer still has to go to."""
    mine = _under_way(connection, _ASSIGNMENT.c.officer == officer)
    return sum(each.total - each.done for each in _progressed(connection, mine, abouts))


def left(connection: Connection, opened: Opened, about: str) -> list[Left]:
    """Who of an assignment is left, those whom somebody was to meet again first."""
    rows = connection.execute(_left(opened, about).limit(LEFT_MOST))
    found = [_line(row) for row in rows]
    return sorted(found, key=lambda it: (not it.again, it.again, it.hamlet, sort_key(it.name)))


def left_one(connection: Connection, opened: Opened, about: str, record: str) -> Left | None:
    """A household or person, where an assignment waits for her."""
    found = _left(opened, about).where(records[subject_of(opened, about)].c.id == record)
    row = connection.execute(found).first()
    return _line(row) if row else None


def by_hamlet(connection: Connection, form: str, about: str) -> list[tuple[str, int, int]]:
    """How many are asked, and of how many, hamlet by hamlet."""
    done = _asked_by_hamlet(connection, about, form)
    return [(hamlet, done.get(hamlet, 0), total) for hamlet, total in _by_hamlet(connection, about).items()]


def subject_of(opened: Opened, about: str) -> str:
    """Households or persons: what it names itself, else what a filling of its form is of."""
    if opened.values.get("household"):
        return "household"
    return "person" if opened.values.get("person") or about == "person" else "household"


def _under_way(connection: Connection, *also: ColumnElement[bool]) -> list[Opened]:
    asked = select(_ASSIGNMENT.c.id).where(_ASSIGNMENT.c.state == "open", *also)
    ids = list(connection.scalars(asked.order_by(_ASSIGNMENT.c.due.is_(None), _ASSIGNMENT.c.due)))
    opened = open_records(connection, [("assignment", each) for each in ids])
    return [opened["assignment", each] for each in ids if ("assignment", each) in opened]


def _progressed(
    connection: Connection, opened: Iterable[Opened], abouts: Mapping[str, str]
) -> list[Assigned]:
    """Each hamlet's figures are read once, however many assignments there are."""
    by_hamlet: dict[tuple[str, str], tuple[dict[str, int], dict[str, int]]] = {}
    found = []
    for each in opened:
        form = str(each.values.get("form") or "")
        subject = subject_of(each, abouts.get(form, ""))
        if _record_of(each):
            found.append(Assigned(each, *_of_one(connection, each, subject, form)))
            continue
        if (form, subject) not in by_hamlet:
            figures = _asked_by_hamlet(connection, subject, form), _by_hamlet(connection, subject)
            by_hamlet[form, subject] = figures
        done, total = by_hamlet[form, subject]
        hamlet = str(each.values.get("hamlet") or "")
        found.append(Assigned(each, done.get(hamlet, 0), total.get(hamlet, 0)))
    return found


def _by_hamlet(connection: Connection, subject: str) -> dict[str, int]:
    table = records[subject]
    hamlet = func.coalesce(table.c.hamlet, "")
    query = select(hamlet, func.count()).where(_stands(subject)).group_by(hamlet).order_by(hamlet)
    return {row[0]: row[1] for row in connection.execute(query)}


def _asked_by_hamlet(connection: Connection, subject: str, form: str) -> dict[str, int]:
    """From the submissions, which are fewer than those who might be asked."""
    table = records[subject]
    hamlet = func.coalesce(table.c.hamlet, "")
    query = (
        select(hamlet, func.count(table.c.id.distinct()))
        .join_from(_SUBMISSION, table, table.c.id == _SUBMISSION.c[subject])
        .where(_SUBMISSION.c.form == form, _SUBMISSION.c.state == "active", _stands(subject))
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(hamlet))}


def _of_one(connection: Connection, opened: Opened, subject: str, form: str) -> tuple[int, int]:
    done = func.sum(func.iif(_is_asked(subject, form), 1, 0))
    row = connection.execute(select(done, func.count()).where(*_within(opened, subject))).one()
    return int(row[0] or 0), int(row[1])


def _record_of(opened: Opened) -> str:
    return str(opened.values.get("household") or opened.values.get("person") or "")


def _within(opened: Opened, subject: str) -> tuple[ColumnElement[bool], ...]:
    """Those whom an assignment names, or who live in its hamlet."""
    table = records[subject]
    record = _record_of(opened)
    whose = table.c.id == record if record else table.c.hamlet == opened.values.get("hamlet")
    return whose, _stands(subject)


def _stands(subject: str) -> ColumnElement[bool]:
    table = records[subject]
    state = func.coalesce(table.c.state, "active") == "active"
    return state if subject == "household" else and_(state, is_shown())


def _is_asked(subject: str, form: str) -> ColumnElement[bool]:
    """Whether a submission of this form stands."""
    named = _SUBMISSION.c[subject] == records[subject].c.id
    return exists().where(named, _SUBMISSION.c.form == form, _SUBMISSION.c.state == "active")


def _line(row: Any) -> Left:
    count, *said = row
    return Left(count, *(str(value or "") for value in said))


def _left(opened: Opened, about: str) -> Select[tuple[Any, ...]]:
    subject = subject_of(opened, about)
    return _waiting(subject, str(opened.values.get("form") or ""), _within(opened, subject))


def _waiting(subject: str, form: str, within: tuple[ColumnElement[bool], ...]) -> Select[tuple[Any, ...]]:
    table = records[subject]
    mine = (_VISIT.c[subject] == table.c.id, _VISIT.c.form == form)
    last = select(_VISIT.c.no).where(*mine).order_by(_VISIT.c.day.desc(), _VISIT.c.no.desc()).limit(1)
    count = select(func.count()).where(*mine).scalar_subquery()
    visit = _VISIT.alias("last")
    head = _PERSON.alias("head")
    is_household = subject == "household"
    name = func.coalesce(head.c.name, table.c.head_name) if is_household else table.c.name
    joined = outerjoin(table, visit, visit.c.no == last.scalar_subquery())
    if is_household:
        joined = joined.outerjoin(head, head.c.id == table.c.head)
    nobody = literal("")
    who = (table.c.id, table.c.head) if is_household else (nobody, table.c.id)
    columns = (count, *who, name, table.c.hamlet, table.c.address)
    told = (visit.c.outcome, visit.c.day, visit.c.again)
    query: Select[tuple[Any, ...]] = select(*columns, *told).select_from(joined)
    order = (visit.c.again.is_(None), visit.c.again, table.c.hamlet, table.c.id)
    return query.where(*within, not_(_is_asked(subject, form))).order_by(*order)
