"""What goes back on a stick: all that a laptop lacks, page after page, as HTTPS would have said it.

one that knows nothing, or holds something else    snapshot, then what came since, then the past
any other                                          the journal from its cursor on
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import msgspec

from app.central.keys import Keys
from app.central.office import register_office, sign_message
from app.central.programmes import Programmes
from app.central.snapshots import Snapshots
from app.domain.changes import Entry
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store import journal, roster, snapshots
from app.store.centre import Centre
from app.store.roster import ACTIVE
from app.sync import blocks, messages, register
from app.sync.attachments import Held
from app.sync.enrolment import CENTRE, Welcome
from app.sync.incoming import NOT_TAKEN, said_of_own
from app.sync.messages import (
    PROTOCOL,
    STICK_LEVEL,
    STICK_PAGE_BYTES,
    History,
    Receipt,
    SyncRequest,
    SyncResponse,
)
from app.sync.parts import Part
from app.sync.policy import signed_policy
from app.sync.snapshot import Snapshot


@dataclass
class Answer:
    """An answer in its parts, each signed; `counts`: what it says of the laptop's own sets, and the rest."""

    keys: Keys
    commune: str
    told: list[tuple[Part, bytes]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: Part, message: msgspec.Struct) -> None:
        """One more message, signed."""
        self.told.append((kind, self._signed(message, STICK_LEVEL if kind is Part.RESPONSE else 1)))

    def parts(self, welcome: Welcome | None, whole: Sequence[str]) -> list[tuple[Part, bytes]]:
        """All of it: first what makes the rest believable."""
        front = [(Part.WELCOME, self._signed(welcome))] if welcome else []
        held = [Held(PROTOCOL, self.commune, sha256, 0, whole=True) for sha256 in whole]
        return [*front, *self.told, *((Part.HELD, self._signed(one)) for one in held)]

    def _signed(self, message: msgspec.Struct, level: int = 1) -> bytes:
        return messages.write(message, CENTRE, partial(sign_message, self.keys), level)


class Answering:
    """The centre as it answers one laptop."""

    def __init__(self, centre: Centre, keys: Keys, programmes: Programmes, now_ms: int) -> None:
        self._centre, self._keys, self._programmes, self._now_ms = centre, keys, programmes, now_ms

    def answer(
        self,
        code: str,
        machine: str,
        asked: SyncRequest | None,
        receipts: Sequence[Receipt],
        below: int,
        progress: Progress,
    ) -> Answer:
        """All that `asked` asks for; `receipts` of what came with it; the past at and below a seq."""
        told = Answer(self._keys, code)
        with self._centre.read() as connection:
            policy = signed_policy(self._keys.policy, self._now_ms, connection, code, self._keys.centre)
            device = roster.find_device(connection, code, machine)
        told.told.append((Part.POLICY, policy))
        if asked is None:
            return told
        start, stands = asked.cursor, device is not None and device.standing == ACTIVE
        if stands and self._needs_all(asked):
            start = below = self._add_snapshot(told, asked)
        self._add_pages(told, asked, start, receipts, progress)
        if stands:
            self._add_past(told, code, below, progress)
        return told

    def _needs_all(self, asked: SyncRequest) -> bool:
        """Whether it knows nothing yet, or holds something else than the journal says."""
        with self._centre.read() as connection:
            at = journal.mark(connection, asked.commune, asked.cursor)
            length = snapshots.seq(connection, asked.commune)
        return at.digest != asked.digest or (not asked.cursor and length > 0)

    def _add_snapshot(self, told: Answer, asked: SyncRequest) -> int:
        """The register as it stands; at which seq."""
        code = asked.commune
        carried = Snapshots(self._centre, self._keys, lambda *_: False, lambda: self._now_ms).newest(
            code, asked.cursor
        )
        found = messages.read(carried, Snapshot, lambda *_: True)[1]  # our own
        told.told.append((Part.SNAPSHOT, carried))
        with self._centre.read() as connection:
            one_by_one = partial(snapshots.blocks, connection, code, found.seq, count=1)
            made = (one_by_one(first=no)[0] for no in range(len(found.blocks)))
            told.told += ((Part.BLOCK, packed) for packed in blocks.together(made, STICK_LEVEL))
        told.counts["snapshot"] = 1
        return found.seq

    def _add_pages(
        self, told: Answer, asked: SyncRequest, start: int, receipts: Sequence[Receipt], progress: Progress
    ) -> None:
        asking = asked if start == asked.cursor else msgspec.structs.replace(asked, cursor=start, digest=b"")
        while True:
            with self._centre.write() as connection:
                office = register_office(self._keys, self._now_ms, self._programmes.in_force(connection))
                office = replace(office, page_bytes=STICK_PAGE_BYTES)
                response = register.exchange(connection, asking, office)
                version = roster.policy_version(connection, asked.commune) + office.renewals
            response = msgspec.structs.replace(response, receipts=list(receipts))
            told.add(Part.RESPONSE, response)
            _count(told.counts, response)
            progress.step(response.cursor, 0, "Answering")
            if not response.more:
                return
            receipts = ()
            known = {"policy": version, "programme": max(asking.programme, office.programme[0])}
            known["arrived"] = max(asking.arrived, response.arrived)
            asking = msgspec.structs.replace(asking, cursor=response.cursor, digest=b"", **known)

    def _add_past(self, told: Answer, code: str, below: int, progress: Progress) -> None:
        while below > 0:
            progress.step(0, below, "History")
            with self._centre.read() as connection:
                found = snapshots.entries_at(connection, code, range(below, 0, -1))
                page = list(_page(found))
                if not page:
                    raise Refusal("sync.cursor_ahead", cursor=below)
                below -= len(page)
                head = journal.mark(connection, code, below).head
            block = blocks.entry_block(page, STICK_LEVEL)
            told.add(Part.HISTORY, History(PROTOCOL, code, block, b"", head))
            told.counts["history"] += len(page)


def _page(found: Iterable[Entry]) -> Iterator[Entry]:
    """As many as a page of a stick holds."""
    size = 0
    for entry in found:
        size += len(entry.signed.body)
        if size > STICK_PAGE_BYTES and size > len(entry.signed.body):
            return
        yield entry


def _count(counts: Counter[str], response: SyncResponse) -> None:
    for wire in response.entries:
        counts[said_of_own(wire.verdicts) if wire.number else "pulled"] += 1
    counts[NOT_TAKEN] += len(response.receipts)
