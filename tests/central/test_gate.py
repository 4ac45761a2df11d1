"""Who is turned away before a body is read, and who is not because of a neighbour."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from itertools import count

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from app.central import gate
from app.central.deeds import Operating, revoke_laptop
from app.seal.keys import MESSAGE, SigningKey, sign
from app.sync import messages
from app.sync.messages import Envelope
from tests.central.laptops import House, Laptop, refusal


class Body:
    """A long body that counts how much of it anybody read."""

    def __init__(self, front: bytes, length: int) -> None:
        self.front, self.length, self.taken = front, length, 0

    def __iter__(self) -> Iterator[bytes]:
        chunk = 16 << 10
        while self.taken < self.length:
            self.taken += chunk
            yield self.front.ljust(chunk, b"x") if self.taken == chunk else b"x" * chunk


def put(found: House, sender: str, length: int, words: bytes = b"") -> tuple[tuple[int, str], int]:
    """What is answered to so long a body of this sender's, so announced, and how much of it was read."""
    sent, read = call(found, sender, length, words)
    return (sent[0]["status"], json.loads(sent[-1]["body"])["code"]), read


def call(
    found: House, sender: str, length: int, words: bytes = b"", pause: int = 0
) -> tuple[list[Message], int]:
    """The answer itself; `pause`: before which of its parts the body dawdles."""
    body = Body(msgspec.msgpack.encode(Envelope(sender, b"", b"")), length)
    heads = [(b"content-length", str(length).encode())]
    heads += [(b"authorization", base64.b64encode(words))] if words else []
    sent: list[Message] = []
    chunks, parts = iter(body), count(1)

    async def receive() -> Message:
        part = next(chunks, None)
        if next(parts) == pause:
            await asyncio.sleep(1)
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/sync", "raw_path": b"/v1/sync", "query_string": b"",
        "headers": heads, "client": ("192.0.2.7", 1), "root_path": "",
        "http_version": "1.1", "scheme": "https", "server": ("x", 1), "asgi": {"version": "3.0"},
    }  # fmt: skip

    async def visit() -> None:
        await found.client.app(scope, receive, send)

    asyncio.run(visit())
    return sent, body.taken


def announced(sender: str, length: int, key: SigningKey) -> bytes:
    """The words that go before a body of so many bytes."""
    claim = messages.claim(bytes(length))
    return msgspec.msgpack.encode(messages.Announced(sender, claim, sign(key, MESSAGE, claim)))


def test_a_large_body_of_a_stranger_is_not_read(trained: House, trained_pair: list[Laptop]) -> None:
    a, b = trained_pair
    read, stranger = 1 << 20, SigningKey.generate()
    for sender in ("T0001/mnobody", f"T0002/{a.device.id}", f"T0001/{a.device.id}", "", "x" * 200):
        assert put(trained, sender, read) == ((401, "sync.unknown_device"), 0)
        words = announced(sender, read, a.device.key if sender != f"T0001/{a.device.id}" else stranger)
        answered, taken = put(trained, sender, read, words)
        assert answered[0] == 401
        assert taken == 0
    # What a laptop of ours has announced is read, and no more than that.
    mine = announced(f"T0001/{a.device.id}", read, a.device.key)
    assert put(trained, f"T0001/{a.device.id}", read, mine) == ((400, "sync.message"), read)
    assert put(trained, f"T0001/{a.device.id}", read + (1 << 10), mine) == ((413, "sync.too_large"), 0)
    assert put(trained, f"T0001/{a.device.id}", read, b"x") == ((400, "sync.message"), 0)
    revoke_laptop(Operating(trained.centre, trained.keys, "huy", 1), trained.code, b.device.id, "lost")
    hers = announced(f"T0001/{b.device.id}", 3 * read, b.device.key)
    assert put(trained, f"T0001/{b.device.id}", 3 * read, hers) == ((413, "sync.too_large"), 0)


