"""A server on the loopback, down to the byte: it keeps what it heard, and says what it likes.

Requests are read by hand, for no server library would say what the hostile ones have to say.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

Line = socket.socket


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    head: bytes
    body: bytes


Answer = Callable[[Line, Asked], None]
Greeting = Callable[[Line], Line]  # from a fresh connection to a line on which requests come


@dataclass
class Listener:
    """One server, and all that reached it once its lines stood."""

    address: str
    heard: bytearray = field(default_factory=bytearray)
    asked: list[Asked] = field(default_factory=list)
    ended: Event = field(default_factory=Event)


@contextmanager
def listening(answer: Answer, greet: Greeting | None = None, scheme: str = "https") -> Iterator[Listener]:
    """Serve one line after the other until the block ends; `greet` is where TLS begins."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Listener(f"{scheme}://127.0.0.1:{server.getsockname()[1]}")
        thread = Thread(target=_serve, args=(server, found, answer, greet))
        thread.start()
        try:
            yield found
        finally:
            found.ended.set()
            with suppress(OSError), socket.create_connection(server.getsockname(), 1):
                pass
            thread.join()


def _serve(server: socket.socket, found: Listener, answer: Answer, greet: Greeting | None) -> None:
    while not found.ended.is_set():
        plain = server.accept()[0]
        plain.settimeout(5)
        with suppress(OSError, EOFError), plain, greet(plain) if greet else plain as line:
            while not found.ended.is_set():
                asked = _read(line, found)
                found.asked.append(asked)
                answer(line, asked)


def _read(line: Line, found: Listener) -> Asked:
    """The next request; EOFError when the line ended."""
    heard = bytearray()
    while (at := heard.find(b"\r\n\r\n")) < 0:
        heard += _more(line, found)
    head, length = bytes(heard[:at]), 0
    for one in head.split(b"\r\n")[1:]:
        name, _, value = one.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(heard) < at + 4 + length:
        heard += _more(line, found)
    method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
    return Asked(method, path, head, bytes(heard[at + 4 : at + 4 + length]))


def _more(line: Line, found: Listener) -> bytes:
    came = line.recv(1 << 16)
    if not came:
        raise EOFError
    found.heard += came
    return came


def in_tls(certificate: str, key: str, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> Greeting:
    """TLS under a certificate, up to a version."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.minimum_version = min(newest, ssl.TLSVersion.TLSv1_2)
    context.maximum_version = newest
    return lambda plain: context.wrap_socket(plain, server_side=True)


def http(body: bytes, status: str = "200 OK", *head: str, length: int | None = None) -> bytes:
    """An answer as bytes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *head]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
