"""Carrier: the message bytes over HTTPS to a centre whose certificate was pinned.

No certificate authority, no redirect, no proxy from the surroundings, TLS 1.3 alone: whoever does
not hold the key behind a pin learns nothing, not even who asks (design/security.md, On the wire).
"""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import SKIP_HEADER

from app import words
from app.domain.errors import Coded, Fact, Refusal, Trouble
from app.domain.progress import Progress
from app.seal.certificates import Trust
from app.seal.enrolment import EnrolmentCode
from app.sync import blocks, bounds, enrolment, events, messages
from app.sync.bounds import Bounds
from app.sync.enrolment import Applicant, Enrolled
from app.sync.events import Told

CONNECT_SECONDS = 10
_CHUNK_BYTES = 1 << 16
_Answer = TypeVar("_Answer")
_CODE = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_FACT_LENGTH_MAX = 100
_OURS = {"self", "code"}  # names of a refusal's own
# How OpenSSL says that whoever answers is not the centre: another certificate, or not TLS 1.3 at all.
_NOT_THE_CENTRE = ("ingerprint", "_VERSION", "UNSUPPORTED_PROTOCOL", "HANDSHAKE_FAILURE")
_QUIET = {"Accept-Encoding": SKIP_HEADER, "User-Agent": SKIP_HEADER}
_OCTETS = {"Content-Type": "application/octet-stream", **_QUIET}


class _Said(msgspec.Struct):
    """How the centre says an error."""

    code: str
    facts: dict[str, Fact] = {}


class _Pinned(HTTPAdapter):
    """Speaks only to the holder of one certificate, by its SHA-256."""

    def __init__(self, pin: str, within: Bounds) -> None:
        self._pin, self._bounds = pin, within
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object
    ) -> None:
        """As requests calls it, with the pin in the place of certificate authorities."""
        ours = {**pool_kwargs, "assert_fingerprint": self._pin, "ssl_context": bounds.tls_13(self._bounds)}
        super().init_poolmanager(connections, maxsize, block, **ours)

    def close(self) -> None:
        """Hang up now: urllib3 would, once the last answer is forgotten, which an error may hold for long."""
        for pool in map(self.poolmanager.pools.__getitem__, self.poolmanager.pools.keys()):
            pool.close()
        super().close()


