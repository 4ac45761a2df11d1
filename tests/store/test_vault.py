"""The vault: encrypted on disk, one transaction a save, held by one process, plain words for trouble."""

from __future__ import annotations

import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.domain.errors import Refusal, Trouble
from app.store import place
from app.store.connections import PAGE, READERS, WRITER
from app.store.vault import Vault

KEY = bytes(range(32))
CANARY = "Giàng A Của 014148032213"


def fill(vault: Vault, name: str, value: bytes) -> None:
    with vault.write() as connection:
        place.write(connection, name, value)


def kept(vault: Vault, name: str) -> bytes | None:
    with vault.read() as connection:
        return place.read(connection, name)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "commune" / "vault.db"


def test_what_is_saved_is_there_after_locking_and_opening(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        fill(vault, "cursor", b"7")
        assert sorted(p.name for p in path.parent.iterdir())[0] == "vault.db"
    assert {p.name for p in path.parent.iterdir()} == {"vault.db", "vault.db.lock"}
    with Vault.open(path, KEY) as vault:
        assert kept(vault, "cursor") == b"7"
        assert vault.faults() == ()


def test_nothing_lies_in_clear_on_the_disk(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        fill(vault, "canary", CANARY.encode() * 500)
        for file in path.parent.iterdir():
            content = file.read_bytes()
            assert not content.startswith(b"SQLite format 3")
            assert CANARY.encode() not in content
            assert b"CREATE TABLE" not in content
            assert KEY not in content
        assert path.with_name("vault.db-wal").stat().st_size > 10_000


def test_a_plain_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE t (x)")
    plain.close()
    before = path.read_bytes()
    with pytest.raises(Trouble, match=r"vault\.not_encrypted"):
        Vault.open(path, KEY)
    assert path.read_bytes() == before


def test_another_key_opens_nothing_and_says_nothing(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Vault.create(path, KEY).lock()
    before = path.read_bytes()
    with pytest.raises(Trouble, match=r"vault\.wrong_key"):
        Vault.open(path, secrets.token_bytes(32))
    assert path.read_bytes() == before
    Vault.open(path, KEY).lock()
    assert capfd.readouterr() == ("", "")


def test_no_vault_and_a_vault_already_there(path: Path) -> None:
    with pytest.raises(Trouble, match=r"vault\.missing"):
        Vault.open(path, KEY)
    assert not path.exists()
    Vault.create(path, KEY).lock()
    before = path.read_bytes()
    with pytest.raises(Refusal, match=r"vault\.exists"):
        Vault.create(path, KEY)
    assert path.read_bytes() == before


class CutShortError(Exception):
    pass


def write_half(vault: Vault) -> None:
    with vault.write() as connection:
        place.write(connection, "half", b"1")
        connection.execute(text("CREATE TABLE half (x)"))
        raise CutShortError


def test_a_write_that_fails_leaves_nothing_not_even_tables(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        with pytest.raises(CutShortError):
            write_half(vault)
        assert kept(vault, "half") is None
        with vault.read() as connection:
            assert not connection.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'half'"))


@pytest.mark.parametrize("way", ["read", "page"])
def test_readers_cannot_write(path: Path, way: str) -> None:
    with Vault.create(path, KEY) as vault:
        with getattr(vault, way)() as connection, pytest.raises(OperationalError, match="readonly"):
            place.write(connection, "x", b"1")
        with pytest.raises(Trouble, match=r"disk\.forbidden"):
            write_through_a_reader(vault)
        assert kept(vault, "x") is None


def write_through_a_reader(vault: Vault) -> None:
    with vault.read() as connection:
        place.write(connection, "x", b"1")


def test_a_reader_sees_one_unchanging_register(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        fill(vault, "cursor", b"1")
        with vault.read() as connection:
            assert place.read(connection, "cursor") == b"1"
            fill(vault, "cursor", b"2")
            assert place.read(connection, "cursor") == b"1"
            with vault.page() as page:
                assert place.read(page, "cursor") == b"2"
        assert kept(vault, "cursor") == b"2"


def test_every_connection_is_set_as_designed(path: Path) -> None:
    wanted = {
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "cipher_memory_security": "0",
        "journal_mode": "wal",
    }
    with Vault.create(path, KEY) as vault:
        for role, connected in ((WRITER, vault.write), (READERS, vault.read), (PAGE, vault.page)):
            with connected() as connection:
                for pragma, value in wanted.items():
                    assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value, pragma
                assert connection.exec_driver_sql("PRAGMA cipher_version").scalar()
                assert connection.exec_driver_sql("PRAGMA cache_size").scalar() == -1024 * role.cache_mb
                assert connection.exec_driver_sql("PRAGMA query_only").scalar() == int(not role.writes)
    assert sum(role.cache_mb * role.connections for role in (WRITER, READERS, PAGE)) == 80


def test_writers_take_turns(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        fill(vault, "count", b"0")

        def add() -> None:
            for _ in range(20):
                with vault.write() as connection:
                    count = int(place.read_text(connection, "count"))
                    place.write(connection, "count", str(count + 1).encode())

        threads = [threading.Thread(target=add) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert kept(vault, "count") == b"60"


def test_a_locked_vault_gives_nothing_and_keeps_no_key(path: Path) -> None:
    vault = Vault.create(path, KEY)
    fill(vault, "cursor", b"7")
    with vault.read() as connection:
        place.read(connection, "cursor")
        vault.lock()
    assert not vault.is_open
    assert connection.closed
    vault.lock()
    for way in (vault.write, vault.read, vault.page):
        with pytest.raises(Trouble, match=r"vault\.locked"), way():
            pass
    with Vault.open(path, KEY) as again:
        assert kept(again, "cursor") == b"7"


def test_whoever_stays_keeps_no_vault_open(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.vault._LEAVING_SECONDS", 0.01)
    vault, inside, go = Vault.create(path, KEY), threading.Event(), threading.Event()

    def stay() -> None:
        with vault.read():
            inside.set()
            go.wait()

    staying = threading.Thread(target=stay)
    staying.start()
    inside.wait()
    try:
        vault.lock()
    finally:
        go.set()
        staying.join()
    assert not vault.is_open
    Vault.open(path, KEY).lock()


def insert_twice(vault: Vault) -> None:
    with vault.write() as connection:
        for _ in range(2):
            connection.execute(text("INSERT INTO place VALUES (:name, x'')"), {"name": CANARY})


def test_neither_key_nor_peoples_data_reach_an_error(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        with pytest.raises(IntegrityError) as refused:
            insert_twice(vault)
        said = "".join(traceback.format_exception(refused.value)) + repr(vault) + repr(vault.__dict__)
        assert CANARY not in said
        for secret in (KEY.hex(), repr(KEY)):
            assert secret not in said


def test_a_full_disk_is_said_and_the_register_stands(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        fill(vault, "cursor", b"7")
        with vault.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(Trouble, match=r"disk\.full"):
            fill(vault, "large", bytes(1 << 20))
        assert kept(vault, "cursor") == b"7"
        assert kept(vault, "large") is None


def test_no_room_is_said_before_anything_is_written(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        vault.require_room(1)
        with pytest.raises(Trouble, match=r"disk\.no_room") as said:
            vault.require_room(1 << 60)
        assert int(said.value.facts["needed_mb"]) > int(said.value.facts["free_mb"])


def test_a_damaged_page_is_said_and_found(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        fill(vault, "large", secrets.token_bytes(400_000))
    content = bytearray(path.read_bytes())
    for at in range(400_000, len(content), 4096):  # past the schema, in the large value
        content[at] ^= 1
    path.write_bytes(content)
    with Vault.open(path, KEY) as vault:
        assert vault.faults()
        with pytest.raises(Trouble, match=r"vault\.(damaged|wrong_key)|disk\.failed"):
            kept(vault, "large")


def add_person(vault: Vault, id: str) -> None:
    with vault.write() as connection:
        connection.execute(text("INSERT INTO person (id, behind) VALUES (:id, x'00')"), {"id": id})


def test_an_old_page_put_back_is_damage_where_a_rule_breaks_on_it(path: Path) -> None:
    """An index knows of somebody whom her table does not: a file's fault, and nothing is saved on it."""
    Vault.create(path, KEY).lock()
    before = path.read_bytes()
    with Vault.open(path, KEY) as vault:
        add_person(vault, "p1")
        with vault.read() as connection:
            root = connection.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'person'"))
    content = bytearray(path.read_bytes())
    page = slice((root - 1) * 4096, root * 4096)
    content[page] = before[page]
    path.write_bytes(content)
    with Vault.open(path, KEY) as vault, pytest.raises(Trouble, match=r"vault\.damaged"):
        add_person(vault, "p1")


def test_an_older_part_of_the_search_index_put_back_is_damage(path: Path) -> None:
    """It breaks upon its own tables when it is written, and SQLite names no rule."""
    held = "FROM finding_data WHERE id = 10"
    with Vault.create(path, KEY) as vault:
        with vault.write() as connection:
            before = connection.scalar(text(f"SELECT block {held}"))
            connection.execute(text("INSERT INTO finding (rowid, tokens) VALUES (1, 'giang')"))
        with vault.write() as connection:
            connection.execute(text("UPDATE finding_data SET block = :b WHERE id = 10"), {"b": before})
        with pytest.raises(Trouble, match=r"vault\.damaged"), vault.write() as connection:
            connection.execute(text("INSERT INTO finding (rowid, tokens) VALUES (2, 'vi')"))


def test_a_rule_broken_in_a_sound_file_stays_a_bug(path: Path) -> None:
    with Vault.create(path, KEY) as vault:
        add_person(vault, "p1")
        with pytest.raises(IntegrityError):
            add_person(vault, "p1")


def test_a_bug_in_sql_stays_a_bug(path: Path) -> None:
    with (
        Vault.create(path, KEY) as vault,
        pytest.raises(OperationalError),
        vault.read() as connection,
    ):
        connection.execute(text("SELECT * FROM no_such_table"))


HOLDER = """
import sys
from pathlib import Path
from app.store.vault import Vault
vault = Vault.open(Path(sys.argv[1]), bytes(range(32)))
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_finds_it_in_use_until_that_one_dies(path: Path) -> None:
    Vault.create(path, KEY).lock()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdout
    assert holder.stdin
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(Trouble, match=r"vault\.in_use"):
        Vault.open(path, KEY)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    holder.stdin.close()
    Vault.open(path, KEY).lock()
