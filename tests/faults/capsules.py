"""A laptop that knows a centre, without ever speaking with it; and what must hold of its rescue capsule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from app.actions.desk import Desk
from app.central.keys import Keys, sealing_identity
from app.seal.capsule import frames, read_header
from app.seal.sealing import Identity
from app.store import exchanges, outbox
from app.store.exchanges import DONE, Exchange
from app.store.rescue import FILE
from app.sync.policy import keep_centre
from tests import desks
from tests.central.laptops import new_keys


@dataclass(frozen=True)
class Seat:
    """A centre's keys, the sealing one among them."""

    keys: Keys
    identity: Identity


def seat(keys: Keys) -> Seat:
    """With its sealing key, as its custodians bring it."""
    return Seat(keys, sealing_identity(keys))


@cache
def far_centre() -> Seat:
    """One that no laptop ever speaks with: its folder is gone."""
    with TemporaryDirectory() as folder:
        return seat(new_keys(Path(folder, "keys")))


def believe(desk: Desk, keys: Keys) -> None:
    """The laptop knows this centre from now on, and has heard that the commune is empty there."""
    with desk.vault.write() as connection:
        keep_centre(connection, keys.root_fingerprint, keys.certificates)
        exchanges.note(connection, Exchange(datetime.now(UTC), DONE, 0, 0, 0, 0))


def found_with_a_centre(home: Path) -> None:
    """A commune begun on a laptop, which knows its centre."""
    desk = desks.found(home).desk
    believe(desk, far_centre().keys)
    desk.vault.lock()


def sets_in(folder: Path, centre: Seat) -> list[str]:
    """What the centre finds in a register's capsule, in the order of the file."""
    if not (folder / FILE).exists():
        return []
    with (folder / FILE).open("rb") as file:
        assert read_header(file) == folder.name
        return [each.open(centre.identity).id for each in frames(file)]


def look_into_capsule(desk: Desk) -> None:
    """It holds every set that waits, once, and nothing else."""
    with desk.vault.read() as connection:
        waiting = [signed.id for signed in outbox.outbox(connection, 1 << 40)]
    assert sets_in(desk.folder, far_centre()) == waiting