class _Direct(requests.Session):
    """Goes nowhere but where it is sent, and does not even look at where a redirect points.

    Looking would read that answer's whole body, however long.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""


class HttpsCarrier:
    """A line to one centre, kept open between exchanges; one thread at a time.

    Whoever cancels `progress` is heard while an answer is waited for.
    """

    def __init__(self, address: str, pins: Sequence[str], progress: Progress | None = None) -> None:
        self._address = address
        self._pins = list(pins)
        self._bounds = Bounds(progress or Progress())
        self._session = _session(self._pins[0], self._bounds)
        self._has_spoken = False  # so that it may have broken since, without anybody's fault
        self.clock_ahead: float | None = None  # seconds by which our clock is ahead of the centre's

    def __enter__(self) -> HttpsCarrier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def heed(self, progress: Progress) -> None:
        """Whoever cancels this one is heard from now on."""
        self._bounds.heed(progress)

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def exchange(self, request: bytes) -> bytes:
        """Take a request across and bring the answer back.

        Refusal with the centre's code when it refuses, Refusal("sync.not_the_centre") when somebody
        else answers there, Trouble("sync.offline") when nobody does, Trouble("sync.centre_trouble")
        when the centre has trouble of its own.
        """
        return self._send("POST", "/v1/sync", request)

    def snapshot(self, asked: bytes) -> bytes:
        """A snapshot's header, asked for in signed words; the errors of `exchange`."""
        return self._send("GET", f"{self._pages(asked)}", b"", asked)

    def blocks(self, asked: bytes, seq: int, first: int) -> Generator[bytes, None, None]:
        """Blocks of a snapshot from one on, each as soon as it is here; the errors of `exchange`."""
        path = f"{self._pages(asked)}/{seq}/{first}"
        answer = self._by_either_pin(lambda: self._answered("GET", path, b"", asked))
        with answer, _in_our_words():
            yield from blocks.out_of_a_row(partial(_exactly, answer))

    def history(self, asked: bytes) -> bytes:
        """A page of history; the errors of `exchange`."""
        return self._send("POST", self._pages(asked).replace("snapshot", "history"), asked)

    def held(self, asked: bytes, sha256: str) -> bytes:
        """How much of an attachment is there; the errors of `exchange`."""
        return self._send("GET", self._attachment(asked, sha256), b"", asked)

    def put_piece(self, sent: bytes, sha256: str, no: int) -> bytes:
        """One piece of an attachment handed in; the errors of `exchange`."""
        return self._send("PUT", f"{self._attachment(sent, sha256)}/{no}", sent)

    def fetch_piece(self, asked: bytes, sha256: str, no: int) -> bytes:
        """One piece of an attachment; the errors of `exchange`."""
        return self._send("GET", f"{self._attachment(asked, sha256)}/{no}", b"", asked)

    def _pages(self, asked: bytes) -> str:
        return f"{_commune(asked)}/snapshot"

    def _attachment(self, asked: bytes, sha256: str) -> str:
        return f"{_commune(asked)}/attachments/{sha256}"

    def enrol(self, application: bytes) -> bytes:
        """Take an application across; the errors of `exchange`."""
        return self._send("POST", "/v1/enrol", application)

    def statement(self) -> bytes:
        """Who the centre says it is; the errors of `exchange`."""
        return self._send("GET", "/v1/centre", b"")

    def listen(self, asked: bytes) -> Line:
        """A line on which the centre says what moved, asked for in signed words; the errors of `exchange`."""
        return self._by_either_pin(lambda: self._listen_once(asked))

    def _listen_once(self, asked: bytes) -> Line:
        said = {**_QUIET, "Accept": events.MEDIA, "Authorization": base64.b64encode(asked).decode()}
        self._bounds.begin()
        with _in_our_words():
            response = self._request("GET", "/v1/events", b"", said)
            if response.status_code != requests.codes.ok:
                with response:
                    raise _refused(response.status_code, _body(response))
            self._bounds.stay()
            return Line(response)

    def _send(self, method: str, path: str, body: bytes, words: bytes = b"") -> bytes:
        return self._by_either_pin(lambda: self._send_once(method, path, body, words))

    def _by_either_pin(self, once: Callable[[], _Answer]) -> _Answer:
        for left in reversed(range(len(self._pins))):
            try:
                return once()
            except Refusal as error:
                if error.code != "sync.not_the_centre" or not left:
                    raise
            # The spare pin: the centre has changed its certificate as the root foretold.
            self._pins.append(self._pins.pop(0))
            self.close()
            self._session = _session(self._pins[0], self._bounds)
        raise AssertionError("the last pin returns or raises")

    def _send_once(self, method: str, path: str, body: bytes, asked: bytes) -> bytes:
        with self._answered(method, path, body, asked) as response, _in_our_words():
            return _body(response)

    def _answered(self, method: str, path: str, body: bytes, asked: bytes) -> requests.Response:
        """An answer that begins well, its body not read yet."""
        words = asked or messages.announce(body)
        said = {"Authorization": base64.b64encode(words).decode()} if words else {}
        self._bounds.begin()
        with _in_our_words():
            response = self._request(method, path, body, {**_OCTETS, **said})
            self._compare_clocks(response.headers.get("Date", ""))
            if response.status_code == requests.codes.ok:
                return response
            with response:
                answer = _body(response)
        raise _refused(response.status_code, answer)

    def _request(self, method: str, path: str, body: bytes, said: dict[str, str]) -> requests.Response:
        """On a new line without a word where the kept one has broken: every message may come twice."""
        has_spoken, self._has_spoken = self._has_spoken, False
        try:
            response = self._request_once(method, path, body, said)
        except requests.exceptions.ConnectionError:
            if not has_spoken:
                raise
            self._session.close()
            self._bounds.begin()
            response = self._request_once(method, path, body, said)
        self._has_spoken = True
        return response

    def _request_once(self, method: str, path: str, body: bytes, said: dict[str, str]) -> requests.Response:
        return self._session.request(
            method,
            self._address + path,
            data=body,
            headers=said,
            timeout=(CONNECT_SECONDS, bounds.READ_SECONDS),
            allow_redirects=False,
            stream=True,
            verify=False,
        )

    def _compare_clocks(self, date: str) -> None:
        try:
            self.clock_ahead = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            self.clock_ahead = None


