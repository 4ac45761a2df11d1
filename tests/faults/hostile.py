"""Servers that mean ill, each by what it says: behind the centre's certificate, or with its keys.

Whoever lacks the certificate's key hears nothing at all (`strangers.py`). Whoever has it (a broken
web server, a proxy that somebody set before the centre) gets what a laptop would send, and is
believed in nothing. Whoever has the register key too is believed only where everything fits.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import socket
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import msgspec
import zstandard

from app.central.office import sign_message
from app.domain.errors import Coded, Refusal, Trouble
from app.seal.keys import HEAD, MESSAGE, SigningKey, sign
from app.sync import messages
from app.sync.enrolment import CENTRE
from app.sync.messages import Envelope, SyncResponse, head_message
from tests.central.laptops import House, answer_of
from tests.faults.listening import Asked, Line, http

BODY_BYTES_MAX = 1 << 18  # in these tests, for their speed
OFFLINE, TOO_LARGE = Trouble("sync.offline"), Refusal("sync.too_large", bytes_max=BODY_BYTES_MAX)
MESSAGE_BAD, FORGED = Refusal("sync.message"), Refusal("sync.signature")


def trouble(status: int) -> Trouble:
    """What is heard when the centre's words are none."""
    return Trouble("sync.centre_trouble", status=status)


@dataclass
class Truth:
    """The true centre, which a hostile server may ask and listen to, and what it recorded."""

    house: House
    older: bytes  # a true answer to the same laptop
    others: bytes  # a true answer to another laptop, of just now
    foreign: bytes  # a true answer to another commune's laptop
    stale_policy: bytes
    elsewhere: str = ""  # another server's address, where nobody may ever come

    def answer(self, asked: Asked) -> bytes:
        """What the true centre says."""
        if asked.method == "POST":
            return self.house.post(asked.path, asked.body)
        return bytes(self.house.client.get(asked.path, headers=_words(asked)).content)

    def said(self, asked: Asked) -> SyncResponse:
        """The same, read."""
        return answer_of(self.house, self.answer(asked))

    def signed(self, response: msgspec.Struct) -> bytes:
        """An answer under the centre's own key, whatever it says."""
        return messages.write(response, CENTRE, partial(sign_message, self.house.keys))

    def sealed(self, payload: bytes) -> bytes:
        """Any bytes under the centre's own key."""
        return msgspec.msgpack.encode(
            Envelope(CENTRE, payload, sign_message(self.house.keys, messages.claim(payload)))
        )

    def head(self, found: SyncResponse, **changed: object) -> SyncResponse:
        """The answer with something changed and its head signed anew, by the true key."""
        found = msgspec.structs.replace(found, **changed)
        said = head_message(found.commune, found.cursor, found.head, found.digest)
        signature = sign(self.house.keys.register, HEAD, said)
        return msgspec.structs.replace(found, head_signature=signature)


def _words(asked: Asked) -> dict[str, str]:
    lines = asked.head.decode().split("\r\n")[1:]
    return dict(line.split(": ", 1) for line in lines if line.lower().startswith("authorization"))


Hostile = Callable[[Truth, Line, Asked], None]
Forged = Callable[[Truth, Asked], bytes]


def says(made: Forged | bytes, status: str = "200 OK", *head: str) -> Hostile:
    """A server that answers these bytes."""

    def answer(truth: Truth, line: Line, asked: Asked) -> None:
        line.sendall(http(made if isinstance(made, bytes) else made(truth, asked), status, *head))

    return answer


def spits(raw: bytes, hangs_up: bool = True) -> Hostile:
    """A server that says these bytes and no HTTP of ours."""

    def answer(_truth: Truth, line: Line, _asked: Asked) -> None:
        line.sendall(raw)
        if hangs_up:
            raise EOFError

    return answer


def pours(first: bytes, again: bytes) -> Hostile:
    """A server that never stops."""

    def answer(_truth: Truth, line: Line, _asked: Asked) -> None:
        line.sendall(first)
        while True:
            line.sendall(again)

    return answer


