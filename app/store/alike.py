"""Who could be one person with whom, kept as last compared, so that a queue can count them at once.

Whoever is written again is compared again, alone; many at once by walking everybody. What people
judged, proposed or joined since is read beside it, never stored here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select

from app.domain import aliases
from app.domain.progress import Progress
from app.store import likeness
from app.store.among import among, listed
from app.store.likeness import Pair
from app.store.tables import alike, records, uncompared

TWO_PEOPLE = "two_people"
_MANY = 500  # from here on, one walk over everybody is quicker than a look for each
_CHUNK = 500
_THEIR_NOS = select(records["person"].c.no).where(among(records["person"].c.id, "ids"))
_COMPARE_AGAIN = insert(uncompared).from_select(["person"], _THEIR_NOS)


@dataclass(frozen=True)
class Likes:
    """What a comparison found: pairs among these people (`no`s; None: among all), as of a ticket."""

    ticket: int
    people: frozenset[int] | None
    pairs: tuple[Pair, ...]


def compare_again(connection: Connection, people: Collection[str]) -> None:
    """Whoever these people are like has to be looked for again."""
    if people:
        connection.execute(_COMPARE_AGAIN, {"ids": listed(sorted(people))})


def compare(connection: Connection, progress: Progress) -> Likes | None:
    """Compare whoever was written since; None when nobody was. Reads only, and may be stopped."""
    ticket = connection.scalar(select(func.max(uncompared.c.ticket)))
    if ticket is None:
        return None
    nos = set(connection.scalars(select(uncompared.c.person).distinct()))
    if len(nos) >= _MANY:
        return Likes(ticket, None, tuple(likeness.pairs(connection, progress)))
    known = likeness.facts_of(connection, nos)
    found = likeness.likes(connection, list(known.values()), progress)
    pairs = {
        (min(no, like.no), max(no, like.no)): Pair(
            min(no, like.no), max(no, like.no), like.score, like.reasons
        )
        for no, likes in zip(known, found, strict=True)
        for like in likes
        if like.no != no
    }
    return Likes(ticket, frozenset(nos), tuple(pairs.values()))


def keep(connection: Connection, found: Likes) -> None:
    """Let what was found take the place of what was known; who was written meanwhile waits on."""
    if found.people is None:
        connection.execute(delete(alike))
    for chunk in _chunks(sorted(found.people or ())):
        connection.execute(delete(alike).where(or_(alike.c.first.in_(chunk), alike.c.second.in_(chunk))))
    ids = _ids(connection, {no for pair in found.pairs for no in (pair.first, pair.second)})
    rows = [
        {
            "first": pair.first,
            "second": pair.second,
            "pair": aliases.pair_id(ids[pair.first], ids[pair.second]),
            "score": pair.score,
            "reasons": " ".join(pair.reasons),
        }
        for pair in found.pairs
        if pair.first in ids and pair.second in ids
    ]
    if rows:
        connection.execute(insert(alike).prefix_with("OR REPLACE"), rows)
    connection.execute(delete(uncompared).where(uncompared.c.ticket <= found.ticket))


@dataclass(frozen=True)
class Like:
    """Two people (record ids) who could be one; `pair` is the id of what may be judged of them.

    `names` of both, the hamlet of the first.
    """

    pair: str
    first: str
    second: str
    score: int
    reasons: tuple[str, ...]
    names: tuple[str, str]
    hamlet: str


def open_pairs(connection: Connection) -> list[Like]:
    """Those that still ask something, the likeliest first: neither judged to be two, nor proposed."""
    proposed = proposed_pairs(connection)
    first, second = records["person"].alias("one"), records["person"].alias("two")
    columns = (
        *(alike.c.pair, alike.c.score, alike.c.reasons),
        *(first.c.id.label("first"), first.c.name.label("name"), first.c.hamlet),
        *(second.c.id.label("second"), second.c.name.label("other_name")),
    )
    query = (
        _unjudged(select(*columns))
        .join(first, first.c.no == alike.c.first)
        .join(second, second.c.no == alike.c.second)
        .order_by(alike.c.score.desc(), alike.c.first, alike.c.second)
    )
    return [
        Like(
            row.pair,
            row.first,
            row.second,
            row.score,
            tuple(row.reasons.split()),
            (row.name or "", row.other_name or ""),
            row.hamlet or "",
        )
        for row in connection.execute(query)
        if row.pair not in proposed
    ]


def count_open(connection: Connection) -> int:
    """How many ask something."""
    proposed = proposed_pairs(connection)
    waiting = int(connection.scalar(_unjudged(select(func.count()).select_from(alike))) or 0)
    for chunk in _chunks(sorted(proposed)):
        waiting -= int(
            connection.scalar(
                _unjudged(select(func.count()).select_from(alike)).where(alike.c.pair.in_(chunk))
            )
            or 0
        )
    return waiting


def _unjudged(query: Any) -> Any:
    pair = records["pair"]
    judged = select(pair.c.no).where(pair.c.id == alike.c.pair, pair.c.verdict == TWO_PEOPLE).exists()
    return query.where(~judged)


def proposed_pairs(connection: Connection) -> set[str]:
    """Ids of the pairs that a proposal would join, while it waits."""
    proposal = records["proposal"]
    wants = select(proposal.c.wants).where(proposal.c.state == "open", proposal.c.subject == aliases.MERGE)
    return {
        aliases.pair_id(*pair)
        for text in connection.scalars(wants)
        for pair in aliases.pairs_in(text or "[]")
    }


def _ids(connection: Connection, nos: Collection[int]) -> dict[int, str]:
    person = records["person"]
    found: dict[int, str] = {}
    for chunk in _chunks(sorted(nos)):
        rows = connection.execute(select(person.c.no, person.c.id).where(person.c.no.in_(chunk)))
        found.update((no, record) for no, record in rows)
    return found


def _chunks(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
