"""The gate before the service: who is turned away before a body is read.

A body that hides its length or is longer than its sender may send; a long one that no laptop of ours
has announced in signed words, with its length and hash. An address from which strangers keep knocking is
told to wait; laptops that are known get in from there all the same, for a district may be behind one. Of
a short body the name in its first bytes has to do: it is no proof, but the signature comes with it. A body
that dawdles is given up, so that nobody holds the places of all by sending slowly. What a browser posts to
the operator's pages is bounded likewise: fields are short; a file is awaited on its own page, few at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.central.filled import UPLOAD_BYTES_MAX, UPLOADS
from app.central.logbook import turned_away
from app.domain.errors import Coded, Refusal, Trouble
from app.sync import messages
from app.sync.messages import BODY_BYTES_MAX, PAGE_BYTES, STRANGER_BYTES_MAX

STRANGERS_A_MINUTE = 60  # of one address
VISITS_AT_ONCE = 500  # beyond it a laptop is told to come again
UPLOADS_AT_ONCE = 4  # nobody has signed for them yet when they are read
REVOKED_BYTES_MAX = 2 * PAGE_BYTES  # it hands in what waits, a page at a time, and no more
LAPTOP_SECONDS = 60.0  # in which a body has come that a laptop has announced
STRANGER_SECONDS = 10.0  # and any other: a short one over a village's worst line
_ADDRESSES_MAX = 10_000
_MINUTE_SECONDS = 60.0

IsKnown = Callable[[str], bool]  # whether a sender's name is a laptop's
Announced = Callable[[str], int]  # of signed words: how long a body may be


class Gate:
    """Turns away, or lets in. `is_known` asks the roster; `answer` says an error over HTTP."""

    def __init__(
        self, inner: ASGIApp, is_known: IsKnown, announced: Announced, answer: Callable[[Coded], Response]
    ) -> None:
        self._inner, self._is_known, self._announced, self._answer = inner, is_known, announced, answer
        self._strangers = Strangers()
        self._visits = self._uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The inner application, or the refusal."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        if not scope["path"].startswith("/v1/"):
            await self._let_in_browser(scope, receive, send)
            return
        address = _address(scope)

        async def heed(message: Message) -> None:
            if message.get("status") == HTTPStatus.UNAUTHORIZED:
                self._strangers.note(address)
            await send(message)

        if scope["method"] not in ("POST", "PUT"):
            await self._inner(scope, receive, heed)
        elif self._visits >= VISITS_AT_ONCE:
            await self._turn_away(Trouble("central.busy"))(scope, receive, send)
        else:
            self._visits += 1
            try:
                await self._let_in(scope, receive, heed)
            finally:
                self._visits -= 1

    def _turn_away(self, error: Coded) -> Response:
        turned_away("gate", error.code)
        return self._answer(error)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = Headers(scope=scope).get("content-length", "")
        if not length.isdecimal():
            await self._turn_away(Refusal("sync.length_required"))(scope, receive, send)
        elif int(length) > BODY_BYTES_MAX:
            too_large = Refusal("sync.too_large", bytes_max=BODY_BYTES_MAX)
            await self._turn_away(too_large)(scope, receive, send)
        elif int(length) > STRANGER_BYTES_MAX:
            await self._let_in_by_signature(scope, receive, send, int(length))
        elif self._strangers.is_barred(_address(scope)):
            await self._let_in_by_name(scope, receive, send)
        else:
            await self._let_in_whole(scope, receive, send, STRANGER_SECONDS)

    async def _let_in_browser(self, scope: Scope, receive: Receive, send: Send) -> None:
        """At the pages, which say themselves what is too long by a little."""
        length = Headers(scope=scope).get("content-length", "")
        takes_file = scope["path"] in UPLOADS
        bytes_max = UPLOAD_BYTES_MAX if takes_file else STRANGER_BYTES_MAX
        if scope["method"] in ("GET", "HEAD"):
            await self._inner(scope, receive, send)
        elif not length.isdecimal():
            await self._turn_away(Refusal("sync.length_required"))(scope, receive, send)
        elif int(length) > bytes_max:
            await self._turn_away(Refusal("sync.too_large", bytes_max=bytes_max))(scope, receive, send)
        elif not takes_file:
            await self._let_in_whole(scope, receive, send, STRANGER_SECONDS)
        elif self._uploads >= UPLOADS_AT_ONCE:
            await self._turn_away(Trouble("central.busy"))(scope, receive, send)
        else:
            self._uploads += 1
            try:
                await self._let_in_whole(scope, receive, send, LAPTOP_SECONDS)
            finally:
                self._uploads -= 1

    async def _let_in_by_signature(self, scope: Scope, receive: Receive, send: Send, length: int) -> None:
        """A body of which nothing is read before a laptop's key has said how long it is."""
        words = Headers(scope=scope).get("authorization", "")
        try:
            bytes_max = await run_in_threadpool(self._announced, words)
            if length > bytes_max:
                raise Refusal("sync.too_large", bytes_max=bytes_max)
        except Coded as error:
            await self._turn_away(error)(scope, receive, send)
            return
        await self._let_in_whole(scope, receive, send, LAPTOP_SECONDS)

    async def _let_in_by_name(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A body that nobody reads before its sender's name is known here."""
        begun: list[Message] = []
        try:
            async with asyncio.timeout(STRANGER_SECONDS):
                await _gather(receive, begun, messages.FRONT_BYTES)
        except TimeoutError:
            await self._give_up(scope, receive, send)
            return
        sender = messages.sender_in(b"".join(part.get("body", b"") for part in begun))
        try:
            is_known = await run_in_threadpool(self._is_known, sender)
        except Coded as error:
            await self._turn_away(error)(scope, receive, send)
            return
        if not is_known:
            await self._turn_away(Trouble("central.too_many"))(scope, receive, send)
        else:
            await self._let_in_whole(scope, _again(begun, receive), send, STRANGER_SECONDS)

    async def _let_in_whole(self, scope: Scope, receive: Receive, send: Send, seconds: float) -> None:
        """A body once all of it has come, in time: the service would read it whole too."""
        come: list[Message] = []
        try:
            async with asyncio.timeout(seconds):
                await _gather(receive, come, BODY_BYTES_MAX)
        except TimeoutError:
            await self._give_up(scope, receive, send)
            return
        await self._inner(scope, _again(come, receive), send)

    async def _give_up(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The rest of it is waited for by nobody: the line is closed."""
        answer = self._turn_away(Trouble("central.busy"))
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)


async def _gather(receive: Receive, come: list[Message], bytes_max: int) -> None:
    """What comes of a body, until it is whole, its sender is gone, or so many bytes are here."""
    size, goes_on = 0, True
    while goes_on and size < bytes_max:
        come.append(await receive())
        size, goes_on = size + len(come[-1].get("body", b"")), bool(come[-1].get("more_body"))


def _again(come: list[Message], receive: Receive) -> Receive:
    """What has come already, then the rest."""

    async def again() -> Message:
        return come.pop(0) if come else await receive()

    return again


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope["client"] else ""


class Strangers:
    """How often each address was refused as nobody's, within the minute; in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = clock()
        self._counts: dict[str, int] = {}

    def note(self, address: str) -> None:
        """One more; beyond so many addresses, whoever comes new is not counted until the minute is over."""
        self._turn()
        if address in self._counts or len(self._counts) < _ADDRESSES_MAX:
            self._counts[address] = self._counts.get(address, 0) + 1

    def is_barred(self, address: str) -> bool:
        """Whether too many came from there in this minute."""
        self._turn()
        return self._counts.get(address, 0) >= STRANGERS_A_MINUTE

    def _turn(self) -> None:
        now = self._clock()
        if now - self._since >= _MINUTE_SECONDS:
            self._since = now
            self._counts.clear()
