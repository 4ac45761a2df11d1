"""The journal's entries in an answer: in columns, an asker's own by number, usual verdicts left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from app.domain.changes import ChangeSet, Entry, Outcome, SignedSet, Verdict, unpack_verdicts
from app.domain.errors import Refusal
from app.sync import columns, told
from app.sync.columns import Columns


class WireEntry(msgspec.Struct, array_like=True, frozen=True, dict=True):
    """One journal entry; of the asker's own sets their number alone (`body` and `signature` empty).

    `verdicts`: empty where every atom was applied at the set's clock, as nearly always.
    """

    seq: int
    body: bytes
    signature: bytes
    verdicts: bytes
    number: int = 0

    @cached_property
    def signed(self) -> SignedSet:
        """The set; read already, where it came in columns."""
        return SignedSet(self.body, self.signature)


class Entries(msgspec.Struct, array_like=True, frozen=True):
    """A page of the journal in columns. `verdicts`: empty where every atom was applied at the set's clock."""

    first: int
    own: list[int]  # the number of each entry that is the asker's, 0 of others
    sets: Columns
    verdicts: list[bytes]


def packed_entries(entries: Sequence[WireEntry]) -> Entries:
    """A page of them as it travels."""
    return Entries(
        entries[0].seq if entries else 0,
        [wire.number for wire in entries],
        columns.pack([wire.signed for wire in entries if wire.body]),
        [wire.verdicts for wire in entries],
    )


def unpacked_entries(page: Entries) -> list[WireEntry]:
    """The page again; Refusal("sync.message") where a set is missing."""
    sets = iter(told.unpack(page.sets))
    entries = []
    for at, (number, verdicts) in enumerate(zip(page.own, page.verdicts, strict=True)):
        signed = SignedSet(b"", b"") if number else next(sets, None)
        if signed is None:
            raise Refusal("sync.message")
        entries.append(wired(page.first + at, signed, verdicts, number))
    return entries


def wired(seq: int, signed: SignedSet, verdicts: bytes, number: int = 0) -> WireEntry:
    """An entry whose set was read, as far as it was."""
    entry = WireEntry(seq, signed.body, signed.signature, verdicts, number)
    vars(entry)["signed"] = signed
    return entry


class _Head(msgspec.Struct, array_like=True):
    """How a set's body begins; its atoms need not be read."""

    form: str
    commune: str
    author: str
    device: str
    number: int
    previous: str
    clock: int


_head = msgspec.json.Decoder(_Head).decode


def are_usual(body: bytes, verdicts: bytes) -> bool:
    """Whether they say of a set in the journal no more than that each atom was applied at its clock."""
    _count, _, rest = verdicts.partition(b",")
    return rest == b"%d,[]]" % _head(body).clock


def _usual_verdicts(found: ChangeSet) -> tuple[Verdict, ...]:
    """Every atom applied at the set's own clock: what nearly every set is told."""
    return (Verdict(Outcome.APPLIED, found.clock),) * len(found.atoms)


def hash_of_own(ids: Iterable[bytes]) -> bytes:
    """What tells a laptop that the sets named by number are those that it made; empty for none."""
    joined = b"".join(ids)
    return hashlib.sha256(joined).digest()[:16] if joined else b""


def entry_of(wire: WireEntry, own: dict[int, SignedSet]) -> Entry:
    """The entry again; Refusal("sync.unknown_own_set") when this laptop does not hold what it named."""
    signed = own.get(wire.number) if wire.number else wire.signed
    if signed is None:
        raise Refusal("sync.unknown_own_set", seq=wire.seq)
    verdicts = unpack_verdicts(wire.verdicts) if wire.verdicts else _usual_verdicts(signed.set)
    if len(verdicts) != len(signed.set.atoms):
        raise Refusal("sync.message")
    return Entry(wire.seq, signed, verdicts)
