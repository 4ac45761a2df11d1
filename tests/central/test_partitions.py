"""Every statement of the service, planned on tables spread by commune, stays within one commune's part.

The tables are PostgreSQL's own hash partitions, so the planner itself says which parts a statement
would touch (architecture.md, 11). What reads across communes is named here, and nothing else does.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine, event, text

from app.central.deeds import Operating, certify_officer, invite_laptop, revoke_laptop
from app.central.keys import Keys
from app.central.publishing import publish
from app.domain.changes import lone
from app.domain.reasons import Move
from app.resources import resource
from app.store import overview, roster, unit
from app.store.central_tables import central
from app.store.centre import Centre
from app.store.opened import open_record
from app.sync import attachments as sending
from app.sync import conversation
from tests.central.conftest import REAL
from tests.central.laptops import House, Laptop, house
from tests.central.sticks import Stick

PARTS = 8
OTHER = "03163"
# Of the centre as a whole: the first two are read by no exchange, the third is the same for every commune.
WHOLE = {"operator", "deed", "programme"}
Said = list[tuple[str, Any]]


def spread(url: str) -> None:
    """The centre's tables as migrated, but each in parts by commune."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    parted = MetaData()
    for table in central.tables.values():
        copy = table.to_metadata(parted)
        if table.name not in WHOLE:
            copy.dialect_options["postgresql"]["partition_by"] = "HASH (commune)"
    with engine.begin() as connection:
        parted.create_all(connection)
        for name in parted.tables.keys() - WHOLE:
            for part in range(PARTS):
                bounds = f"WITH (MODULUS {PARTS}, REMAINDER {part})"
                connection.execute(
                    text(f"CREATE TABLE {name}_part{part} PARTITION OF {name} FOR VALUES {bounds}")
                )
        newest = max(Path("migrations/central/versions").glob("[0-9]*.py")).name[:4]
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest})
    engine.dispose()


@pytest.fixture
def spread_house(postgres_url: str, keys: Keys) -> Iterator[House]:
    spread(postgres_url)
    with house(postgres_url, keys, REAL) as found:
        found.open_commune(OTHER)
        yield found


@contextmanager
def heard(centre: Centre) -> Iterator[Said]:
    """What is said to the database meanwhile."""
    said: Said = []

    def hear(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        said.append((statement, parameters))

    event.listen(centre._engine, "before_cursor_execute", hear)
    yield said
    event.remove(centre._engine, "before_cursor_execute", hear)


def parts_of(connection: Connection, statement: str, parameters: Any) -> set[str]:
    """Which parts a statement touches, by the planner; of an INSERT, by the communes of its rows."""
    rows = parameters if isinstance(parameters, list) else [parameters]
    if statement.startswith("INSERT"):
        if re.match(rf"INSERT INTO ({'|'.join(WHOLE)}) ", statement):
            return set()
        return {value for row in rows for name, value in row.items() if name.startswith("commune")}
    planned: set[str] = set()
    for row in rows:
        said = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", row).scalar()
        planned |= set(re.findall(r'"Relation Name": "\w+_part(\d+)"', json.dumps(said)))
    return planned


def is_about_rows(statement: str) -> bool:
    return bool(re.match(r"SELECT|INSERT|UPDATE|DELETE", statement)) and "FROM pg_" not in statement


def across(centre: Centre, said: Said) -> set[str]:
    """The statements that touch more than one part."""
    found = set()
    with centre.write() as connection:
        for statement, parameters in said:
            if is_about_rows(statement) and len(parts_of(connection, statement, parameters)) > 1:
                found.add(" ".join(statement.split()))
        connection.rollback()
    return found


def a_working_day(found: House, tmp_path: Path) -> None:
    """Two laptops of one commune and one of another: enrol, push, conflict, page, move, revoke."""
    first, second, other = laptops = [Laptop.new(tmp_path, code, found.clock) for code in (REAL, REAL, OTHER)]
    for laptop in laptops:
        found.enrol(laptop)
    record = first.new_person(birth="1948")
    other.new_person()
    for laptop in laptops:
        laptop.sync(found)
    first.change(record, birth="1949")
    second.change(record, birth="1950", phone="0388000000")
    for laptop in (*laptops, *laptops):
        laptop.sync(found)
    paper = first.attach(b"%PDF-" + bytes(70_000))
    first.sync(found)
    sending.send(first.end, found, first.progress)
    sending.fetch(second.end, found, second.progress, paper)
    conversation.fill(second.vault, found, second.device, second.progress)
    conversation.fetch_history(second.vault, found, second.device, 9)
    sticks = Stick(tmp_path / "stick")
    with sticks.child:
        sticks.round(found, first)
    move_away(first, record)
    for laptop in (first, other):
        laptop.sync(found)
    at = Operating(found.centre, found.keys, "huy", found.clock())
    invite_laptop(at, REAL)
    certify_officer(at, REAL, second.officer.id, ["approver"])
    levels = tmp_path / "published" / "policy" / "levels.csv"
    levels.parent.mkdir(parents=True)
    shutil.copy(resource("policy/levels.csv"), levels)
    publish(at, tmp_path / "published")
    revoke_laptop(at, REAL, first.device.id, "lost")
    first.new_person()
    first.sync(found)
    for laptop in laptops:
        laptop.vault.lock()


def move_away(laptop: Laptop, person: str) -> None:
    move = Move(OTHER, "2026-12")
    with laptop.vault.write() as connection:
        opened = open_record(connection, "person", person)
        assert opened is not None
        edits = opened.edits({"state": "moved", "state_since": move.month})
        unit.save(connection, laptop.pen, move.reason, lone(edits))


def test_no_statement_touches_two_parts(spread_house: House, tmp_path: Path) -> None:
    centre = spread_house.centre
    with heard(centre) as day:
        a_working_day(spread_house, tmp_path)
        assert spread_house.client.get("/v1/health").status_code == 200
    asked = {statement for statement, _ in day if is_about_rows(statement)}
    assert len(asked) > 20
    touched = {table for table in central.tables if any(re.search(rf"\b{table}\b", one) for one in asked)}
    assert touched == set(central.tables)
    assert across(centre, day) == set()


def test_no_statement_loops_over_another(spread_house: House, tmp_path: Path) -> None:
    """A loop over a commune's rows takes minutes where the statistics are older than the rows, as they are on
    the first morning of a commune whose register was just laid in."""
    with heard(spread_house.centre) as day:
        a_working_day(spread_house, tmp_path)
    looping = set()
    with spread_house.centre.read() as connection:
        for statement, parameters in day:
            if statement.startswith("SELECT") and is_about_rows(statement):
                said = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
                if re.search(r'"Join Type"|"Parent Relationship": "SubPlan"', json.dumps(said)):
                    looping.add(" ".join(statement.split()))
    assert looping == set()


def test_what_reads_across_communes_is_named(spread_house: House) -> None:
    """The list of communes, and the operator's overview: the test above sees them when they are asked."""
    for reading in (roster.communes, overview.overview):
        with heard(spread_house.centre) as said, spread_house.centre.read() as connection:
            assert len(reading(connection)) == 2
        assert len(across(spread_house.centre, said)) == 1
