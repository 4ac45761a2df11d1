"""Who does not get in, and what does not get through: each refusal has a status and a code."""

from __future__ import annotations

import json
import logging
import re
import tracemalloc
from dataclasses import replace
from functools import partial

import msgspec
import pytest
import zstandard
from sqlalchemy import event, func, select
from starlette.testclient import TestClient

from app.domain.changes import ChangeSet, Edit, lone
from app.domain.errors import Refusal, Trouble
from app.seal.keys import CHANGE_SET, ENROLMENT, MESSAGE, DeviceKey, SigningKey, sign
from app.store import roster
from app.store.central_tables import journal
from app.sync import messages
from app.sync.messages import BODY_BYTES_MAX, PROTOCOL, UNPACKED_BYTES_MAX, Envelope, SyncRequest
from tests.central.laptops import House, Laptop, all_agree, answer_of, refusal

OCTETS = {"Content-Type": "application/octet-stream"}


def entries(found: House) -> int:
    with found.centre.read() as connection:
        return connection.scalar(select(func.count()).select_from(journal)) or 0


def test_unknown_device(trained: House, trained_pair: list[Laptop]) -> None:
    a, _ = trained_pair
    request = msgspec.structs.replace(a.compose(), device="mnobody")
    assert refusal(trained, "/v1/sync", a.signed(request)) == (401, "sync.unknown_device")


def test_a_device_of_one_commune_is_unknown_in_another(trained: House, trained_pair: list[Laptop]) -> None:
    a, _ = trained_pair
    trained.open_commune("T0002")
    request = msgspec.structs.replace(a.compose(), commune="T0002")
    assert refusal(trained, "/v1/sync", a.signed(request)) == (401, "sync.unknown_device")
    as_itself = a.signed(request, sender=f"T0001/{a.device.id}")
    assert refusal(trained, "/v1/sync", as_itself) == (400, "sync.message")


def test_a_request_signed_by_another_key(trained: House, trained_pair: list[Laptop]) -> None:
    a, b = trained_pair
    a.new_person()
    forged = replace(a, device=DeviceKey(a.device.id, b.device.key)).signed(a.compose())
    assert refusal(trained, "/v1/sync", forged) == (401, "sync.signature")
    assert entries(trained) == 0


def test_a_signature_for_another_purpose_is_none(trained: House, trained_pair: list[Laptop]) -> None:
    a, _ = trained_pair
    request = a.compose()
    carried = messages.write(
        request, f"T0001/{a.device.id}", lambda payload: sign(a.device.key, b"enrolment", payload)
    )
    assert refusal(trained, "/v1/sync", carried) == (401, "sync.signature")


def test_a_newer_protocol_is_refused_with_both_numbers(trained: House, trained_pair: list[Laptop]) -> None:
    a, _ = trained_pair
    newer = a.signed(msgspec.structs.replace(a.compose(), protocol=2))
    response = trained.client.post("/v1/sync", content=newer, headers=OCTETS)
    assert response.json() == {"code": "sync.protocol", "facts": {"theirs": 2, "ours": 1}}
    assert response.status_code == 400


def test_a_cursor_ahead_of_the_book(trained: House, trained_pair: list[Laptop]) -> None:
    a, _ = trained_pair
    for cursor in (1, 2**40, -1):
        carried = a.signed(msgspec.structs.replace(a.compose(), cursor=cursor))
        assert refusal(trained, "/v1/sync", carried) == (409, "sync.cursor_ahead")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"\x93\xa1a\xc4\x01a\xc4\x01a",
        zstandard.compress(b""),
        b"\x93\xa1\xff\xc4\x01a\xc4\x01a",
    ],
)
def test_other_bytes(trained: House, body: bytes) -> None:
    for path in ("/v1/sync", "/v1/enrol"):
        status, code = refusal(trained, path, body)
        assert (status, code) in {
            (400, "sync.message"),
            (401, "sync.unknown_device"),
            (401, "sync.signature"),
        }


def test_too_large_a_body_is_not_read(trained: House) -> None:
    assert refusal(trained, "/v1/sync", bytes(BODY_BYTES_MAX + 1)) == (413, "sync.too_large")
    announced = {**OCTETS, "Content-Length": str(10**9)}
    assert trained.client.post("/v1/sync", content=b"", headers=announced).status_code == 413


