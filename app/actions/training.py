"""The training commune: invented people in a vault like any other, and a centre on this machine.

Nothing it does reaches anybody: the centre listens on the loopback alone and takes no real commune.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.actions import exchange
from app.actions.desk import Desk
from app.actions.invented.people import people
from app.actions.invented.writing import Consented, atoms
from app.actions.wording import Asked, consent
from app.domain.changes import lone
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.sandbox.companions import Service, start_service
from app.store import outbox, place, unit
from app.store.arrival import begin
from app.store.throttle import Moment
from app.sync import enrolment
from app.sync.policy import held_policy
from app.words import gettext as _

PEOPLE = 3_000
PASSWORD = "ruong bac thang"
_SEED = 21  # Directive 21/CT-TTg
_START_SECONDS = 30.0


class Ready(msgspec.Struct, frozen=True):
    """What the centre writes once it listens."""

    address: str
    code: str


@dataclass(frozen=True)
class TrainingCentre:
    """The companion that serves the training commune, and where it listens."""

    service: Service
    ready: Ready


def fill(progress: Progress, desk: Desk) -> int:
    """Write the invented people in one transaction, all or none; returns how many."""
    today = desk.clock.today()
    found = people(_SEED, PEOPLE, today)
    consented = Consented(
        desk.officer.id,
        consent("account_payment", today).read_out(Asked("", _("address.unknown.old"), desk.commune.name)),
        today,
    )
    written = 0
    with desk.vault.write() as connection:
        for edits in atoms(desk.ids, found, consented):
            unit.save(connection, desk.pen, "training", lone(edits))
            written += sum(edit.kind == "person" and edit.field == "name" for edit in edits)
            progress.step(written, PEOPLE, "Writing the invented people")
    return written


def seat_approver(desk: Desk, name: str) -> None:
    """A second officer at the training laptop, if there is none: what one proposes the other approves."""
    if any(slot.name == name for slot in desk.prove.keyfile.officers):
        return
    added = desk.prove.keyfile.add_officer(desk.prove.unlocked, name, PASSWORD, Moment.now())
    with desk.vault.write() as connection:
        begin(connection, added.officer.id, ["approver"])


def is_filled(desk: Desk) -> bool:
    """Whether anything was ever written here, by this laptop or by another one of the commune."""
    with desk.vault.read() as connection:
        return place.cursor(connection) > 0 or outbox.waiting(connection) > 0


def start_centre(
    progress: Progress, folder: Path, commune: str, name: str, sleep: Callable[[float], None] = time.sleep
) -> TrainingCentre:
    """Start the local centre and wait until it listens; Trouble("training.centre") when it does not."""
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    argv = ["central", "training", str(folder), "--commune", commune, "--name", name]
    service = start_service(argv, folder / "centre.log")
    try:
        return _listening(progress, service, ready, sleep)
    except BaseException:
        service.stop()  # whoever stops waiting leaves no centre behind
        raise


def _listening(
    progress: Progress, service: Service, ready: Path, sleep: Callable[[float], None]
) -> TrainingCentre:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and service.is_running:
        if ready.exists():
            return TrainingCentre(service, msgspec.json.decode(ready.read_bytes(), type=Ready))
        progress.step(0, 0, "Starting the training centre")
        sleep(0.05)
    raise Trouble("training.centre")


def join_centre(progress: Progress, desk: Desk, ready: Ready) -> None:
    """Know the local centre (enrolled on the first day, at another port on the others), and hear from it."""
    with desk.vault.read() as connection:
        known = enrolment.is_enrolled(connection)
        policy = held_policy(connection)
    if known:
        exchange.move_centre(desk, ready.address)
    if policy is None or desk.officer.id not in policy.officers:  # the second officer's first day
        exchange.enrol_laptop(progress, desk, ready.code)
    exchange.exchange(progress, desk)
