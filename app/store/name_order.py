"""Where each person stands among the names: a label that ascends as the names do.

The index `finding` keeps its rows by these labels, so whatever it finds is already
sorted. Newcomers take a label between their neighbours'; where no room is left, the
neighbours move apart.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, delete, insert, select

from app.store.among import listed
from app.store.tables import name_order

# Wide enough for a dozen newcomers at one spot, near enough that a list of labels packs into
# three bytes each.
GAP = 1 << 18
_ROOMY = 1 << 9
_CHUNK = 500
# Of each newcomer in a list of [name_key, no], whom she follows, and the label of that one.
_BEFORE = """
    SELECT found.no, name_order.label FROM (
        SELECT each.key AS at, (
            SELECT person.no FROM person
            WHERE (person.name_key, person.no) < (each.value ->> 0, each.value ->> 1)
                AND person.account_state IS NOT 'joined'
            ORDER BY person.name_key DESC, person.no DESC LIMIT 1
        ) AS no FROM json_each(?) AS each
    ) AS found LEFT JOIN name_order ON name_order.person = found.no ORDER BY found.at
"""
_LABEL = "SELECT label FROM name_order WHERE person = ?"
_ALL = """
    INSERT INTO name_order (label, person)
    SELECT ? * row_number() OVER (ORDER BY coalesce(name_key, ''), no), no FROM person
"""
_NEXT = "SELECT min(label) FROM name_order WHERE label > ?"
_BESIDE = """
    SELECT coalesce(other.name_key, ''), other.no FROM name_order AS beside JOIN person AS other
    ON other.no = beside.person WHERE beside.label {side} mine.label ORDER BY beside.label {order} LIMIT 1
"""
_ASTRAY = f"""
    SELECT who.no FROM name_order AS mine JOIN person AS who ON who.no = mine.person
    WHERE mine.person IN (SELECT value FROM json_each(?)) AND (
        (coalesce(who.name_key, ''), who.no) < ({_BESIDE.format(side="<", order="DESC")})
        OR (coalesce(who.name_key, ''), who.no) > ({_BESIDE.format(side=">", order="ASC")}))
"""
_STANDING = "SELECT person, label FROM name_order WHERE person IN (SELECT value FROM json_each(?))"


@dataclass
class Placing:
    """What one refresh moves: labels given (person → label), labels that stand empty now."""

    given: dict[int, int] = field(default_factory=dict)
    emptied: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Run:
    """People who go into one gap, in order; `after` is whom they follow, None at the front."""

    after: int | None
    people: list[int]


def lay_out(connection: Connection) -> None:
    """Give everybody a label at once, where nobody has one yet."""
    connection.exec_driver_sql(_ALL, (GAP,))


def standing(connection: Connection, people: Collection[int]) -> tuple[dict[int, int], list[int]]:
    """Labels of those of these people who stand where their names belong, and labels that the others gave up.

    Nearly every change leaves a name as it was. Whoever is taken out may leave another of them astray.
    """
    asked, emptied = listed(list(people)), list[int]()
    while astray := list(connection.exec_driver_sql(_ASTRAY, (asked,)).scalars()):
        emptied += take_out(connection, astray)
    rows = connection.exec_driver_sql(_STANDING, (asked,)).all()
    return {row.person: row.label for row in rows}, emptied


def take_out(connection: Connection, people: Collection[int]) -> list[int]:
    """Give up these people's labels; returns the labels."""
    emptied: list[int] = []
    for chunk in _chunks(list(people)):
        mine = name_order.c.person.in_(chunk)
        emptied += connection.scalars(select(name_order.c.label).where(mine))
        connection.execute(delete(name_order).where(mine))
    return emptied


def place(connection: Connection, newcomers: Iterable[tuple[str, int]]) -> Placing:
    """Give labels to people without one, named by name_key and `no`.

    Neighbours that had to move are among `given` too, their old labels among `emptied`.
    """
    placing, fresh = Placing(), dict[int, int]()
    for run in _runs(connection, sorted(newcomers)):
        low, high = _gap_after(connection, run.after)
        if high is None or high - low > len(run.people):
            fresh |= _labels(run.people, low, high)
            continue
        _write(connection, placing, fresh)
        _write(connection, placing, _labels(*_push_apart(connection, run.people, (low, high), placing)))
        fresh = {}
    _write(connection, placing, fresh)
    return placing


def _labels(people: Sequence[int], low: int, high: int | None) -> dict[int, int]:
    step = GAP if high is None else (high - low) // (len(people) + 1)
    return {no: low + step * at for at, no in enumerate(people, start=1)}


def _write(connection: Connection, placing: Placing, fresh: dict[int, int]) -> None:
    if fresh:
        rows = [{"person": no, "label": label} for no, label in fresh.items()]
        connection.execute(insert(name_order), rows)
    placing.given |= fresh


def _runs(connection: Connection, newcomers: Sequence[tuple[str, int]]) -> list[_Run]:
    runs: list[_Run] = []
    found = connection.exec_driver_sql(_BEFORE, (msgspec.json.encode(newcomers).decode(),))
    for (_, no), (before, label) in zip(newcomers, found, strict=True):
        if before is not None and label is None:
            runs[-1].people.append(no)  # whom she follows is a newcomer, too: the one just seen
        else:
            runs.append(_Run(before, [no]))
    return runs


def _gap_after(connection: Connection, person: int | None) -> tuple[int, int | None]:
    """The label of a person (0: before all) and the next one; None at the end."""
    mine = connection.exec_driver_sql(_LABEL, (person,)).scalar() or 0
    return mine, connection.exec_driver_sql(_NEXT, (mine,)).scalar()


def _push_apart(
    connection: Connection, people: list[int], gap: tuple[int, int], placing: Placing
) -> tuple[list[int], int, int | None]:
    """Take as many neighbours on either side along as it needs for everybody to have room."""
    width = 32
    while True:
        left = _beside(connection, name_order.c.label <= gap[0], width, ascending=False)
        right = _beside(connection, name_order.c.label >= gap[1], width, ascending=True)
        low = left.pop()[0] if len(left) > width else 0
        high = right.pop()[0] if len(right) > width else None
        crowd = [no for _, no in reversed(left)] + people + [no for _, no in right]
        if high is None or (high - low) // (len(crowd) + 1) >= _ROOMY:
            break
        width *= 4
    # A neighbour placed a moment ago stands in no index yet, so nothing is emptied there.
    placing.emptied += [label for label, no in [*left, *right] if no not in placing.given]
    take_out(connection, [no for _, no in [*left, *right]])
    return crowd, low, high


def _beside(connection: Connection, side: object, width: int, *, ascending: bool) -> list[tuple[int, int]]:
    by = name_order.c.label if ascending else name_order.c.label.desc()
    query = select(name_order.c.label, name_order.c.person).where(side).order_by(by).limit(width + 1)  # type: ignore[arg-type]
    return [(label, person) for label, person in connection.execute(query)]


def _chunks(people: Sequence[int]) -> Iterable[Sequence[int]]:
    return (people[start : start + _CHUNK] for start in range(0, len(people), _CHUNK))
