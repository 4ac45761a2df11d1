"""What must hold for every set ever made: sync.md's rules 2 to 7, reckoned a second time and otherwise.

The engine decides by `on`; here it is known which sets truly stood behind each cell on the form
that an author saw, so a verdict is checked against what it should have been, not against itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import literal_column, select, union_all

from app.domain.changes import Atom, ChangeSet, Edit, Outcome, SignedSet, Verdict, unpack_verdicts
from app.domain.records import Value
from app.domain.standing import conflict_id
from app.store import beneath, contest, place, rows
from app.store.central_tables import aside, commune, journal
from app.store.central_tables import standing as standing_table
from app.store.roster import policy_version
from app.store.tables import changes, overwritten, records, replaced
from tests.property.eyes import Eyes, needs_second
from tests.property.world import CODE, Behind, Laptop, Where, World

ONCE = {
    *(("account", name) for name in ("person", "number", "kind", "provider", "holder")),
    *(("proposal", name) for name in ("person", "subject", "wants", "proposer")),
}
ORDINARY = {"phone", "note", "needs/visit"}
GUARDED = {("person", name) for name in ("name", "birth", "state")}
_WAITING = (
    select(changes.c.no, changes.c.id, changes.c.body).where(changes.c.seq.is_(None)).order_by(changes.c.no)
)
_ASIDE = select(aside.c.id, aside.c.why, aside.c.previous).where(aside.c.why.in_(["gap", "signature"]))
_SIGNED_ANEW = select(replaced.c.id).where(replaced.c.by.is_not(None))


_EVERYTHING = union_all(*(select(literal_column(f"'{kind}'"), table.c.id) for kind, table in records.items()))


class Violation(AssertionError):
    """A rule that may not bend was bent."""


@dataclass(frozen=True)
class Stand:
    """A value, the seqs behind it, its effective clock."""

    value: Value
    behind: tuple[int, ...]
    clock: int


@dataclass
class Reckoning:
    """The journal walked anew."""

    world: World
    cells: dict[Where, Stand] = field(default_factory=dict)
    conflicts: dict[str, Atom] = field(default_factory=dict)
    authors: dict[int, str] = field(default_factory=dict)
    overwritten: set[tuple[int, str, str, str]] = field(default_factory=set)

    def unseen(self, saw: Behind, cell: Where) -> bool:
        """Whether what stands is not what the author saw."""
        stands = self.cells.get(cell)
        if stands is None:
            return bool(saw)
        return saw.isdisjoint({*stands.behind, *(self.world.ids[seq - 1] for seq in stands.behind)})

    def take(self, seq: int, set_id: str, found: ChangeSet, verdicts: tuple[Verdict, ...]) -> None:
        """One entry: every verdict as it should be, then what it moves."""
        arrival = self.world.arrivals[seq]
        clock = min(found.clock, arrival.now_ms << 16)
        self.authors[seq] = found.author
        eyes = Eyes(self, found, self.world.made[set_id], is_spoilt=set_id in self.world.spoilt)
        for at, (atom, verdict) in enumerate(zip(found.atoms, verdicts, strict=True)):
            wanted = (
                self._expected(atom, clock, eyes)
                if arrival.in_standing
                else Verdict(Outcome.REFUSED, clock, why="standing")
            )
            if verdict != wanted:
                raise Violation(f"rule 5: seq {seq} atom {at} {_cells(atom)}: {verdict}, not {wanted}")
        for at, (atom, verdict) in enumerate(zip(found.atoms, verdicts, strict=True)):
            self._move(seq, set_id, at, atom, verdict)

    def _expected(self, atom: Atom, clock: int, eyes: Eyes) -> Verdict:
        edits = atom.edits
        stands = [self.cells.get(edit.cell) for edit in edits]
        same = all(s is not None and s.value == edit.new for s, edit in zip(stands, edits, strict=True))
        why = eyes.refusal(atom)
        if why == "not_open" and same:
            return Verdict(Outcome.SAME, clock)
        if why:
            return Verdict(Outcome.REFUSED, clock, why=why)
        unseen = eyes.has_moved(atom)
        if needs_second(atom):
            return Verdict(Outcome.CONFLICT if unseen else Outcome.APPLIED, clock)
        if not any(edit.kind == "conflict" for edit in edits):
            guarded = [edit.record for edit in edits if (edit.kind, edit.field) in GUARDED]
            if any(self.value("alias", record, "survivor") for record in guarded):
                return Verdict(Outcome.SAME if same else Outcome.CONFLICT, clock)
            if any((edit.kind, edit.field) in ONCE for edit in edits):
                if not any(key[:2] == edits[0].cell[:2] for key in self.cells):
                    return Verdict(Outcome.APPLIED, clock)
                return Verdict(Outcome.SAME, clock) if same else Verdict(Outcome.REFUSED, clock, why="once")
        if len(edits) == 1 and not atom.reads and edits[0].field in ORDINARY:
            return _ordinary(edits[0], stands[0], clock, unseen=unseen)
        if unseen:
            return Verdict(Outcome.SAME if same else Outcome.CONFLICT, clock)
        return Verdict(Outcome.APPLIED, clock)

    def value(self, kind: str, record: str, name: str) -> Value:
        """What stands in one cell; None where nothing does."""
        stands = self.cells.get((kind, record, name))
        return stands.value if stands is not None else None

    def _move(self, seq: int, set_id: str, at: int, atom: Atom, verdict: Verdict) -> None:
        match verdict.outcome:
            case Outcome.APPLIED:
                for edit in atom.edits:
                    self.overwritten |= {(lost, *edit.cell) for lost in verdict.sets}
                    self.cells[edit.cell] = Stand(edit.new, (seq,), verdict.clock)
            case Outcome.SAME:
                for edit in atom.edits:
                    old = self.cells[edit.cell]
                    behind = tuple(sorted({*old.behind, seq}))
                    self.cells[edit.cell] = Stand(old.value, behind, max(old.clock, verdict.clock))
            case Outcome.SUPERSEDED:
                self.overwritten.add((seq, *atom.edits[0].cell))
            case Outcome.CONFLICT:
                self._open(seq, set_id, at, atom, verdict)
            case Outcome.REFUSED:
                if not verdict.why:
                    raise Violation("rule 5: refused without a reason")

    def _open(self, seq: int, set_id: str, at: int, atom: Atom, verdict: Verdict) -> None:
        record = conflict_id(set_id, at)
        self.conflicts[record] = atom
        subject = next((e.record for e in atom.edits if e.kind != "conflict"), atom.edits[0].record)
        said: dict[str, Value] = {"subject": subject, "seq": seq, "atom": at, "state": "open"}
        for name, value in said.items():
            self.cells["conflict", record, name] = Stand(value, (seq,), verdict.clock)

    def digest(self) -> bytes:
        """The sum over all records, reckoned from nothing."""
        by_record: dict[tuple[str, str], list[list[Any]]] = {}
        for (kind, record, name), stand in sorted(self.cells.items()):
            by_record.setdefault((kind, record), []).append([name, stand.value, list(stand.behind)])
        total = 0
        for key, cells in by_record.items():
            form = json.dumps([*key, cells], ensure_ascii=False, separators=(",", ":"))
            total += int.from_bytes(hashlib.sha256(form.encode()).digest(), "big")
        return (total % 2**256).to_bytes(32, "big")


def _ordinary(edit: Edit, stands: Stand | None, clock: int, *, unseen: bool) -> Verdict:
    if not unseen:
        return Verdict(Outcome.APPLIED, max(clock, stands.clock + 1) if stands else clock)
    if stands is None:
        return Verdict(Outcome.APPLIED, clock)
    if stands.value == edit.new:
        return Verdict(Outcome.SAME, clock)
    return Verdict(Outcome.APPLIED if clock > stands.clock else Outcome.SUPERSEDED, clock, stands.behind)


def _cells(atom: Atom) -> list[Where]:
    return [edit.cell for edit in atom.edits]


# While it runs


def check_screen(world: World, laptop: Laptop) -> None:
    """An officer sees her waiting edits, and every set of hers is somewhere."""
    with laptop.disk.read() as connection:
        waiting = connection.execute(_WAITING).all()
        kept = {one.hex() for one in connection.scalars(_SIGNED_ANEW)}
        here = place.here(connection)
        top: dict[Where, tuple[Value, int]] = {}
        for row in waiting:
            top |= {edit.cell: (edit.new, -row.no) for edit in SignedSet(row.body, b"").set.edits()}
        seen = rows.load(connection, {(kind, record) for kind, record, _ in top})
    if here.renewing and laptop.machine not in world.doubled:
        raise Violation("an honest laptop is taken for a double")
    for (kind, record, name), (value, behind) in top.items():
        cell = seen[kind, record][name]
        if (cell.value, cell.behind) != (value, (behind,)):
            raise Violation(f"a waiting edit is not on the screen: {kind} {name}")
    missing = laptop.own - {row.id.hex() for row in waiting} - kept - set(world.ids[: here.cursor])
    if missing:
        raise Violation("rule 5: an acknowledged set vanished from its laptop")
    if world.chance.random() < 0.1:
        check_laptop(world, laptop)


def check_centre(world: World) -> None:
    """What is kept aside waits for something that has not come, and is kept as it was signed."""
    with world.book.read() as connection:
        rows = connection.execute(_ASIDE).all()
    for row in rows:
        if row.why == "gap" and row.previous in world.ids:
            raise Violation("rule 6: a set still waits though its predecessor came")
        if row.why == "signature" and row.id.hex() in world.delivered:
            raise Violation("rule 6: a true set is kept as if it were forged")


def check_laptop(world: World, laptop: Laptop) -> None:
    """The digest is that of the accepted values, whatever waits above them."""
    del world
    with laptop.disk.read() as connection:
        cells = beneath.accepted_cells(connection, set(_keys(connection)))
        kept = place.whole_digest(place.digests(connection))
    total = 0
    for key, found in cells.items():
        if found:
            form = [*key, [[name, cell.value, list(cell.behind)] for name, cell in sorted(found.items())]]
            text = json.dumps(form, ensure_ascii=False, separators=(",", ":"))
            total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    if (total % 2**256).to_bytes(32, "big") != kept:
        raise Violation("rule 7: the digest is not that of the accepted values")


def _keys(connection: Any) -> Iterator[tuple[str, str]]:
    yield from connection.execute(_EVERYTHING)


# At the end


def check_end(world: World) -> Reckoning:
    """Every rule, for every set ever made."""
    check_centre(world)
    reckoned = _check_journal(world)
    for laptop in world.laptops:
        if laptop.dead:
            continue
        if laptop.machine in world.revoked:
            _check_handed_in(world, laptop)
        else:
            _check_replica(world, laptop, reckoned)
    _check_fates(world)
    return reckoned


def _check_journal(world: World) -> Reckoning:
    reckoned, head = Reckoning(world), bytes(32)
    chains: dict[str, tuple[int, str]] = {}
    with world.book.read() as connection:
        entries = connection.execute(select(journal).order_by(journal.c.seq)).all()
        standing = connection.execute(select(standing_table)).all()
        sums = connection.scalars(select(commune.c.digests)).one()
    if [row.seq for row in entries] != list(range(1, len(entries) + 1)):
        raise Violation("rule 3: a hole in the order")
    if len({row.id for row in entries}) != len(entries):
        raise Violation("rule 2: a set stands twice in the journal")
    for row in entries:
        found, set_id = SignedSet(row.body, row.signature).set, hashlib.sha256(row.body).hexdigest()
        if set_id != row.id.hex() or set_id not in world.made:
            raise Violation("the journal holds a set that nobody made")
        number, newest = chains.get(found.device, (0, ""))
        if (found.number, found.previous) != (number + 1, newest):
            raise Violation("rule 6: a hole in a device's chain")
        chains[found.device] = found.number, set_id
        reckoned.take(row.seq, set_id, found, unpack_verdicts(row.verdicts))
        said = hashlib.sha256(row.verdicts).digest()
        head = hashlib.sha256(head + row.seq.to_bytes(8, "big") + row.id + said).digest()
        if head != row.head:
            raise Violation("the head is not over all entries")
    whole = (sum(int(total, 16) for total in sums.values()) % 2**256).to_bytes(32, "big")
    if reckoned.digest() != whole or (entries and entries[-1].digest != whole):
        raise Violation("rule 7: the centre's digest is not that of what stands")
    held = {
        (row.kind, row.record, name): Stand(value, tuple(behind), clock)
        for row in standing
        for name, (value, behind, clock) in row.cells.items()
    }
    if held != reckoned.cells:
        raise Violation("what stands at the centre does not follow from its journal")
    return reckoned


def _check_handed_in(world: World, laptop: Laptop) -> None:
    """A revoked laptop hears nothing more, and everything of its has reached the centre."""
    with laptop.disk.read() as connection:
        waiting = {
            one.hex() for one in connection.scalars(select(changes.c.id).where(changes.c.seq.is_(None)))
        }
    if waiting - world.delivered:
        raise Violation("rule 5: a revoked laptop's work was never handed in")


def _check_replica(world: World, laptop: Laptop, reckoned: Reckoning) -> None:
    with laptop.disk.read() as connection:
        if connection.scalar(select(changes.c.no).where(changes.c.seq.is_(None)).limit(1)):
            raise Violation("an outbox never empties")
        lines = connection.execute(select(changes.c.seq, changes.c.id).order_by(changes.c.seq)).all()
        lost = connection.execute(select(overwritten)).all()
        cells = {
            (kind, record, name): Stand(cell.value, cell.behind, cell.clock)
            for (kind, record), found in rows.load(connection, set(_keys(connection))).items()
            for name, cell in found.items()
        }
        digest = place.whole_digest(place.digests(connection))
        heard = int(place.read_text(connection, "policy_version") or 0)
        contests = contest.open_contests(connection)
    if [(row.seq, row.id.hex()) for row in lines] != list(enumerate(world.ids, 1)):
        raise Violation("a laptop's journal is not the centre's")
    if digest != reckoned.digest():
        raise Violation("rule 7: digests differ at one seq")
    if cells != reckoned.cells:
        raise Violation("rule 7: a laptop holds other values than the journal says")
    if {(row.lost, row.kind, row.record, row.field) for row in lost} != reckoned.overwritten:
        raise Violation("rule 5: the overwritten list is not complete, or says too much")
    opened = {
        record
        for (kind, record, name), stand in cells.items()
        if (kind, name, stand.value) == ("conflict", "state", "open")
    }
    listed = {record for one in contests for record in one.conflicts}
    if opened != listed:
        raise Violation("rule 5: an open conflict is not listed")
    with world.book.read() as connection:
        if heard != policy_version(connection, CODE):
            raise Violation("a laptop has not heard who may still sign")


def _check_fates(world: World) -> None:
    with world.book.read() as connection:
        query = select(aside.c.id, aside.c.why, aside.c.device, aside.c.previous)
        kept = {row.id.hex(): row for row in connection.execute(query)}
    in_journal = set(world.ids)
    living = {one for laptop in world.laptops if not laptop.dead for one in laptop.own}
    for set_id, row in kept.items():
        _check_aside(world, set_id, row, in_journal)
    for set_id in world.made.keys() - in_journal - world.renamed.keys():
        if set_id in living and set_id not in kept:
            raise Violation("rule 5: a set of a living laptop is nowhere")
        if set_id in world.delivered and set_id not in kept:
            raise Violation("rule 5: a set that reached the centre is lost")
        if world.calm and set_id in living:
            raise Violation("rule 5: a set of a living laptop was never taken")


def _check_aside(world: World, set_id: str, row: Any, in_journal: set[str]) -> None:
    if set_id in in_journal:
        raise Violation("rule 5: a set is in the journal and set aside")
    if row.why == "clone" and row.device.partition("~")[0] not in world.doubled:
        raise Violation("an honest laptop's set is called a clone's")
