"""Attachments over HTTP: pieces handed in and fetched by laptops in standing, in signed words.

    GET  /v1/communes/{code}/attachments/{sha256}        how much of it is here
    PUT  /v1/communes/{code}/attachments/{sha256}/{no}   one piece, from 0; answered like the first
    GET  /v1/communes/{code}/attachments/{sha256}/{no}   one piece of a whole one

The words of both GETs stand in the header `Authorization`, base 64; a piece is signed with its words.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import Body, FastAPI, Header, Response

from app.central.keys import Keys
from app.central.logbook import Visit, visit
from app.central.office import sign_message
from app.domain.attachments import PIECE_BYTES
from app.domain.errors import Refusal
from app.store import deposits, roster
from app.store.centre import Centre
from app.sync import messages
from app.sync.attachments import Asked, Held
from app.sync.enrolment import CENTRE
from app.sync.messages import MEDIA, PROTOCOL, Verify

_NO_MAX = 2**31
_CARRIED_MAX = PIECE_BYTES + 1_024  # a piece with its words and signature; photos do not pack
Octets = Annotated[
    bytes,
    Body(
        media_type="application/octet-stream",
        json_schema_extra={"type": "string", "format": "binary", "contentMediaType": None},
    ),
]
Words = Annotated[str, Header()]


class Attachments:
    """What the service takes and gives of photos and papers."""

    def __init__(self, centre: Centre, keys: Keys, is_laptops: Verify) -> None:
        self._centre, self._keys, self._is_laptops = centre, keys, is_laptops

    def held(self, code: str, sha256: str, authorization: Words) -> Response:
        """How much of it is here."""
        with visit("attachment", len(authorization)) as noted:
            asked = self._read(code, sha256, messages.words_in(authorization), noted)
            with self._centre.read() as connection:
                deposits.cited(connection, code, asked.record, sha256)
                return self._answer(asked, deposits.held(connection, code, sha256))

    def put(self, code: str, sha256: str, no: int, carried: Octets) -> Response:
        """Take one piece."""
        with visit("piece_in", len(carried)) as noted:
            asked = self._read(code, sha256, carried, noted)
            if asked.no != no:
                raise Refusal("sync.message")
            noted.note(no=no)
            with self._centre.write() as connection:
                cited = deposits.cited(connection, code, asked.record, sha256)
                return self._answer(asked, deposits.take(connection, code, cited, no, asked.piece))

    def fetch(self, code: str, sha256: str, no: int, authorization: Words) -> Response:
        """Give one piece."""
        with visit("piece_out", len(authorization)) as noted:
            asked = self._read(code, sha256, messages.words_in(authorization), noted)
            noted.note(no=no)
            if not 0 <= no < _NO_MAX:
                raise Refusal("central.no_such_page")
            with self._centre.read() as connection:
                deposits.cited(connection, code, asked.record, sha256)
                found = deposits.piece(connection, code, sha256, no)
            noted.note(bytes_out=len(found))
            return Response(found, media_type=MEDIA)

    def _answer(self, asked: Asked, found: deposits.Held) -> Response:
        held = Held(PROTOCOL, asked.commune, asked.sha256, found.pieces, found.whole)
        return Response(messages.write(held, CENTRE, partial(sign_message, self._keys)), media_type=MEDIA)

    def _read(self, code: str, sha256: str, carried: bytes, noted: Visit) -> Asked:
        """What a laptop of this commune, in standing, says of this attachment."""
        sender, asked = messages.read(
            carried, Asked, self._is_laptops, carried_max=_CARRIED_MAX, unpacked_max=2 * PIECE_BYTES
        )
        commune, _, machine = sender.partition("/")
        if (commune, asked.commune, asked.sha256) != (code, code, sha256) or not asked.is_sound:
            raise Refusal("sync.message")
        noted.note(commune=code, device=machine)
        with self._centre.read() as connection:
            device = roster.find_device(connection, code, machine)
        if device is None or device.standing != roster.ACTIVE:
            raise Refusal("sync.unknown_device")
        return asked


def serve(app: FastAPI, offered: Attachments, answers: dict[int | str, dict[str, Any]]) -> None:
    """Add the pages; `answers`: how they answer, as OpenAPI says it."""
    page = "/v1/communes/{code}/attachments/{sha256}"
    app.get(page, response_class=Response, responses=answers)(offered.held)
    app.put(f"{page}/{{no}}", response_class=Response, responses=answers)(offered.put)
    app.get(f"{page}/{{no}}", response_class=Response, responses=answers)(offered.fetch)
