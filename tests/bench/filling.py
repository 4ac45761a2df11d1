"""A first fill taken in: 10,000 people of 26 fields, beside a bare SQLCipher insert of the very same rows.

Same rows, same indexes, both durable, in turns in one run; the best of some rounds each. The laptop
decodes, checks every record's digest, sums up what lists show and indexes; the bare side inserts
tuples that lie ready. Bytes on the wire and memory are `make bench-sync`'s.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import select

from app.domain.records import KINDS
from app.domain.standing import Cell, Cells, Stretch, stretch_digest
from app.store import search
from app.store.filling import Fill
from app.store.tables import records
from app.store.vault import Vault
from app.sync import blocks
from tests.bench import people
from tests.bench.bare import driver_as_it_comes

COUNT = int(os.environ.get("FILL", "10000"))
_ROUNDS = 3
_INDEXED_AT_ONCE = 1_000

Row = tuple[str, float, str]
Inserts = list[tuple[str, list[tuple[Any, ...]]]]


class Took(NamedTuple):
    """Seconds by the clock on the wall, and of the processor: a machine that is busy stretches the first."""

    wall: float
    cpu: float


def _now() -> Took:
    return Took(time.perf_counter(), time.process_time())


def _since(began: Took) -> Took:
    now = _now()
    return Took(now.wall - began.wall, now.cpu - began.cpu)


def measure() -> Iterator[Row]:
    """How many times a bare insert it takes until the list stands, and until all is whole."""
    made = [*_blocks()]
    sums = _sums(made)
    with TemporaryDirectory() as folder:
        inserts = _inserts(Path(folder), made, sums)
        taken = [(_bare(Path(folder), inserts), *_filled(Path(folder), made, sums)) for _ in range(_ROUNDS)]
    bare, listed, whole = (Took(*map(min, zip(*took, strict=True))) for took in zip(*taken, strict=True))
    count = sum(len(found) for _, found in inserts)
    yield "blocks", sum(map(len, made)) / 1_000, "kB, evidence apart, at most 750 with the header"
    yield "largest block", max(map(len, made)) / 1_000, "kB, at most 64"
    load = f"load {os.getloadavg()[0]:.1f}"
    yield "bare insert", bare.wall, f"s, {count:,} rows of {COUNT:,} people; {load}"
    yield "  of the processor", bare.cpu, "s"
    yield "until the list stands", listed.wall / bare.wall, "× the bare insert, at most 2.5; all is digested"
    yield "  of the processor", listed.cpu / bare.cpu, "×"
    yield "until search is whole too", whole.wall / bare.wall, "× the bare insert, at most 4"
    yield "  of the processor", whole.cpu / bare.cpu, "×"


def _blocks() -> Iterator[bytes]:
    standing: dict[str, dict[str, Cells]] = {kind: {} for kind in KINDS}
    for seq, who in enumerate(people.people(COUNT), start=1):
        clock = (people._MS + 1_000 * seq) << 16
        for edit in who.edits():
            cells = standing[edit.kind].setdefault(edit.record, {})
            cells[edit.field] = Cell(edit.new, (seq,), clock)
    for kind, found in standing.items():
        yield from blocks.record_blocks(kind, sorted(found.items()))


def _sums(made: list[bytes]) -> dict[str, bytes]:
    sums: dict[str, int] = {}
    for found in map(blocks.read, made):
        assert isinstance(found, Stretch)
        sums[found.kind] = sums.get(found.kind, 0) + stretch_digest(found)
    return {kind: (total % (1 << 256)).to_bytes(32, "big") for kind, total in sums.items()}


def _vault(folder: Path) -> Vault:
    return Vault.create(folder / f"{secrets.token_hex(4)}.db", secrets.token_bytes(32))


def _filled(folder: Path, made: list[bytes], sums: dict[str, bytes]) -> tuple[Took, Took]:
    """What it took until the list stands, and until search is whole."""
    with _vault(folder) as vault:
        began = _now()
        _take_in(vault, made, sums)
        listed = _since(began)
        more = True
        while more:
            with vault.write() as connection:
                more = search.catch_up(connection, _INDEXED_AT_ONCE)
        return listed, _since(began)


def _take_in(vault: Vault, made: list[bytes], sums: dict[str, bytes]) -> None:
    with vault.write() as connection:
        fill = Fill(connection, COUNT, {})
        for block in made:
            found = blocks.read(block)
            assert isinstance(found, Stretch)
            fill.records(found)
        fill.finish(bytes(32), sums)


def _inserts(folder: Path, made: list[bytes], sums: dict[str, bytes]) -> Inserts:
    """The rows as a fill leaves them, each with the statement that inserts it."""
    with _vault(folder) as vault:
        _take_in(vault, made, sums)
        with vault.read() as connection:
            found = {
                name: [tuple(row) for row in connection.execute(select(table))]
                for name, table in records.items()
            }
    return [
        (f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows_[0]))})", rows_)
        for name, rows_ in found.items()
        if rows_
    ]


def _bare(folder: Path, inserts: Inserts) -> Took:
    with _vault(folder) as vault:
        began = _now()
        with vault.write() as connection:
            raw: Any = connection.connection.driver_connection
            with driver_as_it_comes():
                for statement, found in inserts:
                    raw.executemany(statement, found)
        return _since(began)
