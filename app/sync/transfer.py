"""Commune → commune, by stick through the centre: what a person's register says of her, signed by an officer.

Values and the ids of the sets behind them, not the sets: one set of an import speaks of two hundred
neighbours. The centre, which holds the journal, looks whether each cited set stands in it before it hands
the transfer on, sealed to the laptops of the commune that she moves to. What remains: that commune's own
set that opens her file and names the transfer, the set here that closes it, and who pays in which month.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import msgspec
from sqlalchemy import Connection

from app.domain.errors import Refusal
from app.domain.records import Value
from app.seal.bundles import new_id
from app.seal.keys import TRANSFER as PURPOSE
from app.seal.keys import OfficerKey, PublicKey
from app.seal.statements import Json, read_statement, state
from app.store import beneath, parcels, place, queue
from app.store.dossier import records_of
from app.sync.attachments import Laptop
from app.sync.enrolment import CENTRE
from app.sync.parts import TRANSFER, Part
from app.sync.stick import Draft

STATEMENT_BYTES_MAX = 1 << 20
_COMMUNE, _MONTH = re.compile(r"[0-9A-Z]{1,10}"), re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_KEPT = "transfer/"


class Moved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of her records: its values as the journal has them, the ids of the sets behind them."""

    kind: str
    record: str
    values: dict[str, Value]
    sets: list[str]


class Transfer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who moves where, and the first month that the other commune pays for."""

    id: str
    commune: str
    to: str
    person: str
    month: str
    officer: str
    records: list[Moved]


def draft(
    connection: Connection, laptop: Laptop, officer: OfficerKey, move: Mapping[str, str], now_ms: int
) -> Draft:
    """A person's transfer, on its way to the centre. `move`: person, to (a commune's code), month.

    Refusal("transfer.form") for a code or month that is none, ("transfer.nobody") for nobody of ours.
    """
    here, to, month = place.here(connection), move["to"], move["month"]
    if not _COMMUNE.fullmatch(to) or to == here.commune or not _MONTH.fullmatch(month):
        raise Refusal("transfer.form")
    moved = _moved(connection, move["person"])
    if not any(one.kind == "person" for one in moved):
        raise Refusal("transfer.nobody")
    said = Transfer(new_id(), here.commune, to, move["person"], month, officer.id, moved)
    builtins: dict[str, Json] = msgspec.to_builtins(said)
    parts = [(Part.TRANSFER, state(officer.key, PURPOSE, builtins))]
    number = parcels.next_number(connection, CENTRE)
    return Draft(TRANSFER, f"{here.commune}/{laptop.device.id}", CENTRE, number, now_ms, lambda: parts)


def _moved(connection: Connection, person: str) -> list[Moved]:
    standing = beneath.accepted_cells(connection, records_of(connection, person))
    seqs = {seq for cells in standing.values() for cell in cells.values() for seq in cell.behind}
    by = queue.hands(connection, seqs)
    return [
        Moved(
            kind,
            record,
            {name: cell.value for name, cell in sorted(cells.items())},
            sorted({by[seq].set_id for cell in cells.values() for seq in cell.behind if seq in by}),
        )
        for (kind, record), cells in sorted(standing.items())
        if cells
    ]


def read(statement: bytes) -> tuple[Transfer, PublicKey]:
    """The transfer and whose key signed it. Refusal("bundle.form") or ("bundle.signature")."""
    try:
        found = read_statement(PURPOSE, statement, bytes_max=STATEMENT_BYTES_MAX)
        return msgspec.convert(dict(found.said), Transfer), found.by
    except msgspec.ValidationError as error:
        raise Refusal("bundle.form") from error
    except Refusal as error:
        if error.code == "statement.form":
            raise Refusal("bundle.form") from error
        raise Refusal("bundle.signature") from error


def cited(transfer: Transfer) -> Collection[str]:
    """The sets that it cites."""
    return {one for moved in transfer.records for one in moved.sets}


def keep(connection: Connection, statement: bytes) -> Transfer:
    """Keep one that the centre handed on, as it was signed."""
    said = read(statement)[0]
    place.write(connection, _KEPT + said.id, statement)
    return said


def all_kept(connection: Connection) -> list[Transfer]:
    """Those that came, as they were signed."""
    return [read(statement)[0] for statement in place.read_below(connection, _KEPT).values()]
