"""What is bound is stored as what it is, though the driver is told not to ask whether it can be adapted."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store.connections import WRITER, open_raw


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
