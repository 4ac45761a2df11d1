"""A centre of the tests' own and real laptops that talk to it: vaults, keys, signatures as in the field."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.testclient import TestClient

from app.central.enrolling import invite
from app.central.keys import Keys, make_keys
from app.central.office import admit_commune
from app.central.service import Service, application
from app.domain.attachments import Cited
from app.domain.changes import Atom, Edit, SignedSet, lone
from app.domain.hybrid_clock import HybridClock
from app.domain.ids import RecordIds
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.standing import record_digest
from app.seal.certificates import Trust
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import CHANGE_SET, MESSAGE, DeviceKey, OfficerKey, SigningKey, sign, verify
from app.store import attachments, beneath, exchanges, place, roster, rows, unit
from app.store.centre import Centre
from app.store.files import Files
from app.store.opened import open_record
from app.store.tables import records
from app.store.unit import Pen
from app.store.vault import Vault
from app.sync import attachments as sending
from app.sync import enrolment, messages, replica
from app.sync.blocks import out_of_a_row
from app.sync.conversation import Carrier, Summary, synchronise
from app.sync.enrolment import Applicant, Enrolled
from app.sync.https import _refused
from app.sync.messages import SyncRequest, SyncResponse

ADDRESS = "https://an-sinh.example.vn:8443"


@dataclass
class Clock:
    """A clock that nobody waits for: each look at it is seven milliseconds later.

    It begins now, for a laptop counts by this machine's time how long ago the centre signed.
    """

    ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)

    def __call__(self) -> int:
        self.ms += 7
        return self.ms


def _heads(body: bytes) -> dict[str, str]:
    words = base64.b64encode(messages.announce(body)).decode()
    return {"Content-Type": "application/octet-stream"} | ({"Authorization": words} if words else {})


@dataclass
class House:
    """A centre served in this process, with one commune to begin with."""

    centre: Centre
    keys: Keys
    code: str
    clock: Clock
    client: TestClient

    def invite(self, code: str = "") -> EnrolmentCode:
        """A fresh code."""
        return invite(self.centre, self.keys, code or self.code, ADDRESS, self.clock())

    def open_commune(self, code: str) -> None:
        """One more commune."""
        with self.centre.write() as connection:
            found = admit_commune(code, "Xã Mường Sen", training=self.centre.is_training)
            roster.add_commune(connection, found)

    def post(self, path: str, body: bytes) -> bytes:
        """What the carrier does, without a network."""
        response = self.client.post(path, content=body, headers=_heads(body))
        if response.status_code != 200:
            raise _refused(response.status_code, response.content)
        return bytes(response.content)

    def exchange(self, request: bytes) -> bytes:
        """The house is a carrier."""
        return self.post("/v1/sync", request)

    def get(self, path: str, words: bytes) -> bytes:
        """A page asked for in signed words."""
        said = {"Authorization": base64.b64encode(words).decode()}
        response = self.client.get(path, headers=said)
        if response.status_code != 200:
            raise _refused(response.status_code, response.content)
        return bytes(response.content)

    def snapshot(self, asked: bytes) -> bytes:
        """The house is a source of snapshots too."""
        return self.get(f"/v1/communes/{_commune_of(asked)}/snapshot", asked)

    def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
        """Some blocks in a row."""
        row = self.get(f"/v1/communes/{_commune_of(asked)}/snapshot/{seq}/{first}", asked)
        yield from out_of_a_row(BytesIO(row).read)

    def history(self, asked: bytes) -> bytes:
        """A page of history."""
        return self.post(f"/v1/communes/{_commune_of(asked)}/history", asked)

    def held(self, asked: bytes, sha256: str) -> bytes:
        """The house is a store of attachments too."""
        return self.get(f"/v1/communes/{_commune_of(asked)}/attachments/{sha256}", asked)

    def put_piece(self, sent: bytes, sha256: str, no: int) -> bytes:
        """One piece handed in."""
        page = f"/v1/communes/{_commune_of(sent)}/attachments/{sha256}/{no}"
        response = self.client.put(page, content=sent, headers=_heads(sent))
        if response.status_code != 200:
            raise _refused(response.status_code, response.content)
        return bytes(response.content)

    def fetch_piece(self, asked: bytes, sha256: str, no: int) -> bytes:
        """One piece fetched."""
        return self.get(f"/v1/communes/{_commune_of(asked)}/attachments/{sha256}/{no}", asked)

    def enrol(self, laptop: Laptop, code: EnrolmentCode | None = None) -> Enrolled:
        """Enrol and keep, as a laptop does."""
        code = code or self.invite(laptop.pen.commune)
        centre = self.trust(code)
        carried = self.post("/v1/enrol", enrolment.apply(code, laptop.applicant))
        welcome = enrolment.read_welcome(carried, code, centre, laptop.applicant)
        found = Enrolled(
            code.address, welcome.name, code.root_fingerprint, self.keys.certificates, welcome.policy
        )
        with laptop.vault.write() as connection:
            enrolment.keep(connection, found)
        return found

    def enrol_keys(self) -> tuple[DeviceKey, OfficerKey]:
        """A laptop without a vault: keys that the centre knows, for sets that no program would write."""
        device = DeviceKey(f"m{next(_numbers):02d}", SigningKey.generate())
        officer = OfficerKey(secrets.token_hex(16), "Cán bộ", SigningKey.generate())
        self.post("/v1/enrol", enrolment.apply(self.invite(), Applicant(device, "máy", [officer])))
        return device, officer

    def trust(self, code: EnrolmentCode) -> Trust:
        """What the code makes believable."""
        said = enrolment.read_centre(self.client.get("/v1/centre").content)
        return Trust.established(code.root_fingerprint, said)


def _commune_of(asked: bytes) -> str:
    return messages.sender_of(asked).partition("/")[0]


_numbers = count(1)


@contextmanager
def house(where: str | Path, keys: Keys, code: str) -> Iterator[House]:
    """A centre opened, served and closed."""
    if isinstance(where, Path) and not where.exists():
        where.write_bytes(_migrated())
    centre, clock = Centre.open(where), Clock()
    try:
        service = Service(centre, keys, clock)
        with TestClient(application(service), raise_server_exceptions=False) as client:
            found = House(centre, keys, code, clock, client)
            found.open_commune(code)
            yield found
    finally:
        centre.close()


@cache
def _migrated() -> bytes:
    """A centre's file in which nothing stands yet: its revisions run once."""
    with TemporaryDirectory() as folder:
        made = Path(folder, "centre.db")
        Centre.open(made).close()
        return made.read_bytes()


