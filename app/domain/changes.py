"""What one press of Save is: a change set, its canonical bytes, its verdicts.

A set's id is the SHA-256 of its canonical form: pushed twice, it is pushed once
(design/sync.md, rule 2). The form is JSON arrays only, so no key can stand twice.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from json.encoder import JSONEncoder, c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from app.domain.errors import Refusal
from app.domain.fitting import TEXT_LENGTH_MAX, fault_of
from app.domain.records import Value

FORM = "soansinh.set.1"
_COMMUNE = re.compile(r"[0-9A-Z]{1,10}")
_AUTHOR = re.compile(r"[0-9A-Za-z-]{1,64}")
_DEVICE = re.compile(r"[0-9A-Za-z-]{1,64}(~[0-9A-Za-z-]{1,64})?")  # see `ids.renewed`
_SET = re.compile(r"[0-9a-f]{64}")
_RECORD = re.compile(r"[0-9a-f]{32}")
_KIND = re.compile(r"[a-z][a-z_]{0,39}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}(/[0-9A-Za-z_-]{1,64})?")
_NUMBER_MAX, _SEQ_MAX = 1 << 31, 1 << 53
_ATOMS_MAX = 1 << 22  # of one set: more bytes than a message may hold
# Built once: `json.dumps` makes a new one at every call.
_write = c_make_encoder(None, JSONEncoder().default, encode_basestring, None, ":", ",", True, False, False)
On = int | str | None  # the set seen in a cell: its seq; its id while it waits; None for an empty cell


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell moved: `old → new`, and `on`, the set whose value the author saw there."""

    kind: str
    record: str
    field: str
    new: Value
    old: Value = None
    on: On = None

    @property
    def cell(self) -> tuple[str, str, str]:
        """Where: kind, record id, field."""
        return self.kind, self.record, self.field


@dataclass(frozen=True, slots=True)
class Read:
    """A cell an atom depends on without changing it."""

    kind: str
    record: str
    field: str
    on: On = None


@dataclass(frozen=True, slots=True)
class Atom:
    """Edits that stand or fall together."""

    edits: tuple[Edit, ...]
    reads: tuple[Read, ...] = ()


class Head(NamedTuple):
    """What a set says of itself before its atoms."""

    commune: str
    author: str
    device: str
    number: int
    previous: str
    clock: int
    reason: str


@dataclass(frozen=True)
class ChangeSet:
    """One press of Save. `number` is the device's, gapless from 1; `previous` its last set's id."""

    commune: str
    author: str
    device: str
    number: int
    previous: str
    clock: int
    reason: str
    atoms: tuple[Atom, ...]

    @cached_property
    def body(self) -> bytes:
        """The canonical form: what is hashed, signed, stored and sent."""
        head = [FORM, self.commune, self.author, self.device, self.number, self.previous]
        return canonical([*head, self.clock, self.reason, list(_packed(self.atoms))])

    @cached_property
    def id(self) -> str:
        """64 hexadecimal digits."""
        return hashlib.sha256(self.body).hexdigest()

    def edits(self) -> Iterator[Edit]:
        """Every edit of every atom, in order."""
        for atom in self.atoms:
            yield from atom.edits


@dataclass(frozen=True)
class SignedSet:
    """A set as it travels: its bytes, and the author's Ed25519 signature over them (64 bytes)."""

    body: bytes
    signature: bytes

    @cached_property
    def id(self) -> str:
        """64 hexadecimal digits."""
        return hashlib.sha256(self.body).hexdigest()

    @cached_property
    def set(self) -> ChangeSet:
        """The set read from its bytes; Refusal("set.form") when they are none."""
        return parse(self.body)


class Outcome(StrEnum):
    """What the centre said of one atom. Final."""

    APPLIED = "applied"
    SAME = "same"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one atom. `sets` are seqs: those it replaced unseen, or that superseded it."""

    outcome: Outcome
    clock: int
    sets: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of a commune's journal: the set in the centre's order, with its verdicts."""

    seq: int
    signed: SignedSet
    verdicts: tuple[Verdict, ...]

    @cached_property
    def packed_verdicts(self) -> bytes:
        """Their canonical bytes."""
        return pack_verdicts(self.verdicts)

    def head_after(self, head: bytes) -> bytes:
        """head_n = SHA-256(head_{n-1} ‖ seq ‖ set id ‖ SHA-256(verdicts)); 32 bytes."""
        return head_over(head, self.seq, bytes.fromhex(self.signed.id), self.packed_verdicts)