def test_a_body_that_hides_its_length(trained: House) -> None:
    response = trained.client.post("/v1/sync", content=iter([b"x"]), headers=OCTETS)
    assert (response.status_code, response.json()["code"]) == (411, "sync.length_required")


def test_a_bomb_stops_at_the_cap(trained: House, trained_pair: list[Laptop]) -> None:
    a, _ = trained_pair
    bomb = zstandard.compress(bytes(UNPACKED_BYTES_MAX + 1), 3)
    assert len(bomb) < 100_000
    carried = msgspec.msgpack.encode(
        Envelope(f"T0001/{a.device.id}", bomb, sign(a.device.key, MESSAGE, messages.claim(bomb)))
    )
    assert refusal(trained, "/v1/sync", carried) == (413, "sync.too_large")


def test_a_stranger_makes_the_centre_unpack_next_to_nothing(
    trained: House, trained_pair: list[Laptop]
) -> None:
    a, _ = trained_pair
    bomb, stranger = zstandard.compress(bytes(UNPACKED_BYTES_MAX), 3), SigningKey.generate()
    as_laptop = Envelope(f"T0001/{a.device.id}", bomb, sign(stranger, MESSAGE, messages.claim(bomb)))
    as_applicant = Envelope(stranger.public.raw.hex(), bomb, sign(stranger, ENROLMENT, messages.claim(bomb)))
    asks = [
        ("/v1/sync", as_laptop, (401, "sync.signature")),
        ("/v1/enrol", as_applicant, (413, "sync.too_large")),
    ]
    for path, envelope, expected in asks:
        body = msgspec.msgpack.encode(envelope)
        tracemalloc.start()
        try:
            answered = refusal(trained, path, body)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert answered == expected
        assert peak < 2 << 20


def test_unknown_pages_and_methods_are_answered_in_the_same_form(trained: House) -> None:
    for path, status in (("/v1", 404), ("/docs", 404), ("/v1/sync", 405)):
        response = trained.client.get(path)
        assert (response.status_code, response.json()["code"]) == (status, "central.no_such_page")
    assert response.headers["Allow"] == "POST"


def test_numbers_are_for_this_machine_alone(trained: House, trained_pair: list[Laptop]) -> None:
    trained_pair[0].new_person()
    trained_pair[0].sync(trained)
    assert trained.client.get("/v1/metrics").status_code == 404
    here = TestClient(trained.client.app, client=("127.0.0.1", 1))
    said = here.get("/v1/metrics").text
    assert 'soansinh_visits_total{outcome="done",what="sync"}' in said
    assert trained_pair[0].device.id not in said
    assert trained.code not in said


def test_health_and_statement(served: House) -> None:
    assert served.client.get("/v1/health").json() == {"state": "ok"}
    assert list(served.client.get("/v1/centre").json()) == ["certificates"]


def test_health_tells_when_the_database_is_gone(trained: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_connection: object) -> bool:
        raise Trouble("central.database")

    monkeypatch.setattr(roster, "is_reachable", gone)
    response = trained.client.get("/v1/health")
    assert (response.status_code, response.json()["code"]) == (503, "central.database")


