"""What goes from one commune to another, at the centre: departures of the one, arrivals of the other.

Each statement names one commune. A departure is `handed` in the same transaction in which the centre
makes sure that the commune she leaves pays no longer; from then on nothing there pays her again. What
is handed and not yet `arrived` is handed on again: the other commune takes each but once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from app.domain.standing import Cells, RecordKey
from app.store.central_tables import arrival, commune, departure, standing
from app.store.journal import read_cells

WAITING, HANDED, ARRIVED = "waiting", "handed", "arrived"
_HERS = ("entitlement", "account", "consent", "attachment")
# Asked at every exchange: building them anew took a fifth of a millisecond each time.
_DEPARTURES = (
    select(departure)
    .where(departure.c.commune == bindparam("code"))
    .order_by(departure.c.id, departure.c.person)
)
_UNFINISHED = _DEPARTURES.where(departure.c.state != ARRIVED)


@dataclass(frozen=True)
class Departure:
    """One move: `id` is the set that made it, `month` the first that the peer pays for.

    Without a `person`: a set that came after the commune was merged into the peer.
    """

    id: str
    person: str
    peer: str
    month: str
    state: str = WAITING


@dataclass(frozen=True)
class Arrival:
    """What came, as the centre signed it; numbered without a hole in the commune it came to."""

    no: int
    id: str
    person: str
    content: bytes


def depart(connection: Connection, code: str, gone: Iterable[Departure]) -> None:
    """Note that they go; what is noted already stays as it is."""
    known = {(each.id, each.person) for each in departures(connection, code)}
    rows = [
        {"commune": code, **{name: getattr(one, name) for name in Departure.__dataclass_fields__}}
        for one in gone
        if (one.id, one.person) not in known
    ]
    if rows:
        connection.execute(insert(departure), rows)


def departures(connection: Connection, code: str, *, unfinished: bool = False) -> list[Departure]:
    """All of a commune's, or those that have not arrived."""
    asked = _UNFINISHED if unfinished else _DEPARTURES
    return [
        Departure(row.id, row.person, row.peer, row.month, row.state)
        for row in connection.execute(asked, {"code": code})
    ]


def set_state(connection: Connection, code: str, one: Departure, state: str) -> None:
    """Move one on."""
    mine = and_(departure.c.commune == code, departure.c.id == one.id, departure.c.person == one.person)
    connection.execute(update(departure).where(mine).values(state=state))


def stay(connection: Connection, code: str, person: str) -> None:
    """She is this commune's again: taken back before she was handed on, or come back."""
    connection.execute(delete(departure).where(departure.c.commune == code, departure.c.person == person))


def arrive(connection: Connection, code: str, one: Departure, content: bytes) -> bool:
    """Keep what came to a commune, locked by the caller; False when it came before."""
    mine = (arrival.c.commune == code, arrival.c.id == one.id, arrival.c.person == one.person)
    if connection.scalar(select(arrival.c.no).where(*mine)) is not None:
        return False
    last = int(connection.scalar(select(commune.c.arrivals).where(commune.c.commune == code)) or 0)
    row = {"commune": code, "no": last + 1, "id": one.id, "person": one.person, "content": content}
    connection.execute(insert(arrival).values(opened=False, **row))
    connection.execute(update(commune).where(commune.c.commune == code).values(arrivals=last + 1))
    return True


def arrivals(connection: Connection, code: str, after: int, bytes_max: int) -> tuple[list[Arrival], bool]:
    """What came after that number and was not opened, at most so many bytes or one; whether more is there."""
    mine = (arrival.c.commune == code, arrival.c.no > after, arrival.c.opened.is_(False))
    found, size = list[Arrival](), 0
    for row in connection.execute(select(arrival).where(*mine).order_by(arrival.c.no)):
        size += len(row.content)
        if found and size > bytes_max:
            return found, True
        found.append(Arrival(row.no, row.id, row.person, row.content))
    return found, False


def find_arrivals(connection: Connection, code: str, ids: Iterable[str]) -> list[Arrival]:
    """What came by these sets, opened or not."""
    mine = (arrival.c.commune == code, arrival.c.id.in_(list(ids)))
    rows = connection.execute(select(arrival).where(*mine).order_by(arrival.c.no))
    return [Arrival(row.no, row.id, row.person, row.content) for row in rows]


def note_opened(connection: Connection, code: str, about: str, people: Iterable[str]) -> None:
    """An officer there opened it, or adopted what came late: no other laptop needs to be told."""
    mine = (arrival.c.commune == code, arrival.c.id == about, arrival.c.person.in_(["", *people]))
    connection.execute(update(arrival).where(*mine).values(opened=True))


def active_people(connection: Connection, code: str) -> list[str]:
    """Everybody who is active in a commune: asked once, when it is merged."""
    mine = (standing.c.commune == code, standing.c.kind == "person")
    state = standing.c.cells["state"][0].as_string()
    return list(connection.scalars(select(standing.c.record).where(*mine, state == "active")))


def hers(connection: Connection, code: str, people: Iterable[str]) -> dict[RecordKey, Cells]:
    """What stands of people, and what belongs to them."""
    names = list(people)
    owner = standing.c.cells["person"][0].as_string()
    is_person = and_(standing.c.kind == "person", standing.c.record.in_(names))
    belongs = and_(standing.c.kind.in_(_HERS), owner.in_(names))
    asked = select(standing.c.kind, standing.c.record, standing.c.cells).where(standing.c.commune == code)
    found = [*connection.execute(asked.where(is_person)), *connection.execute(asked.where(belongs))]
    return {(row.kind, row.record): read_cells(row.cells) for row in found}
