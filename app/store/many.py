"""Keys and rows by the thousand, at the centre: a statement for all of them, not one for each.

PostgreSQL takes a list as one value, plans it once and answers once; a question that names a thousand pairs
takes it longer to understand than to answer. The file of a training centre is told key by key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Insert, Table, TextClause, bindparam, insert, text
from sqlalchemy import func as functions
from sqlalchemy.dialects import postgresql, sqlite

_POSTGRESQL = "postgresql"


def among(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column is one of the keys in the list bound under `name`."""
    if dialect == _POSTGRESQL:
        return column == functions.any(bindparam(name, type_=postgresql.ARRAY(column.type)))
    return column.in_(bindparam(name, expanding=True))


def write(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, over: Sequence[str] = ()
) -> None:
    """Rows of one commune, all of the same columns; where a key stands already, `over` it in these."""
    if not rows:
        return
    if connection.dialect.name != _POSTGRESQL:
        connection.execute(_row_by_row(table, tuple(over)), rows)
        return
    said = msgspec.json.encode([{name: _said(value) for name, value in row.items()} for row in rows]).decode()
    found = {"commune": rows[0]["commune"], "rows": said}
    connection.execute(_at_once(table, tuple(rows[0]), tuple(over)), found)


def _said(value: object) -> object:
    """As PostgreSQL reads it out of JSON."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value


@cache
def _at_once(table: Table, names: tuple[str, ...], over: tuple[str, ...]) -> TextClause:
    """All rows in one value: told list by list, each cell would cost the driver as much as a row does now."""
    listed = ", ".join(f'"{name}"' for name in names if name != "commune")
    found = f"json_populate_recordset(CAST(NULL AS {table.name}), CAST(:rows AS json))"
    laid = f"INSERT INTO {table.name} (commune, {listed})"
    laid += f" SELECT CAST(:commune AS text), {listed} FROM {found}"
    if over:
        keys = ", ".join(column.name for column in table.primary_key)
        laid += f" ON CONFLICT ({keys}) DO UPDATE SET " + ", ".join(f"{it} = excluded.{it}" for it in over)
    return text(laid)


@cache
def _row_by_row(table: Table, over: tuple[str, ...]) -> Insert:
    if not over:
        return insert(table)
    laid = sqlite.insert(table)
    said = {name: laid.excluded[name] for name in over}
    return laid.on_conflict_do_update(index_elements=list(table.primary_key), set_=said)