def drips(raw: bytes) -> Hostile:
    """A server that says a byte now and then, for ever."""

    def answer(_truth: Truth, line: Line, _asked: Asked) -> None:
        for one in itertools.chain(raw, itertools.repeat(raw[-1])):
            line.sendall(bytes([one]))
            time.sleep(0.05)

    return answer


def hang(_truth: Truth, line: Line, _asked: Asked) -> None:
    """Says nothing, and holds the line until the other end lets go."""
    with suppress(OSError):
        line.recv(1)
    raise EOFError


def reset(_truth: Truth, line: Line, _asked: Asked) -> None:
    """Breaks the line as a cut cable does not: at once."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    raise EOFError


def points_elsewhere(status: str, scheme: str, body: bytes = b"") -> Hostile:
    """A server that sends the laptop to another one."""

    def answer(truth: Truth, line: Line, _asked: Asked) -> None:
        where = truth.elsewhere.replace("http:", f"{scheme}:")
        line.sendall(http(body, status, f"Location: {where}/v1/sync"))

    return answer


def points_and_pours(truth: Truth, line: Line, _asked: Asked) -> None:
    """A redirect whose own body never ends: reading it before turning away would fill the memory."""
    line.sendall(f"HTTP/1.1 302 Found\r\nLocation: {truth.elsewhere}/\r\n\r\n".encode())
    while True:
        line.sendall(bytes(1 << 16))


# Behind the centre's certificate, without its keys


def _flipped(truth: Truth, asked: Asked) -> bytes:
    said = bytearray(truth.answer(asked))
    said[random.Random(5).randrange(len(said) // 4, len(said))] ^= 1
    return bytes(said)


def _by_another_key(truth: Truth, asked: Asked) -> bytes:
    return messages.write(truth.said(asked), CENTRE, partial(sign, SigningKey.generate(), MESSAGE))


def _bomb(truth: Truth, asked: Asked) -> bytes:
    del truth, asked
    return msgspec.msgpack.encode(Envelope(CENTRE, _ZEROS, bytes(64)))


_ZEROS = zstandard.compress(bytes(messages.UNPACKED_BYTES_MAX + (1 << 20)), 19)
_PORTAL = "<html><title>Đăng nhập WiFi</title><form action='http://10.0.0.1/login'></form></html>".encode()


def _refusing(code: str, **facts: object) -> bytes:
    return json.dumps({"code": code, "facts": facts}).encode()


_CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

BEHIND_ITS_CERTIFICATE: dict[str, tuple[Hostile, Coded]] = {
    "redirect to http": (points_elsewhere("302 Found", "http"), trouble(302)),
    "redirect to https": (points_elsewhere("307 Temporary Redirect", "https"), trouble(307)),
    "redirect with an endless body": (points_and_pours, TOO_LARGE),
    "login page by redirect": (points_elsewhere("302 Found", "http", _PORTAL), trouble(302)),
    "login page as an answer": (says(_PORTAL, "200 OK", "Content-Type: text/html"), MESSAGE_BAD),
    "page of a proxy": (says(_PORTAL, "502 Bad Gateway", "Content-Type: text/html"), trouble(502)),
    "asks for a password": (says(b"", "401 Unauthorized", "WWW-Authenticate: Basic"), trouble(401)),
    "wrong content type": (says(b"null", "200 OK", "Content-Type: application/json"), MESSAGE_BAD),
    "nothing at all": (says(b""), MESSAGE_BAD),
    "no content": (spits(b"HTTP/1.1 204 No Content\r\n\r\n", hangs_up=False), trouble(204)),
    "part of it": (says(b"x", "206 Partial Content"), trouble(206)),
    "truncated": (spits(http(b"half", length=1000)), OFFLINE),
    "truncated in a chunk": (spits(_CHUNKED + b"400\r\nhalf"), OFFLINE),
    "silent": (hang, OFFLINE),
    "hangs up": (spits(b""), OFFLINE),
    "resets": (reset, OFFLINE),
    "dripping head": (drips(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 50_000), OFFLINE),
    "dripping body": (drips(http(b"a", length=1 << 20)), OFFLINE),
    "dripping chunks": (drips(_CHUNKED + b"1\r\na\r\n" * 10_000), OFFLINE),
    "endless body": (pours(b"HTTP/1.1 200 OK\r\n\r\n", bytes(1 << 16)), TOO_LARGE),
    "endless chunks": (pours(_CHUNKED, b"10000\r\n" + bytes(1 << 16) + b"\r\n"), TOO_LARGE),
    "endless line before a chunk": (pours(_CHUNKED + b"1;", b"a" * (1 << 16)), OFFLINE),
    "endless trailer": (pours(_CHUNKED + b"0\r\n", b"X: " + b"a" * 65_000 + b"\r\n"), TOO_LARGE),
    "endless continue": (pours(b"", b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n" * 500), TOO_LARGE),
    "endless headers": (pours(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 500), OFFLINE),
    "endless header": (pours(b"HTTP/1.1 200 OK\r\nX: ", b"a" * (1 << 16)), OFFLINE),
    "longer than it may be": (spits(http(bytes(BODY_BYTES_MAX + (1 << 17)))), TOO_LARGE),
    "no chunk size": (spits(_CHUNKED + b"zzz\r\nbody\r\n0\r\n\r\n"), OFFLINE),
    "negative chunk size": (spits(_CHUNKED + b"-5\r\nbody\r\n0\r\n\r\n"), OFFLINE),
    "two lengths": (says(b"body", "200 OK", "Content-Length: 9"), OFFLINE),
    "no length": (spits(http(b"body").replace(b"Length: 4", b"Length: many")), MESSAGE_BAD),
    "no status": (spits(b"HTTP/1.1 OK\r\n\r\n"), OFFLINE),
    "unknown status": (says(b"", "999 Never"), trouble(999)),
    "no HTTP": (spits(b"220 mail.example.vn ESMTP\r\n"), OFFLINE),
    "gzip": (says(lambda t, a: gzip.compress(t.answer(a)), "200 OK", "Content-Encoding: gzip"), MESSAGE_BAD),
    "gzip said, not done": (says(b"body", "200 OK", "Content-Encoding: gzip, gzip, br"), MESSAGE_BAD),
    "deflate bomb": (says(zlib.compress(bytes(9 << 20)), "200 OK", "Content-Encoding: deflate"), MESSAGE_BAD),
    "zstandard bomb": (says(_bomb), FORGED),
    "a bit flipped": (says(_flipped), FORGED),
    "cut short and closed": (says(lambda t, a: t.answer(a)[:-9]), MESSAGE_BAD),
    "something added": (says(lambda t, a: t.answer(a) + b"\0"), MESSAGE_BAD),
    "another's signature": (says(_by_another_key), FORGED),
    "the request sent back": (says(lambda _, a: a.body), FORGED),
    "an older answer": (says(lambda t, _: t.older), Refusal("sync.other_answer")),
    "another laptop's answer": (says(lambda t, _: t.others), Refusal("sync.other_answer")),
    "another commune's answer": (says(lambda t, _: t.foreign), Refusal("sync.other_answer")),
    "an error that nobody knows": (says(_refusing("a.b", x="<b>"), "400 Bad Request"), trouble(400)),
    "an error without its facts": (
        says(_refusing("sync.protocol", self=1), "400 Bad Request"),
        Refusal("sync.protocol"),
    ),
    "an error said twice": (
        says(b'{"code":"bug","code":"../x","facts":{}}', "400 Bad Request"),
        trouble(400),
    ),
    "an error in another alphabet": (says(b'{"code":"l\xe6i"}', "400 Bad Request"), trouble(400)),
    "calls it a double": (
        says(_refusing("sync.unknown_own_set", seq=1), "409 Conflict"),
        Refusal("sync.unknown_own_set", seq=1),
    ),
    "calls it diverged": (
        says(_refusing("sync.diverged", cursor=1), "409 Conflict"),
        Refusal("sync.diverged", cursor=1),
    ),
}


# With the register key


def _changed(**changed: object) -> Forged:
    return _in_sync(lambda truth, asked: truth.signed(truth.head(truth.said(asked), **changed)))


def _in_sync(forged: Forged) -> Forged:
    """So in an exchange; of a snapshot, asked for when a laptop finds that it diverged, a spoilt one."""
    return lambda truth, asked: forged(truth, asked) if asked.path == "/v1/sync" else truth.answer(asked)[:-1]


def _false_head(truth: Truth, asked: Asked) -> bytes:
    return truth.signed(msgspec.structs.replace(truth.said(asked), head=bytes(31) + b"\1"))


def _forged_change(truth: Truth, asked: Asked) -> bytes:
    """An account number rewritten on its way: everything is signed anew that the centre can sign."""
    found = truth.said(asked)
    at = next(at for at, entry in enumerate(found.entries) if entry.body)
    entry = found.entries[at]
    false = msgspec.structs.replace(entry, body=entry.body.replace("Pánh".encode(), b"Ranh"))
    assert false != entry
    entries = [*found.entries[:at], false, *found.entries[at + 1 :]]
    return truth.signed(truth.head(found, entries=entries))


def _without_first(truth: Truth, asked: Asked) -> bytes:
    found = truth.said(asked)
    return truth.signed(truth.head(found, entries=found.entries[1:]))


def _without_last(truth: Truth, asked: Asked) -> bytes:
    """All but the laptop's own sets, which come last."""
    found = truth.said(asked)
    entries = [entry for entry in found.entries if entry.body]
    return truth.signed(truth.head(found, entries=entries, own=b""))


