"""What a line of the journal says of itself, and which records it moves: all that keeping it asks for.

A first fill keeps a hundred thousand records' past. Their sets are read when somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.domain.changes import Entry, Head, SignedSet, unpack_verdicts


class Outline(NamedTuple):
    """One entry: its place, its set's id (32 bytes), head, bytes and signature, its verdicts as packed.

    `records`: those that its edits move, each once.
    """

    seq: int
    id: bytes
    head: Head
    body: bytes
    signature: bytes
    verdicts: bytes
    records: Sequence[str]

    @property
    def signed(self) -> SignedSet:
        """The set, as yet unread."""
        return SignedSet(self.body, self.signature)

    @property
    def entry(self) -> Entry:
        """The whole of it; Refusal("set.form") for verdicts that are none."""
        return Entry(self.seq, self.signed, unpack_verdicts(self.verdicts))


def outline_of(entry: Entry) -> Outline:
    """The same of an entry that was read."""
    signed, found = entry.signed, entry.signed.set
    head = Head(*(getattr(found, name) for name in Head._fields))
    records = sorted({edit.record for edit in found.edits()})
    said = signed.body, signed.signature, entry.packed_verdicts
    return Outline(entry.seq, bytes.fromhex(signed.id), head, *said, records)
