"""A new version of the centre migrates while the old one serves: by additions alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, event, text

from app.central.keys import Keys
from app.store import centre as centre_store
from app.store.centre import Centre, migrations
from tests.central.laptops import Laptop, all_agree, house, new_keys

REAL = "03160"
NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "{revision}", "{before}", None, None
def upgrade():
    op.add_column("journal", sa.Column("measure", sa.Integer))
    op.create_table("measured", sa.Column("commune", sa.Text, primary_key=True), sa.Column("n", sa.Integer))
"""


@contextmanager
def watched(connection: Connection) -> Iterator[list[str]]:
    """Every statement that changes something."""
    said: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
            said.append(" ".join(statement.split()))

    event.listen(connection.engine, "before_cursor_execute", note)
    yield said
    event.remove(connection.engine, "before_cursor_execute", note)


def is_addition(statement: str, made: set[str]) -> bool:
    """Whether a program that does not know of it goes on writing and reading as before.

    An index on a table that was there locks its writers out while it is built; a column that must
    be filled refuses rows of those who do not know it.
    """
    if created := re.match(r"CREATE TABLE (\w+)", statement):
        made.add(created[1])
        return True
    if indexed := re.match(r"CREATE (?:UNIQUE )?INDEX \w+ ON (\w+)", statement):
        return indexed[1] in made
    if re.match(r"ALTER TABLE \w+ ADD COLUMN ", statement):
        return "NOT NULL" not in statement or "DEFAULT" in statement
    return re.match(r"(INSERT INTO|UPDATE) alembic_version", statement) is not None


def test_every_revision_after_the_first_only_adds(postgres_url: str) -> None:
    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.begin() as connection:
        command.upgrade(migrations(connection), "0001")
        with watched(connection) as said:
            command.upgrade(migrations(connection), "head")
    engine.dispose()
    made: set[str] = set()
    assert said
    assert [statement for statement in said if not is_addition(statement, made)] == []


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE journal DROP COLUMN author",
        "ALTER TABLE journal ADD COLUMN x INTEGER NOT NULL",
        "ALTER TABLE journal ALTER COLUMN author TYPE BYTEA",
        "CREATE INDEX ix ON journal (author)",
        "DROP TABLE invitation",
        "UPDATE journal SET seq = 1",
    ],
)
def test_what_would_stop_the_old_program_is_noticed(statement: str) -> None:
    assert not is_addition(statement, {"another"})


def test_the_old_program_serves_on_while_the_new_one_migrates(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: Keys = new_keys(tmp_path / "keys")
    with house(postgres_url, keys, REAL) as old:
        laptops = [Laptop.new(tmp_path, REAL, old.clock) for _ in range(2)]
        for laptop in laptops:
            old.enrol(laptop)
        laptops[0].new_person()
        assert laptops[0].sync(old).in_step

        monkeypatch.setattr(centre_store, "_SCRIPTS", newer_scripts(tmp_path))
        newer = Centre.open(postgres_url)  # migrates beneath the one that serves
        laptops[1].new_person()
        for laptop in (*laptops, *laptops):
            assert laptop.sync(old).in_step
        all_agree(laptops)
        with newer.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM journal WHERE measure IS NULL")) == 2
        newer.close()
        for laptop in laptops:
            laptop.vault.lock()


def newer_scripts(folder: Path) -> Path:
    """This program's revisions and one that comes after them."""
    scripts = folder / "central"
    (scripts / "versions").mkdir(parents=True)
    for file in (centre_store._SCRIPTS / "versions").glob("0*.py"):
        (scripts / "versions" / file.name).write_text(file.read_text())
    for file in centre_store._SCRIPTS.glob("*.py"):
        (scripts / file.name).write_text(file.read_text())
    before = max(file.name[:4] for file in (scripts / "versions").glob("0*.py"))
    after = scripts / "versions" / "9999_measures.py"
    after.write_text(NEXT.format(revision="9999", before=before))
    return scripts
