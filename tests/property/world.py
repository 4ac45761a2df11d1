"""Laptops of one commune, their officers, the centre, and sticks on their way: all of it the real engine.

Left out for speed: the search index and the sums that lists show, which follow rows and have
tests of their own.
"""

from __future__ import annotations

import base64
import hashlib
import io
import random
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from sqlalchemy import Connection, bindparam, select, update

from app.central import enrolling
from app.central.keys import Keys, make_keys
from app.central.service import Service
from app.central.snapshots import Snapshots
from app.domain.changes import Atom, ChangeSet, Edit, Read, SignedSet
from app.domain.hybrid_clock import HybridClock
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.standing import Cell, Cells, RecordKey, Standing, on_of
from app.seal.certificates import Trust
from app.seal.keys import CHANGE_SET, DeviceKey, OfficerKey, SigningKey, sign
from app.store import place, roster, rows, unit
from app.store.central_tables import central, device, journal, officer
from app.store.opened import Opened
from app.store.roster import Commune
from app.store.tables import changes, records, replaced, replica
from app.store.unit import Pen
from app.sync import blocks, conversation, enrolment, policy
from app.sync import replica as replica_end
from app.sync.conversation import Sent
from app.sync.enrolment import Applicant
from tests.property.disks import Disk, real_connections

CODE = "03874"
START_MS = 1_790_000_000_000
ADDRESS = "https://an-sinh.example.vn"
Where = tuple[str, str, str]  # kind, record, cell
Behind = frozenset[int | str]  # the sets that truly stood behind a cell: seqs; ids of those that waited
Saw = Mapping[Where, Behind]  # what an author saw when she read
APPROVERS = ("o3", "o4")
ALL = {kind: select(table.c.id).order_by(table.c.id) for kind, table in records.items()}
_NEW_ENTRIES = (
    select(journal.c.seq, journal.c.id, journal.c.device, journal.c.body)
    .where(journal.c.seq > bindparam("known"))
    .order_by(journal.c.seq)
)
_WAITING = select(changes.c.no, changes.c.id).where(changes.c.seq.is_(None))


