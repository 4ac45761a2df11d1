"""A commune's journal walked from its first entry: which line does not hold, and what stands at its end.

Each line must follow the one before in the order of the centre, be what its hash says, follow in its
device's own order, and bear verdicts that come out the same when they are given anew. Signatures are
looked at beside it (`sync/verifying.py`): they cost most, and need no order. Of a record that nobody
speaks of the walk keeps a packed form, so its memory grows with the register, not with the journal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from app.domain.aliases import ALIAS
from app.domain.approval import approved, gather, proposers
from app.domain.changes import (
    ChangeSet,
    Edit,
    Entry,
    Outcome,
    head_over,
    read_json,
    unfolded,
    unpack_verdicts,
)
from app.domain.decisions import CONFLICT, AtomAt
from app.domain.errors import Refusal
from app.domain.judge import Past, SeqOf, judged_anew
from app.domain.proposals import PAID_AT, PROPOSAL
from app.domain.records import KINDS
from app.domain.resting import AtRest, Packed, at_rest, cells_of, pack, unpack
from app.domain.standing import Cell, Cells, RecordKey, Standing, conflict_id, settle, touched
from app.domain.usual import Line, landed

_NEW = (0, "")  # number and id of the set before a device's first
_GAP_MAX = 1 << 20  # lines missing after which nobody counts on


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: words `verify.<code>`, what to do about it `verify.<code>.todo`.

    `seq` and `number` say which set, `kind`, `record` and `field` which cell, as far as they are known.
    """

    code: str
    seq: int = 0
    device: str = ""
    number: int = 0
    kind: str = ""
    record: str = ""
    field: str = ""


@dataclass(frozen=True)
class Paid:
    """The atom by which somebody was last paid elsewhere: in which set, approved by whom, proposed by whom.

    `clock`: the verdict's. `former`: the account that was in force before, if any. `received`: a clock which
    the centre had passed when it put this in force, whatever its approver's said.
    """

    seq: int
    clock: int
    account: str | None
    former: str | None
    approver: str
    proposers: frozenset[str]
    received: int


class Walk:
    """Line after line, from a head that is believed; `is_whole`: from the very first."""

    def __init__(
        self,
        commune: str,
        after: int,
        head: bytes,
        past: tuple[SeqOf, AtomAt],
        runs_of: Callable[[bytes], Any] = read_json,
    ) -> None:
        """`past` looks back at lines that were passed. `runs_of` may be quicker than `read_json`."""
        self.seq, self.is_whole = after, after == 0
        self.paid: dict[str, Paid] = {}
        self._commune, self._past, self._runs_of = commune, Past(*past, self._author_of), runs_of
        self._authors, self._names = list[str](), dict[str, str]()
        self._head, self._is_led = head, True
        self._chains: dict[str, tuple[int, str]] = {}
        self._standing, self._resting = Standing(), dict[RecordKey, Packed]()
        self._awake, self._doubted = set[RecordKey](), set[RecordKey]()
        self._passed = 0

    @property
    def head(self) -> bytes | None:
        """Where the chain of heads has led; None once a line was missing."""
        return self._head if self._is_led else None

    @property
    def doubted(self) -> frozenset[RecordKey]:
        """Records that a line with a fault speaks of."""
        return frozenset(self._doubted)

    def step(self, line: Line) -> list[Fault]:
        """Pass one line; what of it does not hold."""
        faults = self._follow_head(line)
        if not faults and self._is_usual(line):
            return faults
        return faults + self._judged(line, is_doubted=bool(faults))

    def _is_usual(self, line: Line) -> bool:
        """Whether a line holds as nearly all do, told at a glance; then it is passed."""
        if not self.is_whole:
            return False
        _seq, set_id, device, number, author, clock, *_ = line
        before = self._commune, *self._chains.get(device, _NEW)
        written = landed(line, before, self._resting, self._standing.records, self._runs_of)
        if written is None:
            return False
        self._resting.update(written)
        self._passed = max(self._passed, clock)
        self._chains[device] = number, set_id.hex()
        self._authors.append(self._names.setdefault(author, author))
        return True

    def _judged(self, line: Line, *, is_doubted: bool) -> list[Fault]:
        """The long way: the set read, its verdicts given anew."""
        found = read(line, self._commune)
        codes = found.codes
        if found.entry is None:
            self._authors.append("")
            return found.faults
        codes += self._follow_device(line, found.entry.signed.set)
        author = found.entry.signed.set.author
        self._authors.append(self._names.setdefault(author, author))
        if self.is_whole and "verdicts" not in codes:
            codes += self._settle(found.entry)
            self._rest()
        if codes or is_doubted:
            self._doubted |= found.keys
        return found.faults

    def _follow_head(self, line: Line) -> list[Fault]:
        assert line.seq is not None
        faults: list[Fault] = []
        if line.seq != self.seq + 1:
            faults.append(Fault("missing", self.seq + 1))
            self._is_led = False
            self._authors += [""] * min(line.seq - self.seq - 1, _GAP_MAX)
        self.seq, self._head = line.seq, head_over(self._head, line.seq, line.id, line.verdicts)
        return faults

    def _follow_device(self, line: Line, found: ChangeSet) -> Iterator[str]:
        before = self._chains.get(found.device, _NEW if self.is_whole else None)
        self._chains[found.device] = found.number, line.id.hex()
        if before is not None and (found.number - 1, found.previous) != before:
            yield "chain"

    def _settle(self, entry: Entry) -> Iterator[str]:
        """Let the verdicts move what stands, having given them anew."""
        self._wake(_spoken_of(entry))
        for proposal in _answered(entry):
            gather(proposal, self._standing, self._wake)
        is_otherwise = any(judged_anew(entry, self._standing, self._past))
        self._note_paid(entry)
        try:
            settle(self._standing, entry)
        except AssertionError:  # "the same" as nothing
            is_otherwise = True
        if is_otherwise:
            yield "verdict"

    def _note_paid(self, entry: Entry) -> None:
        self._passed = max(self._passed, entry.verdicts[0].clock)  # no verdict's is later than its receipt
        for atom, verdict in zip(entry.signed.set.atoms, entry.verdicts, strict=True):
            paying = [edit for edit in atom.edits if edit.field == PAID_AT]
            if not paying or verdict.outcome is not Outcome.APPLIED:
                continue
            signed = frozenset(proposers(approved(atom), self._standing, self._author_of))
            for edit in paying:
                stood = self._standing.value(*edit.cell)
                former = str(stood) if stood else None
                account = str(edit.new) if edit.new else None
                author = entry.signed.set.author
                said = (entry.seq, verdict.clock, account, former, author, signed)
                self.paid[edit.record] = Paid(*said, self._passed)

    def _author_of(self, seq: int) -> str:
        return self._authors[seq - 1] if 0 < seq <= len(self._authors) else ""

    def newest(self, device: str) -> tuple[int, str] | None:
        """Number and id of the last set passed of a device."""
        return self._chains.get(device)

    def cells(self, key: RecordKey) -> Cells:
        """What stands of one record at the end."""
        packed = self._resting.get(key)
        return cells_of(unpack(packed)) if packed is not None else self._standing.records.get(key, {})

    def left(self) -> Iterator[RecordKey]:
        """Every record of which something stands, but for those taken."""
        return chain(self._resting, self._standing.records)

    def take(self, key: RecordKey) -> Cells:
        """What stands of one record, and forget it."""
        found = self.cells(key)
        self._resting.pop(key, None)
        self._standing.records.pop(key, None)
        return found

    def resting(self, key: RecordKey) -> AtRest | None:
        """What stands of one record that rests, where the whole journal was walked."""
        packed = self._resting.get(key) if self.is_whole else None
        return unpack(packed) if packed is not None else None

    def let_go(self, key: RecordKey) -> None:
        """Forget a record that rests."""
        del self._resting[key]

    def _wake(self, keys: Iterable[RecordKey]) -> None:
        """Have records in `_standing` for as long as one entry is judged."""
        for key in keys:
            self._awake.add(key)
            if (packed := self._resting.pop(key, None)) is not None:
                self._standing.records[key] = cells_of(unpack(packed))

    def _rest(self) -> None:
        """Pack what was woken or begun; aliases stay awake, for any edit may meet one."""
        for key in self._awake:
            if key[0] != ALIAS and (cells := self._standing.records.pop(key, None)):
                self._resting[key] = pack(at_rest(cells))
        self._awake.clear()


