"""The stores' own statements, compiled by SQLAlchemy once and from then on handed straight to SQLite.

A schedule says thousands of short statements, and SQLAlchemy's machinery around one costs ten times
what SQLite does. Text, values and types are its own; `test_schedules` holds that a seed comes out the
same through its real connection.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any

import sqlcipher3.dbapi2
from sqlalchemy import Executable
from sqlalchemy.dialects import sqlite

DIALECT = sqlite.dialect(dbapi=sqlcipher3.dbapi2)
_KEPT = 4_000
_NOTHING: dict[str, Any] = {}


class Crash(Exception):
    """The machine went down in the middle of a transaction."""


class Power:
    """After how many statements whoever works goes down, None: never."""

    statements_left: int | None = None

    @classmethod
    def count(cls) -> None:
        """One statement more."""
        if cls.statements_left is not None:
            cls.statements_left -= 1
            if cls.statements_left <= 0:
                raise Crash


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One statement as SQLite takes it."""

    statement: Any  # held, so that its id stays its own
    compiled: Any
    text: str
    fixed: Mapping[str, Any]  # values that are part of it
    bind: Callable[[Mapping[str, Any]], Any]  # the values in SQLite's order
    make: Callable[[Any], Any] | None  # makes a row of SQLite's; None of a statement that gives none
    is_expanding: bool
    # Where lists are asked for: text, names and which of them are lists, by the lengths of the lists.
    texts: dict[tuple[int, ...], tuple[str, tuple[str, ...], frozenset[str]]] = field(default_factory=dict)

    def expanded(self, given: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """Text and values where a list is asked for: the same text for lists of the same length."""
        values = {**self.fixed, **given}
        lengths = tuple([len(value) for value in values.values() if type(value) is list])
        if lengths not in self.texts:
            state = self.compiled._process_parameters_for_postcompile(dict(values))
            lists = {each: name for name, each_of in state.parameter_expansion.items() for each in each_of}
            names = tuple(dict.fromkeys(lists.get(name, name) for name in state.positiontup))
            self.texts[lengths] = state.statement, names, frozenset(lists.values())
        text, names, listed = self.texts[lengths]
        processors, bound = self.compiled._bind_processors, list[Any]()
        for name in names:
            value = values[name]
            if name not in listed:
                bound.append(processors[name](value) if name in processors else value)
            elif value and type(value[0]) is tuple:
                bound += [part for each in value for part in each]
            else:
                bound += value
        return text, bound


_Known = dict[tuple[int, tuple[str, ...]], _Prepared]
_one_by_object: _Known = {}
_many_by_object: _Known = {}
_by_form: dict[Any, _Prepared] = {}


def _prepared(statement: Any, given: Mapping[str, Any], known: _Known) -> _Prepared:
    """The statement as it is given these values: built once for all, mostly."""
    keys = tuple(given)
    found = known.get((id(statement), keys))
    if found is not None:
        return found
    if len(known) > _KEPT:  # some statements are built for one use
        known.clear()
    is_many, form = known is _many_by_object, statement._generate_cache_key()
    like = _by_form.get((form.key, keys, is_many))
    if like is None:
        like = _by_form[form.key, keys, is_many] = _first(statement, form, keys, is_many=is_many)
    fixed = like.compiled.construct_params(extracted_parameters=form.bindparams, _check=False)
    fixed = {name: value for name, value in fixed.items() if name not in keys}
    known[id(statement), keys] = made = replace(
        like, statement=statement, fixed=fixed, bind=_binding(like.compiled, fixed)
    )
    return made


def _first(statement: Any, form: Any, keys: tuple[str, ...], *, is_many: bool) -> _Prepared:
    compiled = statement._compiler(DIALECT, cache_key=form, column_keys=list(keys), for_executemany=is_many)
    is_expanding = bool(compiled.post_compile_params or compiled.literal_execute_params)
    return _Prepared(statement, compiled, compiled.string, {}, tuple, _making(compiled), is_expanding)


def _binding(compiled: Any, fixed: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
    names, processors = tuple(compiled.positiontup), compiled._bind_processors
    processes = [(at, processors[name]) for at, name in enumerate(names) if name in processors]
    pick: Callable[[Any], Any] = itemgetter(*names) if len(names) > 1 else _only(names)
    if not fixed and not processes:
        return pick

    def bind(given: Mapping[str, Any]) -> Any:
        found = list(pick({**fixed, **given} if fixed else given))
        for at, process in processes:
            found[at] = process(found[at])
        return found

    return bind


def _only(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Any]:
    return lambda given: [given[name] for name in names]


def _making(compiled: Any) -> Callable[[Any], Any] | None:
    """Rows with their columns' names, their values as Python holds them."""
    if not compiled._result_columns:
        return None
    named: Any = namedtuple("Row", [e.keyname for e in compiled._result_columns], rename=True)  # type: ignore[misc]
    make = partial(tuple.__new__, named)
    results = [
        (at, process)
        for at, entry in enumerate(compiled._result_columns)
        if (process := entry.type._cached_result_processor(DIALECT, None))
    ]
    if not results:
        return make

    def read(row: Sequence[Any]) -> Any:
        values = list(row)
        for at, process in results:
            values[at] = process(values[at])
        return make(values)

    return read


class Rows:
    """As much of a SQLAlchemy result as the stores use."""

    def __init__(self, rows: list[Any], rowcount: int = -1) -> None:
        self._rows, self.rowcount = rows, rowcount
        self._unread = iter(rows)

    @property
    def cursor(self) -> Rows:
        """What the driver hands rows out of."""
        return self

    def fetchmany(self, size: int) -> list[Any]:
        """The next rows, as many or fewer; none at the end."""
        return list(islice(self._unread, size))

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

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def execute(self, statement: Executable, given: Any = None, **_options: object) -> Rows:
        """Rows, as SQLAlchemy gives them."""
        make, cursor = self._said(statement, given)
        return Rows([], cursor.rowcount) if make is None else Rows(list(map(make, cursor.fetchall())))

    def scalar(self, statement: Executable, given: Any = None) -> Any:
        """The first value of the first row."""
        make, cursor = self._said(statement, given)
        row = cursor.fetchone()
        return make(row)[0] if row is not None else None

    def scalars(self, statement: Executable, given: Any = None) -> Rows:
        """The first value of every row."""
        return self.execute(statement, given).scalars()

    def exec_driver_sql(self, text: str, given: Any = (), **_options: object) -> Rows:
        """SQLite's own words."""
        Power.count()
        cursor = self._raw.executemany(text, given) if type(given) is list else self._raw.execute(text, given)
        return Rows(cursor.fetchall()) if cursor.description else Rows([], cursor.rowcount)

    def close(self) -> None:
        """Nothing is held."""

    def _said(self, statement: Executable, given: Any) -> tuple[Any, Any]:
        if Power.statements_left is not None:
            Power.count()
        if type(given) is list:
            if len(given) > 1:
                prepared = _prepared(statement, given[0], _many_by_object)
                return prepared.make, self._raw.executemany(prepared.text, map(prepared.bind, given))
            given = given[0]
        given = given or _NOTHING
        prepared = _prepared(statement, given, _one_by_object)
        if prepared.is_expanding:
            return prepared.make, self._raw.execute(*prepared.expanded(given))
        return prepared.make, self._raw.execute(prepared.text, prepared.bind(given))
