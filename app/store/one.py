"""The limit of a question for one row, as part of its text: a bound one makes SQLite prepare it anew."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, literal_column

ONE: ColumnElement[int] = literal_column("1", Integer)