def _commune(asked: bytes) -> str:
    return f"/v1/communes/{messages.sender_of(asked).partition('/')[0]}"


class Line:
    """An open line to the centre. One thread listens; any other may hang up under it."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        connection: Any = response.raw.connection
        self._connection = connection
        self._told = events.read(response.iter_content(None))

    def next(self) -> Told:
        """The next word of the centre's; Trouble("sync.offline") when the line broke or fell silent."""
        try:
            told = next(self._told, None)
        except (requests.exceptions.RequestException, OSError, ValueError, AttributeError) as error:
            raise Trouble("sync.offline") from error
        if told is None:
            raise Trouble("sync.offline")
        return told

    def hang_up(self) -> None:
        """End it, also under a thread that waits for the next word."""
        with suppress(OSError, RuntimeError, ValueError):
            self._response.raw.shutdown()

    def close(self) -> None:
        """Give it back, in the thread that listened."""
        self._response.close()
        self._connection.close()  # at once: the centre may be waiting for that to stop


def _session(pin: str, within: Bounds) -> requests.Session:
    session = _Direct()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(netscape=False))  # none is kept, none is sent
    session.headers.clear()  # on a poor link even the name of a library is bytes
    session.mount("https://", _Pinned(pin, within))
    return session


def _body(response: requests.Response) -> bytes:
    """As it came: no encoding was asked for, so none is undone."""
    return b"".join(response.raw.stream(_CHUNK_BYTES, decode_content=False))


def _exactly(response: requests.Response, size: int) -> bytes:
    """So many bytes of the body, fewer where it ends; the library raises where the line broke before."""
    found = b""
    while len(found) < size and (part := response.raw.read(size - len(found))):
        found += part
    return found


@contextmanager
def _in_our_words() -> Iterator[None]:
    """What the libraries raise, in our words."""
    try:
        yield
    except requests.exceptions.SSLError as error:
        raise _tls_error(error) from error
    # ValueError: a library's, at a number that no HTTP can mean.
    except (requests.exceptions.RequestException, HTTPError, OSError, ValueError) as error:
        raise Trouble("sync.offline") from error


def _tls_error(error: Exception) -> Coded:
    """Somebody else who answers, or a handshake that did not come about."""
    if any(sign in str(error) for sign in _NOT_THE_CENTRE):
        return Refusal("sync.not_the_centre")
    return Trouble("sync.offline")


def _refused(status: int, answer: bytes) -> Coded:
    try:
        said = msgspec.json.decode(answer, type=_Said)
    except (msgspec.MsgspecError, ValueError):  # a page in any alphabet
        return Trouble("sync.centre_trouble", status=status)
    if not 400 <= status < 500 or not _CODE.fullmatch(said.code) or not words.are_known(said.code):
        return Trouble("sync.centre_trouble", status=status)
    field = said.facts.pop("field", None)
    facts = {
        name: fact[:_FACT_LENGTH_MAX] if isinstance(fact, str) else fact
        for name, fact in said.facts.items()
        if name not in _OURS
    }
    return Refusal(said.code, field=str(field) if field else None, **facts)


def enrol(code: EnrolmentCode, applicant: Applicant) -> Enrolled:
    """Make a laptop known to the centre that issued the code; nothing is written here (`enrolment.keep`).

    Nothing of ours leaves before the code's root has vouched for the certificate that the peer shows.
    Refusal("centre.another_root"), ("sync.not_the_centre"), what `read_welcome` and the centre refuse.
    """
    seen = _certificate_at(code.address)
    with HttpsCarrier(code.address, [seen]) as carrier:
        certificates = enrolment.read_centre(carrier.statement())
        trust = Trust.established(code.root_fingerprint, certificates)
        if seen not in trust.tls:
            raise Refusal("sync.not_the_centre")
        carried = carrier.enrol(enrolment.apply(code, applicant))
    welcome = enrolment.read_welcome(carried, code, trust, applicant)
    return Enrolled(code.address, welcome.name, code.root_fingerprint, certificates, welcome.policy)


def _certificate_at(address: str) -> str:
    """The SHA-256 of the certificate that whoever listens there shows."""
    parts = urlsplit(address)
    where = (parts.hostname or "", parts.port or 443)
    try:
        pem = ssl.get_server_certificate(where, timeout=CONNECT_SECONDS)
    except OSError as error:
        raise Trouble("sync.offline") from error
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
