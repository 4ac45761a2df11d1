"""The stores' own statements, compiled by SQLAlchemy once and from then on handed straight to SQLite.

A schedule says thousands of short statements, and SQLAlchemy's machinery around one costs ten times
what SQLite does. Text, values and types are its own; `test_schedules` holds that a seed comes out the
same through its real connection.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import Executable
from sqlalchemy.dialects import sqlite

DIALECT = sqlite.dialect(dbapi=sqlcipher3.dbapi2)
_KEPT = 4_000
_Process = Callable[[Any], Any] | None
_NOTHING: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One statement as SQLite takes it. `fixed`: values that are part of it."""

    statement: Any  # held, so that its id stays its own
    compiled: Any
    text: str
    fixed: Mapping[str, Any]
    names: tuple[str, ...]
    processes: tuple[tuple[int, Callable[[Any], Any]], ...]  # of the values that SQLite takes otherwise
    is_expanding: bool
    columns: Callable[[Any], Any] | None  # makes a row of SQLite's; None of a statement that gives none
    results: tuple[tuple[int, Callable[[Any], Any]], ...]

    def bound(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in SQLite's order."""
        values = {**self.fixed, **given} if self.fixed else given
        found = [values[name] for name in self.names]
        for at, process in self.processes:
            found[at] = process(found[at])
        return found

    def expanded(self, given: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        """Text and values where a list is asked for."""
        values = {**self.fixed, **given}
        state = self.compiled._process_parameters_for_postcompile(values)
        processors = {**self.compiled._bind_processors, **state.processors}
        bound = (
            processors[name](values[name]) if name in processors else values[name]
            for name in state.positiontup
        )
        return state.statement, tuple(bound)

    def read(self, row: Sequence[Any]) -> Any:
        """A row with its columns' names, its values as Python holds them."""
        assert self.columns is not None
        if self.results:
            row = list(row)
            for at, process in self.results:
                row[at] = process(row[at])
        return self.columns(row)


_by_object: dict[tuple[int, tuple[str, ...], bool], _Prepared] = {}
_by_form: dict[Any, _Prepared] = {}


def _prepared(statement: Any, keys: tuple[str, ...], *, many: bool) -> _Prepared:
    known = _by_object.get((id(statement), keys, many))
    if known is not None:
        return known
    if len(_by_object) > _KEPT:  # most statements are built once for all, some for one use
        _by_object.clear()
    form = statement._generate_cache_key()
    like = _by_form.get((form.key, keys, many))
    if like is None:
        compiled = statement._compiler(DIALECT, cache_key=form, column_keys=list(keys), for_executemany=many)
        like = _by_form[form.key, keys, many] = _first(statement, compiled)
    fixed = like.compiled.construct_params(extracted_parameters=form.bindparams, _check=False)
    fixed = {name: value for name, value in fixed.items() if name not in keys}
    made = replace(like, statement=statement, fixed=fixed)
    _by_object[id(statement), keys, many] = made
    return made


def _first(statement: Any, compiled: Any) -> _Prepared:
    names = tuple(compiled.positiontup)
    processors = compiled._bind_processors
    processes = tuple((at, processors[name]) for at, name in enumerate(names) if name in processors)
    columns, results = None, list[tuple[int, Callable[[Any], Any]]]()
    if compiled._result_columns:
        keys = [entry.keyname for entry in compiled._result_columns]
        columns = _row_of(keys)
        for at, entry in enumerate(compiled._result_columns):
            process = entry.type._cached_result_processor(DIALECT, None)
            results += [(at, process)] if process else []
    is_expanding = bool(compiled.post_compile_params or compiled.literal_execute_params)
    text = compiled.string
    return _Prepared(statement, compiled, text, {}, names, processes, is_expanding, columns, tuple(results))


def _row_of(keys: list[str]) -> Callable[[Any], Any]:
    row: Any = namedtuple("Row", keys, rename=True)  # type: ignore[misc]
    made: Callable[[Any], Any] = row._make
    return made


class Rows:
    """As much of a SQLAlchemy result as the stores use."""

    def __init__(self, rows: list[Any], rowcount: int = -1) -> None:
        self._rows, self.rowcount = rows, rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def __enter__(self) -> Rows:
        return self

    def __exit__(self, *_error: object) -> None:
        """All is read."""

    def all(self) -> list[Any]:
        """Every row."""
        return self._rows

    def yield_per(self, _size: int) -> Rows:
        """Every row: all are here."""
        return self

    def partitions(self, size: int) -> Iterator[list[Any]]:
        """Every row, page by page."""
        return (self._rows[start : start + size] for start in range(0, len(self._rows), size))

    def first(self) -> Any:
        """The first row, None where there is none."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """The only row."""
        (row,) = self._rows
        return row

    def scalars(self) -> Rows:
        """The first value of every row."""
        return Rows([row[0] for row in self._rows])

    def scalar(self) -> Any:
        """The first value of the first row."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """The only value."""
        return self.one()[0]

    def mappings(self) -> Rows:
        """Every row by its columns' names."""
        return Rows([row._asdict() for row in self._rows])


class Straight:
    """As much of a SQLAlchemy connection as the stores use."""

    dialect = DIALECT

    def __init__(self, raw: Any, count: Callable[[], None]) -> None:
        self._raw, self._count = raw, count

    def execute(self, statement: Executable, given: Any = None, **_options: object) -> Rows:
        """Rows, as SQLAlchemy gives them."""
        prepared, cursor = self._said(statement, given)
        if prepared.columns is None:
            return Rows([], cursor.rowcount)
        make = prepared.read if prepared.results else prepared.columns
        return Rows([make(row) for row in cursor.fetchall()])

    def scalar(self, statement: Executable, given: Any = None) -> Any:
        """The first value of the first row."""
        prepared, cursor = self._said(statement, given)
        row = cursor.fetchone()
        if row is None:
            return None
        return prepared.read(row)[0] if prepared.results else row[0]

    def scalars(self, statement: Executable, given: Any = None) -> Rows:
        """The first value of every row."""
        return self.execute(statement, given).scalars()

    def exec_driver_sql(self, text: str, given: Any = (), **options: object) -> Any:
        """SQLite's own words; read page by page where that is asked for."""
        self._count()
        if options:
            return Rows(self._raw.execute(text, given).fetchall())
        return self._raw.executemany(text, given) if type(given) is list else self._raw.execute(text, given)

    def close(self) -> None:
        """Nothing is held."""

    def _said(self, statement: Executable, given: Any) -> tuple[_Prepared, Any]:
        self._count()
        if type(given) is list:
            if len(given) > 1:
                prepared = _prepared(statement, tuple(given[0]), many=True)
                return prepared, self._raw.executemany(prepared.text, map(prepared.bound, given))
            given = given[0]
        given = given or _NOTHING
        prepared = _prepared(statement, tuple(given), many=False)
        if prepared.is_expanding:
            return prepared, self._raw.execute(*prepared.expanded(given))
        return prepared, self._raw.execute(prepared.text, prepared.bound(given))
