"""Events over HTTP: a line that stays open and says when the asker's commune has moved.

    GET  /v1/events    server-sent events, asked for in signed words as in `snapshots.py`

The one place for async: 3,321 laptops listen all day and nearly always hear nothing, and a thread each
would be all the threads there are. Everything that asks the database stays a plain function in the pool.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Annotated, Any

import psycopg
from fastapi import FastAPI, Header
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from app.central.logbook import visit
from app.domain.errors import Coded, Refusal, Trouble
from app.domain.ids import machine_of
from app.store import bell, roster
from app.store.bell import Moved
from app.store.centre import Centre
from app.sync import events, messages
from app.sync.events import HEARTBEAT, HEARTBEAT_SECONDS, NOWHERE, ListenRequest, Told
from app.sync.messages import STRANGER_BYTES_MAX, Verify

_LOOK_SECONDS = 0.4  # between looks at a training centre's file
_AGAIN_SECONDS = 5.0  # before the line to the database is opened once more


class _Ear:
    """One laptop that listens: the newest it may be told, and what wakes it."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self.told = NOWHERE
        self.is_closed = False

    def hear(self, seq: int, policy: int) -> None:
        """Wake it when something moved; word that comes late takes nothing back."""
        newest = Told(max(seq, self.told.seq), max(policy, self.told.policy))
        if newest != self.told:
            self.told = newest
            self.rung.set()

    def close(self) -> None:
        """End its line."""
        self.is_closed = True
        self.rung.set()


class Events:
    """Who listens at this process, and the one line over which it hears of the others' commits."""

    def __init__(self, centre: Centre, is_laptops: Verify, renewals: Callable[[], int]) -> None:
        self._centre, self._is_laptops, self._renewals = centre, is_laptops, renewals
        self._ears: dict[str, dict[str, _Ear]] = {}  # by commune, by laptop
        self._hearing: asyncio.Task[None] | None = None

    def listen(self, authorization: Annotated[str, Header()]) -> StreamingResponse:
        """A line for a laptop in standing."""
        with visit("events", len(authorization)) as noted:
            asked = self._read(authorization)
            noted.note(commune=asked.commune, device=asked.device)
        line = self._line(asked.commune, asked.device)
        return StreamingResponse(line, media_type=events.MEDIA, headers={"Cache-Control": "no-store"})

    def close(self) -> None:
        """End every line: the service stops. In the event loop, as all that follows."""
        for ear in [ear for ears in self._ears.values() for ear in ears.values()]:
            ear.close()

    def _read(self, authorization: str) -> ListenRequest:
        carried = messages.words_in(authorization)
        bounds = {"carried_max": STRANGER_BYTES_MAX, "unpacked_max": STRANGER_BYTES_MAX}
        sender, asked = messages.read(carried, ListenRequest, self._is_laptops, **bounds)
        machine = machine_of(asked.device)
        if sender != f"{asked.commune}/{machine}":
            raise Refusal("sync.message")
        with self._centre.read() as connection:
            device = roster.find_device(connection, asked.commune, machine)
        if device is None or device.standing != roster.ACTIVE:
            raise Refusal("sync.unknown_device")
        return asked

    async def _line(self, code: str, device: str) -> AsyncIterator[bytes]:
        ear = self._begin(code, device)
        try:
            # Asked for once it listens: nothing can move between the one and the other.
            with suppress(Coded):
                for moved in await run_in_threadpool(bell.look, self._centre, [code]):
                    ear.hear(moved.seq, moved.policy + self._renewals())
            while not ear.is_closed:
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        await ear.rung.wait()
                except TimeoutError:
                    yield HEARTBEAT
                    continue
                ear.rung.clear()
                if not ear.is_closed:
                    yield events.written(ear.told)
        finally:
            self._end(code, device, ear)

    def _begin(self, code: str, device: str) -> _Ear:
        ears = self._ears.setdefault(code, {})
        former = ears.get(device)
        if former is not None:  # its line broke, and nobody has noticed yet
            former.close()
        ears[device] = ear = _Ear()
        if self._hearing is None:
            self._hearing = asyncio.get_running_loop().create_task(self._hear())
        return ear

    def _end(self, code: str, device: str, ear: _Ear) -> None:
        ears = self._ears.get(code, {})
        if ears.get(device) is ear:
            del ears[device]
        if not ears:
            self._ears.pop(code, None)
        if not self._ears and self._hearing is not None:
            self._hearing.cancel()
            self._hearing = None

    async def _hear(self) -> None:
        """Hear what any process says, for as long as anybody listens here."""
        if self._centre.is_training:
            await self._look()
        while True:
            with suppress(psycopg.Error, OSError):
                async for moved in bell.heard(self._centre):
                    self._pass_on(moved)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            with suppress(Trouble):
                for moved in await run_in_threadpool(bell.look, self._centre, list(self._ears)):
                    self._pass_on(moved)

    def _pass_on(self, moved: Moved) -> None:
        for ear in self._ears.get(moved.commune, {}).values():
            ear.hear(moved.seq, moved.policy + self._renewals())


def serve(app: FastAPI, offered: Events, answers: dict[int | str, dict[str, Any]]) -> None:
    """Add the page; `answers`: how it answers, as OpenAPI says it."""
    app.get("/v1/events", response_class=StreamingResponse, responses=answers)(offered.listen)
