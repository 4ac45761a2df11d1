"""What laptops say, composed and signed before it is measured: nothing new, twenty changes, a first fill.

A laptop that pushes goes on from where its last push left the commune, as if it had read the answer: the
seqs are known beforehand, for it is the only one that calls there.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import msgspec

from app.domain.changes import ChangeSet, Edit, SignedSet, lone
from app.seal.keys import CHANGE_SET, MESSAGE, sign
from app.sync import events, messages
from app.sync.messages import PROTOCOL, SyncRequest, SyncResponse
from app.sync.snapshot import SEQS, HistoryRequest, Snapshot, SnapshotRequest
from tests.bench.central.country import POLICY, Template
from tests.bench.central.driver import Asking, Line

CHANGES = 20
_MS = 1_785_000_000_000


def _post(path: str, body: bytes) -> Asking:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\n"
    return Asking(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def _get(path: str, words: bytes) -> Asking:
    said = base64.b64encode(words).decode()
    return Asking(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {said}\r\n\r\n".encode())


def _said(template: Template, code: str, message: msgspec.Struct) -> bytes:
    caller = template.caller
    return messages.write(message, f"{code}/{caller.id}", partial(sign, caller.key, MESSAGE))


@dataclass
class Caller:
    """The laptop of one commune that calls."""

    template: Template
    code: str
    number: int = 0  # of its newest set
    previous: str = ""
    requests: int = 0
    digest: bytes = b""  # at its cursor, the template's while it is empty
    snapshot: tuple[int, int] = (0, 0)  # seq and blocks of the one that is offered

    @property
    def cursor(self) -> int:
        """How far it has read."""
        return self.template.place.seq + self.number

    def nothing_new(self) -> Asking:
        """A laptop in step; it may say so as often as it likes, while it has pushed nothing."""
        digest = self.digest or self.template.lines[-1].digest
        return self._sync(SyncRequest(PROTOCOL, self.code, "", 1, self.cursor, digest, POLICY))

    def changes(self) -> Asking:
        """Twenty people's telephone numbers, a set each."""
        cursor, sets = self.cursor, []
        for _ in range(CHANGES):
            signed = self._set()
            sets.append((signed.body, signed.signature))
        return self._sync(SyncRequest(PROTOCOL, self.code, "", 1, cursor, bytes(32), POLICY, sets))

    def _sync(self, request: SyncRequest) -> Asking:
        self.requests += 1
        said = msgspec.structs.replace(request, device=self.template.caller.id, number=self.requests)
        return _post("/v1/sync", _said(self.template, self.code, said))

    def _set(self) -> SignedSet:
        people, officer = self.template.people, self.template.hand.officer
        at = self.number % len(people)
        person, first = people[at].person, str(people[at].row["phone"]) or None
        laps = self.number // len(people)
        seq = self.template.place.seq + self.number + 1 - len(people)
        old, on = (self._phone(seq), seq) if laps else (first, at + 1 if first else None)
        self.number += 1
        new = self._phone(self.template.place.seq + self.number)
        clock = (_MS + 1_000 * self.number) << 16
        edit = Edit("person", person, "phone", new, old, on)
        device = self.template.caller.id
        found = ChangeSet(
            self.code, officer.id, device, self.number, self.previous, clock, "edit", lone([edit])
        )
        signed = SignedSet(found.body, sign(officer.key, CHANGE_SET, found.body))
        self.previous = signed.id
        return signed

    def _phone(self, seq: int) -> str:
        return f"09{seq:08d}"

    def _words(self) -> bytes:
        asked = SnapshotRequest(PROTOCOL, self.code, self.template.caller.id, 0)
        return _said(self.template, self.code, asked)

    def first_fill(self) -> Iterator[Asking]:
        """What a new laptop asks until its list is usable: header, blocks, the policy, and a sync."""
        seq, blocks = self.snapshot
        page, words, device = f"/v1/communes/{self.code}", self._words(), self.template.caller.id
        yield _get(f"{page}/snapshot", words)
        for no in range(blocks):
            yield _get(f"{page}/snapshot/{seq}/{no}", words)
        yield self._past(HistoryRequest(PROTOCOL, self.code, device, 0, []))
        yield self.nothing_new()

    def past(self) -> Asking:
        """The newest page of what was signed before."""
        seq, device = self.template.place.seq, self.template.caller.id
        steps = [-seq, *([1] * (min(seq, SEQS) - 1))]
        return self._past(HistoryRequest(PROTOCOL, self.code, device, POLICY, steps))

    def _past(self, asked: HistoryRequest) -> Asking:
        return _post(f"/v1/communes/{self.code}/history", _said(self.template, self.code, asked))

    def listening(self) -> Asking:
        """To hear of what moves, on a line that stays open."""
        caller = self.template.caller
        words = events.ask(self.code, caller.id, partial(sign, caller.key, MESSAGE))
        return _get("/v1/events", words)

    def find_snapshot(self, line: Line) -> None:
        """Learn which snapshot is offered; the centre builds it when there is none."""
        status, said = line.ask(_get(f"/v1/communes/{self.code}/snapshot", self._words()))
        assert status == 200, said
        found = messages.read(said, Snapshot, lambda *_: True)[1]
        self.snapshot = found.seq, len(found.blocks)

    def find_digest(self, line: Line) -> None:
        """Learn what holds at its cursor."""
        self.digest = bytes(32)
        status, said = line.ask(self.nothing_new())
        assert status == 200, said
        self.digest = messages.read(said, SyncResponse, lambda *_: True)[1].digest
