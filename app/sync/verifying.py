"""The register looked over from the file alone: journal, signatures, chains, verdicts, rows, log.

`domain.walk` says what of a line does not hold; signatures are checked beside it on every core.
What has not come yet after a first fill, what waits and what was refused is no fault, and is said as such.

Whether an approver still might is told from her newest certificate, for a laptop keeps no other: of what the
centre received an hour after it, or later. Of whoever proposed only the signature is asked, and a key that
was replaced goes on to sign: the centre refuses both at receipt. A certificate made anew hides that the one
before it had ended for a while.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from app.domain import in_force
from app.domain.changes import Edit
from app.domain.in_force import Certified, Shown
from app.domain.progress import Progress
from app.domain.proposals import PAID_AT
from app.domain.records import KINDS
from app.domain.resting import AtRest, cells_of
from app.domain.roles import Rights
from app.domain.standing import Cells, RecordKey, record_digest
from app.domain.usual import Line
from app.domain.walk import Fault, Walk, differing, is_kept, laid_over, read
from app.sandbox.crew import Crew
from app.seal.keys import CHANGE_SET, HEAD, OfficerKey, framed, unsigned
from app.seal.many import unsigned_under
from app.seal.statements import ms_of
from app.store import at_rest, audit, beneath, ground, paid, place, witness
from app.store.aliases import survivor_of
from app.store.ground import Ground
from app.sync.enrolment import is_enrolled
from app.sync.messages import head_message
from app.sync.policy import centre_of, held_policy
from app.sync.programme import held_issue

_ALONE = 1_500  # sets whose signatures are sooner checked than a mate started
_FRAME = framed(CHANGE_SET, b"")
Keys = Mapping[str, Sequence[bytes]]  # by author
Waiting = Mapping[RecordKey, Sequence[tuple[int, int, Edit]]]


@dataclass(frozen=True)
class Report:
    """What was looked at, and what of it does not hold.

    `sets`: of the journal, their signatures checked; `arriving`: sets of the past still to come, without
    which earlier ones cannot be judged anew; `waiting`: sets on their way to the centre.
    """

    sets: int
    records: int
    arriving: int
    waiting: int
    cursor: int
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


@dataclass(frozen=True)
class InForce:
    """A list before it is made: at which seq, its lines, who is left off; the report it stands on."""

    seq: int
    lines: tuple[in_force.Line, ...]
    left: tuple[in_force.LeftOff, ...]
    report: Report

    @property
    def is_stopped(self) -> bool:
        """Whether the journal itself does not hold, so that nobody can say who is paid where."""
        return any(fault.code in in_force.STOPPING for fault in self.report.faults)


@dataclass(frozen=True)
class Walked:
    """A walk at its end, what it found, and whoever checks the signatures of what it passed.

    `numbers`: of the lines in each of the crew's parts. `doubted`: the records of which a line with a fault
    speaks, known when the register was reported on.
    """

    walk: Walk
    crew: Crew[list[int]]
    numbers: list[list[int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubted: set[RecordKey] = field(default_factory=set)

    @property
    def sets(self) -> int:
        """How many it passed."""
        return sum(map(len, self.numbers))


@dataclass(frozen=True)
class Register:
    """What is looked over, and by whose keys."""

    connection: Connection
    ground: Ground
    keys: Keys
    register_key: bytes
    mark: witness.Mark | None
    is_put_back: bool
    services: frozenset[str] = frozenset()  # through whom the centre itself speaks
    officers: Mapping[str, Certified] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, folder: Path, officer: OfficerKey, rights: Rights) -> Register:
        """As it lies in its folder. Before a laptop knows its centre, it knows its own officer alone."""
        keys = {officer.id: [officer.key.public.raw]}
        register_key, policy = b"", None
        if is_enrolled(connection):
            centre = centre_of(connection)
            register_key, policy = centre.register.raw, held_policy(connection, centre)
        services, officers = frozenset[str](), dict[str, Certified]()
        if policy is not None:
            keys = {author: [key.raw for key in policy.keys_of(author)] for author in policy.officers}
            published = held_issue(connection)
            officers = policy.certified(rights, ms_of(published) if published else 0)
            services = policy.services
        mark, here = witness.recall(folder), ground.ground(connection)
        is_put_back = place.read(connection, place.PUT_BACK) is not None
        is_put_back = is_put_back or bool(witness.older(connection, mark))
        return cls(connection, here, keys, register_key, mark, is_put_back, services, officers)

    def in_force(self, progress: Progress, today: date) -> InForce:
        """Who is paid where by the journal alone, and what looking the register over found."""
        with self._crew() as crew:
            with _undisturbed():
                walked = self.walk(progress, crew)
            lines = list(in_force.lines_of(walked.walk, today))
            joined = in_force.survivors_in(walked.walk).keys()
            with _undisturbed():
                report = self.report(progress, walked)
        if in_force.STOPPING & {fault.code for fault in report.faults}:
            return InForce(self.ground.cursor, (), (), report)
        doubted = {(fault.kind, fault.record) for fault in report.faults if fault.record} | walked.doubted
        whom = paid.whom(self.connection, doubted)
        waiting = self._waiting()
        elsewhere = {edit.record for edit in waiting if edit.field == PAID_AT}
        shown = Shown(paid.shown(self.connection), elsewhere, whom, self._ending(waiting))
        kept, left = in_force.sorted_out(lines, joined, shown, today, is_whole=self.ground.is_whole)
        return InForce(self.ground.cursor, tuple(kept), tuple(left), report)

    def _waiting(self) -> list[Edit]:
        """What sets on their way to the centre write, in the order in which they were saved."""
        found = (read(line, self.ground.commune).entry for line in ground.waiting(self.connection))
        return [edit for entry in found if entry is not None for edit in entry.signed.set.edits()]

    def _ending(self, edits: Sequence[Edit]) -> set[str]:
        """People of whom something ended here that the centre does not know yet, and who stands for them."""
        ended = in_force.ended_in(edits)
        people = paid.whom(self.connection, ended)
        others = people - {record for kind, record in ended if kind != "entitlement"}
        return people | {survivor_of(self.connection, person) for person in others}

    def look_over(self, progress: Progress) -> Report:
        """Everything."""
        with _undisturbed(), self._crew() as crew:
            return self.report(progress, self.walk(progress, crew))

    def _crew(self) -> Crew[list[int]]:
        """Who checks signatures, beside the walk and what follows it: they cost most."""
        return Crew(unsigned_under, (os.cpu_count() or 1) - 1 if self.ground.cursor > _ALONE else 0)

    def report(self, progress: Progress, walked: Walked) -> Report:
        """What there is besides the journal, held against it; the walk is used up."""
        waiting = ground.waiting(self.connection)
        count, of_rows = self.faults_of_rows(progress, walked, waiting)
        others = [*of_rows, *self.faults_of_head(walked.walk), *self.faults_of_log(progress)]
        others += self._faults_of_hands(walked.walk)
        faults = [*walked.faults, *self._faults_of_authors(walked), *self.faults_waiting(waiting), *others]
        here = self.ground
        return Report(walked.sets, count, here.lacking, len(waiting), here.cursor, tuple(faults))

    def walk(self, progress: Progress, crew: Crew[list[int]]) -> Walked:
        """Along the journal from its first line, or from where history ends; what came from below too.

        Its signatures are left to the crew.
        """
        here, sets = self.ground, 0
        past = ground.looking_back(self.connection)
        walk = Walk(here.commune, here.after, here.below, past, ground.runs_of)
        walked = Walked(walk, crew)
        for page, faults in self._passed(walk):
            walked.faults.extend(faults)
            said = [(self.keys.get(line.author, ()), line.body, line.signature) for line in page]
            crew.give(_FRAME, said, size=sum([len(line.body) for line in page]))
            walked.numbers.append([line.no for line in page])
            sets += len(page)
            progress.step(sets, here.cursor, "Verifying")
        return walked

    def _faults_of_authors(self, walked: Walked) -> list[Fault]:
        """Of sets that their author did not sign."""
        answers = zip(walked.numbers, walked.crew.answers(), strict=True)
        bad = [numbers[at] for numbers, answer in answers for at in answer]
        lines = ground.lines(self.connection, bad)
        walked.doubted.update(walked.walk.doubted)
        walked.doubted.update(key for line in lines for key in read(line, self.ground.commune).keys)
        return [self._of_author(line) for line in lines]

    def _passed(self, walk: Walk) -> Iterator[tuple[Sequence[Line], list[Fault]]]:
        """Each page of the journal, and what of it does not hold."""
        here = self.ground
        for page in ground.stretch(self.connection, 0, here.after):
            yield page, [fault for line in page for fault in read(line, here.commune).faults]
        for page in ground.stretch(self.connection, here.after):
            yield page, [fault for line in page for fault in walk.step(line)]

    def _of_author(self, line: Line) -> Fault:
        code = "signature" if line.author in self.keys else "author"
        return Fault(code, line.seq or 0, line.device, line.number)

    def faults_of_head(self, walk: Walk) -> Iterator[Fault]:
        """Where the chain of heads leads must be what the centre signed."""
        here = self.ground
        if self.is_put_back:
            yield Fault("put_back", here.cursor)
        if walk.seq != here.cursor:
            yield Fault("missing" if walk.seq < here.cursor else "beyond", walk.seq + 1)
        elif walk.head is not None and walk.head != here.head:
            yield Fault("head", here.cursor)
        if not here.cursor:
            return
        said = head_message(here.commune, here.cursor, here.head, here.digest)
        if not here.signature:
            yield Fault("head_unsigned", here.cursor)
        elif not self._is_registers(said):
            yield Fault("head_signature", here.cursor)

    def _is_registers(self, said: bytes) -> bool:
        return not unsigned(
            HEAD, [([self.register_key] if self.register_key else [], said, self.ground.signature)]
        )

    def _faults_of_hands(self, walk: Walk) -> Iterator[Fault]:
        for person, by in in_force.by_one_alone(walk, self.services):
            yield Fault("one_hand", by.seq, kind="person", record=person, field=PAID_AT)
        for person, by in in_force.by_one_who_may_not(walk, self.officers):
            yield Fault("approver", by.seq, kind="person", record=person, field=PAID_AT)

    def faults_waiting(self, waiting: Sequence[Line]) -> list[Fault]:
        """Of sets on their way: each is signed by its author."""
        known = [line for line in waiting if line.author in self.keys]
        faults = [fault for line in waiting for fault in read(line, self.ground.commune).faults]
        answer = unsigned(CHANGE_SET, [(self.keys[it.author], it.body, it.signature) for it in known])
        return [*faults, *(self._of_author(known[at]) for at in answer)]

    def faults_of_log(self, progress: Progress) -> Iterator[Fault]:
        """The log of who did what."""
        progress.step(progress.done, progress.total, "Verifying the log")
        number = audit.verify(self.connection, self.mark.log_head if self.mark else None)
        if number is not None:
            yield Fault("log", number=number)
        for number in ground.lost(self.connection):
            yield Fault("lost", number=number)

    def faults_of_rows(
        self, progress: Progress, walked: Walked, waiting: Sequence[Line]
    ) -> tuple[int, list[Fault]]:
        """How many records there are, and where a row says otherwise than the journal and what waits."""
        beside = _Rows(walked.walk, beneath.kept(self.connection), _by_record(waiting, self.ground.commune))
        sums, count, faults = dict.fromkeys(KINDS, 0), 0, list[Fault]()
        for kind in KINDS:
            for page in at_rest.held(self.connection, kind):
                settled, others = beside.sorted_out(kind, page)
                sums[kind] += at_rest.digest(kind, settled)
                for record, row in others:
                    key = kind, record
                    faults += beside.faults(key, cells_of(row) if row is not None else {})
                    sums[kind] += record_digest(key, beside.journal)
                count += len(page)
                walked.crew.turn()
                progress.step(count, 0, "Verifying rows")
        faults += beside.lacking()
        return count, [*faults, *self._faults_of_digest(sums)]

    def _faults_of_digest(self, sums: Mapping[str, int]) -> Iterator[Fault]:
        kept = place.digests(self.connection)
        for kind in KINDS:
            if sums[kind] % (1 << 256) != kept.get(kind, 0):
                yield Fault("digest", self.ground.cursor, kind=kind)
        if self.ground.signature and place.whole_digest(dict(sums)) != self.ground.digest:
            yield Fault("digest_signed", self.ground.cursor)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without Python's collector: a walk makes no cycle, and what it holds is gone through for nothing.

    Measured, that took a tenth of all that is done beside the signatures.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Rows:
    """Rows beside what the journal says of them; without the journal, beside what lies beneath what waits."""

    def __init__(self, walk: Walk, kept: dict[RecordKey, Cells], waiting: Waiting) -> None:
        self._walk, self._kept, self._waiting = walk, kept, waiting
        self.journal: Cells = {}

    def sorted_out(
        self, kind: str, page: Sequence[at_rest.Row]
    ) -> tuple[list[tuple[str, AtRest]], list[tuple[str, AtRest | None]]]:
        """Records of which a row says just what the journal does, and nothing waits above; other rows."""
        settled, others = list[tuple[str, AtRest]](), list[tuple[str, AtRest | None]]()
        resting, is_plainly, waiting, kept = self._walk.resting, at_rest.is_plainly, self._waiting, self._kept
        for row in page:
            key = kind, row[0]
            stands, said = resting(key), None
            if stands is None or not is_plainly(kind, row, stands):
                said = at_rest.read(kind, row)
                if stands is None or said != stands:
                    others.append((row[0], said))
                    continue
            if key in waiting or key in kept:
                others.append((row[0], stands))
                continue
            self._walk.let_go(key)
            settled.append((row[0], stands))
        return settled, others

    def faults(self, key: RecordKey, row: Cells) -> Iterator[Fault]:
        """Where one row differs; `journal` is then what should stand beneath it."""
        edits, kept = self._waiting.get(key, ()), self._kept.pop(key, None)
        under = row if kept is None else kept
        self.journal = self._walk.take(key) if self._walk.is_whole else under
        if kept is not None:
            yield from _named("beneath", key, differing(self.journal, kept))
        elif edits:
            yield Fault("beneath", kind=key[0], record=key[1])
        yield from _named("row", key, differing(laid_over(self.journal, edits), row))

    def lacking(self) -> Iterator[Fault]:
        """Records without a row."""
        if self._walk.is_whole:
            missing = [key for key in self._walk.left() if is_kept(key)]
            yield from (Fault("row", kind=kind, record=record) for kind, record in missing)
        yield from (Fault("beneath", kind=kind, record=record) for kind, record in self._kept)


def _named(code: str, key: RecordKey, fields: Sequence[str]) -> Iterator[Fault]:
    return (Fault(code, kind=key[0], record=key[1], field=field) for field in fields)


def _by_record(waiting: Sequence[Line], commune: str) -> Waiting:
    found: dict[RecordKey, list[tuple[int, int, Edit]]] = {}
    for line in waiting:
        entry = read(line, commune).entry
        for edit in entry.signed.set.edits() if entry is not None else ():
            found.setdefault((edit.kind, edit.record), []).append((line.no, line.clock, edit))
    return found
