"""Many keys as one bound value: a statement is built once and prepared once, however many it asks for.

SQLite's `json_each` takes the list apart inside the statement, so there are no chunks and no limit
of variables. On the laptop alone: the centre speaks to PostgreSQL too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Text, bindparam, func, select


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether a column is one of the keys (texts or numbers) bound under `name` as `listed`."""
    return column.in_(select(_each(name)))


def among_ids(column: ColumnElement[bytes], name: str) -> ColumnElement[bool]:
    """Whether a column is one of the sets whose ids, in hexadecimal, are bound under `name`."""
    return column.in_(select(func.unhex(_each(name))))


def listed(keys: Iterable[str | int]) -> str:
    """The keys as they are bound."""
    return msgspec.json.encode(list(keys)).decode()


def _each(name: str) -> ColumnElement[Any]:
    return func.json_each(bindparam(name, type_=Text)).table_valued("value").c.value
