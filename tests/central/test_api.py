"""The published OpenAPI is kept: whatever is sent, no 5xx and no answer outside its schema (schemathesis).

Bodies are drawn as nobody would write them, as strangers and known laptops sign them, and as a
laptop's own next sets, so that the centre's state moves along under the cases.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.central import gate
from app.central.keys import Keys
from app.domain.attachments import PIECE_BYTES
from app.domain.changes import ChangeSet, Edit, lone
from app.domain.records import KINDS, Value
from app.seal.keys import CHANGE_SET, ENROLMENT, MESSAGE, DeviceKey, OfficerKey, SigningKey, sign
from app.store import journal
from app.store.journal import Book
from app.sync import enrolment, messages
from app.sync.attachments import Asked
from app.sync.enrolment import Applicant
from app.sync.messages import PROTOCOL, Envelope, SyncRequest
from tests.central.conftest import TRAINING
from tests.central.laptops import House, house

CASES = 20_000 if os.environ.get("SOAK") else 1_000
QUIET = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}

kinds = st.sampled_from([*KINDS, "ghost", "a\x00"])
fields = st.sampled_from([field.name for kind in KINDS.values() for field in kind.fields] + ["x/y"])
texts = st.text(st.characters(codec="utf-8"), max_size=8)
records = st.sampled_from(["a" * 32, "b" * 32, "c" * 32, "d" * 32, "e" * 31])
values = st.none() | texts | st.booleans() | st.integers() | st.sampled_from(["active", "1948"])
ons = st.none() | st.integers(-1, 5) | st.sampled_from(["a" * 64, "zz"])
edits = st.lists(st.builds(Edit, kinds, records, fields, values, values, ons), min_size=1, max_size=4)
numbers = st.integers(-(2**70), 2**70) | st.integers(0, 3)


@dataclass(frozen=True)
class Wish:
    """A set to be signed: the laptop's next, or one that follows nothing."""

    edits: list[Edit]
    reason: str
    clock: int
    follows: bool


class Known:
    """A laptop that the centre knows, which goes on from the newest set that was taken of it."""

    def __init__(self, found: House) -> None:
        self.house = found
        self.device, self.officer = found.enrol_keys()

    def sets(self, wishes: list[Wish]) -> list[tuple[bytes, bytes]]:
        """The wishes signed, in a row."""
        with self.house.centre.read() as connection:
            number, previous = Book(connection, self.house.code).chain(self.device.id)
        signed = []
        for wish in wishes:
            at = (number + 1, previous) if wish.follows else (3, "f" * 64)
            whose = (self.house.code, self.officer.id, self.device.id)
            made = ChangeSet(*whose, *at, wish.clock, wish.reason, lone(wish.edits))
            if wish.follows:
                number, previous = made.number, made.id
            signed.append((made.body, sign(self.officer.key, CHANGE_SET, made.body)))
        return signed

    def signed(self, message: msgspec.Struct) -> bytes:
        """A message as this laptop sends it."""
        sender = f"{self.house.code}/{self.device.id}"
        return messages.write(message, sender, lambda payload: sign(self.device.key, MESSAGE, payload))


def bodies(known: Known) -> st.SearchStrategy[bytes]:
    """Bodies for both POSTs, from noise to what a laptop would say."""
    stranger = SigningKey.generate()
    clocks = st.integers(0, 2**62 - 1) | st.integers(-1, 1)
    wishes = st.lists(st.builds(Wish, edits, texts, clocks, st.sampled_from([True, True, False])), max_size=3)

    def request(number: int, cursor: int, digest: bytes, policy: int, wished: list[Wish]) -> bytes:
        sets = known.sets(wished)
        asked = SyncRequest(PROTOCOL, known.house.code, known.device.id, number % 2**63, cursor % 2**63 - 1,
                            digest, policy % 2**63, sets)  # fmt: skip
        return known.signed(asked)

    def application(label: str, name: str, named: str) -> bytes:
        device = DeviceKey(name, SigningKey.generate())
        officer = OfficerKey(secrets.token_hex(16), named, SigningKey.generate())
        return enrolment.apply(known.house.invite(), Applicant(device, label, [officer]))

    def envelope(sender: str, payload: bytes, purpose: bytes) -> bytes:
        signed = Envelope(sender, payload, sign(stranger, purpose, messages.claim(payload)))
        return msgspec.msgpack.encode(signed)

    senders = st.sampled_from([stranger.public.raw.hex(), f"{known.house.code}/{known.device.id}", "/", "é"])
    small = st.integers(0, 2)
    return st.one_of(
        st.binary(max_size=200),
        st.builds(envelope, senders, st.binary(max_size=80), st.sampled_from([MESSAGE, ENROLMENT])),
        st.builds(request, numbers, small, st.binary(max_size=33), numbers, wishes),
        st.builds(request, numbers, numbers, st.binary(max_size=33), numbers, st.just([])),
        st.builds(application, texts, st.from_regex("[a-z0-9]{0,9}"), texts),
    )


