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


@dataclass(frozen=True)
class Asking:
    """One HTTP request, whole."""

    raw: bytes


class Line:
    """A connection to the centre, kept open; opened anew when it was closed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._opened: ssl.SSLSocket | None = None
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE

    def ask(self, asking: Asking) -> tuple[int, bytes]:
        """Status and body of the answer."""
        if self._opened is None:
            plain = socket.create_connection(("127.0.0.1", self._port), _SECONDS)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._opened = self._context.wrap_socket(plain)
        self._opened.sendall(asking.raw)
        heard = bytearray()
        while (end := heard.find(_END)) < 0:
            heard += self._more()
        head = bytes(heard[:end]).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].split("\r\n")[0])
        while len(heard) < end + len(_END) + length:
            heard += self._more()
        return int(head.split(" ", 2)[1]), bytes(heard[end + len(_END) :])

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
                    _note(answers, *line.ask(asking))
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


def _note(answers: Answers, status: int, body: bytes) -> None:
    if status != 200:
        answers.errors.append(f"{status} {body[:80]!r}")


@dataclass(order=True)
class Due:
    """A call that is to be made at a moment; `again` says after an answer when the next one is due."""

    at: float
    laptop: int = field(compare=False)
    failures: int = field(compare=False, default=0)


def at_their_time(
    port: int,
    calls: Sequence[Due],
    say: Callable[[Due], Asking],
    after: Callable[[Due, bool], Due | None],
    hands: int,
) -> Answers:
    """Each call on a new line when it is due, by so many hands; one that waits for a hand is late already."""
    answers, waiting, lock = Answers(), list(calls), threading.Lock()
    heapq.heapify(waiting)
    start = time.perf_counter()

    def work() -> None:
        line = Line(port)
        while True:
            with lock:
                due = heapq.heappop(waiting) if waiting else None
            if due is None:
                return
            time.sleep(max(0.0, start + due.at - time.perf_counter()))
            went_well = _call(answers, line, say(due))
            answers.seconds.append(time.perf_counter() - start - due.at)
            following = after(due, went_well)
            if following is not None:
                with lock:
                    heapq.heappush(waiting, following)

    threads = [threading.Thread(target=work) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.wall = time.perf_counter() - start
    return answers


def _call(answers: Answers, line: Line, asking: Asking) -> bool:
    before = len(answers.errors)
    try:
        _note(answers, *line.ask(asking))
    except OSError as error:
        answers.errors.append(repr(error))
    line.hang_up()
    return len(answers.errors) == before
