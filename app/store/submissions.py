"""Forms that were handed in: one whole, those of a form, of a household, of a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, func, or_, select

from app.domain.proposals import wanted_cells
from app.store.among import among, listed
from app.store.tables import records

_TABLE = records["submission"]
_NAMES = ("id", "form", "version", "definition", "instance", "corrects", "household", "person", "hamlet")
_MORE = ("officer", "finished", "sha256", "state")
_PAGE = 200


@dataclass(frozen=True)
class Submitted:
    """One of them; `content`: its XML, where it was asked for and shows; `name`: whose it is."""

    record: str
    form: str
    version: str
    definition: str
    instance: str
    corrects: str
    household: str
    person: str
    hamlet: str
    officer: str
    finished: str
    sha256: str
    state: str
    name: str
    content: str = ""


def one(connection: Connection, record: str) -> Submitted | None:
    """One of them, whole."""
    row = connection.execute(_asked(_TABLE.c.content).where(_TABLE.c.id == record)).first()
    return Submitted(*(value or "" for value in row)) if row else None


def of_form(connection: Connection, form: str, *, whole: bool = False) -> Iterator[Submitted]:
    """All of a form that stand, the newest first; with their answers, page by page."""
    more = (_TABLE.c.content,) if whole else ()
    query = _asked(*more).where(_TABLE.c.form == form, _TABLE.c.state == "active")
    found = connection.execute(
        query.order_by(_TABLE.c.finished.desc(), _TABLE.c.no), execution_options={"yield_per": _PAGE}
    )
    return (Submitted(*(value or "" for value in row)) for row in found)


def answered(connection: Connection, form: str) -> list[str]:
    """The records of all of a form that stand and whose answers show, the newest first."""
    query = select(_TABLE.c.id).where(_TABLE.c.form == form, _TABLE.c.state == "active")
    shown = query.where(_TABLE.c.content.is_not(None))
    return list(connection.scalars(shown.order_by(_TABLE.c.finished.desc(), _TABLE.c.no)))


def whole(connection: Connection, records_: Sequence[str]) -> list[Submitted]:
    """These with their answers, in the order asked; without those that are gone."""
    query = _asked(_TABLE.c.content).where(among(_TABLE.c.id, "records"))
    rows = connection.execute(query, {"records": listed(records_)})
    read = (Submitted(*(value or "" for value in row)) for row in rows)
    found = {each.record: each for each in read}
    return [found[each] for each in records_ if each in found]


def of_records(connection: Connection, record_ids: Collection[str]) -> list[Submitted]:
    """All about any of these households and persons, the newest first."""
    is_hers = or_(_TABLE.c.household.in_(record_ids), _TABLE.c.person.in_(record_ids))
    found = connection.execute(_asked().where(is_hers).order_by(_TABLE.c.finished.desc(), _TABLE.c.no.desc()))
    return [Submitted(*(value or "" for value in row)) for row in found]


def of_instance(connection: Connection, instance: str) -> Submitted | None:
    """By the filling's own id, as a correction names it."""
    row = connection.execute(_asked().where(_TABLE.c.instance == instance)).first()
    return Submitted(*(value or "" for value in row)) if row else None


def correction_of(connection: Connection, instance: str) -> Submitted | None:
    """What has taken its place."""
    is_its = (_TABLE.c.corrects == instance, _TABLE.c.state == "active")
    row = connection.execute(_asked().where(*is_its)).first()
    return Submitted(*(value or "" for value in row)) if row else None


def is_replaced(connection: Connection, instance: str) -> bool:
    """Whether another has taken its place."""
    found = select(_TABLE.c.id).where(_TABLE.c.corrects == instance, _TABLE.c.state == "active")
    return connection.scalar(found) is not None


def replaced(connection: Connection, form: str) -> set[str]:
    """The fillings of a form whose place another has taken, by their own ids."""
    found = select(_TABLE.c.corrects).where(_TABLE.c.form == form, _TABLE.c.state == "active")
    return {each for each in connection.scalars(found) if each}


def counts(connection: Connection) -> dict[str, int]:
    """How many stand of each form; a correction takes the place of what it corrects."""
    query = select(_TABLE.c.form, func.count()).where(_TABLE.c.state == "active", _TABLE.c.corrects.is_(None))
    return dict(connection.execute(query.group_by(_TABLE.c.form)).all())


def proposals_of(connection: Connection, record: str, *, answered: bool = False) -> list[str]:
    """Proposals of a submission that wait still; those that were answered too where they are asked for."""
    proposal = records["proposal"]
    query = select(proposal.c.id).where(proposal.c.subject == "survey").order_by(proposal.c.no)
    if not answered:
        query = query.where(proposal.c.state == "open")
    # The evidence is canonical JSON of ours; an id has no letter that LIKE reads otherwise.
    return list(connection.scalars(query.where(proposal.c.evidence.like(f'%"{record}"%'))))


def cells_proposed(connection: Connection, record: str) -> set[tuple[str, str]]:
    """What of these would change: record and field."""
    found = set[tuple[str, str]]()
    for proposal in proposals_of(connection, record):
        words = connection.scalar(
            select(records["proposal"].c.wants).where(records["proposal"].c.id == proposal)
        )
        found |= {(edit.record, edit.field.partition("/")[0]) for edit in wanted_cells(words or "")}
    return found


def _asked(*more: object) -> Select[tuple[object, ...]]:
    household, person = records["household"], records["person"]
    head, her = person.alias("head"), person.alias("her")
    name = func.coalesce(head.c.name, household.c.head_name, her.c.name)
    columns = (_TABLE.c[each] for each in (*_NAMES, *_MORE))
    whole: Select[tuple[object, ...]] = select(*columns, name, *more)  # type: ignore[call-overload]
    return (
        whole.outerjoin(household, household.c.id == _TABLE.c.household)
        .outerjoin(head, head.c.id == household.c.head)
        .outerjoin(her, her.c.id == _TABLE.c.person)
    )