def new_keys(folder: Path) -> Keys:
    """A centre's keys."""
    return make_keys(folder, ADDRESS, datetime.now(UTC))


@dataclass
class Laptop:
    """A vault, its device and one officer."""

    vault: Vault
    device: DeviceKey
    officer: OfficerKey
    pen: Pen
    ids: RecordIds
    files: Files
    progress: Progress = field(default_factory=Progress)

    @classmethod
    def new(cls, folder: Path, code: str, clock: Clock, key: bytes = b"") -> Laptop:
        """A laptop at its first start, not yet enrolled; its vault under a given key or any."""
        name = f"m{next(_numbers):02d}"
        device = DeviceKey(name, SigningKey.generate())
        officer = OfficerKey(secrets.token_hex(16), f"Cán bộ {name}", SigningKey.generate())
        vault = Vault.create(folder / f"{name}-{code}.db", key or secrets.token_bytes(32))
        with vault.write() as connection:
            place.write(connection, "commune", code.encode())
            place.write(connection, "device", name.encode())
            files = Files.of(connection, folder / f"{name}-{code}-files")
        pen = Pen(code, name, officer.id, partial(sign, officer.key, CHANGE_SET), HybridClock(clock).tick)
        return cls(vault, device, officer, pen, RecordIds(name, clock), files)

    @property
    def applicant(self) -> Applicant:
        """Who asks to be enrolled."""
        return Applicant(self.device, f"máy {self.device.id}", [self.officer])

    def save(self, *edits: Edit | Atom) -> SignedSet:
        """One press of Save."""
        atoms = [edit if isinstance(edit, Atom) else lone([edit])[0] for edit in edits]
        with self.vault.write() as connection:
            return unit.save(connection, self.pen, "test", atoms)

    def new_person(self, **values: Value) -> str:
        """A person saved; her id."""
        record = self.ids.new()
        wanted: dict[str, Value] = {"name": "Lò Thị Pánh", "birth": "1948", "state": "active", **values}
        self.save(*[Edit("person", record, name, value) for name, value in wanted.items()])
        return record

    def change(self, record: str, **values: Value) -> None:
        """A person's form opened, changed and saved."""
        with self.vault.read() as connection:
            opened = open_record(connection, "person", record)
        assert opened is not None
        edits = opened.edits(values)
        if edits:
            self.save(*edits)

    def attach(self, content: bytes, person: str = "a" * 32) -> Cited:
        """A paper taken in: its bytes kept, then the set that cites them, as `actions.attachments` does."""
        record, sha256 = self.ids.new(), self.files.keep(content)
        wanted: dict[str, Value] = {
            "person": person,
            "purpose": "other",
            "sha256": sha256,
            "size": len(content),
        }
        edits = [Edit("attachment", record, name, value) for name, value in wanted.items()]
        with self.vault.write() as connection:
            attachments.note_here(connection, sha256, sent=False)
            whole = lone([*edits, Edit("attachment", record, "state", "active")])
            unit.save(connection, self.pen, "test", whole)
        return Cited(record, sha256, len(content))

    @property
    def end(self) -> sending.Laptop:
        """Its end of the line for attachments."""
        return sending.Laptop(self.vault, self.files, self.device)

    def sync(self, carrier: Carrier) -> Summary:
        """Press Sync."""
        return synchronise(self.vault, carrier, self.device, self.progress)

    def compose(self) -> SyncRequest:
        """A request, as the loop makes it."""
        with self.vault.write() as connection:
            return replica.compose(connection, exchanges.next_number(connection))

    def signed(self, request: SyncRequest, sender: str = "") -> bytes:
        """A request as it is carried."""
        sign_it = partial(sign, self.device.key, MESSAGE)
        return messages.write(request, sender or f"{request.commune}/{request.device}", sign_it)

    def cells(self) -> dict[tuple[str, str], dict[str, Value]]:
        """What the officer sees: kind and id → cell → value."""
        with self.vault.read() as connection:
            keys = [
                (kind, record)
                for kind, table in records.items()
                for record in connection.scalars(table.select().with_only_columns(table.c.id)).all()
            ]
            return {
                key: {name: cell.value for name, cell in cells.items()}
                for key, cells in rows.load(connection, keys).items()
            }

    def person(self, record: str) -> dict[str, Value]:
        """What the officer sees of one person."""
        return self.cells()["person", record]

    def digests(self) -> tuple[bytes, int]:
        """The digest as kept, and as summed anew from what the journal says."""
        with self.vault.read() as connection:
            keys = set(self.cells())
            accepted = beneath.accepted_cells(connection, keys)
            summed = sum(record_digest(key, cells) for key, cells in accepted.items()) % (1 << 256)
            return place.whole_digest(place.digests(connection)), summed


def answer_of(found: House, carried: bytes) -> SyncResponse:
    """A response read as a laptop reads it."""
    register = found.keys.register.public
    _sender, response = messages.read(
        carried, SyncResponse, lambda _who, payload, signed: verify(register, MESSAGE, payload, signed)
    )
    return response


def refusal(found: House, path: str, body: bytes) -> tuple[int, str]:
    """Status and code of an answer that is expected to refuse."""
    response = found.client.post(path, content=body)
    said = response.json()
    return response.status_code, said["code"]


def all_agree(laptops: Sequence[Laptop]) -> None:
    """Same cells, same digest, and the digest is what the cells sum to."""
    first, *others = laptops
    kept, summed = first.digests()
    assert int.from_bytes(kept, "big") == summed
    for other in others:
        assert other.cells() == first.cells()
        assert other.digests() == (kept, summed)