@dataclass
class Found:
    """A line read by itself: the entry, None where its bytes are no set; codes of what does not hold."""

    line: Line
    entry: Entry | None
    codes: list[str]

    @property
    def keys(self) -> set[RecordKey]:
        """The records that it moves."""
        return touched(self.entry.signed.set.edits()) if self.entry is not None else set()

    @property
    def faults(self) -> list[Fault]:
        """As faults of the line."""
        line = self.line
        return [Fault(code, line.seq or 0, line.device, line.number) for code in self.codes]


def read(line: Line, commune: str) -> Found:
    """What a line says of itself must be what was signed; a set that waits has no verdicts yet."""
    codes = [] if hashlib.sha256(line.body).digest() == line.id else ["content"]
    try:
        signed = unfolded(line.body, line.signature)
        verdicts = unpack_verdicts(line.verdicts) if line.seq else ()
    except Refusal:
        return Found(line, None, [*codes, "form"])
    found = signed.set
    if (found.device, found.number, found.author, found.clock, found.reason) != line.said:
        codes.append("line")
    if found.commune != commune:
        codes.append("commune")
    if line.seq and len(verdicts) != len(found.atoms):
        codes.append("verdicts")
    return Found(line, Entry(line.seq or 0, signed, verdicts), codes)


def _answered(entry: Entry) -> Iterator[str]:
    """Proposals that an entry answers."""
    moved = (edit for edit in entry.signed.set.edits() if (edit.kind, edit.field) == (PROPOSAL, "state"))
    return (edit.record for edit in moved if edit.on is not None)


def _spoken_of(entry: Entry) -> set[RecordKey]:
    """The records that an entry moves or read; of conflicts, those that it opened."""
    found = entry.signed.set
    keys = touched(found.edits()) | {(read.kind, read.record) for atom in found.atoms for read in atom.reads}
    opened = (at for at, verdict in enumerate(entry.verdicts) if verdict.outcome is Outcome.CONFLICT)
    return keys | {(CONFLICT, conflict_id(entry.signed.id, at)) for at in opened}


def differing(journal: Cells, held: Cells) -> list[str]:
    """The cells in which a row says otherwise than the journal: value, sets behind it, or clock."""
    return sorted(name for name in journal.keys() | held.keys() if journal.get(name) != held.get(name))


def laid_over(cells: Cells, edits: Iterable[tuple[int, int, Edit]]) -> Cells:
    """What an officer sees of a record: edits that wait, by local number and clock, above the journal's."""
    shown = dict(cells)
    for no, clock, edit in edits:
        shown[edit.field] = Cell(edit.new, (-no,), clock)
    return shown


def is_kept(key: RecordKey) -> bool:
    """Whether a record has a row: an edit that was refused may name a kind that nobody knows."""
    return key[0] in KINDS
