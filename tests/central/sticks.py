"""A stick between the laptops of `laptops.py` and their centre: files in a folder, both programs for real."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from app.central.handover import Handled, Sticks
from app.central.keys import sealing_identity
from app.domain.progress import Progress
from app.sandbox.children import Child
from app.seal.sealing import identity_of
from app.store import outbox, parcels
from app.sync import opening, outgoing, stick, succession
from app.sync.incoming import Answered, Arrived
from app.sync.opening import Reader
from app.sync.stick import Made
from tests.central.laptops import House, Laptop


@dataclass
class Stick:
    """A folder that is carried, and the child in which whoever plugs it in reads it."""

    folder: Path
    child: Child = field(default_factory=stick.child)
    left_out: tuple[str, ...] = ()

    def make(self, laptop: Laptop, now_ms: int, *, with_photos: bool = True) -> Path:
        """A laptop writes what waits."""
        with laptop.vault.write() as connection:
            asked = outgoing.request(
                connection, laptop.end, laptop.applicant, now_ms, with_photos=with_photos
            )
        made = stick.write(asked.draft, laptop.device.key, [asked.centre.sealing], self.place(), Progress())
        self.note(laptop, made)
        return made.written.path

    def note(self, laptop: Laptop, made: Made) -> None:
        """In the laptop's book."""
        with laptop.vault.write() as connection:
            parcels.note(connection, made.parcel({}))
        self.left_out = made.left_out

    def hand_on(self, old: Laptop, new: Laptop, now_ms: int) -> Path:
        """A laptop writes its register for another."""
        with old.vault.write() as connection:
            heirs = {heir.device: heir for heir in succession.heirs(connection, old.device.id)}
            draft = succession.draft(connection, old.end, heirs[new.device.id], now_ms)
        heir = heirs[new.device.id]
        made = stick.write(draft, old.device.key, [heir.recipient], self.place(), Progress())
        self.note(old, made)
        return made.written.path

    def handle(self, found: House, file: Path) -> Handled:
        """The centre takes it in and answers."""
        identity = sealing_identity(found.keys)
        return Sticks(found.centre, found.keys, identity, found.clock()).handle(
            self.child, file, self.place(), Progress()
        )

    def look(self, laptop: Laptop, file: Path) -> tuple[Arrived, Answered]:
        """What the laptop is told before anything moves."""
        identity = identity_of(laptop.device.key)
        found = stick.find(self.child, file, identity, Progress())
        with laptop.vault.read() as connection:
            arrived = opening.arrived(connection, found, laptop.device.id)
            parts = stick.pour(self.child, found, identity, opening.kinds(found), Progress())
            return arrived, opening.preview(connection, found, parts)

    def take(self, laptop: Laptop, file: Path) -> Answered:
        """The laptop takes an answer in."""
        identity = identity_of(laptop.device.key)
        found = stick.find(self.child, file, identity, Progress())
        with laptop.vault.write() as connection:
            opening.arrived(connection, found, laptop.device.id)
            taking = opening.taking(connection, found, Reader(laptop.applicant, laptop.files, laptop.pen))
            done = opening.take_in(taking, self.child, found, identity, Progress())
            parcels.note(connection, found.parcel(done.counts()))
        return done

    def round(self, found: House, laptop: Laptop) -> Answered:
        """There and back."""
        return self.take(laptop, self.handle(found, self.make(laptop, found.clock())).file)

    def place(self) -> Path:
        """A folder of its own for each file, so that a test knows which is which."""
        folder = self.folder / secrets.token_hex(4)
        folder.mkdir(parents=True)
        return folder


def waiting(laptop: Laptop) -> int:
    """How many of its sets have not come back to it."""
    with laptop.vault.read() as connection:
        return outbox.waiting(connection)
