"""The access matrix: every operation of the centre against everybody who may not; all turned away and noted.

The rows are the routes of the served application, so that one without a row fails, and each row says for
each attack either how it goes or why it cannot be made.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from app.central import logbook
from app.central import operators as signing
from app.central.deeds import Operating, certify_officer
from app.central.office import INVITATION_DAYS
from app.central.operators import SESSION_MS, add_operator, dismiss_operator
from app.central.pages import COOKIE, add_pages
from app.central.service import Service, application
from app.domain.changes import unpack_verdicts
from app.domain.terms import end_of, last_day
from app.seal.keys import ENROLMENT, MESSAGE, SESSION, DeviceKey, SigningKey, sign
from app.seal.statements import Json, state
from app.store import journal
from app.sync import enrolment, messages
from app.sync.messages import Envelope
from tests.central.access import (
    ATTACKS,
    DAY_MS,
    ENROL,
    EVERY_LAPTOPS,
    HER,
    NAME,
    NEVER_EXPIRES,
    NOT_A_COMMUNES,
    ONE_RANK,
    OTHER,
    PASSWORD,
    SIGN_IN,
    SYNC,
    TABLE,
    TYPED,
    WRONG,
    Ask,
    Page,
    Scene,
    Words,
    is_noted,
)
from tests.central.laptops import House, Laptop


@pytest.fixture
def scene(trained: House, trained_pair: list[Laptop]) -> Iterator[Scene]:
    a, b = trained_pair
    a.new_person()
    a.sync(trained)
    trained.open_commune(OTHER)
    add_operator(Operating(trained.centre, trained.keys, "root", trained.clock()), NAME, "Huy", PASSWORD)
    service = Service(trained.centre, trained.keys, trained.clock)
    app = application(service)
    add_pages(app, service)
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        yield Scene(trained, client, a, b)


def test_a_line_that_spoke_of_somebody_would_be_seen(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "soansinh.central")
    with logbook.visit("sync", 0) as noted:
        noted.note(said=HER)
    with pytest.raises(AssertionError, match="Khuyễng"):
        is_noted(caplog, "done")


def test_every_cell_is_tried_or_says_why_not() -> None:
    assert set(ATTACKS) == _OF_LAPTOPS.keys() == _OF_PAGES.keys()


def test_every_operation_has_its_row(scene: Scene) -> None:
    app: Any = scene.client.app
    published = {
        f"{method.upper()} {path}" for path, held in app.openapi()["paths"].items() for method in held
    }
    routes = {
        f"{method} {route.path}"
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert published <= routes
    assert routes == TABLE.keys()


@pytest.mark.parametrize("attack", ATTACKS)
def test_laptops(scene: Scene, caplog: pytest.LogCaptureFixture, attack: str) -> None:
    caplog.set_level(logging.INFO, "soansinh.central")
    for operation, row in TABLE.items():
        if not isinstance(row, Words):
            continue
        special = {SYNC: _SYNC, ENROL: _ENROL}.get(operation, {})
        made = _OF_LAPTOPS[attack]
        if attack in special:
            special[attack](scene, caplog)
        elif not isinstance(made, str):  # else why this cannot be tried
            _try_all(scene, caplog, operation, made(scene, row.ask, _purpose(operation)))


def _purpose(operation: str) -> bytes:
    return ENROLMENT if operation == ENROL else MESSAGE


def _try_all(
    scene: Scene, caplog: pytest.LogCaptureFixture, operation: str, attacks: Iterator[tuple[str, bytes]]
) -> None:
    tried = 0
    for code, carried in attacks:
        before, tried = scene.counts(), tried + 1
        caplog.clear()
        answer = scene.send(operation, carried, code)
        assert answer.status_code in (400, 401, 403, 404), (operation, answer.text)
        assert is_noted(caplog, answer.json()["code"]), (operation, caplog.text)
        assert scene.counts() == before, operation
    assert tried


@pytest.mark.parametrize("operation", [SYNC, "GET /v1/communes/{code}/snapshot"])
def test_whoever_may_is_let_in(scene: Scene, operation: str) -> None:
    """So that what is turned away above is turned away for what it is."""
    row = TABLE[operation]
    assert isinstance(row, Words)
    name, code = scene.a.device.id, scene.house.code
    carried = _written(row.ask(code, name), f"{code}/{name}", scene.a.device.key)
    assert scene.send(operation, carried).status_code == 200


def _written(ask: msgspec.Struct, sender: str, key: SigningKey, purpose: bytes = MESSAGE) -> bytes:
    return messages.write(ask, sender, partial(sign, key, purpose))


def _unsigned(scene: Scene, ask: Ask, purpose: bytes) -> Iterator[tuple[str, bytes]]:
    name, code = scene.a.device.id, scene.house.code
    envelope = _envelope(_written(ask(code, name), f"{code}/{name}", scene.a.device.key, purpose))
    yield code, msgspec.msgpack.encode(replace_envelope(envelope, signature=b""))
    yield code, msgspec.msgpack.encode(replace_envelope(envelope, signature=bytes(64)))
    yield code, b""


def _other_commune(scene: Scene, ask: Ask, purpose: bytes) -> Iterator[tuple[str, bytes]]:
    name, code, key = scene.a.device.id, scene.house.code, scene.a.device.key
    yield OTHER, _written(ask(OTHER, name), f"{OTHER}/{name}", key, purpose)
    yield OTHER, _written(ask(OTHER, name), f"{code}/{name}", key, purpose)


def _other_device(scene: Scene, ask: Ask, purpose: bytes) -> Iterator[tuple[str, bytes]]:
    name, code = scene.a.device.id, scene.house.code
    for key in (scene.b.device.key, SigningKey.generate()):
        yield code, _written(ask(code, name), f"{code}/{name}", key, purpose)


def _revoked(scene: Scene, ask: Ask, purpose: bytes) -> Iterator[tuple[str, bytes]]:
    name, code = scene.a.device.id, scene.house.code
    scene.revoke()
    yield code, _written(ask(code, name), f"{code}/{name}", scene.a.device.key, purpose)


def _altered(scene: Scene, ask: Ask, purpose: bytes) -> Iterator[tuple[str, bytes]]:
    name, code = scene.a.device.id, scene.house.code
    envelope = _envelope(_written(ask(code, name), f"{code}/{name}", scene.a.device.key, purpose))
    for at in (0, len(envelope.payload) // 2, len(envelope.payload) - 1):
        payload = bytearray(envelope.payload)
        payload[at] ^= 1
        yield code, msgspec.msgpack.encode(replace_envelope(envelope, payload=bytes(payload)))


_OF_LAPTOPS: Mapping[str, str | Callable[[Scene, Ask, bytes], Iterator[tuple[str, bytes]]]] = {
    "unsigned": _unsigned,
    "other_commune": _other_commune,
    "lower_role": EVERY_LAPTOPS,
    "other_device": _other_device,
    "revoked": _revoked,
    "expired": NEVER_EXPIRES,
    "altered_body": _altered,
}


def _envelope(carried: bytes) -> Envelope:
    return msgspec.msgpack.decode(carried, type=Envelope)


def replace_envelope(envelope: Envelope, **changed: bytes) -> Envelope:
    """The same with another payload or signature."""
    return msgspec.structs.replace(envelope, **changed)


# An exchange carries sets, each judged by its author: denied is refused in the journal, kept with the reason.


def _taken_and_refused(scene: Scene, log: pytest.LogCaptureFixture, why: str) -> bytes:
    """Handed in, and in the journal for that reason; the answer."""
    scene.a.new_person(name="Lò Văn Chưa")
    answer = scene.send(SYNC, scene.a.signed(scene.a.compose()))
    assert answer.status_code == 200
    assert is_noted(log, "done")
    with scene.house.centre.read() as connection:
        last = journal.lines(connection, scene.house.code, 0, 1 << 20)[-1]
    assert {(each.outcome, each.why) for each in unpack_verdicts(last.verdicts)} == {("refused", why)}
    return bytes(answer.content)


def _by_lower_role(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    certify_officer(scene.at, scene.house.code, scene.a.officer.id, ["auditor"])
    _taken_and_refused(scene, log, "role")


def _by_one_expired(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    until = last_day(scene.house.clock.ms + 1)
    certify_officer(scene.at, scene.house.code, scene.a.officer.id, ["officer"], until=until)
    scene.house.clock.ms = end_of(until)
    _taken_and_refused(scene, log, "standing")


def _by_one_revoked(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    scene.revoke()
    scene.b.new_person(name="Cà Thị Khác")
    scene.b.sync(scene.house)
    assert "Khác".encode() not in _taken_and_refused(scene, log, "standing")


_Special = Mapping[str, Callable[[Scene, pytest.LogCaptureFixture], None]]
_SYNC: _Special = {"lower_role": _by_lower_role, "expired": _by_one_expired, "revoked": _by_one_revoked}


# Who enrols brings a code; the code is what may be another's, spent or old.


def _refused_enrolment(scene: Scene, log: pytest.LogCaptureFixture, carried: bytes, code: str) -> None:
    before = scene.counts()
    log.clear()
    answer = scene.send(ENROL, carried)
    assert answer.json()["code"] == code
    assert is_noted(log, code)
    assert scene.counts() == before


def _newcomer(_scene: Scene) -> enrolment.Applicant:
    return enrolment.Applicant(DeviceKey("mnew", SigningKey.generate()), "máy mới", [])


def _code_of_another_commune(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    code = replace(scene.house.invite(), commune=OTHER)
    carried = enrolment.apply(code, _newcomer(scene))
    _refused_enrolment(scene, log, carried, "central.invitation_unknown")


def _spent_code(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    code = scene.house.invite()
    assert scene.send(ENROL, enrolment.apply(code, _newcomer(scene))).status_code == 200
    other = enrolment.Applicant(DeviceKey("mother", SigningKey.generate()), "máy", [])
    _refused_enrolment(scene, log, enrolment.apply(code, other), "central.invitation_used")


def _revoked_laptop_enrols_again(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    scene.revoke()
    carried = enrolment.apply(scene.house.invite(), scene.a.applicant)
    _refused_enrolment(scene, log, carried, "central.device_revoked")


def _old_code(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    code = scene.house.invite()
    scene.house.clock.ms += (INVITATION_DAYS + 1) * DAY_MS
    _refused_enrolment(scene, log, enrolment.apply(code, _newcomer(scene)), "central.invitation_expired")


def _altered_application(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    envelope = _envelope(enrolment.apply(scene.house.invite(), _newcomer(scene)))
    payload = bytearray(envelope.payload)
    payload[-1] ^= 1
    altered = msgspec.msgpack.encode(replace_envelope(envelope, payload=bytes(payload)))
    _refused_enrolment(scene, log, altered, "sync.signature")


def _claims_anothers_id(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    thief = DeviceKey(scene.a.device.id, SigningKey.generate())
    carried = enrolment.apply(scene.house.invite(), enrolment.Applicant(thief, "máy", []))
    _refused_enrolment(scene, log, carried, "central.device_taken")
    _spent_code(scene, log)


def _needs_no_role(scene: Scene, log: pytest.LogCaptureFixture) -> None:
    """Whoever enrols has no role yet; the code is her leave."""


_ENROL: _Special = {
    "other_commune": _code_of_another_commune,
    "lower_role": _needs_no_role,
    "other_device": _claims_anothers_id,
    "revoked": _revoked_laptop_enrols_again,
    "expired": _old_code,
    "altered_body": _altered_application,
}


# The operators' pages: a cookie that is signed, stands, and is young; a form's own word.


def _no_cookie(scene: Scene, _cookie: str) -> str:
    return ""


def _forged(scene: Scene, _cookie: str) -> str:
    said: dict[str, Json] = {"operator": NAME, "until": scene.house.clock() + SESSION_MS, "session": 0}
    return state(SigningKey.generate(), SESSION, said).hex()


def _dismissed(scene: Scene, cookie: str) -> str:
    dismiss_operator(scene.at, NAME)
    return cookie


def _old(scene: Scene, cookie: str) -> str:
    scene.house.clock.ms += SESSION_MS + 1
    return cookie


def _altered_cookie(scene: Scene, cookie: str) -> str:
    return cookie[:-2] + ("00" if cookie[-2:] != "00" else "01")


_OF_PAGES: Mapping[str, str | Callable[[Scene, str], str]] = {
    "unsigned": _no_cookie,
    "other_commune": NOT_A_COMMUNES,
    "lower_role": ONE_RANK,
    "other_device": _forged,
    "revoked": _dismissed,
    "expired": _old,
    "altered_body": _altered_cookie,
}


@pytest.mark.parametrize("attack", [each for each, made in _OF_PAGES.items() if not isinstance(made, str)])
def test_operators(scene: Scene, caplog: pytest.LogCaptureFixture, attack: str) -> None:
    caplog.set_level(logging.INFO, "soansinh.central")
    made = _OF_PAGES[attack]
    assert not isinstance(made, str)
    session = signing.sign_in(scene.at, PASSWORD)
    assert _browse(scene, "GET /", Page(), session.token, "").status_code == 200
    cookie = made(scene, session.token)
    for operation, row in TABLE.items():
        if isinstance(row, Page):
            before = scene.counts()
            caplog.clear()
            answer = _browse(scene, operation, row, cookie, session.form)
            assert (answer.status_code, answer.headers.get("location")) == (303, "/sign-in"), operation
            assert is_noted(caplog, "central.not_signed_in"), operation
            assert scene.counts() == before, operation


def test_a_form_of_another_site_does_nothing(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "soansinh.central")
    session = signing.sign_in(scene.at, PASSWORD)
    for operation, row in TABLE.items():
        if isinstance(row, Page) and row.form is not None:
            before = scene.counts()
            caplog.clear()
            answer = _browse(scene, operation, row, session.token, "0" * 32)
            assert answer.status_code == 403, operation
            assert is_noted(caplog, "central.form"), operation
            assert scene.counts() == before, operation


def _browse(scene: Scene, operation: str, row: Page, cookie: str, word: str) -> Any:
    method, _, path = operation.partition(" ")
    path = path.format(code=scene.house.code, parcel=1)
    headers = {**TYPED, "Cookie": f"{COOKIE}={cookie}"} if cookie else TYPED
    if method == "GET":
        return scene.client.get(path, headers=headers)
    return scene.client.post(path, data={**(row.form or {}), "form": word}, headers=headers)


def test_numbers_are_for_this_machine_alone(scene: Scene) -> None:
    assert scene.client.get("/v1/metrics").status_code == 404


def test_a_wrong_password_is_turned_away_and_noted(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "soansinh.central")
    answer = scene.client.post(SIGN_IN[5:], data={"operator": NAME, "password": WRONG}, headers=TYPED)
    assert answer.status_code == 401
    assert is_noted(caplog, "central.sign_in")
