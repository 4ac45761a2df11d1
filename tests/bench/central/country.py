"""A country's communes in the centre's book: one is made set by set, the others like it under their own code.

A commune's code stands in every set, so each commune's sets are written, hashed, chained and signed anew. Its
digests and what stands are the same: neither names the commune. Every commune has a laptop that wrote it all
and another that calls; their keys are the same everywhere, which no statement of the service can notice.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from app.central.keys import Keys, load_keys
from app.central.office import certify_officer
from app.domain.changes import head_over
from app.seal.keys import CHANGE_SET, DeviceKey, OfficerKey, SigningKey, sign
from app.sync.enrolment import Claim
from tests.bench import founding
from tests.bench.founding import JOURNAL, STANDING, Book, Hand, Line, Place
from tests.bench.people import Listed

POLICY = 3  # what every laptop has heard of
_TEMPLATE = "00000"
_MS = 1_790_000_000_000
_MOUTHFUL = 2_000  # sets
Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True)
class Template:
    """The commune that all are made like. `standing`: as COPY reads it, without the code in front."""

    hand: Hand
    caller: DeviceKey
    people: Sequence[Listed]
    lines: Sequence[Line]
    standing: Sequence[str]
    place: Place


def make_template(people: Sequence[Listed]) -> Template:
    """The commune of these people, a set each; none of them has an account yet."""
    officer = OfficerKey("0" * 32, "Cán bộ một", SigningKey.generate())
    hand = Hand(_TEMPLATE, DeviceKey("m01", SigningKey.generate()), officer)
    place, lines, standing = Place(), list[Line](), list[str]()
    for chapter in founding.chapters(hand, (one.edits(enrolled=False) for one in people), place):
        lines += chapter.lines
        for (kind, record), cells in chapter.standing.records.items():
            said = founding.written_cells(cells).replace("\\", "\\\\")
            standing.append(f"\t{kind}\t{record}\t{said}\n")
    return Template(hand, DeviceKey("m02", SigningKey.generate()), people, lines, standing, place)


def lay_all(database: str, keys: Path, template: Template, codes: Sequence[str]) -> None:
    """All of them, by as many hands as there are processors here."""
    hands = os.cpu_count() or 1
    with ProcessPoolExecutor(hands) as laying:
        shares = [
            laying.submit(_lay_share, database, keys, template, codes[at::hands]) for at in range(hands)
        ]
        for share in shares:
            share.result()
    with psycopg.connect(database, autocommit=True) as book:
        book.execute("ANALYZE")


def _lay_share(database: str, keys: Path, template: Template, codes: Sequence[str]) -> None:
    with psycopg.connect(database) as book:
        # References hold, for they are made to: to look each of millions up again proves nothing.
        book.execute("SET session_replication_role = replica")
        book.execute("SET synchronous_commit = off")
        book.commit()
        lay(book, load_keys(keys), template, codes)


def lay(book: Book, keys: Keys, template: Template, codes: Sequence[str]) -> None:
    """Some communes in a transaction, as many as make a good mouthful for COPY."""
    some = max(1, _MOUTHFUL // len(template.lines))
    for start in range(0, len(codes), some):
        with book.transaction(), book.cursor() as cursor:
            _lay_some(cursor, keys, template, codes[start : start + some])


def _lay_some(cursor: Cursor, keys: Keys, template: Template, codes: Sequence[str]) -> None:
    journals = [_journal(template, code) for code in codes]
    place = template.place
    cursor.executemany(
        "INSERT INTO commune (commune, name, training, seq, head, digests, policy)"
        " VALUES (%s, %s, false, %s, %s, %s, %s)",
        [
            (code, f"Xã {code}", place.seq, head, place.digests(), POLICY)
            for code, (_, head) in zip(codes, journals, strict=True)
        ],
    )
    _introduce(cursor, keys, template, codes)
    with cursor.copy(f"COPY journal ({JOURNAL}) FROM STDIN") as copy:
        for told, _ in journals:
            copy.write(told)
    with cursor.copy(f"COPY standing ({STANDING}) FROM STDIN") as copy:
        for code in codes:
            copy.write("".join([code + line for line in template.standing]))


def _introduce(cursor: Cursor, keys: Keys, template: Template, codes: Sequence[str]) -> None:
    """Of each its two laptops, and the officer by the centre's certificate."""
    cursor.executemany(
        "INSERT INTO device (commune, device, key, label, standing, enrolled)"
        " VALUES (%s, %s, %s, %s, 'active', %s)",
        [
            (code, device.id, device.key.public.raw, f"máy {device.id}", _MS)
            for code in codes
            for device in (template.hand.device, template.caller)
        ],
    )
    officer = template.hand.officer
    claim = Claim(officer.id, officer.name, officer.key.public.raw, b"")
    known = [(code, certify_officer(keys, code, claim, _MS)) for code in codes]
    cursor.executemany(
        "INSERT INTO officer (commune, officer, name, key, roles, standing, certificate)"
        " VALUES (%s, %s, %s, %s, '[\"officer\"]', %s, %s)",
        [(code, one.officer, one.name, one.key, one.standing, one.certificate) for code, one in known],
    )


def _journal(template: Template, code: str) -> tuple[str, bytes]:
    """Every set under this code, each naming the one before, as COPY reads it; the head over all of them."""
    head, previous, told = bytes(32), "", list[str]()
    key = template.hand.officer.key
    for line, after in zip(template.lines, _afters(template), strict=True):
        body = _beginning(code, template.hand, line.number, previous) + after
        own, signature = hashlib.sha256(body).digest(), sign(key, CHANGE_SET, body)
        head, previous = head_over(head, line.seq, own, line.verdicts), own.hex()
        octets = "\t\\\\x".join(one.hex() for one in (body, signature, line.verdicts, head, line.digest))
        who = f"{code}\t{line.seq}\t\\\\x{previous}\t{line.device}\t{line.number}"
        told.append(f"{who}\t\\\\x{octets}\t{line.received}\n")
    return "".join(told), head


def _afters(template: Template) -> Iterator[bytes]:
    """Of each set what follows the name of the set before it."""
    previous = ""
    for line in template.lines:
        yield line.body[len(_beginning(_TEMPLATE, template.hand, line.number, previous)) :]
        previous = line.id.hex()


def _beginning(code: str, hand: Hand, number: int, previous: str) -> bytes:
    """How a set begins, until the name of the set before it."""
    said = f'["soansinh.set.1","{code}","{hand.officer.id}","{hand.device.id}",{number},"{previous}"'
    return said.encode()


def codes(first: int, count: int) -> list[str]:
    """So many communes' codes, from the `first` one on."""
    return [f"{10_000 + at:05d}" for at in range(first, first + count)]
