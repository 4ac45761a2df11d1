"""The carrier over real TLS on the loopback: a true centre is believed, everybody else learns nothing."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import msgspec
import pytest

from app.actions import exchange
from app.bootstrap import entering, shelves
from app.central.keys import load_keys, recovery_identity
from app.domain.errors import Coded, Refusal, Trouble
from app.domain.progress import Progress
from app.seal.enrolment import EnrolmentCode
from app.seal.tls import LOOPBACK, TlsIdentity, make_tls_identity
from app.store.exchanges import recent
from app.store.keyslots import FILE
from app.store.laptop import Laptop as Machine
from app.store.slots import Contents
from app.store.vault import Vault
from app.sync import https
from app.sync.conversation import PAUSE_SECONDS, PAUSE_SECONDS_MAX, pause_after
from app.sync.https import HttpsCarrier
from app.sync.messages import BODY_BYTES_MAX
from tests import desks
from tests.central.laptops import Clock, Laptop, all_agree, new_keys
from tests.sync.serving import TRAINING, Running, carrier_of, join, served


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with served(tmp_path_factory.mktemp("training")) as found:
        yield found


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[list[Laptop]]:
    clock = Clock(time.time_ns() // 1_000_000 - 60_000)
    pair = [Laptop.new(tmp_path, TRAINING, clock) for _ in range(2)]
    yield pair
    for laptop in pair:
        laptop.vault.lock()


def test_laptops_enrol_and_sync_over_tls(tmp_path: Path, laptops: list[Laptop]) -> None:
    a, b = laptops
    with served(tmp_path) as first:
        join(a, first)
        record = a.new_person()
        with carrier_of(a, first.code.address) as carrier:
            assert a.sync(carrier).in_step
            a.change(record, note="hai")
            assert a.sync(carrier).in_step  # on the same line, kept open
            assert carrier.clock_ahead is not None
            assert abs(carrier.clock_ahead) < 60
    with carrier_of(a, first.code.address) as carrier, pytest.raises(Trouble, match=r"sync\.offline"):
        a.sync(carrier)
    with served(tmp_path) as again:
        join(b, again)
        for laptop in (a, b):
            with carrier_of(laptop, again.code.address) as carrier:
                assert laptop.sync(carrier).in_step
    all_agree(laptops)
    assert b.person(record)["note"] == "hai"
    log = (tmp_path / "log").read_text()
    assert "Pánh" not in log
    assert a.officer.name not in log


def test_a_refusal_of_the_centre_arrives_as_it_was_said(running: Running, laptops: list[Laptop]) -> None:
    wrong = replace(running.code, secret=bytes(10))
    with pytest.raises(Refusal, match=r"central\.invitation_unknown"):
        https.enrol(wrong, laptops[0].applicant)


def test_another_roots_fingerprint_stops_before_anything_is_sent(
    running: Running, laptops: list[Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = list[bytes]()
    monkeypatch.setattr(HttpsCarrier, "enrol", lambda _carrier, application: sent.append(application))
    wrong = replace(running.code, root_fingerprint="0" * 32)
    with pytest.raises(Refusal, match=r"centre\.another_root"):
        https.enrol(wrong, laptops[0].applicant)
    assert sent == []


def test_only_tls_1_3_is_spoken(running: Running) -> None:
    address = urlsplit(running.code.address)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_connection((address.hostname, address.port)) as plain, pytest.raises(ssl.SSLError):
        old.wrap_socket(plain)


def test_another_certificate_is_not_the_centre(running: Running) -> None:
    with (
        HttpsCarrier(running.code.address, ["0" * 64]) as carrier,
        pytest.raises(Refusal, match=r"sync\.not_the_centre"),
    ):
        carrier.exchange(b"something")


def test_the_spare_pin_serves_when_the_certificate_changed(running: Running) -> None:
    with HttpsCarrier(
        running.code.address, ["0" * 64, https._certificate_at(running.code.address)]
    ) as carrier:
        for _ in range(2):
            with pytest.raises(Refusal, match=r"sync\.message"):
                carrier.exchange(b"something")


def test_nobody_there() -> None:
    with (
        HttpsCarrier("https://127.0.0.1:9", ["0" * 64]) as carrier,
        pytest.raises(Trouble, match=r"sync\.offline"),
    ):
        carrier.exchange(b"")


Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Fake:
    """Somebody who holds a certificate and answers as a test wants."""

    address: str
    identity: TlsIdentity
    heard: list[str]


@pytest.fixture
def fake(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Fake]:
    with impostor(tmp_path, request.param) as found:
        yield found


@contextmanager
def impostor(folder: Path, answer: Answer) -> Iterator[Fake]:
    identity = make_tls_identity(LOOPBACK, datetime.now(UTC))
    (folder / "tls.pem").write_bytes(identity.certificate + identity.key)
    heard = list[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer(self)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield Fake(f"https://127.0.0.1:{server.server_port}", identity, heard)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answering(status: int, body: bytes, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(BODY_BYTES_MAX // (1 << 16) + 64):
            handler.wfile.write(bytes(1 << 16))
    except OSError:
        pass


def silent(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def once_a_line(handler: BaseHTTPRequestHandler) -> None:
    """Answers, keeps the line, and breaks it at the next word."""
    if hasattr(handler, "has_answered"):
        handler.close_connection = True
        return
    handler.has_answered = True  # type: ignore[attr-defined]
    answering(200, b"well", Connection="keep-alive")(handler)
    handler.close_connection = False


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")
    handler.close_connection = True


def said(spoken: str, **facts: object) -> bytes:
    return json.dumps({"code": spoken, "facts": facts}).encode()


@pytest.mark.parametrize(
    ("fake", "expected"),
    [
        (answering(400, said("sync.protocol", theirs=2, ours=1)), Refusal("sync.protocol", theirs=2, ours=1)),
        (answering(409, said("sync.cursor_ahead", cursor=5)), Refusal("sync.cursor_ahead", cursor=5)),
        (answering(400, said("sync.signature", code="x", self="y", field="name")), Refusal("sync.signature")),
        (answering(400, said("sync.yet_unheard_of")), Trouble("sync.centre_trouble", status=400)),
        (answering(400, b"<html>"), Trouble("sync.centre_trouble", status=400)),
        (answering(400, said("../x")), Trouble("sync.centre_trouble", status=400)),
        (answering(500, said("bug")), Trouble("sync.centre_trouble", status=500)),
        (answering(503, said("central.database")), Trouble("sync.centre_trouble", status=503)),
        (answering(302, b"", Location="https://127.0.0.1:9/"), Trouble("sync.centre_trouble", status=302)),
        (endless, Refusal("sync.too_large", bytes_max=BODY_BYTES_MAX)),
        (silent, Trouble("sync.offline")),
        (cut_short, Trouble("sync.offline")),
    ],
    indirect=["fake"],
)
def test_answers_that_are_none(fake: Fake, expected: Coded) -> None:
    with HttpsCarrier(fake.address, [fake.identity.pin]) as carrier, pytest.raises(type(expected)) as caught:
        carrier.exchange(b"")
    assert (caught.value.code, caught.value.facts) == (expected.code, expected.facts)


@pytest.mark.parametrize("fake", [once_a_line], indirect=True)
def test_a_kept_line_that_broke_is_replaced_without_a_word(fake: Fake) -> None:
    with HttpsCarrier(fake.address, [fake.identity.pin]) as carrier:
        assert [carrier.exchange(b"") for _ in range(3)] == [b"well"] * 3
    assert len(fake.heard) == 5  # the second and third word were said twice


@pytest.mark.parametrize("fake", [answering(200, b"{}")], indirect=True)
def test_an_impostor_with_a_certificate_of_its_own_hears_nothing(fake: Fake) -> None:
    with (
        HttpsCarrier(fake.address, ["0" * 64, "1" * 64]) as carrier,
        pytest.raises(Refusal, match=r"sync\.not_the_centre"),
    ):
        carrier.exchange(b"secret")
    assert fake.heard == []


@pytest.mark.parametrize("fake", [answering(200, b"{}")], indirect=True)
def test_whoever_is_no_centre_is_asked_its_name_and_no_more(fake: Fake, laptops: list[Laptop]) -> None:
    code = EnrolmentCode.issue(fake.address, TRAINING, "0" * 32)
    with pytest.raises(Refusal, match=r"centre\.statement"):
        https.enrol(code, laptops[0].applicant)
    assert fake.heard == ["/v1/centre"]


def test_whoever_repeats_the_centres_statement_is_not_it(tmp_path: Path, laptops: list[Laptop]) -> None:
    keys = new_keys(tmp_path / "keys")
    with impostor(tmp_path, answering(200, keys.statement)) as relay:
        code = EnrolmentCode.issue(relay.address, TRAINING, keys.root_fingerprint)
        with pytest.raises(Refusal, match=r"sync\.not_the_centre"):
            https.enrol(code, laptops[0].applicant)
        assert relay.heard == ["/v1/centre"]


def test_a_failed_exchange_is_noted(running: Running, laptops: list[Laptop]) -> None:
    a, _ = laptops
    join(a, running)
    with HttpsCarrier("https://127.0.0.1:9", ["0" * 64]) as carrier, pytest.raises(Trouble):
        a.sync(carrier)
    with carrier_of(a, running.code.address) as carrier:
        a.sync(carrier)
    with a.vault.read() as connection:
        assert [found.outcome for found in recent(connection)] == ["done", "sync.offline"]


def test_pauses_grow_to_a_quarter_of_an_hour_and_differ() -> None:
    pauses = [pause_after(failures, 1.0) for failures in range(12)]
    assert pauses == sorted(pauses)
    assert pauses[0] == PAUSE_SECONDS
    assert pauses[-1] == PAUSE_SECONDS_MAX
    assert pause_after(3, 0.0) < 5
    assert pause_after(3, 0.5) == pause_after(3, 1.0) / 2


def test_joining_lets_the_centres_recovery_identity_open_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.make_keys_cheap(monkeypatch)
    entered = desks.found(tmp_path / "laptop", code=TRAINING)
    desk, file = entered.desk, entered.desk.folder / FILE
    (tmp_path / "centre").mkdir()
    with served(tmp_path / "centre") as running:
        unjoined = file.read_bytes()
        exchange.enrol_laptop(Progress(), desk, running.code.text())
    identity = recovery_identity(load_keys(tmp_path / "centre" / "keys"))
    recovery = msgspec.json.decode(file.read_bytes(), type=Contents).recovery
    assert recovery.centre == identity.recipient.raw
    opened = recovery.open(msgspec.json.decode(file.read_bytes(), type=Contents).file, identity)
    desk.vault.lock()
    Vault.open(shelves.shelf(Machine(tmp_path / "laptop"), desk.commune).folder.vault, opened).lock()

    file.write_bytes(unjoined)  # the power went between joining and sealing
    at = shelves.shelf(Machine(tmp_path / "laptop"), desk.commune)
    entering.unlock(at, desk.officer.id, desks.PASSWORD, desk.reference).desk.vault.lock()
    assert msgspec.json.decode(file.read_bytes(), type=Contents).recovery.centre == identity.recipient.raw
