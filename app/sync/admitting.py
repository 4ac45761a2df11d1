"""Opening the file of somebody who comes: what an officer's own set here writes, naming the move.

Her records keep their ids: opened on two laptops apart, both write the same, and it stands once. Her
account is a proposal, in force when two officers of this commune say so and not before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.changes import Edit, canonical, lone
from app.domain.ids import derived_id
from app.domain.proposals import ACCOUNT, OPEN, PAID_AT, PROPOSAL
from app.domain.reasons import MOVED, of_other
from app.domain.records import KINDS, Value
from app.store import moved_sets, unit
from app.store.opened import Opened, open_record
from app.store.unit import Pen
from app.sync.transfer import Moved, Transfer

# What says where in the other commune she lived; here an officer writes it anew.
_STAYS = ("household", "relation", "hamlet", PAID_AT, "state", "state_since")


@dataclass(frozen=True)
class Coming:
    """Somebody who would be opened here, and how: the dry run. `is_known`: her record is here already."""

    transfer: Transfer
    rights: tuple[Mapping[str, Value], ...]
    account: Mapping[str, Value]
    papers: int
    is_known: bool
    is_open: bool


def coming_in(connection: Connection, said: Transfer) -> Coming:
    """What opening her file would do."""
    rights = tuple(_right(moved, said) for moved in said.of("entitlement"))
    account = next((one.values for one in said.of("account")), {})
    is_known = open_record(connection, "person", said.person) is not None
    is_open = moved_sets.is_opened(connection, said.person, said.id)
    return Coming(said, rights, account, len(said.of("attachment")), is_known, is_open)


def open_files(connection: Connection, pen: Pen, comers: Iterable[Transfer]) -> int:
    """Open their files, a set each; how many were not open here already: a parcel may come twice."""
    count = 0
    for said in comers:
        if not moved_sets.is_opened(connection, said.person, said.id):
            reason = of_other(MOVED, said.commune, said.id)
            unit.save(connection, pen, reason, lone(_written(connection, pen.author, said)))
            count += 1
    return count


def _written(connection: Connection, officer: str, said: Transfer) -> list[Edit]:
    edits: list[Edit] = []
    for moved in said.of("person"):
        values = {name: value for name, value in _known(moved).items() if name not in _STAYS}
        values |= {"state": "active", "state_since": said.month}
        edits += _laid(connection, "person", said.person, values)
    for moved in said.of("entitlement"):
        edits += _laid(connection, "entitlement", _own_id(connection, moved, said), _right(moved, said))
    for kind in ("consent", "attachment", "account"):
        for moved in said.of(kind):
            edits += _laid(connection, kind, moved.record, _known(moved))
    for moved in said.of("account"):
        edits += _proposed(connection, officer, said, moved)
    return edits


def _laid(connection: Connection, kind: str, record: str, values: Mapping[str, Value]) -> list[Edit]:
    return (open_record(connection, kind, record) or Opened(kind, record)).edits(values)


def _known(moved: Moved) -> dict[str, Value]:
    """The cells that this program knows: an older one leaves out what a newer one wrote."""
    declared = KINDS.get(moved.kind)
    return {name: value for name, value in moved.values.items() if declared and declared.field(name)}


def _right(moved: Moved, said: Transfer) -> dict[str, Value]:
    """From the month on; what was suspended stays so, until somebody here decides."""
    return {**_known(moved), "since": said.month}


def _own_id(connection: Connection, moved: Moved, said: Transfer) -> str:
    """A right that ended here before, when she comes back, stays ended as it did: this is another."""
    is_known = open_record(connection, moved.kind, moved.record) is not None
    return derived_id(moved.record, said.id) if is_known else moved.record


def _proposed(connection: Connection, officer: str, said: Transfer, account: Moved) -> list[Edit]:
    opened = open_record(connection, "person", said.person) or Opened("person", said.person)
    if opened.values.get(PAID_AT) == account.record:
        return []  # she comes back to where two officers here put it in force
    wants = [["person", said.person, PAID_AT, account.record, opened.on.get(PAID_AT)]]
    evidence = {"how": str(account.values.get("evidence") or ""), "scanned": "", "from": said.commune}
    values: dict[str, Value] = {
        "person": said.person,
        "subject": ACCOUNT,
        "wants": canonical(wants).decode(),
        "evidence": canonical(evidence).decode(),
        "proposer": officer,
        "state": OPEN,
    }
    return _laid(connection, PROPOSAL, derived_id(account.record, said.id, officer), values)
