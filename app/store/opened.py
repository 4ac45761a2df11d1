"""A record as a form opens it: its values, and for each the set its author will have seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from app.domain.changes import Edit, On
from app.domain.records import Value
from app.domain.standing import RecordKey, on_of
from app.store import rows
from app.store.tables import changes


@dataclass(frozen=True)
class Opened:
    """Values and what stands behind them, as they were when the form opened; both empty for a new record."""

    kind: str
    record: str
    values: Mapping[str, Value] = field(default_factory=dict)
    on: Mapping[str, On] = field(default_factory=dict)

    def edits(self, wanted: Mapping[str, Value]) -> list[Edit]:
        """The cells that `wanted` moves, each laid on what was seen."""
        return [
            Edit(self.kind, self.record, name, value, self.values.get(name), self.on.get(name))
            for name, value in wanted.items()
            if value != self.values.get(name)
        ]


def open_record(connection: Connection, kind: str, record: str) -> Opened | None:
    """A record ready to be edited; None where there is none."""
    return open_records(connection, [(kind, record)]).get((kind, record))


def open_records(connection: Connection, keys: Collection[RecordKey]) -> dict[RecordKey, Opened]:
    """Those of the records that there are, ready to be edited."""
    loaded = rows.load(connection, keys)
    last = {cell.behind[-1] for cells in loaded.values() for cell in cells.values() if cell.behind}
    ids = select(changes.c.no, changes.c.id).where(changes.c.no.in_([-no for no in last if no < 0]))
    waiting_id = (
        {-row.no: row.id.hex() for row in connection.execute(ids)} if min(last, default=0) < 0 else {}
    )
    return {
        key: Opened(
            *key,
            {name: cell.value for name, cell in cells.items()},
            {name: on_of(cell, waiting_id) for name, cell in cells.items()},
        )
        for key, cells in loaded.items()
    }