def _bomb_signed(truth: Truth, asked: Asked) -> bytes:
    del asked
    return truth.sealed(_ZEROS)


def _newer_protocol(truth: Truth, asked: Asked) -> bytes:
    return truth.signed(msgspec.structs.replace(truth.said(asked), protocol=2))


def _no_verdicts(truth: Truth, asked: Asked) -> bytes:
    found = truth.said(asked)
    entries = [msgspec.structs.replace(entry, verdicts=b"[0,0,[]]") for entry in found.entries]
    return truth.signed(truth.head(found, entries=entries))


WITH_ITS_KEYS: dict[str, tuple[Hostile, Coded]] = {
    "wrong head": (says(_false_head), Refusal("sync.forged_head")),
    "forged change": (says(_forged_change), Refusal("sync.forged_set", seq=0)),
    "forked history": (says(_changed(head=bytes(31) + b"\1")), MESSAGE_BAD),
    "wrong digest": (says(_changed(digest=bytes(32))), MESSAGE_BAD),
    "an entry left out": (says(_without_first), Trouble("sync.gap", cursor=0)),
    "the last entries left out": (says(_without_last), Trouble("sync.gap", cursor=0)),
    "for another laptop": (says(_changed(device="m00")), Refusal("sync.other_laptop")),
    "for another commune": (says(_changed(commune="T0009")), Refusal("sync.other_commune")),
    "for a later cursor": (says(_changed(start=1 << 20)), Trouble("sync.gap", cursor=0)),
    "no policy": (says(_changed(policy=b"none")), Refusal("statement.form")),
    "a bomb, signed": (says(_bomb_signed), Refusal("sync.too_large", bytes_max=messages.UNPACKED_BYTES_MAX)),
    "another protocol": (says(_newer_protocol), Refusal("sync.protocol", theirs=2, ours=1)),
    "verdicts left out": (says(_no_verdicts), MESSAGE_BAD),
}
