"""Who is to go where with which form, how far that has come, and who is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
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
    or_,
    outerjoin,
    select,
)

from app.domain.aliases import ALIAS
from app.domain.text import sort_key
from app.store import fillings, forms
from app.store.aliases import is_shown
from app.store.among import among, listed
from app.store.opened import Opened, open_records
from app.store.tables import records

_ASSIGNMENT, _VISIT, _SUBMISSION = records["assignment"], records["visit"], records["submission"]
_PERSON, _ALIAS = records["person"], records[ALIAS]
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
    """All that are under way, by day and hamlet, the whole of it first.

    `abouts`: of each form, `household` or `person`.
    """
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
    of = _ASSIGNMENT.c
    first = of.due.is_(None), of.due, of.hamlet, of.form, of.household.is_not(None), of.person.is_not(None)
    ids = list(connection.scalars(asked.order_by(*first, of.no)))
    opened = open_records(connection, [("assignment", each) for each in ids])
    return [opened["assignment", each] for each in ids if ("assignment", each) in opened]


def _progressed(
    connection: Connection, opened: Iterable[Opened], abouts: Mapping[str, str]
) -> list[Assigned]:
    """Each form's figures are read once, however many assignments there are."""
    aims = [(each, _aim(each, abouts)) for each in opened]
    named = defaultdict[tuple[str, str], set[str]](set)
    for each, aim in aims:
        named[aim].add(_record_of(each))
    of_one = {aim: _of_these(connection, *aim, ones - {""}) for aim, ones in named.items()}
    done = {aim: _asked_by_hamlet(connection, *aim) for aim, ones in named.items() if "" in ones}
    total = {subject: _by_hamlet(connection, subject) for subject in {subject for subject, _form in done}}
    found = []
    for each, aim in aims:
        hamlet, record = str(each.values.get("hamlet") or ""), _record_of(each)
        if record:
            is_asked = of_one[aim].get(record)
            found.append(Assigned(each, int(is_asked or 0), int(is_asked is not None)))
        else:
            found.append(Assigned(each, done[aim].get(hamlet, 0), total[aim[0]].get(hamlet, 0)))
    return found


def _aim(opened: Opened, abouts: Mapping[str, str]) -> tuple[str, str]:
    """What is asked, and with which form."""
    form = str(opened.values.get("form") or "")
    return subject_of(opened, abouts.get(form, "")), form


def _by_hamlet(connection: Connection, subject: str) -> dict[str, int]:
    table = records[subject]
    hamlet = func.coalesce(table.c.hamlet, "")
    query = select(hamlet, func.count()).where(_stands(subject)).group_by(hamlet).order_by(hamlet)
    return {row[0]: row[1] for row in connection.execute(query)}


def _asked_by_hamlet(connection: Connection, subject: str, form: str) -> dict[str, int]:
    """From the submissions, which are fewer than those who might be asked."""
    table, asked = records[subject], _SUBMISSION.c[subject]
    hamlet = func.coalesce(table.c.hamlet, "")
    joined = _SUBMISSION.outerjoin(_ALIAS, _ALIAS.c.id == asked)
    query = (
        select(hamlet, func.count(table.c.id.distinct()))
        .select_from(joined.join(table, table.c.id == func.coalesce(_ALIAS.c.survivor, asked)))
        .where(_SUBMISSION.c.form == form, _SUBMISSION.c.state == "active", _stands(subject))
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(hamlet))}


def _of_these(connection: Connection, subject: str, form: str, named: Collection[str]) -> dict[str, int]:
    """Of those that stand, by their ids: whether they were asked."""
    table = records[subject]
    query = select(table.c.id, _is_asked(subject, form)).where(among(table.c.id, "named"), _stands(subject))
    rows = connection.execute(query, {"named": listed(named)}) if named else ()
    return {row[0]: row[1] for row in rows}


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
    """Whether a submission of this form stands, be it of a record that was joined to hers since."""
    record = records[subject].c.id
    stands = (_SUBMISSION.c.form == form, _SUBMISSION.c.state == "active")
    hers = exists().where(_SUBMISSION.c[subject] == record, *stands)
    if subject == "household":
        return hers
    joined = exists().where(_SUBMISSION.c.person == _ALIAS.c.id, *stands).correlate(_ALIAS)
    return or_(hers, exists().where(_ALIAS.c.survivor == record, joined).correlate(records[subject]))


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
