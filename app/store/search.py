"""The index behind the search box.

Each person is a bag of tokens (`tokens.py`) in an FTS5 index without content. No token
needs a prefix scan, and the rows stand in the order of names (`name_order.py`), so the
first 200 of half a million matches are read from the front of one list, where fetching
and sorting would take a second.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, select

from app.store import aliases, name_order, place, sight, spelling, tokens, typed
from app.store.among import among, listed
from app.store.listing import MISTAKEN, Listing
from app.store.tables import name_order as order_table
from app.store.tables import records

# Alembic cannot see a virtual table: migrations and tests run these after `tables.replica`.
DDL: tuple[str, ...] = (
    "CREATE VIRTUAL TABLE finding USING fts5"
    "(tokens, content='', contentless_delete=1, detail=none, tokenize='ascii')",
    # Small leaves: two lists are crossed by leaping from leaf to leaf (a third faster than by default).
    "INSERT INTO finding(finding, rank) VALUES ('pgsz', 1000)",
)

LIMIT = 200
_PLENTY = 20  # with so many answers nobody looks for slips, and forgiving costs more than finding
_ENOUGH_LETTERS = 4  # among real matches, three letters forgiven would bring in half the register
_CHUNK = 500

_MATCH = """
    SELECT name_order.person FROM finding CROSS JOIN name_order ON name_order.label = finding.rowid
    WHERE finding MATCH ? ORDER BY finding.rowid LIMIT ?
