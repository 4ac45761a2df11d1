"""A connection is set up whole or let go; what is bound is stored as it is, and no adapter is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlcipher3

from app.store.connections import READERS, WRITER, open_raw

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("bound", "kind", "read"),
    [
        (None, "null", None),
        (b"\x00\xff", "blob", b"\x00\xff"),
        (b"", "blob", b""),
        (bytearray(b"k"), "blob", b"k"),
        (True, "integer", 1),
        (False, "integer", 0),
        ("", "text", ""),
        (7, "integer", 7),
    ],
)
def test_it_is_stored_as_what_it_is(tmp_path: Path, bound: object, kind: str, read: object) -> None:
    raw = open_raw(tmp_path / "one.db", bytes(32), WRITER)
    raw.execute("CREATE TABLE one (value)")
    raw.executemany("INSERT INTO one VALUES (?)", [(bound,)])
    assert raw.execute("SELECT typeof(value), value FROM one").fetchall() == [(kind, read)]
    raw.close()


class Failing:
    """A driver's connection on which one statement fails, as on a disk that is full."""

    def __init__(self, raw: Any, word: str) -> None:
        self.raw, self._word = raw, word

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)

    def execute(self, text: str) -> Any:
        if self._word in text:
            raise sqlcipher3.OperationalError("disk I/O error")
        return self.raw.execute(text)


@pytest.mark.parametrize("word", ["cipher_log_level", "cipher_version", "cache_size", "journal_mode"])
def test_one_that_cannot_be_set_up_is_let_go(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, connect = list[Failing](), sqlcipher3.connect

    def failing(*where: Any, **how: Any) -> Failing:
        made.append(Failing(connect(*where, **how), word))
        return made[-1]

    monkeypatch.setattr(sqlcipher3, "connect", failing)
    with pytest.raises(sqlcipher3.OperationalError):
        open_raw(tmp_path / "vault.db", KEY, WRITER)
    with pytest.raises(sqlcipher3.ProgrammingError):
        made[0].raw.execute("SELECT 1")


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    writer, reader = (open_raw(tmp_path / "vault.db", KEY, role) for role in (WRITER, READERS))
    writer.execute("CREATE TABLE t (a)")
    with pytest.raises(sqlcipher3.OperationalError):
        reader.execute("INSERT INTO t VALUES (1)")
    for raw in (writer, reader):
        raw.close()
