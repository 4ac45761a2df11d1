"""The stores' own statements, compiled by SQLAlchemy once and from then on handed straight to SQLite.

A schedule says thousands of short statements, and SQLAlchemy's machinery around one costs ten times
what SQLite does. Text, values and types are its own; `test_schedules` holds that a seed comes out the
same through its real connection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import IteratorResult
from sqlalchemy.engine.result import SimpleResultMetaData

DIALECT = sqlite.dialect(dbapi=sqlcipher3.dbapi2)
_KEPT = 4_000
_Process = Callable[[Any], Any] | None
_NOTHING: dict[str, Any] = {}


@dataclass(frozen=True)
class _Prepared:
    """One statement as SQLite takes it. `fixed`: values that are part of it."""

    statement: Any  # held, so that its id stays its own
    compiled: Any
    text: str
    fixed: Mapping[str, Any]
    binds: tuple[tuple[str, _Process], ...]
    is_expanding: bool
    columns: SimpleResultMetaData | None
    results: tuple[_Process, ...] | None

    def bound(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """The values in SQLite's order."""
        values = {**self.fixed, **given} if self.fixed else given
        return tuple([process(values[name]) if process else values[name] for name, process in self.binds])

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
    made = _Prepared(
        statement, like.compiled, like.text, fixed, like.binds, like.is_expanding, like.columns, like.results
    )
    _by_object[id(statement), keys, many] = made
    return made


def _first(statement: Any, compiled: Any) -> _Prepared:
    processors = compiled._bind_processors
    binds = tuple((name, processors.get(name)) for name in compiled.positiontup)
    columns, results = None, None
    if compiled._result_columns:
        columns = SimpleResultMetaData([entry.keyname for entry in compiled._result_columns])
        found = tuple(
            entry.type._cached_result_processor(DIALECT, None) for entry in compiled._result_columns
        )
        results = found if any(found) else None
    is_expanding = bool(compiled.post_compile_params or compiled.literal_execute_params)
    return _Prepared(statement, compiled, compiled.string, {}, binds, is_expanding, columns, results)


class Straight:
    """As much of a SQLAlchemy connection as the stores use."""

    dialect = DIALECT

    def __init__(self, raw: Any, count: Callable[[], None]) -> None:
        self._raw, self._count = raw, count

    def execute(self, statement: Executable, given: Any = None, **_options: object) -> Any:
        """Rows, as SQLAlchemy gives them."""
        prepared, cursor = self._said(statement, given)
        if prepared.columns is None:
            return _Done(cursor.rowcount)
        rows = cursor.fetchall()
        if prepared.results:
            rows = [_processed(prepared.results, row) for row in rows]
        return IteratorResult(prepared.columns, iter(rows))

    def scalar(self, statement: Executable, given: Any = None) -> Any:
        """The first value of the first row."""
        prepared, cursor = self._said(statement, given)
        row = cursor.fetchone()
        if row is None:
            return None
        process = prepared.results[0] if prepared.results else None
        return process(row[0]) if process else row[0]

    def scalars(self, statement: Executable, given: Any = None) -> Any:
        """The first value of every row."""
        return self.execute(statement, given).scalars()

    def exec_driver_sql(self, text: str, given: Any = ()) -> Any:
        """SQLite's own words."""
        self._count()
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


@dataclass(frozen=True)
class _Done:
    """Of a statement that gives no rows."""

    rowcount: int


def _processed(processors: Sequence[_Process], row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(
        [process(value) if process else value for process, value in zip(processors, row, strict=True)]
    )