def head_over(head: bytes, seq: int, set_id: bytes, verdicts: bytes) -> bytes:
    """The head after one more entry, of which id and packed verdicts are known."""
    said = hashlib.sha256(verdicts).digest()
    return hashlib.sha256(head + seq.to_bytes(8, "big") + set_id + said).digest()


def canonical(value: object) -> bytes:
    """Canonical JSON: UTF-8, no blanks, sorted keys, no floats."""
    return "".join(_write(value, 0)).encode()


def _no_object(_pairs: object) -> None:
    raise ValueError("a set is arrays only")


_scan = json.JSONDecoder(object_pairs_hook=_no_object).scan_once  # type: ignore[attr-defined]


def read_json(body: bytes) -> Any:
    """Arrays, texts and numbers out of JSON without blanks around it; ValueError for anything else."""
    text = body.decode()
    try:
        found, end = _scan(text, 0)
    except StopIteration as error:
        raise ValueError("no JSON") from error
    if end != len(text):
        raise ValueError("more than one value")
    return found


def _packed(atoms: tuple[Atom, ...]) -> Iterator[list[Any]]:
    """Runs of lone edits on one record share its name: an import is a third as long."""
    run: list[Any] | None = None
    for atom in atoms:
        edit = atom.edits[0]
        if len(atom.edits) > 1 or atom.reads:
            if run:
                yield run
            run = None
            moved = [[e.kind, e.record, e.field, e.old, e.new, e.on] for e in atom.edits]
            yield ["&", moved, [[r.kind, r.record, r.field, r.on] for r in atom.reads]]
            continue
        if run is None or run[:2] != [edit.kind, edit.record]:
            if run:
                yield run
            run = [edit.kind, edit.record, []]
        fresh = edit.old is None and edit.on is None
        run[2].append([edit.field, edit.new] if fresh else [edit.field, edit.old, edit.new, edit.on])
    if run:
        yield run


def _unpacked(items: list[Any]) -> Iterator[Atom]:
    for head, second, third in items:
        if head == "&":
            edits = tuple(Edit(k, r, f, new, old, on) for k, r, f, old, new, on in second)
            yield Atom(edits, tuple(Read(k, r, f, on) for k, r, f, on in third))
            continue
        for cell in third:
            field, old, new, on = cell if len(cell) == 4 else (cell[0], None, cell[1], None)
            yield Atom((Edit(head, second, field, new, old, on),))


def parse(body: bytes) -> ChangeSet:
    """A change set out of its canonical bytes; anything else is Refusal("set.form")."""
    return _read_set(body, is_first=True)


def unfolded(body: bytes, signature: bytes) -> SignedSet:
    """A signed set that a journal holds, read before it is asked for; Refusal("set.form") for other bytes.

    Whether they are its one canonical form was asked when it was taken: half of what `parse` costs.
    """
    signed = SignedSet(body, signature)
    vars(signed)["set"] = _read_set(body, is_first=False)  # where the cached property keeps it
    return signed


def read_again(body: bytes, signature: bytes, set_id: str) -> SignedSet:
    """A signed set whose form and hash somebody of ours has looked at: a quarter of what `parse` costs."""
    _form, commune, author, device, number, previous, clock, reason, atoms = read_json(body)
    said = (device, number, previous, clock, reason)
    return as_read(body, signature, ChangeSet(commune, author, *said, tuple(_unpacked(atoms))), set_id)


def as_read(body: bytes, signature: bytes, found: ChangeSet, set_id: str) -> SignedSet:
    """A signed set of which somebody knows, having written these bytes, what they say, and their hash."""
    signed = SignedSet(body, signature)
    vars(signed).update(set=found, id=set_id)
    return signed


def _read_set(body: bytes, *, is_first: bool) -> ChangeSet:
    try:
        form, commune, author, device, number, previous, clock, reason, atoms = read_json(body)
        read = ChangeSet(commune, author, device, number, previous, clock, reason, tuple(_unpacked(atoms)))
        sound = form == FORM and _is_typed(read) and (not is_first or read.body == body)
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Refusal("set.form") from error
    if not sound:
        raise Refusal("set.form")
    return read


def _is_typed(found: ChangeSet) -> bool:
    """Whether everything but the values has its form; what names somebody or something, its length too."""
    said = (found.commune, found.author, found.device, found.number, found.previous)
    if not is_head(Head(*said, found.clock, found.reason)):
        return False
    if not found.atoms or not all(atom.edits for atom in found.atoms):
        return False
    return all(is_cell(edit) for edit in found.edits()) and all(
        is_cell(read) for atom in found.atoms for read in atom.reads
    )


