"""The chained log finds what was changed in it; arriving notes who is here and which key file she came by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from app.domain.errors import Refusal
from app.seal.keys import OfficerKey, SigningKey
from app.store import audit
from app.store.arrival import arrive
from app.store.keyslots import Unlocked
from app.store.vault import Vault

UNLOCKED = Unlocked(bytes(32), OfficerKey("a" * 32, "Lò Thị Mẩy", SigningKey(bytes(32))), 3)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Connection]:
    """A log of twenty entries."""
    with Vault.create(tmp_path / "vault.db", bytes(32)) as vault, vault.write() as connection:
        for turn in range(20):
            audit.note(connection, "a" * 32, "reveal", kind="account", record=f"{turn:032x}", detail="number")
        yield connection


def test_a_log_as_written_holds(log: Connection) -> None:
    assert audit.verify(log) is None
    assert audit.head(log).no == 20
    assert audit.verify(log, audit.head(log)) is None


@pytest.mark.parametrize("column", ["at", "officer", "act", "kind", "record", "detail", "previous", "hash"])
@pytest.mark.parametrize("no", [1, 10, 20])
def test_every_edit_is_found(log: Connection, column: str, no: int) -> None:
    changed = "x'00'" if column in {"previous", "hash"} else f"{column} || '.'"
    log.execute(text(f"UPDATE audit SET {column} = {changed} WHERE no = {no}"))
    assert audit.verify(log) == no


@pytest.mark.parametrize("no", [1, 10, 19])
def test_a_removed_entry_is_found(log: Connection, no: int) -> None:
    log.execute(text(f"DELETE FROM audit WHERE no = {no}"))
    assert audit.verify(log) == no


def test_a_removed_entry_closed_over_is_found(log: Connection) -> None:
    log.execute(text("DELETE FROM audit WHERE no = 10"))
    log.execute(text("UPDATE audit SET no = no - 1 WHERE no > 10"))
    assert audit.verify(log) == 10


def test_swapped_entries_are_found(log: Connection) -> None:
    for old, new in ((5, 100), (6, 5), (100, 6)):
        log.execute(text(f"UPDATE audit SET no = {new} WHERE no = {old}"))
    assert audit.verify(log) == 5


def test_a_log_cut_short_or_made_anew_is_found_against_a_head_kept_elsewhere(log: Connection) -> None:
    known = audit.head(log)
    log.execute(text("DELETE FROM audit WHERE no > 15"))
    assert audit.verify(log) is None
    assert audit.verify(log, known) == 16
    log.execute(text("DELETE FROM audit"))
    for _ in range(20):
        audit.note(log, "b" * 32, "save")
    assert audit.verify(log) is None
    assert audit.verify(log, known) == 20


def test_looking_at_nobody_leaves_no_entry(log: Connection) -> None:
    audit.note_all(log, "a" * 32, "export", "person", [])
    assert audit.head(log).no == 20
    two = ["b" * 32, "c" * 32]
    audit.note_all(log, "a" * 32, "export", "person", two)
    assert [deed.record for deed in audit.about(log, two, {"export"})] == two[::-1]
    assert audit.verify(log) is None


def test_what_was_done_is_told_by_record_act_and_time(log: Connection) -> None:
    now = datetime.now(UTC)
    before, after = now - timedelta(hours=1), now + timedelta(hours=1)
    assert audit.looks(log, f"{3:032x}", before) == 1
    assert audit.looks(log, f"{3:032x}", after) == 0
    assert audit.looks(log, "f" * 32, before) == 0
    assert audit.about(log, {f"{3:032x}"}, {"export"}) == []
    assert [deed.no for deed in audit.about(log, {f"{3:032x}"}, {"reveal"})] == [4]
    assert [deed.no for deed in audit.between(log, before, after)] == list(range(1, 21))
    assert audit.between(log, before - timedelta(hours=1), before) == []


def test_an_entry_goes_with_its_transaction(tmp_path: Path) -> None:
    with Vault.create(tmp_path / "vault.db", bytes(32)) as vault:
        with pytest.raises(ZeroDivisionError):
            _note_and_fail(vault)
        with vault.read() as connection:
            assert audit.head(connection).no == 0


def _note_and_fail(vault: Vault) -> None:
    with vault.write() as connection:
        audit.note(connection, "a" * 32, "export")
        raise ZeroDivisionError


def test_arriving_says_when_she_was_last_here(log: Connection) -> None:
    first = arrive(log, UNLOCKED)
    assert (first.last_here, first.wrong_tries) == ("", 0)
    second = arrive(log, replace(UNLOCKED, wrong_tries=4))
    assert second.last_here.endswith("Z")
    assert second.wrong_tries == 4
    said = log.execute(text("SELECT act, detail FROM audit ORDER BY no DESC LIMIT 1")).one()
    assert tuple(said) == ("unlock", "wrong_tries=4")


def test_an_older_key_file_put_back_is_noticed(log: Connection) -> None:
    arrive(log, UNLOCKED)
    arrive(log, replace(UNLOCKED, slot_number=5))
    with pytest.raises(Refusal, match=r"keyfile\.put_back"):
        arrive(log, UNLOCKED)
    other = replace(UNLOCKED.officer, id="b" * 32)
    arrive(log, replace(UNLOCKED, officer=other, slot_number=1))


def test_a_spoilt_slot_stands_in_the_log(log: Connection) -> None:
    arrive(log, replace(UNLOCKED, spoilt=("b" * 32,)))
    said = log.execute(text("SELECT act, record FROM audit WHERE act = 'slot_spoilt'")).one()
    assert tuple(said) == ("slot_spoilt", "b" * 32)
