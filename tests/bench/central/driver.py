"""Says what was composed, over lines of TLS, and keeps how long each answer took; it reads none of them."""

from __future__ import annotations

import heapq
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_SECONDS = 60
_END = b"\r\n\r\n"


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


_CONTEXT = _context()


def _status(head: str) -> int:
    return int(head.split(" ", 2)[1])


@dataclass(frozen=True)
class Asking:
    """One HTTP request, whole."""

    raw: bytes


class Line:
    """A connection to the centre, kept open; opened anew when it was closed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._opened: ssl.SSLSocket | None = None

    def ask(self, asking: Asking) -> tuple[int, bytes]:
        """Status and body of the answer."""
        head, heard = self._begin(asking)
        length = int(head.partition("content-length:")[2].split("\r\n")[0])
        while len(heard) < length:
            heard += self._more()
        return _status(head), bytes(heard)

    def listen(self, asking: Asking) -> tuple[int, bytes]:
        """Status of an answer that has no end, and what came of it so far."""
        head, heard = self._begin(asking)
        return _status(head), bytes(heard)

    def _begin(self, asking: Asking) -> tuple[str, bytearray]:
        if self._opened is None:
            plain = socket.create_connection(("127.0.0.1", self._port), _SECONDS)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._opened = _CONTEXT.wrap_socket(plain)
        self._opened.sendall(asking.raw)
        heard = bytearray()
        while (end := heard.find(_END)) < 0:
            heard += self._more()
        return bytes(heard[:end]).decode("latin-1").lower(), heard[end + len(_END) :]

    def _more(self) -> bytes:
        assert self._opened is not None
        if not (more := self._opened.recv(1 << 18)):
            raise ConnectionResetError
        return more

    def hang_up(self) -> None:
        """The next word goes over a new line."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


@dataclass
class Answers:
    """Seconds that each visit took, and those that went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wall: float = 0.0

    def hear(self, status: int, body: bytes) -> None:
        """Keep an answer that is none."""
        if status != 200:
            self.errors.append(f"{status} {body[:80]!r}")

    def percentile(self, share: float) -> float:
        """Seconds within which so many of a hundred visits were answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))] if ordered else float("nan")


Visit = Sequence[Asking]  # what one laptop says, one after the other


def drive(port: int, crews: Sequence[Sequence[Visit]], *, new_lines: bool = False) -> Answers:
    """Each crew makes its visits one after the other, all crews at once; each over one line or a new one."""
    answers = Answers()

    def work(visits: Sequence[Visit]) -> None:
        line = Line(port)
        for visit in visits:
            start = time.perf_counter()
            try:
                for asking in visit:
                    answers.hear(*line.ask(asking))
            except OSError as error:
                answers.errors.append(repr(error))
                line.hang_up()
            if new_lines:
                line.hang_up()
            answers.seconds.append(time.perf_counter() - start)
        line.hang_up()

    start = time.perf_counter()
    threads = [threading.Thread(target=work, args=(visits,)) for visits in crews]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.wall = time.perf_counter() - start
    return answers


@dataclass(order=True)
class Due:
    """A call that is to be made at a moment, in seconds from the beginning."""

    at: float
    laptop: int = field(compare=False)
    failures: int = field(compare=False, default=0)


def at_their_time(calls: Sequence[Due], make: Callable[[Due, float], Due | None], hands: int) -> float:
    """Each call made when it is due, by so many hands, and the one that follows from it; seconds of it all.

    `make` is told when the call was due, on the clock of `time.perf_counter`: one that waits for a hand is
    late already.
    """
    waiting, lock = list(calls), threading.Lock()
    heapq.heapify(waiting)
    start = time.perf_counter()

    def work() -> None:
        while True:
            with lock:
                due = heapq.heappop(waiting) if waiting else None
            if due is None:
                return
            time.sleep(max(0.0, start + due.at - time.perf_counter()))
            following = make(due, start + due.at)
            if following is not None:
                with lock:
                    heapq.heappush(waiting, following)

    threads = [threading.Thread(target=work) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start
