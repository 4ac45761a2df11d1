"""The training door's centre: keys, book and invitation made in one folder, served on a free port.

Started and ended with the window. It forgets nothing between two starts, so that a laptop
that was enrolled yesterday syncs today; only the port is another one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.central.deeds import Operating
from app.central.enrolling import invite
from app.central.keys import STATEMENT, Keys, load_keys, make_keys
from app.central.office import admit_commune
from app.central.publishing import publish_missing
from app.central.server import Listen, now_ms, serve
from app.resources import load_shipped_forms
from app.store import roster
from app.store.centre import Centre

READY = "ready.json"
_BY = "training"
_LOOPBACK = Listen("127.0.0.1", 0)


class Ready(msgspec.Struct, frozen=True):
    """What the window reads once the centre listens: where it is, and a fresh enrolment code."""

    address: str
    code: str


def run_training(folder: Path, code: str, name: str, told: Callable[[Ready], None]) -> None:
    """Serve one invented commune until told to end. `folder/ready.json` says that it listens."""
    (folder / READY).unlink(missing_ok=True)
    keys = _keys(folder / "keys")
    centre = Centre.open(folder / "centre.db")
    try:
        _open_commune(centre, code, name)
        publish_missing(Operating(centre, keys, _BY, now_ms()), load_shipped_forms())

        def ready(port: int) -> None:
            address = f"https://{_LOOPBACK.host}:{port}"
            found = Ready(address, invite(centre, keys, code, address, now_ms()).text())
            _write(folder / READY, msgspec.json.encode(found))
            told(found)

        serve(centre, keys, _LOOPBACK, ready)
    finally:
        centre.close()


def _keys(folder: Path) -> Keys:
    if (folder / STATEMENT).exists():
        return load_keys(folder)
    return make_keys(folder, f"https://{_LOOPBACK.host}", datetime.now(UTC))


def _open_commune(centre: Centre, code: str, name: str) -> None:
    with centre.write() as connection:
        if roster.find_commune(connection, code) is None:
            roster.add_commune(connection, admit_commune(code, name, training=centre.is_training))


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all: the window reads it while it is written."""
    draft = file.with_suffix(".part")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
    draft.replace(file)
