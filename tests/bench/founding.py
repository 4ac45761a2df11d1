"""Communes laid into a centre's book by COPY: sets truly signed, judged by the program's own rules.

Pushing 100,000 people set by set would take longer than all that is measured here. So sets are composed,
signed and settled by the functions that the centre itself uses, and their rows are copied in. Nothing stood
before them, so each atom is applied at its set's own clock; `tests/bench/test_founding.py` holds the rows
against those that the centre writes when the same sets are pushed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import NamedTuple

import msgspec
import psycopg

from app.domain.changes import ChangeSet, Edit, Entry, Outcome, SignedSet, Verdict, lone, pack_verdicts
from app.domain.standing import Cells, Standing, record_digest, settle, touched
from app.seal.keys import CHANGE_SET, MESSAGE, DeviceKey, OfficerKey, sign
from app.store.place import whole_digest
from app.sync import messages

_CHUNK = 2_000
_MODULUS = 1 << 256
JOURNAL = "commune, seq, id, device, number, body, signature, verdicts, head, digest, received"
MOVED = "UPDATE commune SET seq = %s, head = %s, digests = %s WHERE commune = %s"
STANDING = "commune, kind, record, cells"
_MS = 1_780_000_000_000  # when the first set was written; each comes a second after the one before

Book = psycopg.Connection[tuple[object, ...]]


class Line(NamedTuple):
    """One line of the journal, in the order of `JOURNAL`."""

    commune: str
    seq: int
    id: bytes
    device: str
    number: int
    body: bytes
    signature: bytes
    verdicts: bytes
    head: bytes
    digest: bytes
    received: int


@dataclass(frozen=True)
class Hand:
    """Whose sets they are: a laptop and an officer whom the centre knows."""

    commune: str
    device: DeviceKey
    officer: OfficerKey


@dataclass
class Place:
    """How far a commune's journal has come."""

    seq: int = 0
    head: bytes = bytes(32)
    previous: str = ""
    sums: dict[str, int] = field(default_factory=dict)

    def digests(self) -> str:
        """The sums as the book keeps them."""
        return json.dumps({kind: f"{total % _MODULUS:x}" for kind, total in self.sums.items()})


@dataclass
class Chapter:
    """A stretch of the journal with what stands after it; no later chapter touches a record of it."""

    lines: list[Line] = field(default_factory=list)
    standing: Standing = field(default_factory=Standing)


def chapters(hand: Hand, works: Iterable[Sequence[Edit]], place: Place) -> Iterator[Chapter]:
    """What these sets become, one for each of `works`, which all write new records; `place` moves along."""
    waiting = iter(works)
    while some := list(islice(waiting, _CHUNK)):
        chapter = Chapter()
        for edits in some:
            chapter.lines.append(_append(hand, edits, place, chapter.standing))
        yield chapter


def written(hand: Hand, edits: Sequence[Edit], number: int, previous: str) -> SignedSet:
    """One press of Save."""
    clock = (_MS + 1_000 * number) << 16
    found = ChangeSet(
        hand.commune, hand.officer.id, hand.device.id, number, previous, clock, "import", lone(list(edits))
    )
    signed = SignedSet(found.body, sign(hand.officer.key, CHANGE_SET, found.body))
    signed.__dict__["set"] = found  # as it would be read from its bytes, which is a third of the work
    return signed


def signed_message(hand: Hand, message: msgspec.Struct) -> bytes:
    """A message as the hand's laptop sends it."""
    sign_it = partial(sign, hand.device.key, MESSAGE)
    return messages.write(message, f"{hand.commune}/{hand.device.id}", sign_it)


def _append(hand: Hand, edits: Sequence[Edit], place: Place, standing: Standing) -> Line:
    signed = written(hand, edits, place.seq + 1, place.previous)
    found = signed.set
    verdicts = (Verdict(Outcome.APPLIED, found.clock),) * len(found.atoms)
    entry = Entry(place.seq + 1, signed, verdicts)
    settle(standing, entry)
    for key in touched(found.edits()):
        place.sums[key[0]] = place.sums.get(key[0], 0) + record_digest(key, standing.records[key])
    place.seq, place.head, place.previous = entry.seq, entry.head_after(place.head), signed.id
    return Line(
        hand.commune,
        entry.seq,
        bytes.fromhex(signed.id),
        found.device,
        found.number,
        signed.body,
        signed.signature,
        pack_verdicts(verdicts),
        place.head,
        whole_digest(place.sums),
        found.clock,
    )


def written_cells(cells: Cells) -> str:
    """What stands of a record, as the book keeps it."""
    return json.dumps({name: [cell.value, list(cell.behind), cell.clock] for name, cell in cells.items()})


def found_commune(book: Book, hand: Hand, works: Iterable[Sequence[Edit]]) -> Place:
    """Fill the commune's journal, which is empty, in one transaction."""
    place = Place()
    with book.transaction(), book.cursor() as cursor:
        for chapter in chapters(hand, works, place):
            with cursor.copy(f"COPY journal ({JOURNAL}) FROM STDIN") as copy:
                for line in chapter.lines:
                    copy.write_row(line)
            with cursor.copy(f"COPY standing ({STANDING}) FROM STDIN") as copy:
                for (kind, record), cells in chapter.standing.records.items():
                    copy.write_row((hand.commune, kind, record, written_cells(cells)))
        cursor.execute(MOVED, (place.seq, place.head, place.digests(), hand.commune))
    return place