def test_a_bug_says_nothing_of_what_it_met(
    trained: House, trained_pair: list[Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Lò Thị Pánh")

    monkeypatch.setattr("app.sync.register.exchange", fail)
    response = trained.client.post("/v1/sync", content=trained_pair[0].signed(trained_pair[0].compose()))
    assert (response.status_code, response.json()) == (500, {"code": "bug", "facts": {}})


def pushed(found: House, **fields: object) -> tuple[int, str]:
    """The answer to one set, its author's signature right, some of its fields as given: status, or why."""
    device, officer = found.enrol_keys()
    usual: dict[str, object] = {
        "commune": found.code,
        "author": officer.id,
        "device": device.id,
        "number": 1,
        "previous": "",
        "clock": found.clock() << 16,
        "reason": "test",
        "atoms": lone([Edit("person", "a" * 32, "name", "An")]),
    }
    body = ChangeSet(**{**usual, **fields}).body  # type: ignore[arg-type]
    sets = [(body, sign(officer.key, CHANGE_SET, body))]
    request = SyncRequest(PROTOCOL, found.code, device.id, 1, 0, bytes(32), 0, sets)
    carried = messages.write(request, f"{found.code}/{device.id}", partial(sign, device.key, MESSAGE))
    response = found.client.post("/v1/sync", content=carried, headers=OCTETS)
    if response.status_code != 200:
        return response.status_code, response.json()["code"]
    why = [receipt.why for receipt in answer_of(found, response.content).receipts]
    return response.status_code, why[0] if why else ""


def test_a_set_that_no_database_could_hold_is_a_refusal(served: House, pair: list[Laptop]) -> None:
    """Signed by a known officer all the same: no such set may stop the other laptops."""
    edits = [
        Edit("per\x00son", "a", "name", "An"),
        Edit("person", "a\x00", "name", "An"),
        Edit("person", "a" * 32, "vneid_level", 2**70),
        Edit("person", "a" * 32, "name", "An", on=2**70),
        Edit("person", "a" * 32, "name", "An", on="zz"),
    ]
    odd: list[dict[str, object]] = [{"atoms": lone([edit])} for edit in edits]
    odd += [{"device": "m\x00"}, {"reason": "\x00"}]
    odd += [{"device": "mnobody", "number": 2**40}, {"device": "mnobody", "number": 2**70}]
    for fields in odd:
        assert pushed(served, **fields)[0] in {200, 400}, fields
    pair[1].new_person()
    assert pair[1].sync(served).waiting == 0
    pair[0].sync(served)
    all_agree(pair)


def test_sets_of_strangers_are_not_taken(trained: House) -> None:
    assert pushed(trained, commune="T0009") == (200, "stranger")
    assert pushed(trained, author="f" * 32) == (200, "stranger")
    assert pushed(trained, device="mnobody") == (200, "stranger")
    assert entries(trained) == 0


def test_a_forged_answer_changes_nothing(trained: House, trained_pair: list[Laptop]) -> None:
    a, b = trained_pair
    a.new_person()
    a.sync(trained)

    class Impostor:
        def __init__(self, key: SigningKey) -> None:
            self.key = key

        def exchange(self, request: bytes) -> bytes:
            answer = answer_of(trained, trained.exchange(request))
            emptied = msgspec.structs.replace(answer, entries=[], more=False)
            return messages.write(emptied, "centre", lambda payload: sign(self.key, MESSAGE, payload))

    with pytest.raises(Refusal, match=r"sync\.signature"):
        b.sync(Impostor(SigningKey.generate()))
    # Even the true key cannot leave entries out: the head is over all of them.
    with pytest.raises((Refusal, Trouble)):
        b.sync(Impostor(trained.keys.register))
    assert b.cells() == {}
    b.sync(trained)
    assert b.cells() == a.cells()


def test_no_statement_names_more_than_one_commune(served: House, pair: list[Laptop]) -> None:
    """Tables are keyed by commune so that they can be spread (architecture.md, 11)."""
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(" ".join(statement.split()))

    event.listen(served.centre._engine, "before_cursor_execute", hear)
    pair[0].new_person()
    pair[0].sync(served)
    pair[1].sync(served)
    event.remove(served.centre._engine, "before_cursor_execute", hear)
    apart = re.compile("FROM (pg_|programme)")  # what is the same for every commune names none
    asking = [text for text in said if re.match(r"SELECT|UPDATE|DELETE", text) and not apart.search(text)]
    assert len(asking) > 10
    named = re.compile(r"WHERE \w+\.commune = ")
    assert [text for text in asking if not named.search(text)] == []


def test_the_log_holds_no_word_of_anybody(
    trained: House, trained_pair: list[Laptop], caplog: pytest.LogCaptureFixture
) -> None:
    a, _ = trained_pair
    a.new_person(phone="0388123417", personal_id="014148032213")
    with caplog.at_level(logging.DEBUG):
        a.sync(trained)
    visits = [record for record in caplog.records if record.name == "soansinh.central"]
    facts = [visit.__dict__["facts"] for visit in visits if visit.getMessage() == "sync"]
    assert [(found["outcome"], found["sets"], found["device"]) for found in facts] == [
        ("done", 1, a.device.id)
    ]
    told = json.dumps([record.__dict__ for record in caplog.records], default=str, ensure_ascii=False)
    for word in ("Pánh", "0388123417", "014148032213", a.officer.name):
        assert word not in told
