"""A backup is sealed, opens with the sealing key alone, and becomes the same database again."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from app.central.backup import back_up
from app.central.deeds import Operating
from app.central.keys import Keys
from app.cli import frame
from app.domain.errors import Refusal, Trouble
from app.seal.sealing import Identity, open_sealed
from app.store import deposits, journal, operators, roster
from app.store.centre import Centre
from app.sync import attachments
from tests.central.conftest import REAL
from tests.central.laptops import House, Laptop, house
from tests.postgres import Server


def test_what_was_backed_up_is_there_again(
    postgres_url: str, postgres_server: Server, keys: Keys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with house(postgres_url, keys, REAL) as found:
        laptop = Laptop.new(tmp_path, REAL, found.clock)
        found.enrol(laptop)
        laptop.new_person()
        paper = laptop.attach(b"%PDF-1.7 a decision")
        laptop.sync(found)
        attachments.send(laptop.end, found, laptop.progress)
        laptop.vault.lock()
        with found.centre.read() as connection:
            before = journal.mark(connection, REAL, 1)
    place = ("--database", postgres_url, "--keys", str(keys.folder))
    assert frame.run(["central", "backup", str(tmp_path / "out"), *place, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    [file] = (tmp_path / "out").iterdir()
    sealed = file.read_bytes()
    assert (said["file"], said["bytes"]) == (str(file), len(sealed))
    assert b"PGDMP" not in sealed
    assert file.stat().st_mode & 0o077 == 0

    identity = Identity(bytes.fromhex((keys.folder / "sealing.key").read_text()))
    postgres_server.command("CREATE DATABASE restored")
    restored = postgres_server.url("restored")
    subprocess.run(["pg_restore", f"--dbname={restored}"], input=open_sealed(sealed, identity), check=True)
    centre = Centre.open(restored)
    with centre.read() as connection:
        assert journal.mark(connection, REAL, 1) == before
        assert deposits.piece(connection, REAL, paper.sha256, 0) == b"%PDF-1.7 a decision"
        assert [one.code for one in roster.communes(connection)] == [REAL]
    centre.close()
    postgres_server.command("DROP DATABASE restored WITH (FORCE)")


def test_a_backup_that_fails_leaves_no_file(
    postgres_url: str, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = Centre.open(postgres_url)
    at = Operating(centre, keys, "root", 1)
    dump = tmp_path / "bin" / "pg_dump"
    dump.parent.mkdir()
    monkeypatch.setenv("PATH", str(dump.parent))
    with pytest.raises(Refusal, match=r"central\.no_pg_dump"):
        back_up(at, tmp_path / "out")
    dump.write_text("#!/bin/sh\necho half\nexit 1\n")
    dump.chmod(0o700)
    with pytest.raises(Trouble, match=r"central\.backup_failed"):
        back_up(at, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    with centre.read() as connection:
        assert operators.deeds(connection) == []
    centre.close()


def test_a_training_centre_has_none(trained: House, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"central\.backup_training"):
        back_up(Operating(trained.centre, trained.keys, "root", 1), tmp_path)
