"""Nothing of what a register holds lies in clear in anything the program keeps, whatever it went through.

200 people in the suite, 1,000 with SOAK=1, each with a name, a number, a telephone and an account that
nobody has, all bearing marks that can be looked for; and the passwords, the recovery code and the keys.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.bootstrap import entering, shelves
from app.domain.errors import Refusal
from app.domain.text import fold
from app.resources import load_reference
from app.seal.codes import tidy
from app.store import backups, queries
from app.store.laptop import Laptop
from app.store.listing import Listing
from tests.desks import make_keys_cheap
from tests.faults.month import LINE, NAME, NUMBER, PASSWORD, PHONE, PLACE, WRONG

PEOPLE = 1000 if os.environ.get("SOAK") else 200
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


@dataclass(frozen=True)
class Month:
    """What was left by the month: the watched folder, and the marks that must not be in it.

    `left`: names of the files right after the crash, and `clear`: which marks lay in them then.
    """

    watched: Path
    marks: dict[str, bytes]
    left: frozenset[str] = frozenset()
    clear: frozenset[tuple[str, str]] = frozenset()

    def found(self) -> set[tuple[str, str]]:
        """Which mark lies in which file."""
        seen = set()
        for path in sorted(self.watched.rglob("*")):
            content = path.read_bytes() if path.is_file() else b""
            seen |= {(name, path.name) for name, mark in self.marks.items() if mark in content}
            seen |= {(name, "a name") for name, mark in self.marks.items() if mark in os.fsencode(path.name)}
        return seen


def _written(name: str, text: str) -> Iterator[tuple[str, bytes]]:
    """A text as it may stand in a file: composed or not, without its marks, in Windows' own letters."""
    for form in ("NFC", "NFD"):
        yield from _coded(f"{name} {form}", unicodedata.normalize(form, text))
    if fold(text) != text:
        yield from _coded(f"{name} folded", fold(text))


def _coded(name: str, text: str) -> Iterator[tuple[str, bytes]]:
    yield name, text.encode()
    yield f"{name} UTF-16", text.encode("utf-16-le")
    yield f"{name} UTF-16, the other way round", text.encode("utf-16-be")
    yield f"{name} escaped", json.dumps(text)[1:-1].encode()
    yield from _spelt(name, text.encode())


def _key(name: str, key: bytes) -> Iterator[tuple[str, bytes]]:
    yield f"{name} raw", key
    yield from _spelt(name, key)


def _spelt(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """In letters: base 64 reads otherwise at each third place where it may stand, so its inner part alone."""
    yield f"{name} hex", content.hex().encode()
    yield f"{name} HEX", content.hex().upper().encode()
    for before in range(3):
        inner = base64.b64encode(bytes(before) + content)[-(-before * 4 // 3) :]
        yield f"{name} base 64 after {before}", inner[: len(inner) - 4]


def _marks(secrets: list[str]) -> dict[str, bytes]:
    code, *keys = secrets
    texts = {
        "name": NAME.strip(), "number": LINE, "account": NUMBER, "phone": PHONE,
        "password": PASSWORD, "wrong password": WRONG, "code": code, "code tidy": tidy(code),
        "code's middle": code[5:24],
    }  # fmt: skip
    found = dict(mark for name, text in texts.items() for mark in _written(name, text))
    return found | dict(mark for at, key in enumerate(keys) for mark in _key(f"key {at}", bytes.fromhex(key)))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Month:
    """Lived through in another process, whose home, temporary files and output are all watched."""
    opened, watched = tmp_path_factory.mktemp("open"), tmp_path_factory.mktemp("watched")
    (watched / "tmp").mkdir()
    environment = {
        **os.environ, "TMPDIR": str(watched / "tmp"), "HOME": str(watched), "QT_QPA_PLATFORM": "offscreen",
        **{f"XDG_{kind}_HOME": str(watched / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE", "STATE")},
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.faults.month", str(PEOPLE), str(opened), str(watched)]
    with (watched / "stderr.log").open("wb") as log:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, check=False
        )
    assert done.returncode == -9, (watched / "stderr.log").read_text("utf-8")[-3000:]
    (watched / "stdout.log").write_bytes(b"\n".join(done.stdout.splitlines()[:-1]))
    month = Month(watched, _marks(json.loads(done.stdout.splitlines()[-1])))
    left = frozenset(path.name for path in watched.rglob("*"))
    return replace(month, left=left, clear=frozenset(month.found()))  # before a test opens it again


def test_after_the_month_and_its_crash_nothing_lies_in_clear(month: Month) -> None:
    looked_at = {"vault.db", "vault.db-wal", "keys.json", "about.json", "crash.txt", "stderr.log"}
    assert looked_at <= month.left
    assert month.clear == set()


def test_what_was_cancelled_left_nothing(month: Month) -> None:
    assert [each.name for each in (month.watched / "tmp").iterdir() if not each.name.startswith("pymp")] == []
    assert not list(month.watched.rglob("*.part"))


def test_the_centre_wrote_what_it_noted_without_them(month: Month) -> None:
    assert "sync" in (month.watched / "stderr.log").read_text("utf-8")


def test_opened_again_with_a_wrong_try_it_holds_them_all_and_still_shows_none(
    month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_keys_cheap(monkeypatch)
    at, reference = shelves.shelf(Laptop(month.watched / "home"), PLACE), load_reference()
    officer = at.keyfile().officers[0].officer
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        entering.unlock(at, officer, WRONG, reference)
    desk = entering.unlock(at, officer, PASSWORD, reference).desk
    try:
        with desk.vault.read() as connection:
            names = [
                row.name for row in queries.person_rows(connection, queries.ids(connection, Listing())) if row
            ]
        assert len(names) == PEOPLE
        assert all(name.startswith(NAME) for name in names)
        assert len(backups.listed(desk.folder / backups.FOLDER)) == 2
        assert month.found() == set()
    finally:
        desk.vault.lock()
    assert month.found() == set()


def test_the_looking_sees_what_is_there(month: Month, tmp_path: Path) -> None:
    """Each mark slipped into a file is found, so that finding none means something."""
    for name, mark in month.marks.items():
        (tmp_path / "slipped.log").write_bytes(b"x" + mark + b"y")
        assert name in {found for found, _file in Month(tmp_path, month.marks).found()}
