"""Keys and rows by the thousand, at the centre: a statement for all of them, not one for each.

PostgreSQL takes a list as one value, plans it once and answers once; a question that names a thousand pairs
takes it longer to understand than to answer. The file of a training centre is told key by key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, Table, Text, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

_POSTGRESQL = "postgresql"


def among(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column is one of the keys in the list bound under `name`."""
    if dialect == _POSTGRESQL:
        return column == func.any(bindparam(name, type_=postgresql.ARRAY(column.type)))
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
    names = tuple(name for name in rows[0] if name != "commune")
    columns = {name: [row[name] for row in rows] for name in names}
    said = {"commune": rows[0]["commune"], **columns}
    connection.execute(_at_once(table, names, tuple(over)), said)


@cache
def _at_once(table: Table, names: tuple[str, ...], over: tuple[str, ...]) -> Insert:
    lists = (bindparam(name, type_=postgresql.ARRAY(table.c[name].type)) for name in names)
    found = func.unnest(*lists).table_valued(*names).render_derived()
    laid = postgresql.insert(table).from_select(
        ["commune", *names], select(bindparam("commune", type_=Text), *found.c)
    )
    if not over:
        return laid
    said = {name: laid.excluded[name] for name in over}
    return laid.on_conflict_do_update(index_elements=list(table.primary_key), set_=said)


@cache
def _row_by_row(table: Table, over: tuple[str, ...]) -> Insert:
    if not over:
        return insert(table)
    laid = sqlite.insert(table)
    said = {name: laid.excluded[name] for name in over}
    return laid.on_conflict_do_update(index_elements=list(table.primary_key), set_=said)