@dataclass(frozen=True)
class Made:
    """A set somebody saved, and which sets stood behind each of its cells on the form she saw.

    `shown`: of an approval, all that lay before her.
    """

    set: ChangeSet
    saw: Saw
    shown: Mapping[Where, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """A record opened: what the program remembers, and the sets that truly stood behind each cell."""

    opened: Opened
    saw: dict[str, Behind]


@dataclass
class Laptop:
    """One machine. `own` are the sets saved or signed anew here."""

    disk: Disk
    machine: str
    officers: list[str]
    skew: int = 0
    dead: bool = False
    own: set[str] = field(default_factory=set)
    forms: dict[RecordKey, Form] = field(default_factory=dict)
    clock: int = 0

    @property
    def key(self) -> DeviceKey:
        """What its messages are signed with."""
        return DeviceKey(self.machine, key_of(self.machine))

    def copy(self) -> Laptop:
        """Its disk cloned into another machine."""
        return Laptop(
            self.disk.copy(),
            self.machine,
            list(self.officers),
            self.skew,
            own=set(self.own),
            forms=dict(self.forms),
            clock=self.clock,
        )


@dataclass(frozen=True)
class Stick:
    """Bytes on their way: a request, or the answer to it."""

    owner: Laptop
    sent: Sent
    answer: bytes | None = None


@dataclass(frozen=True)
class Arrival:
    """What the centre knew when a set got its seq."""

    now_ms: int
    in_standing: bool


@cache
def key_of(name: str) -> SigningKey:
    """A key by its owner's name: a seed replays exactly."""
    return SigningKey(hashlib.sha256(name.encode()).digest())


@cache
def centre_keys() -> Keys:
    """The centre's keys, made once."""
    with TemporaryDirectory() as folder:
        return make_keys(Path(folder) / "keys", ADDRESS, datetime.now(UTC))


@cache
def _blank_laptop() -> Disk:
    with real_connections():
        disk = Disk()
    with disk.write() as connection:
        replica.create_all(connection)
        place.write(connection, "commune", CODE.encode())
        place.write(connection, "address", ADDRESS.encode())
    return disk


@cache
def _blank_centre() -> Disk:
    with real_connections():
        disk = Disk()
    with disk.write() as connection:
        central.create_all(connection)
        roster.add_commune(connection, Commune(CODE, "Xã Mường Sen", training=False, seq=0))
    return disk


class World:
    """One seed's world."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = START_MS
        self.book = _blank_centre().copy()
        self.service = Service(self.book, centre_keys(), lambda: self.now)  # type: ignore[arg-type]
        self.made: dict[str, Made] = {}
        self.delivered: set[str] = set()
        self.renamed: dict[str, set[str]] = {}
        self.doubled: set[str] = set()  # machines of which there are, or were, two
        self.calm = True  # no clone, no backup put back
        self.arrivals: dict[int, Arrival] = {}
        self.ids: list[str] = []  # by seq - 1
        self.proposed: dict[str, Saw] = {}  # what the proposer of each proposal had seen
        self.spoilt: set[str] = set()  # approvals whose digest is of something else
        self.revoked: set[str] = set()
        self.sticks: list[Stick] = []
        self.backups: list[Laptop] = []
        self.laptops: list[Laptop] = []
        self._numbers = count(1)
        for _ in range(self.chance.choice([3, 3, 3, 4, 5])):
            self.enrol()

    def close(self) -> None:
        """Give the memory back."""
        for laptop in [*self.laptops, *self.backups]:
            laptop.disk.close()
        self.book.close()

    def record_id(self) -> str:
        """An id nobody has."""
        return f"{next(self._numbers):032x}"

    def enrol(self) -> Laptop:
        """One more laptop, with one or two officers; some of them work on others too."""
        return self.enrol_with(self.chance.sample([f"o{n}" for n in range(1, 5)], self.chance.randint(1, 2)))

    def enrol_with(self, officers: list[str]) -> Laptop:
        """One more laptop, with these officers."""
        machine = f"m{next(self._numbers)}"
        laptop = Laptop(_blank_laptop().copy(), machine, officers)
        for known in range(1, len(officers) + 1):  # a code brings one officer
            applicant = self._applicant(laptop, officers[:known])
            code = enrolling.invite(self.book, centre_keys(), CODE, ADDRESS, self.now)  # type: ignore[arg-type]
            carried = bytes(self.service.enrol(enrolment.apply(code, applicant)).body)
        trust = Trust.established(code.root_fingerprint, centre_keys().certificates)
        welcome = enrolment.read_welcome(carried, code, trust, applicant)
        with laptop.disk.write() as connection:
            place.write(connection, "device", machine.encode())
            policy.keep_centre(connection, code.root_fingerprint, centre_keys().certificates)
            policy.keep_policy(connection, welcome.policy)
        self.let_some_approve()
        self.laptops.append(laptop)
        return laptop

    def let_some_approve(self) -> None:
        """The centre certifies the approvers among those who are enrolled."""
        with self.book.write() as connection:
            may = officer.c.officer.in_(APPROVERS)
            connection.execute(update(officer).where(may).values(roles=["approver"]))

    def _applicant(self, laptop: Laptop, names: list[str]) -> Applicant:
        return Applicant(laptop.key, laptop.machine, [OfficerKey(each, each, key_of(each)) for each in names])

    def pen(self, laptop: Laptop, author: str) -> Pen:
        """An officer at a laptop, by its clock."""
        clock = HybridClock(lambda: max(1, self.now + laptop.skew), laptop.clock)
        return Pen(CODE, laptop.machine, author, partial(sign, key_of(author), CHANGE_SET), clock.tick)

    def open(self, laptop: Laptop, kind: str, record: str) -> Form:
        """A form opened on a record."""
        with laptop.disk.read() as connection:
            cells = rows.load(connection, [(kind, record)]).get((kind, record), {})
            names = _waiting_names(connection, cells)
        saw = {
            name: frozenset(names[seq] if seq < 0 else seq for seq in cell.behind)
            for name, cell in cells.items()
        }
        values = {name: cell.value for name, cell in cells.items()}
        ons = {name: on_of(cell, names) for name, cell in cells.items()}
        return Form(Opened(kind, record, values, ons), saw)

    def names_of(self, connection: Connection, standing: Standing) -> dict[int, str]:
        """The sets that wait behind cells, by their local number below zero."""
        return _waiting_names(connection, {str(at): cell for at, cell in enumerate(_all_of(standing))})

    def save(
        self, laptop: Laptop, author: str, atoms: list[Atom], forms: list[Form], known: Saw | None = None
    ) -> SignedSet:
        """One press of Save, and what its author had seen: on forms, or as `known` says."""
        with laptop.disk.write() as connection:
            signed = unit.save(connection, self.pen(laptop, author), "test", atoms)
        by_record = {(form.opened.kind, form.opened.record): form.saw for form in forms}
        saw: dict[Where, Behind] = {}
        for atom in atoms:
            cells: list[Edit | Read] = [*atom.edits, *atom.reads]
            for cell in cells:
                seen = by_record.get((cell.kind, cell.record), {})
                saw[cell.kind, cell.record, cell.field] = seen.get(cell.field, frozenset())
        saw |= known or {}
        self.made[signed.id] = Made(signed.set, saw)
        laptop.own.add(signed.id)
        laptop.clock = signed.set.clock
        return signed

    def compose(self, laptop: Laptop) -> Sent:
        """A request ready to go."""
        return conversation.compose(laptop.disk, laptop.key)

    def arrive(self, carried: bytes) -> bytes:
        """A request reaches the centre; its answer."""
        answer = bytes(self.service.sync(carried).body)
        self.note_arrivals()
        return answer

    def fill(self, laptop: Laptop) -> None:
        """A laptop is filled from a snapshot, and fetches some of the history that lies before it."""
        with patch.object(conversation, "FAR", 1):
            conversation.fill(laptop.disk, self, laptop.key, Progress())
        self.fetch_history(laptop)

    def fetch_history(self, laptop: Laptop) -> None:
        """All of it."""
        conversation.fetch_history(laptop.disk, self, laptop.key, 60)

    def snapshot(self, asked: bytes) -> bytes:
        """The world is a source of snapshots."""
        return bytes(self._offered.header(CODE, base64.b64encode(asked).decode()).body)

    def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
        row = self._offered.blocks(CODE, seq, first, base64.b64encode(asked).decode()).body
        return blocks.out_of_a_row(io.BytesIO(bytes(row)).read)

    def history(self, asked: bytes) -> bytes:
        """A page of history."""
        return bytes(self._offered.history(CODE, asked).body)

    @property
    def _offered(self) -> Snapshots:
        return Snapshots(self.service.centre, centre_keys(), self.service._is_laptops, self.service.now_ms)

    def note_arrivals(self) -> None:
        """Remember when each new entry came, and whether its laptop and author were in standing."""
        with self.book.read() as connection:
            found = connection.execute(_NEW_ENTRIES, {"known": len(self.ids)}).all()
        for row in found:
            self.ids.append(row.id.hex())
            author = SignedSet(row.body, b"").set.author
            out = {row.device.partition("~")[0], author} & self.revoked
            self.arrivals[row.seq] = Arrival(self.now, not out)

    def absorb(self, laptop: Laptop, sent: Sent, answer: bytes) -> replica_end.Outcome:
        """An answer reaches a laptop, where one of its officers sits."""
        pen = self.pen(laptop, self.chance.choice(laptop.officers))
        outcome, _ = conversation.absorb(laptop.disk, sent, answer, pen)
        if outcome.renewed:
            assert laptop.machine in self.doubled, "an honest laptop's sets are signed anew"
            self._note_renewed(laptop)
        return outcome

    def _note_renewed(self, laptop: Laptop) -> None:
        with laptop.disk.read() as connection:
            pairs = connection.execute(
                select(replaced.c.id, replaced.c.by).where(replaced.c.by.is_not(None))
            ).all()
            bodies = {
                row.id.hex(): row.body for row in connection.execute(select(changes.c.id, changes.c.body))
            }
        names = {row.id.hex(): row.by.hex() for row in pairs}
        for old, new in names.items():
            if new in self.made or new not in bodies:
                continue
            first, again = self.made[old], SignedSet(bodies[new], b"").set
            assert _work_of(again) == _work_of(first.set), "signed anew is not what was signed"
            # What was seen in the journal keeps its seq: a double may have got it in by its first id.
            saw = {
                cell: frozenset(names.get(one, one) if isinstance(one, str) else one for one in seen)
                for cell, seen in first.saw.items()
            }
            self.made[new] = Made(again, saw, first.shown)
            self.renamed.setdefault(old, set()).add(new)
            if old in self.spoilt:
                self.spoilt.add(new)
            laptop.own.add(new)

    def policy_version(self) -> int:
        """How often the centre's word on who may sign has changed."""
        with self.book.read() as connection:
            return roster.policy_version(connection, CODE)

    def set_standing(self, name: str, standing: str) -> None:
        """Revoke, or take back in: a laptop or an officer; every other officer's certificate ends instead."""
        table, column = (officer, officer.c.officer) if name.startswith("o") else (device, device.c.device)
        values: dict[str, object] = {"standing": standing}
        if table is officer:
            ends = standing != roster.ACTIVE and self.policy_version() % 2
            values = {"standing": roster.ACTIVE, "expires": self.now} if ends else {**values, "expires": 0}
        with self.book.write() as connection:
            connection.execute(update(table).where(column == name).values(**values))
            roster._move_policy(connection, CODE)
        if standing == roster.ACTIVE:
            self.revoked.discard(name)
        else:
            self.revoked.add(name)


def _all_of(standing: Standing) -> Iterator[Cell]:
    for cells in standing.records.values():
        yield from cells.values()


def _work_of(found: ChangeSet) -> tuple[object, ...]:
    """What signing anew may not change: all but the laptop's id, its numbers and what edits were laid on."""
    edits = [[(edit.cell, edit.old, edit.new) for edit in atom.edits] for atom in found.atoms]
    return found.author, found.clock, found.reason, edits


def _waiting_names(connection: Connection, cells: Cells) -> dict[int, str]:
    if not any(seq < 0 for cell in cells.values() for seq in cell.behind):
        return {}
    return {-row.no: row.id.hex() for row in connection.execute(_WAITING)}
