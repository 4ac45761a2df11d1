"""A laptop that has a double goes on under a new id; its authors sign anew what waits.

Two laptops with one id and one number happen when a disk is cloned or an old vault put back.
The centre takes the sets of whichever came first; the other's are kept aside, and nothing of
them is lost: each author signs hers again under the new id, in order, with their first clocks
and with `on` naming the sets as they are called now (design/sync.md, rule 6).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, insert, or_, select, update

from app.domain.changes import Atom, ChangeSet, On, SignedSet
from app.domain.ids import machine_of, renewed
from app.domain.standing import Standing, touched
from app.store import audit, beneath, place, unit
from app.store.among import among_ids, listed
from app.store.outbox import CLONE, STANDING
from app.store.tables import changes, replaced
from app.store.tables import touched as touched_table
from app.store.unit import Pen

_REPLACED = select(replaced.c.id).where(among_ids(replaced.c.id, "ids"))


@dataclass(frozen=True)
class _Line:
    """A waiting set by its local number, and what the centre last said of it."""

    no: int
    signed: SignedSet
    why: str | None


def mark(connection: Connection, clones: Collection[str] = (), devices: Collection[str] = ()) -> None:
    """From now on nothing is pushed under the present id.

    `clones`: sets that the centre called so; `devices`: ids of this laptop under which others' sets came.

    Where the double was made in the middle of a renewal it bears the new id too: then another is taken. What
    a revoked laptop has handed in stays as it is.
    """
    device, renewing = place.read_text(connection, "device"), place.read_text(connection, place.RENEWING)
    ids = [bytes.fromhex(set_id) for set_id in clones]
    doubled = {device, *devices, *connection.scalars(select(changes.c.device).where(changes.c.id.in_(ids)))}
    if not renewing or renewing in doubled:
        place.write(connection, place.RENEWING, renewed(device, _mark()).encode())
    waits = changes.c.seq.is_(None) & or_(changes.c.why.is_(None), changes.c.why != STANDING)
    theirs = changes.c.device.in_({device, renewing} & doubled)
    connection.execute(update(changes).where(waits, or_(theirs, changes.c.id.in_(ids))).values(why=CLONE))


def is_marked(connection: Connection) -> bool:
    """Whether this laptop has a double and has not yet been renewed."""
    return place.read(connection, place.RENEWING) is not None


def begin_anew(connection: Connection) -> None:
    """A restored backup goes on under a new id at once; what waited in it is pushed as it was signed."""
    device = place.read_text(connection, "device")
    place.write_all(connection, {"device": renewed(device, _mark()).encode(), place.RESTORED: b"yes"})
    place.write(connection, place.MARKED, None)


def heed(connection: Connection, clones: Collection[str]) -> None:
    """Act on the centre's word that these sets are a clone's: ours are to be signed anew.

    A colleague's that we carried for her are kept with the reason: her laptop signs them anew itself.
    """
    machine = machine_of(place.read_text(connection, "device"))
    lines = [line for line in _waiting(connection) if line.signed.id in clones]
    ours = {line.signed.id for line in lines if machine_of(line.signed.set.device) == machine}
    if ours:
        mark(connection, ours)
    _exchange_lines(connection, [(line, None) for line in lines if line.signed.id not in ours])


def renew(connection: Connection, pen: Pen) -> int:
    """Sign anew what waits of this author's, once the laptop is caught up; returns how many sets.

    A set laid on one that another author has still to sign waits for it. The laptop takes its new
    id when none is left; until then what is saved waits with the others.
    """
    if not is_marked(connection):
        return 0
    device = place.read_text(connection, place.RENEWING)
    number, previous = unit.last_of_device(connection, device)
    lines = [line for line in _waiting(connection) if line.why == CLONE]
    names = _names_anew(connection)
    anew: list[tuple[_Line, SignedSet | None]] = []
    held: set[str] = set()
    for line in lines:
        found = line.signed.set
        if found.author != pen.author or held & _laid_on(found):
            held.add(line.signed.id)
            continue
        number += 1
        moved = replace(
            found,
            device=device,
            number=number,
            previous=previous,
            atoms=tuple(_translated(atom, names) for atom in found.atoms),
        )
        signed = SignedSet(moved.body, pen.sign(moved.body))
        names[line.signed.id] = previous = signed.id
        anew.append((line, signed))
    _exchange_lines(connection, anew)
    if not held:
        place.write(connection, "device", device.encode())
        place.write(connection, place.RENEWING, None)
    audit.note(connection, pen.author, "renew", kind="device", record=device)
    return len(anew)


def signed_before(connection: Connection, ids: Collection[str]) -> set[str]:
    """Which of these sets were signed anew or set aside, and are kept as they were."""
    return {each.hex() for each in connection.scalars(_REPLACED, {"ids": listed(ids)})}


def _mark() -> str:
    return secrets.token_hex(4)


def _waiting(connection: Connection) -> list[_Line]:
    query = select(changes.c.no, changes.c.body, changes.c.signature, changes.c.why)
    rows = connection.execute(query.where(changes.c.seq.is_(None)).order_by(changes.c.no))
    return [_Line(row.no, SignedSet(row.body, row.signature), row.why) for row in rows]


def _names_anew(connection: Connection) -> dict[str, str]:
    signed_anew = select(replaced.c.id, replaced.c.by).where(replaced.c.by.is_not(None))
    return {row.id.hex(): row.by.hex() for row in connection.execute(signed_anew)}


def _laid_on(found: ChangeSet) -> set[On]:
    ons: set[On] = {edit.on for edit in found.edits()}
    return ons | {read.on for atom in found.atoms for read in atom.reads}


def _translated(atom: Atom, names: dict[str, str]) -> Atom:
    def now(on: On) -> On:
        return names.get(on, on) if isinstance(on, str) else on

    return Atom(
        tuple(replace(edit, on=now(edit.on)) for edit in atom.edits),
        tuple(replace(read, on=now(read.on)) for read in atom.reads),
    )


def _exchange_lines(connection: Connection, exchanged: Sequence[tuple[_Line, SignedSet | None]]) -> None:
    """Put sets signed anew in the place of waiting ones, which are kept as they were signed."""
    if not exchanged:
        return
    keys = {key for line, _ in exchanged for key in touched(line.signed.set.edits())}
    standing = Standing(beneath.accepted_cells(connection, keys))
    for line, signed in exchanged:
        connection.execute(delete(touched_table).where(touched_table.c.change == line.no))
        connection.execute(delete(changes).where(changes.c.no == line.no))
        row = {"id": bytes.fromhex(line.signed.id), "by": bytes.fromhex(signed.id) if signed else None}
        kept = {"body": line.signed.body, "signature": line.signed.signature}
        connection.execute(insert(replaced).prefix_with("OR IGNORE").values(why=CLONE, **row, **kept))
    unit.write_changes(connection, [(signed.set, signed) for signed in _given(exchanged)])
    beneath.settle_under(connection, standing, keys)


def _given(exchanged: Iterable[tuple[_Line, SignedSet | None]]) -> list[SignedSet]:
    return [signed for _, signed in exchanged if signed is not None]
