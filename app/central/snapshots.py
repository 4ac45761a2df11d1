"""Snapshots over HTTP: their header and blocks, to laptops in standing that ask in signed words.

    GET  /v1/communes/{code}/snapshot                 the header
    GET  /v1/communes/{code}/snapshot/{seq}/{no}      blocks from one on, each checked by the header's hash
    POST /v1/communes/{code}/history                  sets that lie before a snapshot

The words of the first two stand in the header `Authorization`, base 64. A snapshot is made beside those who
ask, from the moment when a laptop joins: of a large commune it takes longer than a line may be silent.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import Body, FastAPI, Header, Response

from app.central.keys import Keys
from app.central.logbook import visit
from app.central.office import register_office, sign_message
from app.central.preparing import Preparing
from app.domain.errors import Refusal
from app.domain.ids import machine_of
from app.store import roster, snapshots
from app.store.centre import Centre
from app.sync import blocks, messages, snapshot
from app.sync.enrolment import CENTRE
from app.sync.messages import MEDIA, History, Verify
from app.sync.register import Office
from app.sync.snapshot import AT_ONCE, HistoryRequest, SnapshotRequest

PATIENCE_SECONDS = 10.0  # for one that is being made; whoever asked is told to ask again
_SEQ_MAX = 2**31
Octets = Annotated[
    bytes,
    Body(
        media_type="application/octet-stream",
        json_schema_extra={"type": "string", "format": "binary", "contentMediaType": None},
    ),
]
Words = Annotated[str, Header()]


class Snapshots:
    """What the service offers to a laptop that has everything to learn."""

    def __init__(self, centre: Centre, keys: Keys, is_laptops: Verify, now_ms: Callable[[], int]) -> None:
        self._centre, self._keys, self._is_laptops, self._now_ms = centre, keys, is_laptops, now_ms
        self._preparing = Preparing(self._made)

    def header(self, code: str, authorization: Words) -> Response:
        """The newest snapshot's; Refusal("central.preparing") while there is none new enough."""
        with visit("snapshot", len(authorization)) as noted:
            asked = self._read(code, authorization)
            noted.note(commune=code, device=asked.device)
            found = self._offered(code, asked.after)
            if found is None:
                found = self._preparing.wait(code, asked.after, PATIENCE_SECONDS)
            if found is None:
                raise Refusal("central.preparing")
            return Response(found, media_type=MEDIA)

    def prepare(self, code: str) -> None:
        """Somebody will soon have everything of this commune to learn; of a little the journal is enough."""
        with self._centre.read() as connection:
            length = snapshots.seq(connection, code)
        if length >= snapshot.FAR and self._offered(code, 0) is None:
            self._preparing.begin(code, 0)

    def newest(self, code: str, after: int) -> bytes:
        """The header of one that is new enough, built when there is none."""
        return self._offered(code, after) or self._made(code, after)

    def _offered(self, code: str, after: int) -> bytes | None:
        with self._centre.read() as connection:
            return snapshot.offered(connection, code, after)

    def _made(self, code: str, after: int) -> bytes:
        """A new one, unless another was made meanwhile. The commune's exchanges go on."""
        found = self._offered(code, after)
        if found is None:
            sign_head = self._office().sign_head
            with self._centre.read() as connection:
                built = snapshot.build(connection, code, sign_head, self._sealed)
            with self._centre.write() as connection:
                found = snapshot.keep(connection, code, built)
        return found

    def blocks(self, code: str, seq: int, no: int, authorization: Words) -> Response:
        """Some blocks in a row."""
        with visit("block", len(authorization)) as noted:
            asked = self._read(code, authorization)
            noted.note(commune=code, device=asked.device, seq=seq, no=no)
            if not (0 <= seq < _SEQ_MAX and 0 <= no < _SEQ_MAX):
                raise Refusal("central.no_such_page")
            with self._centre.read() as connection:
                found = snapshots.blocks(connection, code, seq, no, AT_ONCE)
            return Response(blocks.in_a_row(found), media_type=MEDIA)

    def history(self, code: str, carried: Octets) -> Response:
        """A page of the journal at the seqs asked for."""
        with visit("history", len(carried)) as noted:
            sender, asked = messages.read(carried, HistoryRequest, self._is_laptops)
            self._check(code, sender, asked)
            noted.note(commune=code, device=asked.device)
            with self._centre.read() as connection:
                found = snapshot.page_of_history(connection, asked, self._office())
            return Response(self._sealed(found), media_type=MEDIA)

    def _office(self) -> Office:
        return register_office(self._keys, self._now_ms())

    def _sealed(self, found: snapshot.Snapshot | History) -> bytes:
        return messages.write(found, CENTRE, partial(sign_message, self._keys))

    def _read(self, code: str, authorization: str) -> SnapshotRequest:
        carried = messages.words_in(authorization)
        sender, asked = messages.read(carried, SnapshotRequest, self._is_laptops)
        if not 0 <= asked.after < _SEQ_MAX:
            raise Refusal("sync.message")
        self._check(code, sender, asked)
        return asked

    def _check(self, code: str, sender: str, asked: SnapshotRequest | HistoryRequest) -> None:
        machine = machine_of(asked.device)
        if sender != f"{code}/{machine}" or asked.commune != code:
            raise Refusal("sync.message")
        with self._centre.read() as connection:
            device = roster.find_device(connection, code, machine)
        if device is None or device.standing != roster.ACTIVE:
            raise Refusal("sync.unknown_device")


def serve(app: FastAPI, offered: Snapshots, answers: dict[int | str, dict[str, Any]]) -> None:
    """Add the pages; `answers`: how they answer, as OpenAPI says it."""
    pages = "/v1/communes/{code}"
    app.get(f"{pages}/snapshot", response_class=Response, responses=answers)(offered.header)
    app.get(f"{pages}/snapshot/{{seq}}/{{no}}", response_class=Response, responses=answers)(offered.blocks)
    app.post(f"{pages}/history", response_class=Response, responses=answers)(offered.history)