"""
_BEGINS = "SELECT 1 FROM finding WHERE finding MATCH ? LIMIT 1"
_LEAVE = "DELETE FROM finding WHERE rowid = ?"
_ENTER = "INSERT INTO finding(rowid, tokens) VALUES (?, ?)"
_BEHIND = "index_behind"
_LACK = "FROM name_order WHERE label NOT IN (SELECT id FROM finding_docsize)"
_COUNT_LACKING = f"SELECT count(*) {_LACK}"
_LACKING = f"SELECT person, label {_LACK} ORDER BY label LIMIT ?"
_LOOSE = 8  # more than an eighth outside the largest segment is merged into it …
_MANY = 200  # … by whoever writes so many people at once: it takes seconds at a million people


@dataclass(frozen=True)
class Found:
    """`no`s of people: those that answer what was typed, then those that do with one slip forgiven."""

    nos: list[int]
    approximate: list[int]


def search(
    connection: Connection, sought: str, *, limit: int | None = LIMIT, within: Listing | None = None
) -> Found:
    """People whom the typed words describe, in the order of names; `limit` None gives all of them.

    Where accents were typed, people who have them come first. Slips are forgiven only while
    fewer than 20 people answer exactly. Any text is a question; one without words finds nobody.
    """
    words = typed.read(sought, lambda start: _begins(connection, start))
    if not words:
        return Found([], [])
    listing = within or Listing()
    exact = typed.all_of(words)
    marked = typed.all_of(words, with_marks=True)
    nos = _matches(connection, _narrowed(connection, marked, listing), limit)
    if marked != exact and (limit is None or len(nos) < limit):
        first = set(nos)
        plain = _matches(connection, _narrowed(connection, exact, listing), limit)
        nos = [*nos, *(no for no in plain if no not in first)][:limit]
    if len(nos) >= min(limit or _PLENTY, _PLENTY):
        return Found(nos, [])
    return Found(nos, _approximate(connection, words, listing, has_exact=bool(nos)))


def _approximate(
    connection: Connection, words: Sequence[typed.Word], listing: Listing, *, has_exact: bool
) -> list[int]:
    shortest = _ENOUGH_LETTERS if has_exact else spelling.SHORTEST
    question = typed.forgiving(words, lambda word: spelling.neighbours(connection, word), shortest)
    if question is None:
        return []
    return _matches(
        connection,
        _narrowed(connection, f"({question}) NOT ({typed.all_of(words)})", listing),
        LIMIT - _PLENTY,
    )


def filtered(connection: Connection, listing: Listing) -> list[int]:
    """`no`s of everybody whom the chips of a listing leave, in the order of names; its text is not asked."""
    if listing.is_filtered or (sight.hamlets(connection) and not lacking(connection)):
        return _matches(connection, _narrowed(connection, "", listing), None)
    # Nothing to look up in the index, and it answers no question that only excludes.
    mistaken = select(records["person"].c.no).where(records["person"].c.state == MISTAKEN)
    everybody = select(order_table.c.person).where(order_table.c.person.not_in(mistaken))
    return list(connection.scalars(everybody.order_by(order_table.c.label)))


def _narrowed(connection: Connection, question: str, listing: Listing) -> str:
    """The question, asked among the people a listing leaves; only where hers are, for who sees a part."""
    hamlets = listing.hamlets or sight.hamlets(connection)
    chips = (("h", hamlets), ("g", listing.groups), ("a", listing.accounts), ("s", listing.states))
    asked = [typed.any_of(f'"{tokens.tag(kind, v)}"' for v in values) for kind, values in chips if values]
    whole = " AND ".join([*([f"({question})"] if question else []), *asked])
    return whole if listing.states else f'({whole}) NOT "{tokens.tag("s", MISTAKEN)}"'


def _matches(connection: Connection, question: str, limit: int | None) -> list[int]:
    rows = connection.exec_driver_sql(_MATCH, (question, -1 if limit is None else limit))
    return [no for (no,) in rows]


def _begins(connection: Connection, start: str) -> bool:
    return connection.exec_driver_sql(_BEGINS, (f'"{start}"',)).first() is not None


def refresh(connection: Connection, people: Iterable[str]) -> None:
    """Bring the index up to date for these person ids (rows may be new, changed or gone)."""
    ids = sorted(set(people))
    found = {row.no: row for row in _findable(connection, "id", ids)}  # whoever is shown by herself
    emptied = name_order.take_out(connection, _orphans(connection)) if len(found) < len(ids) else []
    staying, left = name_order.standing(connection, found)
    newcomers = ((row.name_key or "", no) for no, row in found.items() if no not in staying)
    placing = name_order.place(connection, newcomers)
    pushed = placing.given.keys() - found.keys()
    found |= {row.no: row for row in _findable(connection, "no", sorted(pushed))}
    emptied += [*left, *staying.values(), *placing.emptied]
    _rewrite(connection, emptied, {**staying, **placing.given}, found)
    spelling.learn(connection, {word for row in found.values() for word in tokens.vocabulary(row)})
    if len(found) >= _MANY:
        _gather(connection)


def fall_behind(connection: Connection) -> None:
    """People stand in the order of names (`lay_out`) whom nobody can find until `catch_up` has come by."""
    place.write(connection, _BEHIND, b"yes")


def lacking(connection: Connection) -> int:
    """How many people cannot be found yet."""
    if place.read(connection, _BEHIND) is None:
        return 0
    return int(connection.exec_driver_sql(_COUNT_LACKING).scalar() or 0)


def catch_up(connection: Connection, count: int) -> bool:
    """Let the next so many of them be found; False when all are."""
    rows = connection.exec_driver_sql(_LACKING, (count,)).all()
    labels: dict[int, int] = {row.person: row.label for row in rows}
    found = {row.no: row for row in _findable(connection, "no", list(labels))}
    _rewrite(connection, [], labels, found)
    spelling.learn(connection, {word for row in found.values() for word in tokens.vocabulary(row)})
    if len(labels) == count:
        return True
    _gather(connection)
    place.write(connection, _BEHIND, None)
    return False


def _gather(connection: Connection) -> None:
    """Crossing lists that lie in many segments costs three times as much: keep nearly all in one.

    After a Save of a few people FTS5 merges a few leaves by itself, and what is loose stays small.
    """
    connection.exec_driver_sql("INSERT INTO finding(finding) VALUES ('flush')")  # what it holds in memory
    leaves = connection.exec_driver_sql("SELECT count(*) FROM finding_idx GROUP BY segid").scalars().all()
    if leaves and _LOOSE * (sum(leaves) - max(leaves)) > sum(leaves):
        connection.exec_driver_sql("INSERT INTO finding(finding) VALUES ('optimize')")


def _rewrite(
    connection: Connection,
    emptied: Collection[int],
    given: dict[int, int],
    found: dict[int, tokens.Findable],
) -> None:
    """Documents leave and enter in the order of their labels: out of order, FTS5 writes each alone."""
    if emptied:
        connection.exec_driver_sql(_LEAVE, [(label,) for label in sorted(set(emptied))])
    in_order = sorted((label, no) for no, label in given.items())
    joined = _joined(connection, found)
    for start in range(0, len(in_order), _CHUNK):
        chunk = in_order[start : start + _CHUNK]
        rows = [(label, " ".join(tokens.document(found[no], joined.get(no, ())))) for label, no in chunk]
        connection.exec_driver_sql(_ENTER, rows)


def _joined(connection: Connection, people: Collection[int]) -> dict[int, list[tokens.Findable]]:
    """Whom each of these people stands for."""
    shown = {joined: no for joined, no in aliases.shown_nos(connection).items() if no in people}
    found: dict[int, list[tokens.Findable]] = {}
    for row in _findable(connection, "no", sorted(shown), is_shown=False):
        found.setdefault(shown[row.no], []).append(row)
    return found


def _findable(
    connection: Connection, key: str, values: Sequence[int] | Sequence[str], *, is_shown: bool = True
) -> Iterator[tokens.Findable]:
    if values:
        found = connection.execute(_those(key, is_shown=is_shown), {"keys": listed(values)})
        yield from (tokens.Findable(*row) for row in found)


@cache
def _those(key: str, *, is_shown: bool) -> Select[Any]:
    person = records["person"]
    columns = [person.c[name] for name in tokens.Findable.__dataclass_fields__]
    shown = aliases.is_shown() if is_shown else person.c.account_state == aliases.JOINED
    return select(*columns).where(among(person.c[key], "keys"), shown)


def _orphans(connection: Connection) -> list[int]:
    """People in the order of names whose row is gone, or who are shown as somebody else."""
    known = select(records["person"].c.no).where(aliases.is_shown())
    return list(connection.scalars(select(order_table.c.person).where(order_table.c.person.not_in(known))))