def is_head(said: Head) -> bool:
    """Whether what a set says of itself has its form; TypeError for a list where a text should be."""
    return (
        is_spoken(said.commune, said.author, said.device, said.reason)
        and (said.previous == "" or _is_like(_SET, said.previous))
        and type(said.number) is int
        and 1 <= said.number < _NUMBER_MAX
        and type(said.clock) is int
        and 0 <= said.clock < 1 << 62
    )


@lru_cache(maxsize=256)
def is_spoken(commune: object, author: object, device: object, reason: object) -> bool:
    """Whether what sets of one hand mostly have in common has its form."""
    return (
        _is_like(_COMMUNE, commune)
        and _is_like(_AUTHOR, author)
        and _is_like(_DEVICE, device)
        and _is_reason(reason)
    )


def _is_reason(text: object) -> bool:
    return isinstance(text, str) and len(text) <= TEXT_LENGTH_MAX and "\0" not in text


def is_cell(cell: Edit | Read) -> bool:
    """Whether what it names, and the set that it is laid on, have the form of such."""
    return is_named(cell.kind, cell.field) and is_record(cell.record) and (cell.on is None or is_on(cell.on))


def is_named(kind: str, field: str) -> bool:
    """Whether a kind of record and a cell of it have the form of such."""
    return _is_like(_KIND, kind) and _is_like(_FIELD, field)


def is_record(text: object) -> bool:
    """Whether this is a text that has the form of a record's id."""
    return _is_like(_RECORD, text)


def is_on(on: object) -> bool:
    """Whether this names a set as an edit laid on it does."""
    return _is_like(_SET, on) or (type(on) is int and 1 <= on < _SEQ_MAX)


def is_set_id(text: str) -> bool:
    """Whether a text has the form of a set's id."""
    return _is_like(_SET, text)


def _is_like(form: re.Pattern[str], text: object) -> bool:
    return isinstance(text, str) and form.fullmatch(text) is not None


def fault_in(found: ChangeSet) -> str | None:
    """Why a set may not be taken, as a code: a reason or a value out of type, a cell edited twice."""
    if not _is_reason(found.reason):
        return "not_text"
    seen = set()
    for edit in found.edits():
        fault = fault_of(edit.kind, edit.field, edit.new)
        if fault:
            return fault
        if edit.cell in seen:
            return "cell_twice"
        seen.add(edit.cell)
    return None


_PLAIN = (Outcome.APPLIED, (), "")


def pack_verdicts(verdicts: tuple[Verdict, ...]) -> bytes:
    """Canonical bytes; atoms applied at the common clock, the usual case, cost nothing."""
    first = verdicts[0] if verdicts else Verdict(Outcome.APPLIED, 0)
    if (first.outcome, first.sets, first.why) == _PLAIN and verdicts.count(first) == len(verdicts):
        return b"[%d,%d,[]]" % (len(verdicts), first.clock)  # nearly always: one said of all
    common = max(v.clock for v in verdicts)
    plain = Verdict(Outcome.APPLIED, common)
    odd = [[at, v.outcome, v.clock, list(v.sets), v.why] for at, v in enumerate(verdicts) if v != plain]
    return canonical([len(verdicts), common, odd])


def _is_count(said: object) -> bool:
    return type(said) is int and said >= 0


def unpack_verdicts(packed: bytes) -> tuple[Verdict, ...]:
    """The verdicts of one set, atom by atom; Refusal("set.form") for other bytes."""
    try:
        count, common, odd = read_json(packed)
        if not _is_count(count) or count > _ATOMS_MAX or not _is_count(common):
            raise Refusal("set.form")
        verdicts = [Verdict(Outcome.APPLIED, common)] * count
        for at, outcome, clock, sets, why in odd:
            if not all(map(_is_count, (at, clock, *sets))) or not isinstance(why, str):
                raise Refusal("set.form")
            verdicts[at] = Verdict(Outcome(outcome), clock, tuple(sets), why)
    except (ValueError, TypeError, IndexError) as error:
        raise Refusal("set.form") from error
    return tuple(verdicts)


def lone(edits: list[Edit]) -> tuple[Atom, ...]:
    """Each edit an atom of one: the rule for everything not declared to stand together."""
    return tuple(Atom((edit,)) for edit in edits)


def renamed(edit: Edit, *, on: On) -> Edit:
    """The same edit laid on another set."""
    return replace(edit, on=on)
