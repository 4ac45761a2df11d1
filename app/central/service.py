"""The HTTP face: authenticate, decode, call the register, encode.

    GET  /v1/health        whether the database answers
    GET  /v1/centre        who this centre is, by its root's signature; public
    POST /v1/enrol         a laptop with a one-time code: `sync.enrolment`
    POST /v1/sync          one exchange: `sync.messages`, the same bytes a stick would carry
    GET  /v1/metrics       numbers for Prometheus, to this machine alone
    GET  /v1/openapi.json  this face as OpenAPI
    GET  /v1/communes/{code}/snapshot   first fill, block by block: `snapshots.py`
    PUT  /v1/communes/{code}/attachments/{sha256}/{no}   photos and papers, piece by piece: `attachments.py`
    GET  /v1/events        a line that says when the commune has moved: `events.py`

An error is answered with its HTTP status and `{"code": …, "facts": {…}}`; the sentence is the laptop's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Annotated, Any

from fastapi import Body, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from app.central import attachments, events, metrics, snapshots
from app.central.attachments import Attachments
from app.central.enrolling import enrol
from app.central.events import Events
from app.central.gate import REVOKED_BYTES_MAX, Gate
from app.central.keys import Keys
from app.central.logbook import turned_away, visit
from app.central.moving import forward
from app.central.office import register_office, sign_message
from app.central.programmes import Programmes
from app.central.snapshots import Snapshots
from app.domain.errors import Coded, Refusal, Trouble
from app.domain.ids import machine_of
from app.seal.keys import MESSAGE, public_key, verify
from app.store import bell, roster
from app.store.centre import Centre
from app.sync import messages, register
from app.sync.enrolment import CENTRE, read_application
from app.sync.events import MEDIA as EVENTS
from app.sync.messages import BODY_BYTES_MAX, MEDIA, PROTOCOL, SyncRequest

Octets = Annotated[
    bytes,
    Body(
        media_type="application/octet-stream",
        json_schema_extra={"type": "string", "format": "binary", "contentMediaType": None},
    ),
]
_OCTETS: dict[str, object] = {"type": "string", "format": "binary"}
_NUMBER_MAX = 2**31
_LOOK_AGAIN_MS = 3600 * 1000
_THIS_MACHINE = ("127.0.0.1", "::1")
_STATE: dict[str, object] = {
    "type": "object",
    "properties": {"state": {"const": "ok"}},
    "required": ["state"],
}
_CERTIFICATES: dict[str, object] = {
    "type": "object",
    "properties": {"certificates": {"type": "array", "items": {"type": "string", "format": "byte"}}},
    "required": ["certificates"],
}
_FAULT: dict[str, object] = {
    "type": "object",
    "properties": {
        "code": {"type": "string"},
        "facts": {
            "type": "object",
            "additionalProperties": {"type": ["string", "integer", "number", "boolean", "null"]},
        },
    },
    "required": ["code", "facts"],
    "additionalProperties": False,
}
_STATUS = {
    "sync.signature": 401,
    "sync.unknown_device": 401,
    "central.unknown_commune": 404,
    "central.no_such_page": 404,
    "central.preparing": 409,
    "attachment.not_cited": 409,
    "sync.cursor_ahead": 409,
    "sync.length_required": 411,
    "sync.too_large": 413,
    "attachment.too_large": 413,
    "attachment.quota": 413,
}


class Service:
    """One centre served: its book, its keys, its clock."""

    def __init__(self, centre: Centre, keys: Keys, now_ms: Callable[[], int]) -> None:
        self.centre = centre
        self.keys = keys
        self.now_ms = now_ms
        self._programmes = Programmes(keys)
        self.snapshots = Snapshots(centre, keys, self._is_laptops, now_ms)
        self.events = Events(centre, self._is_laptops, lambda: keys.centre.renewals)
        self._handed_on = dict[str, int]()  # by commune, when this process last handed on all that it could

    def health(self) -> Response:
        """Whether the database answers."""
        with self.centre.read() as connection:
            roster.is_reachable(connection)
        return JSONResponse({"state": "ok"})

    def numbers(self, request: Request) -> Response:
        """What was counted; nobody beyond this machine is told."""
        if request.client is None or request.client.host not in _THIS_MACHINE:
            raise Refusal("central.no_such_page")
        return Response(metrics.written(), media_type=metrics.MEDIA)

    def statement(self) -> Response:
        """Who this centre is."""
        return Response(self.keys.statement, media_type="application/json")

    def enrol(self, carried: Octets) -> Response:
        """Take a laptop in."""
        with visit("enrol", len(carried)) as noted:
            key, asked = read_application(carried)
            welcome = enrol(self.centre, self.keys, key, asked, self.now_ms())
            noted.note(commune=asked.commune, device=asked.device, officers=len(asked.officers))
            self.snapshots.prepare(asked.commune)
            return self._answer(messages.write(welcome, CENTRE, partial(sign_message, self.keys)))

    def sync(self, carried: Octets) -> Response:
        """One exchange with a laptop that its own signature names."""
        with visit("sync", len(carried)) as noted:
            sender, request = messages.read(carried, SyncRequest, self._is_laptops)
            if (
                sender != f"{request.commune}/{machine_of(request.device)}"
                or not 0 <= request.number < _NUMBER_MAX
            ):
                raise Refusal("sync.message")
            noted.note(commune=request.commune, device=request.device, sets=len(request.sets))
            with self.centre.write() as connection:
                office = register_office(self.keys, self.now_ms(), self._programmes.in_force(connection))
                response = register.exchange(connection, request, office)
            noted.note(entries=len(response.entries), cursor=response.cursor)
            with suppress(Trouble):  # what was taken is on disk; whoever does not hear of it asks later
                if request.sets:
                    bell.ring(self.centre, request.commune)
                self._hand_on(request.commune, is_new=bool(request.sets))
            return self._answer(messages.write(response, CENTRE, partial(sign_message, self.keys)))

    def _hand_on(self, code: str, *, is_new: bool) -> None:
        """Who moves away: when sets came; where that failed or was cut off, at the next call of any kind.

        What another process left undone, or what waited for a commune to be opened, within the hour.
        """
        now = self.now_ms()
        if not is_new and now < self._handed_on.get(code, -_LOOK_AGAIN_MS) + _LOOK_AGAIN_MS:
            return
        self._handed_on.pop(code, None)
        for peer in {one.gone.peer for one in forward(self.centre, self.keys, code)}:
            bell.ring(self.centre, peer)
        self._handed_on[code] = now

    def _is_laptops(self, sender: str, payload: bytes, signature: bytes) -> bool:
        device = self._device(sender)
        if device is None:
            raise Refusal("sync.unknown_device")
        return verify(public_key(device.key), MESSAGE, payload, signature)

    def is_known(self, sender: str) -> bool:
        """Whether a laptop is called so."""
        return self._device(sender) is not None

    def announced(self, words: str) -> int:
        """How long a body may be that a laptop of ours announces in these words (base 64)."""
        carried = messages.words_in(words)
        if not carried:
            raise Refusal("sync.unknown_device")
        found = messages.read_announced(carried, self._is_laptops)
        device = self._device(found.sender)
        is_active = device is not None and device.standing == roster.ACTIVE
        return min(found.length, BODY_BYTES_MAX if is_active else REVOKED_BYTES_MAX)

    def _device(self, sender: str) -> roster.Device | None:
        code, _, name = sender.partition("/")
        with self.centre.read() as connection:
            return roster.find_device(connection, code, name)

    def _answer(self, carried: bytes) -> Response:
        return Response(carried, media_type=MEDIA)


def application(service: Service) -> FastAPI:
    """The service as an ASGI application."""
    app = FastAPI(
        title="The central register of social protection",
        version=str(PROTOCOL),
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.get("/v1/health", response_class=Response, responses=_answers("application/json", _STATE))(
        service.health
    )
    app.get("/v1/centre", response_class=Response, responses=_answers("application/json", _CERTIFICATES))(
        service.statement
    )
    app.get("/v1/metrics", response_class=Response, responses=_answers("text/plain", {"type": "string"}))(
        service.numbers
    )
    app.post("/v1/enrol", response_class=Response, responses=_answers())(service.enrol)
    app.post("/v1/sync", response_class=Response, responses=_answers())(service.sync)
    snapshots.serve(app, service.snapshots, _answers())
    attachments.serve(app, Attachments(service.centre, service.keys, service._is_laptops), _answers())
    events.serve(app, service.events, _answers(EVENTS, {"type": "string"}))
    app.add_exception_handler(Coded, _answer_coded)
    app.add_exception_handler(RequestValidationError, _answer_malformed)
    app.add_exception_handler(HTTPException, _answer_no_page)
    app.add_exception_handler(Exception, _answer_bug)
    app.add_middleware(Gate, is_known=service.is_known, announced=service.announced, answer=_explained)
    return app


def _answers(media: str = MEDIA, schema: dict[str, object] | None = None) -> dict[int | str, dict[str, Any]]:
    """How an endpoint answers, as OpenAPI says it: well, or with a code."""
    fault = {"content": {"application/json": {"schema": _FAULT}}}
    return {
        200: {"description": "Done", "content": {media: {"schema": schema or _OCTETS}}},
        "4XX": {"description": "Refused: by a rule, or not understood", **fault},
        "503": {"description": "Trouble: worth trying again", **fault},
    }


def _explained(error: Coded) -> JSONResponse:
    status = 503 if isinstance(error, Trouble) else _STATUS.get(error.code, 400)
    later = {"Retry-After": "60"} if error.code == "central.too_many" else None
    return JSONResponse({"code": error.code, "facts": error.facts}, status, later)


def _answer_coded(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Coded)
    return _explained(error)


def _answer_malformed(_request: Request, _error: Exception) -> Response:
    turned_away("request", "sync.message")
    return _explained(Refusal("sync.message"))


def _answer_no_page(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = _explained(Refusal("central.no_such_page"))
    said.status_code = error.status_code
    said.headers.update(error.headers or {})
    return said


def _answer_bug(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"code": "bug", "facts": {}}, 500)
