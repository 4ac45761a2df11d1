"""Starts and stops the service: uvicorn with TLS 1.3 alone, on a given or a free port."""

from __future__ import annotations

import gc
import signal
import socket
import ssl
import time
from asyncio.sslproto import SSLProtocol
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import uvicorn

from app.central import logbook
from app.central.keys import TLS_CERTIFICATE, TLS_KEY, Keys
from app.central.office import is_training
from app.central.pages import add_pages
from app.central.service import Service, application
from app.domain.errors import Refusal, Trouble
from app.store import roster
from app.store.centre import Centre

KEEP_ALIVE_SECONDS = 75  # laptops on slow links pay for a handshake once a sync, not once a page
STOP_SECONDS = 15
_LINE_BYTES = 32 << 10
_LINES_AT_ONCE = 6_000  # a country's laptops, each with one line to listen on and one to speak


@dataclass(frozen=True)
class Listen:
    """Where to listen; port 0 takes a free one. `shared`: other services of this machine listen there too."""

    host: str
    port: int
    shared: bool = False

    @classmethod
    def read(cls, text: str, *, shared: bool = False) -> Listen:
        """`host:port`, an IPv6 host in brackets. Refusal("central.listen") for anything else."""
        host, _, port = text.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65_535:
            raise Refusal("central.listen")
        return cls(host.removeprefix("[").removesuffix("]"), int(port), shared)


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def serve(centre: Centre, keys: Keys, listen: Listen, ready: Callable[[int], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way; `ready` is told the port.

    Refusal("central.other_kind") when the book holds a commune that this kind of centre may not.
    """
    _check_communes(centre)
    logbook.write_to_standard_error()
    with opened_at(listen) as opened:
        _allow_lines()
        gc.freeze()  # what was imported is never garbage, and need not be walked for each page of sets
        ready(opened.getsockname()[1])
        service = Service(centre, keys, now_ms)
        _run(_Server(_config(service, keys), service), opened)


class _Server(uvicorn.Server):
    """uvicorn, which waits for answers under way; lines that laptops listen on or keep would never end."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def shutdown(self, sockets: list[socket.socket] | None = None) -> Coroutine[object, object, None]:
        """As uvicorn calls it, once it was told to stop."""
        self._service.events.close()
        for line in self.server_state.connections:
            if _is_idle(line):  # whoever keeps it says no goodbye: TLS would wait for one
                line.transport.abort()
        return super().shutdown(sockets)


def _is_idle(line: Any) -> bool:
    """Whether nothing was asked on it that is not answered to the last byte."""
    is_answered = line.cycle is None or line.cycle.response_complete
    return bool(is_answered and not line.transport.get_write_buffer_size())


def _allow_lines() -> None:
    """As many open files as this machine lets us have: each line is one, and holds as little as it can."""
    SSLProtocol.max_size = _LINE_BYTES  # asyncio keeps 256 kB a line for what comes in: a country's is 1 GB
    with suppress(ImportError):  # Windows counts otherwise
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _run(server: uvicorn.Server, opened: socket.socket) -> None:
    """uvicorn, when it has stopped, raises the signal that stopped it again: that is no failure here."""

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        server.run(sockets=[opened])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _config(service: Service, keys: Keys) -> uvicorn.Config:
    served = application(service)
    add_pages(served, service)
    return uvicorn.Config(
        served,
        ssl_certfile=keys.folder / TLS_CERTIFICATE,
        ssl_keyfile=keys.folder / TLS_KEY,
        ssl_context_factory=_tls_13,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        limit_concurrency=_LINES_AT_ONCE,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def _tls_13(_config: uvicorn.Config, usual: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = usual()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.num_tickets = 0  # no laptop resumes: half a kilobyte that a poor line need not carry
    return context


def opened_at(listen: Listen) -> socket.socket:
    """The door itself: it listens there, and what is written to a line that comes in goes out at once."""
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    try:
        opened = socket.create_server(
            (listen.host, listen.port), family=family, backlog=512, reuse_port=listen.shared
        )
    except OSError as error:
        raise Trouble("central.port", port=listen.port) from error
    # Each line inherits it. asyncio sets it on sockets whose protocol is named, as this one's is not: without
    # it an answer's body waits until its head is acknowledged, a turn of a slow line or 40 ms of a fast one.
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _check_communes(centre: Centre) -> None:
    with centre.read() as connection:
        held = roster.communes(connection)
    if any(is_training(found.code) != centre.is_training for found in held):
        raise Refusal("central.other_kind")
