"""Proposals to join people or to part them, and pairs that somebody judged to be two people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain import aliases, judge
from app.domain.aliases import MERGING, UNMERGE, Seen
from app.domain.changes import Atom, Edit, On, Read
from app.domain.standing import Standing
from app.store import queue, rows
from app.store.aliases import survivors_among
from app.store.alike import TWO_PEOPLE, proposed_pairs
from app.store.among import among_ids, listed
from app.store.disputes import Hand
from app.store.opened import Opened, open_records
from app.store.tables import changes, records
from app.store.twins import has_moved

_WHERE = select(changes.c.no, changes.c.id, changes.c.seq).where(among_ids(changes.c.id, "ids"))


@dataclass(frozen=True)
class Merging:
    """A proposal that waits for a second officer. `people`: ids, (who stays, who goes) each; `names`, too.

    `is_unmerge`: it would part them again; `has_moved`: somebody wrote there since, so that it would
    open a conflict.
    """

    opened: Opened
    is_unmerge: bool
    people: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    why: str
    by: Hand
    has_moved: bool


@dataclass(frozen=True)
class Judged:
    """Two people whom somebody said to be two, by whom and why."""

    opened: Opened
    names: tuple[str, str]
    by: Hand


def open_merges(connection: Connection) -> list[Merging]:
    """Everything that waits, the newest first."""
    proposal = records["proposal"]
    waiting = select(proposal.c.id).where(proposal.c.state == "open", proposal.c.subject.in_(MERGING))
    ids = list(connection.scalars(waiting.order_by(proposal.c.no.desc())))
    opened = open_records(connection, [("proposal", record) for record in ids])
    found = (_merging(connection, opened["proposal", record]) for record in ids)
    return [merging for merging in found if merging.people]  # what no such proposal says joins nobody


def _merging(connection: Connection, opened: Opened) -> Merging:
    atoms = aliases.unpack(str(opened.values.get("wants") or ""))
    is_unmerge = opened.values.get("subject") == UNMERGE
    people = tuple(
        (str(opened.values.get("person")) if is_unmerge else str(atom.edits[0].new), atom.edits[0].record)
        for atom in atoms
    )
    known = queue.names(connection, {record for pair in people for record in pair})
    names = tuple((known.get(stays, ""), known.get(goes, "")) for stays, goes in people)
    by = _by_on(connection, opened.on["state"])
    return Merging(opened, is_unmerge, people, names, queue.why(opened), by, _have_moved(connection, atoms))


def obstacle(connection: Connection, pairs: Sequence[tuple[Seen, Seen]]) -> str:
    """Why these (who stays, who goes), as they were read, may not be proposed; empty when they may.

    moved: somebody wrote there since; proposed: a pair waits already; chain: somebody would be joined
    who stands for another, or is joined herself.
    """
    seen = [one for pair in pairs for one in pair]
    if has_moved(connection, seen):
        return "moved"
    waiting = proposed_pairs(connection)
    if any(aliases.pair_id(stays.record, goes.record) in waiting for stays, goes in pairs):
        return "proposed"
    going = {goes.record for _, goes in pairs}
    standing = survivors_among(connection, [one.record for one in seen])
    staying = {stays.record for stays, _ in pairs} | set(standing.values())
    joined = standing.keys() & {one.record for one in seen}
    return "chain" if going & staying or joined or len(going) < len(pairs) else ""


def judged_two(connection: Connection, limit: int = 200) -> list[Judged]:
    """Pairs that stand as two people, the latest first."""
    pair = records["pair"]
    stands = select(pair.c.id).where(pair.c.verdict == TWO_PEOPLE).order_by(pair.c.no.desc()).limit(limit)
    ids = list(connection.scalars(stands))
    opened = open_records(connection, [("pair", record) for record in ids])
    found = []
    for record in ids:
        one = opened["pair", record]
        people = (str(one.values.get("person")), str(one.values.get("other")))
        known = queue.names(connection, people)
        names = (known.get(people[0], ""), known.get(people[1], ""))
        found.append(Judged(one, names, _by_on(connection, one.on["verdict"])))
    return found


def _have_moved(connection: Connection, atoms: Sequence[Atom]) -> bool:
    """Whether a set that a proposal saw no longer stands behind something it read or would write."""
    cells: list[Edit | Read] = []
    for atom in atoms:
        cells += [*atom.edits, *atom.reads]
    standing = Standing(rows.load(connection, {(cell.kind, cell.record) for cell in cells}))
    places = _places(connection, {cell.on for cell in cells if isinstance(cell.on, str)})
    return judge.has_moved(cells, standing, places.get)


def _places(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """Where sets stand that were seen while they waited: their seq, or their local number below zero."""
    found = connection.execute(_WHERE, {"ids": listed(ids)}) if ids else ()
    return {row.id.hex(): -row.no if row.seq is None else row.seq for row in found}


def _by_on(connection: Connection, on: On) -> Hand:
    return queue.hands(connection, {on})[on]
