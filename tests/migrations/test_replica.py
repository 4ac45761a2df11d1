"""The laptop's migrations: frozen, one line, whole or not at all, the old file kept aside."""

from __future__ import annotations

import ast
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlcipher3
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from app.domain.errors import Refusal, Trouble
from app.store import backups, place, schema, search
from app.store.tables import replica
from app.store.vault import Vault

KEY = bytes(range(32))
ROOT = Path(__file__).parents[2]
REVISIONS = sorted((schema.SCRIPTS / "versions").glob("*.py"))


@contextmanager
def memory() -> Iterator[Connection]:
    engine = create_engine("sqlite://", module=sqlcipher3.dbapi2, poolclass=StaticPool)
    event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def written(connection: Connection) -> dict[str, list[str]]:
    """What the database says its objects are, blanks apart; a column that came later stands last."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'"
    )
    return {name: sorted(re.split(r"[,()]", "".join(sql.split()))) for name, sql in rows}


def test_migrating_gives_the_tables_that_the_program_declares() -> None:
    with memory() as declared:
        replica.create_all(declared)
        for statement in search.DDL:
            declared.exec_driver_sql(statement)
        wanted = written(declared)
    with memory() as migrated:
        schema.bring_up_to_date(migrated, schema.SCRIPTS)
        assert written(migrated) == wanted


def test_the_vaults_of_other_tests_are_as_if_migrated(tmp_path: Path) -> None:
    """These are not made by the revisions, but for the first (`tests/conftest.py`)."""
    with memory() as migrated:
        schema.bring_up_to_date(migrated, schema.SCRIPTS)
        wanted, rows = written(migrated), content(migrated)
    for name in ("first", "again"):
        with Vault.create(tmp_path / name / "vault.db", KEY) as vault, vault.read() as connection:
            assert written(connection) == wanted
            assert content(connection) == rows


def content(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {
        name: sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{name}"'))) for (name,) in tables
    }


def test_alembic_too_finds_no_difference() -> None:
    with memory() as connection:
        schema.bring_up_to_date(connection, schema.SCRIPTS)
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(schema.SCRIPTS))
        scripts = ScriptDirectory.from_config(config)
        assert scripts.get_current_head() == schema.known_revisions(schema.SCRIPTS)[-1]
        assert schema.revision_of(connection) == scripts.get_current_head()
        order = [script.revision for script in scripts.walk_revisions()][::-1]
        assert order == list(schema.known_revisions(schema.SCRIPTS))


@pytest.mark.parametrize("revision", REVISIONS, ids=lambda path: path.stem)
def test_a_revision_is_frozen_text(revision: Path) -> None:
    tree = ast.parse(revision.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= {"__future__", "alembic", "sqlalchemy"}


SECOND = '''
"""A revision for this test."""
import os, signal
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE place ADD COLUMN extra TEXT")
    op.execute("UPDATE place SET value = x'00'")
    {then}
'''


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the migrations as they are, to which a test adds one."""
    copy = tmp_path / "scripts"
    shutil.copytree(schema.SCRIPTS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (copy / "versions").glob("*.py"):
        if path.name[:4] > "0001":
            path.unlink()
    return copy


@pytest.fixture
def path(tmp_path: Path, scripts: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault of the first form, locked, with something in it."""
    monkeypatch.setattr(schema, "SCRIPTS", scripts)
    path = tmp_path / "vault.db"
    with Vault.create(path, KEY) as vault, vault.write() as connection:
        place.write(connection, "cursor", b"7")
    return path


def add_second(scripts: Path, then: str) -> Path:
    added = scripts / "versions" / "0002_second.py"
    added.write_text(SECOND.format(then=then), encoding="utf-8")
    return added


def cursor_in(path: Path) -> bytes | None:
    with Vault.open(path, KEY) as vault, vault.read() as connection:
        return place.read(connection, "cursor")


def test_an_older_vault_is_backed_up_and_brought_up_to_date(path: Path, scripts: Path) -> None:
    added = add_second(scripts, "pass")
    assert cursor_in(path) == b"\x00"
    [former] = backups.listed(path.parent / backups.FOLDER)
    aside = former.path / backups.VAULT
    assert (former.about.why, former.about.revision) == (backups.MIGRATION, "0001")
    assert not aside.read_bytes().startswith(b"SQLite format 3")
    added.unlink()
    assert cursor_in(aside) == b"7"


@pytest.mark.parametrize(
    "then",
    ["op.execute('CREATE TABLE place (x)')", "op.execute('no such statement')", "op.drop_table('none')"],
)
def test_a_migration_that_fails_leaves_the_old_file_working(path: Path, scripts: Path, then: str) -> None:
    added = add_second(scripts, then)
    with pytest.raises(Trouble, match=r"vault\.migration_failed"):
        Vault.open(path, KEY)
    with pytest.raises(Trouble, match=r"vault\.migration_failed"):
        Vault.open(path, KEY)
    added.unlink()
    assert cursor_in(path) == b"7"
    with Vault.open(path, KEY) as vault, vault.read() as connection:
        assert "extra" not in written(connection)["place"]


def test_a_bug_in_a_migration_leaves_the_old_file_working(path: Path, scripts: Path) -> None:
    added = add_second(scripts, "raise ZeroDivisionError")
    with pytest.raises(ZeroDivisionError):
        Vault.open(path, KEY)
    added.unlink()
    assert cursor_in(path) == b"7"


def test_references_broken_by_a_migration_stop_it(path: Path, scripts: Path) -> None:
    added = add_second(
        scripts,
        "op.execute('CREATE TABLE child (x TEXT REFERENCES place (name))');"
        "op.execute(\"INSERT INTO child VALUES ('nobody')\")",
    )
    with pytest.raises(Trouble, match=r"vault\.migration_failed"):
        Vault.open(path, KEY)
    added.unlink()
    assert cursor_in(path) == b"7"


OPENER = """
import sys
from pathlib import Path
from app.store import schema
from app.store.vault import Vault
schema.SCRIPTS = Path(sys.argv[2])
getattr(Vault, sys.argv[3])(Path(sys.argv[1]), bytes(range(32)))
"""


def run_until_killed(path: Path, scripts: Path, act: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", OPENER, str(path), str(scripts), act], cwd=ROOT, check=False
    )
    assert ended.returncode == -signal.SIGKILL


def test_killed_in_the_middle_of_a_migration_the_old_file_works(path: Path, scripts: Path) -> None:
    added = add_second(scripts, "os.kill(os.getpid(), signal.SIGKILL)")
    run_until_killed(path, scripts, "open")
    added.unlink()
    assert cursor_in(path) == b"7"


def test_killed_in_the_middle_of_a_first_start_there_is_no_vault(tmp_path: Path, scripts: Path) -> None:
    add_second(scripts, "os.kill(os.getpid(), signal.SIGKILL)")
    path = tmp_path / "new" / "vault.db"
    run_until_killed(path, scripts, "create")
    assert not path.exists()
    with Vault.create(path, KEY) as vault:
        assert vault.faults() == ()
    assert not list(path.parent.glob("*.part*"))


def test_a_vault_newer_than_the_program_is_refused_and_left_alone(path: Path, scripts: Path) -> None:
    added = add_second(scripts, "pass")
    assert cursor_in(path) == b"\x00"
    added.unlink()
    before = path.read_bytes()
    with pytest.raises(Refusal, match=r"vault\.newer"):
        Vault.open(path, KEY)
    assert path.read_bytes() == before


def test_without_room_for_the_copy_nothing_is_migrated(
    path: Path, scripts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = add_second(scripts, "pass")
    with monkeypatch.context() as patch:
        patch.setattr("app.store.vault._SPARE_BYTES", 1 << 60)
        with pytest.raises(Trouble, match=r"disk\.no_room"):
            Vault.open(path, KEY)
    added.unlink()
    assert cursor_in(path) == b"7"


def test_alembic_writes_the_next_revision(scripts: Path, path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    made = command.revision(config, "another column", rev_id="0002")
    assert made
    assert cursor_in(path) == b"7"
    assert schema.known_revisions(scripts) == ("0001", "0002")