def test_an_address_full_of_strangers_is_told_to_wait(
    trained: House, trained_pair: list[Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "STRANGERS_A_MINUTE", 3)
    a, _ = trained_pair
    stranger = a.signed(msgspec.structs.replace(a.compose(), device="mnobody"))
    for _ in range(3):
        assert refusal(trained, "/v1/sync", stranger) == (401, "sync.unknown_device")
    response = trained.client.post("/v1/sync", content=stranger)
    assert (response.status_code, response.json()["code"]) == (503, "central.too_many")
    assert response.headers["Retry-After"] == "60"
    assert refusal(trained, "/v1/enrol", b"x" * 100) == (503, "central.too_many")
    # A laptop that is known has neighbours behind the same address.
    a.new_person()
    assert a.sync(trained).in_step
    elsewhere = TestClient(trained.client.app, client=("192.0.2.9", 1))
    assert elsewhere.post("/v1/sync", content=stranger).status_code == 401


def test_strangers_are_forgotten_with_the_minute() -> None:
    now = [0.0]
    strangers = gate.Strangers(lambda: now[0])
    for _ in range(gate.STRANGERS_A_MINUTE):
        assert not strangers.is_barred("a")
        strangers.note("a")
    assert (strangers.is_barred("a"), strangers.is_barred("b")) == (True, False)
    now[0] = 61.0
    assert not strangers.is_barred("a")


def test_words_that_are_no_letters_are_refused(trained: House) -> None:
    page = f"/v1/communes/{trained.code}"
    for path in (f"{page}/snapshot", f"{page}/attachments/{'0' * 64}", "/v1/events"):
        response = trained.client.get(path, headers=[(b"Authorization", "khó".encode())])
        assert (response.status_code, response.json()["code"]) == (400, "sync.message")
    words = [(b"Authorization", "khó".encode())]
    response = trained.client.post("/v1/sync", content=bytes(1 << 20), headers=words)
    assert (response.status_code, response.json()["code"]) == (400, "sync.message")


def test_a_message_nested_without_end_is_refused(trained: House, trained_pair: list[Laptop]) -> None:
    laptop = trained_pair[0]
    payload = zstandard.compress(b"\x92\x01" + b"\x91" * 100_000 + b"\x01")
    signature = sign(laptop.device.key, MESSAGE, messages.claim(payload))
    carried = msgspec.msgpack.encode(Envelope(f"{trained.code}/{laptop.device.id}", payload, signature))
    assert refusal(trained, "/v1/sync", carried) == (400, "sync.message")


@pytest.mark.parametrize("pause", [1, 2])
@pytest.mark.parametrize("is_barred", [False, True])
def test_a_body_that_dawdles_is_given_up(
    trained: House,
    trained_pair: list[Laptop],
    monkeypatch: pytest.MonkeyPatch,
    pause: int,
    *,
    is_barred: bool,
) -> None:
    monkeypatch.setattr(gate, "STRANGER_SECONDS", 0.05)
    monkeypatch.setattr(gate, "LAPTOP_SECONDS", 0.05)
    monkeypatch.setattr(gate, "STRANGERS_A_MINUTE", 0 if is_barred else 60)
    sender = f"{trained.code}/{trained_pair[0].device.id}"
    words = announced(sender, 1 << 20, trained_pair[0].device.key)
    for length, said in ((1 << 10, b""), (1 << 20, words)):
        (begun, *_, whole), _read = call(trained, sender, length, said, pause)
        assert (begun["status"], json.loads(whole["body"])["code"]) == (503, "central.busy")
        assert (b"connection", b"close") in begun["headers"]  # nobody waits for the rest


def test_too_many_at_once_come_again(
    trained: House, trained_pair: list[Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "VISITS_AT_ONCE", 0)
    body = trained_pair[0].signed(trained_pair[0].compose())
    assert refusal(trained, "/v1/sync", body) == (503, "central.busy")


def test_browsers_that_dawdle_hold_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few files at once, and each given up in time; whoever signs in meanwhile does not wait for them."""
    monkeypatch.setattr(gate, "STRANGER_SECONDS", 0.05)
    monkeypatch.setattr(gate, "LAPTOP_SECONDS", 0.05)

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=204)(scope, receive, send)

    door = gate.Gate(page, lambda _name: False, lambda _words: 0, lambda error: Response(error.code))

    async def post(path: str, pause: float) -> tuple[str, bool]:
        """What the gate answers, nothing where it let her in; whether it read of the body."""
        sent: list[Message] = []
        was_read = False

        async def receive() -> Message:
            nonlocal was_read
            was_read = True
            await asyncio.sleep(pause)
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        heads = [(b"content-length", b"1")]
        scope = {"type": "http", "method": "POST", "path": path, "headers": heads, "client": ("192.0.2.7", 1)}
        await door(scope, receive, send)
        return sent[-1]["body"].decode(), was_read

    async def many() -> list[tuple[str, bool]]:
        slow = [post("/forms", 1) for _ in range(gate.UPLOADS_AT_ONCE + 1)]
        return [
            *await asyncio.gather(*slow, post("/sign-in", 0), post("/sign-in", 1)),
            await post("/forms", 0),
        ]

    *held, late, at_once, slow, after = asyncio.run(many())
    assert held == [("central.busy", True)] * gate.UPLOADS_AT_ONCE
    assert late == ("central.busy", False)
    assert at_once == after == ("", True)
    assert slow == ("central.busy", True)


@given(st.text(max_size=120), st.binary(max_size=40))
def test_a_senders_name_is_read_from_the_front(sender: str, noise: bytes) -> None:
    carried = msgspec.msgpack.encode(Envelope(sender, b"x" * 500, b"y"))
    named = sender if len(sender.encode()) <= messages.FRONT_BYTES - 3 else ""
    assert messages.sender_in(carried[: messages.FRONT_BYTES]) == named
    messages.sender_in(noise)
