"""The centre's database: migrated tables equal the declared ones, on PostgreSQL and in a file."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, insert, inspect, select

from app.domain.errors import Refusal, Trouble
from app.resources import resource
from app.store.central_tables import central, commune
from app.store.centre import Centre, migrations
from tests.central.conftest import REAL

SCRIPTS = resource("../migrations/central/versions")


@pytest.fixture(params=["postgresql", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'centre.db'}"


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), central))


def shape(connection: Connection) -> dict[str, object]:
    seen = inspect(connection)
    return {
        name: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(name)],
            seen.get_pk_constraint(name)["constrained_columns"],
            sorted((i["name"] or "", tuple(i["column_names"])) for i in seen.get_indexes(name)),
            [(key["constrained_columns"], key["referred_table"]) for key in seen.get_foreign_keys(name)],
        )
        for name in seen.get_table_names()
    }


def test_migrated_tables_are_the_declared_ones(url: str) -> None:
    centre = Centre.open(url)
    with centre.write() as connection:
        assert differences(connection) == []
    centre.close()


def test_up_down_up_gives_the_same_tables(url: str) -> None:
    centre = Centre.open(url)
    with centre.write() as connection:
        first = shape(connection)
    with centre.write() as connection:
        command.downgrade(migrations(connection), "base")
        assert set(shape(connection)) <= {"alembic_version"}
    with centre.write() as connection:
        command.upgrade(migrations(connection), "head")
        assert shape(connection) == first
    centre.close()


def test_migrated_equals_created_at_once(tmp_path: Path) -> None:
    plain = create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    central.create_all(plain)
    centre = Centre.open(f"sqlite:///{tmp_path / 'migrated.db'}")
    with plain.connect() as created, centre.read() as migrated:
        found = shape(migrated)
        found.pop("alembic_version")
        assert found == shape(created)
    plain.dispose()
    centre.close()


def test_two_processes_may_start_together(postgres_url: str) -> None:
    gate, opened = Barrier(2), list[Centre]()

    def start() -> None:
        gate.wait()
        opened.append(Centre.open(postgres_url))

    threads = [Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 2
    for centre in opened:
        centre.close()


def test_a_failed_write_leaves_nothing(url: str) -> None:
    centre = Centre.open(url)

    def fail() -> None:
        row = {"commune": "T0001", "name": "", "training": True, "head": b"", "digests": {}}
        with centre.write() as connection:
            connection.execute(insert(commune).values(row))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with centre.read() as connection:
        assert connection.execute(select(commune)).all() == []
    centre.close()


def test_a_text_that_postgresql_cannot_hold_is_a_malformed_message(postgres_url: str) -> None:
    centre = Centre.open(postgres_url)
    with pytest.raises(Refusal, match=r"sync\.message"), centre.write() as connection:
        connection.execute(select(commune).where(commune.c.commune == "a\x00b"))
    centre.close()


@pytest.mark.parametrize("wrong", ["", "nonsense", "mysql://localhost/x", "sqlite://"])
def test_only_two_kinds_of_database(wrong: str) -> None:
    with pytest.raises(Refusal, match=r"central\.database_url"):
        Centre.open(wrong)


def test_an_unreachable_database_is_trouble() -> None:
    with pytest.raises(Trouble, match=r"central\.database"):
        Centre.open("postgresql://nobody@127.0.0.1:1/nothing")


def test_the_service_of_before_goes_on_while_the_new_tables_are_there(url: str) -> None:
    """Each revision only adds, with a default: what the older program writes and reads still holds."""
    centre = Centre.open(url)
    with centre.write() as connection:
        command.downgrade(migrations(connection), "0001")
        _first, *later = sorted(file.name[:4] for file in SCRIPTS.glob("[0-9]*.py"))
    for revision in later:
        old = MetaData()
        with centre.read() as connection:
            old.reflect(connection)
        with centre.write() as connection:
            command.upgrade(migrations(connection), revision)
        with centre.write() as connection:
            for table in old.sorted_tables:
                if table.name != "alembic_version":
                    connection.execute(insert(table).values(_row_of(table)))
                    assert len(connection.execute(select(table)).all()) == 1
            connection.rollback()
        new = MetaData()
        with centre.read() as connection:
            new.reflect(connection)
        for table in old.tables.values():
            kept = new.tables[table.name].c
            assert {c.name: (str(c.type), c.nullable) for c in table.c}.items() <= {
                c.name: (str(c.type), c.nullable) for c in kept
            }.items()
    centre.close()


def _row_of(table: Table) -> dict[str, object]:
    """A row as a program that knows just these columns writes it."""
    return {column.name: _value_of(column) for column in table.c if not column.nullable}


def _value_of(column: Column[object]) -> object:
    match column.type.python_type.__name__:
        case "str":
            return REAL
        case "bytes":
            return b"x"
        case "dict":
            return {}
        case _:
            return 1