@pytest.fixture
def known(keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Known]:
    monkeypatch.setattr(gate, "STRANGERS_A_MINUTE", 10**9)  # all of these come from one address
    with house(tmp_path / "centre.db", keys, TRAINING) as found:
        yield Known(found)


def operations(schema: Any) -> dict[str, Any]:
    """Every operation that the service publishes, by its name."""
    found = [result.ok() for result in schema.get_all_operations()]
    return {operation.label: operation for operation in found}


def test_nothing_that_is_sent_breaks_the_published_form(known: Known) -> None:
    app = known.house.client.app
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", app)
    assert set(operations(schema)) == {
        "GET /v1/health", "GET /v1/centre", "GET /v1/metrics", "POST /v1/enrol", "POST /v1/sync",
        "GET /v1/communes/{code}/snapshot", "GET /v1/communes/{code}/snapshot/{seq}/{no}",
        "POST /v1/communes/{code}/history", "GET /v1/communes/{code}/attachments/{sha256}",
        "GET /v1/communes/{code}/attachments/{sha256}/{no}",
        "PUT /v1/communes/{code}/attachments/{sha256}/{no}",
        "GET /v1/events",
    }  # fmt: skip
    outcomes: set[int] = set()

    def drive(path: str, cases: int) -> None:
        operation = schema[path]["POST"]

        @settings(max_examples=cases, **QUIET)  # type: ignore[arg-type]
        @given(bodies(known))
        def run(body: bytes) -> None:
            case = operation.Case(body=body, media_type="application/octet-stream")
            response = case.call(headers={"Content-Type": "application/octet-stream"})
            outcomes.add(response.status_code)
            case.validate_response(response)

        run()

    drive("/v1/sync", CASES * 3 // 4)
    drive("/v1/enrol", CASES // 4)
    assert {200, 400, 401, 409} <= outcomes
    with known.house.centre.read() as connection:
        assert len(journal.lines(connection, TRAINING, 0, 1 << 30)) > CASES // 50


def test_pieces_of_attachments_are_answered_in_form(known: Known) -> None:
    """As a laptop signs them: of what its journal cites, of what it does not, and of nothing at all."""
    house, record, sha256 = known.house, "a" * 32, "b" * 64
    cited: dict[str, Value] = {"sha256": sha256, "size": PIECE_BYTES + 3, "state": "active"}
    wish = Wish([Edit("attachment", record, name, value) for name, value in cited.items()], "", 1, True)
    push = SyncRequest(PROTOCOL, house.code, known.device.id, 1, 0, b"", 0, known.sets([wish]))
    house.exchange(known.signed(push))
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", house.client.app)
    operation = schema["/v1/communes/{code}/attachments/{sha256}/{no}"]["PUT"]
    places = st.integers(0, 2) | numbers
    pieces = st.sampled_from([b"%PDF-" + bytes(PIECE_BYTES - 5), bytes(PIECE_BYTES), b"abc", b""])
    outcomes: set[int] = set()

    @settings(max_examples=CASES // 20, **QUIET)  # type: ignore[arg-type]
    @given(st.sampled_from([record, "c" * 32, "x"]), st.sampled_from([sha256, "d" * 64]), places, pieces)
    def run(of: str, hashed: str, no: int, piece: bytes) -> None:
        body = known.signed(Asked(PROTOCOL, house.code, of, hashed, no % 2**63, piece))
        where = {"code": house.code, "sha256": hashed, "no": no % 2**63}
        case = operation.Case(path_parameters=where, body=body, media_type="application/octet-stream")
        response = case.call(headers={"Content-Type": "application/octet-stream"})
        outcomes.add(response.status_code)
        case.validate_response(response)

    run()
    assert outcomes == {200, 400, 409}


def test_what_schemathesis_itself_thinks_of_is_answered_in_form(known: Known) -> None:
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", known.house.client.app)
    for operation in operations(schema).values():

        @settings(max_examples=CASES // 20, **QUIET)  # type: ignore[arg-type]
        @given(operation.as_strategy())
        def run(case: Any) -> None:
            # Bytes that nobody signed are refused, whatever their schema says of them.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        run()
