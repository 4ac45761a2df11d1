"""Lines between a laptop and its centre that cut, delay, double and spoil what goes over them.

`bytes_line` is a poor cable: what it spoils is TLS, and neither end may take anything from it.
`messages_line` holds the centre's certificate: whole messages are lost, doubled, spoilt, late or old.
"""

from __future__ import annotations

import http.client
import random
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

from tests.faults.listening import Asked, Line, in_tls, listening
from tests.faults.listening import http as written

_CHUNK = 4096
_FAR_INTO = 5_000  # bytes of a line within which its fault befalls it
_DELAYS = (0.02, 0.1)


@dataclass
class Fault:
    """What befalls one line of bytes, once, when so many have gone one way."""

    kind: str
    upwards: bool
    at: int
    gone: int = 0

    @classmethod
    def drawn(cls, chance: random.Random) -> Fault:
        """One by chance."""
        kind = chance.choice(("none", "cut", "cut", "spoil", "double", "delay"))
        return cls(kind, chance.random() < 0.5, chance.randrange(_FAR_INTO))

    def befall(self, data: bytes, upwards: bool) -> bytes | None:
        """What goes on of these bytes; None when the line breaks."""
        if upwards != self.upwards or self.kind == "none":
            return data
        before, self.gone = self.gone, self.gone + len(data)
        if not before <= self.at < self.gone:
            return data
        where, kind = self.at - before, self.kind
        self.kind = "none"
        match kind:
            case "cut":
                return None
            case "spoil":
                return data[:where] + bytes([data[where] ^ 0x10]) + data[where + 1 :]
            case "double":
                return data + data[where:]
        time.sleep(self.at % 100 / 500)
        return data


@contextmanager
def bytes_line(address: str, chance: random.Random) -> Iterator[str]:
    """A line of bytes to an address; its own address."""
    ended, where = Event(), urlsplit(address)

    def serve(server: socket.socket) -> None:
        while True:
            near = server.accept()[0]
            if ended.is_set():
                near.close()
                return
            with suppress(OSError), near, socket.create_connection((where.hostname, where.port)) as far:
                _carry(near, far, Fault.drawn(chance))

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=serve, args=(server,))
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.getsockname()[1]}"
        finally:
            ended.set()
            socket.create_connection(server.getsockname()).close()
            thread.join()


def _carry(near: socket.socket, far: socket.socket, fault: Fault) -> None:
    while True:
        for ready in select.select([near, far], [], [])[0]:
            data = ready.recv(_CHUNK)
            on = fault.befall(data, ready is near) if data else None
            if on is None:
                return
            (far if ready is near else near).sendall(on)


@dataclass
class Courier:
    """Carries whole messages, and does with each as chance will have it."""

    address: str
    chance: random.Random
    kept: list[Asked] = field(default_factory=list)  # to be delivered late
    old: list[bytes] = field(default_factory=list)  # answers of before
    befell: dict[str, int] = field(default_factory=dict)

    def answer(self, line: Line, asked: Asked) -> None:
        """One message; EOFError hangs up."""
        fates: list[Callable[[Asked], bytes | None]] = [
            self._well,
            self._well,
            self._lose_asked,
            self._lose_answer,
            self._late,
            self._twice,
            self._spoil_asked,
            self._spoil_answer,
            self._old,
            self._slowly,
        ]
        fate = self.chance.choice(fates)
        self.befell[fate.__name__] = self.befell.get(fate.__name__, 0) + 1
        said = fate(asked)
        if said is None:
            raise EOFError
        line.sendall(said)

    def _deliver(self, asked: Asked, body: bytes | None = None) -> bytes:
        where = urlsplit(self.address)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        far = http.client.HTTPSConnection(str(where.hostname), where.port, timeout=20, context=context)
        lines = asked.head.decode().split("\r\n")[1:]
        heads = dict(one.split(": ", 1) for one in lines if one.startswith("Authorization"))
        try:
            far.request(asked.method, asked.path, asked.body if body is None else body, heads)
            answer = far.getresponse()
            return written(answer.read(), f"{answer.status} {answer.reason}")
        finally:
            far.close()

    def _well(self, asked: Asked) -> bytes:
        while self.kept:
            self._deliver(self.kept.pop())  # the newest first
        said = self._deliver(asked)
        self.old.append(said)
        return said

    def _lose_asked(self, _asked: Asked) -> None:
        return None

    def _lose_answer(self, asked: Asked) -> None:
        self._deliver(asked)

    def _late(self, asked: Asked) -> None:
        self.kept.append(asked)

    def _twice(self, asked: Asked) -> bytes:
        answers = [self._deliver(asked), self._deliver(asked)]
        return self.chance.choice(answers)

    def _spoil_asked(self, asked: Asked) -> bytes:
        return self._deliver(asked, self._spoilt(asked.body)) if asked.body else self._deliver(asked)

    def _spoil_answer(self, asked: Asked) -> bytes:
        head, _, body = self._deliver(asked).partition(b"\r\n\r\n")
        return head + b"\r\n\r\n" + (self._spoilt(body) if body else body)

    def _spoilt(self, body: bytes) -> bytes:
        at = self.chance.randrange(len(body))
        return body[:at] + bytes([body[at] ^ 1 << self.chance.randrange(8)]) + body[at + 1 :]

    def _old(self, asked: Asked) -> bytes:
        return self.chance.choice(self.old) if self.old else self._well(asked)

    def _slowly(self, asked: Asked) -> bytes:
        time.sleep(self.chance.uniform(*_DELAYS))
        return self._well(asked)


@contextmanager
def messages_line(keys: Path, courier: Courier) -> Iterator[str]:
    """A line on which a courier carries messages, under the centre's certificate; its own address."""
    greet = in_tls(str(keys / "tls.pem"), str(keys / "tls.key"))
    with listening(courier.answer, greet) as found:
        yield found.address
