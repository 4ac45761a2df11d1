"""Servers that mean ill, over real sockets and TLS: nothing personal goes there, nothing is taken.

One laptop meets all of them, with people waiting in its outbox: whatever they did, the next finds its
vault as it was, and at the end the true centre gets all that waited.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from app import words
from app.central.keys import Keys
from app.domain.errors import Cancelled, Coded, Refusal, Trouble
from app.domain.progress import Progress
from app.seal.enrolment import EnrolmentCode
from app.store import place
from app.sync import bounds, https
from app.sync.https import HttpsCarrier
from app.sync.policy import NEVER_RENEWED, centre_of, signed_policy
from tests.central.laptops import House, Laptop, all_agree, house, new_keys
from tests.faults.hostile import (
    BEHIND_ITS_CERTIFICATE,
    BODY_BYTES_MAX,
    WITH_ITS_KEYS,
    Hostile,
    Truth,
    hang,
    reset,
    says,
)
from tests.faults.listening import Asked, Line, Listener, http, in_tls, listening
from tests.faults.looking import held
from tests.faults.strangers import STRANGERS

CODE, OTHER = "T0001", "T0002"
SECONDS_MAX = 15.0  # for a whole try, on a busy machine
SHORT = [(https, "CONNECT_SECONDS", 0.6), (bounds, "READ_SECONDS", 0.6), (bounds, "ANSWER_SECONDS", 1.0)]
PERSONAL = ["Lò Thị Pánh", "Pánh", "0388123417", "036148002975"]


@dataclass
class Scene:
    """A laptop with people waiting, and the centre that it trusts."""

    keys: Keys
    house: House
    truth: Truth
    victim: Laptop
    quiet: Laptop  # up to date, nothing waits


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Shared by all: no hostile server may leave anything in it."""
    with set_up(tmp_path_factory.mktemp("hostile")) as made:
        yield made


@contextmanager
def set_up(folder: Path) -> Iterator[Scene]:
    keys = new_keys(folder / "keys")
    with house(folder / "centre.db", keys, CODE) as served:
        served.open_commune(OTHER)
        victim, quiet, writer = [Laptop.new(folder, CODE, served.clock) for _ in range(3)]
        foreign = Laptop.new(folder, OTHER, served.clock)
        with served.centre.read() as connection:
            stale = signed_policy(keys.policy, served.clock(), connection, CODE, NEVER_RENEWED)
        for laptop in (victim, quiet, writer, foreign):
            served.enrol(laptop)
        older = served.exchange(victim.signed(victim.compose()))
        victim.new_person(name="Vàng A Chứ")
        victim.sync(served)
        writer.new_person()
        writer.sync(served)
        quiet.sync(served)
        with victim.vault.write() as connection:
            place.write(connection, "request_number", b"500")
        for phone in ("0388123417", "0388123418", "0388123419"):
            victim.new_person(phone=phone, personal_id="036148002975")
        others = served.exchange(quiet.signed(quiet.compose()))
        strange = served.exchange(foreign.signed(foreign.compose()))
        truth = Truth(served, older, others, strange, stale)
        yield Scene(keys, served, truth, victim, quiet)
        for laptop in (victim, quiet, writer, foreign):
            laptop.vault.lock()


@pytest.fixture(autouse=True)
def patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short where somebody keeps the laptop waiting, usual elsewhere: a busy machine is no server's fault."""
    monkeypatch.setattr(bounds, "BODY_BYTES_MAX", BODY_BYTES_MAX)
    if any(slow in request.node.name for slow in ("silent]", "dripping")):
        for module, name, seconds in SHORT:
            monkeypatch.setattr(module, name, seconds)


@contextmanager
def served(scene: Scene, hostile: Hostile) -> Iterator[Listener]:
    """A hostile server behind the centre's own certificate."""
    folder = scene.keys.folder
    greet = in_tls(str(folder / "tls.pem"), str(folder / "tls.key"))
    with listening(nobody, scheme="http") as elsewhere:
        truth = replace(scene.truth, elsewhere=elsewhere.address)
        with listening(partial(hostile, truth), greet) as found:
            yield found
        assert elsewhere.heard == b""


def nobody(_line: Line, _asked: Asked) -> None:
    raise AssertionError("the laptop went where a redirect pointed")


@contextmanager
def line_to(laptop: Laptop, found: Listener) -> Iterator[HttpsCarrier]:
    with laptop.vault.read() as connection:
        pins = centre_of(connection).tls
    with HttpsCarrier(found.address, pins) as carrier:
        yield carrier


def try_to_sync(laptop: Laptop, found: Listener) -> Coded:
    """How a sync with this server ends, that it ends soon, and that the vault is as it was."""
    before, began = held(laptop.vault), time.monotonic()
    with line_to(laptop, found) as carrier, pytest.raises(Coded) as caught:
        laptop.sync(carrier)
    assert time.monotonic() - began < SECONDS_MAX
    assert held(laptop.vault) == before
    return caught.value


def check_told(error: Coded, expected: Coded) -> None:
    """The expected kind, code and facts, and an officer has words for it in both languages."""
    assert (type(error), error.code) == (type(expected), expected.code)
    numbers = {"seq", "cursor"}
    facts = [{k: v for k, v in one.facts.items() if k not in numbers} for one in (error, expected)]
    assert facts[0] == facts[1]
    for language in words.LANGUAGES:
        words.speak(language)
        told = words.explain(error)
        assert told.happened != words.gettext("error.bug.happened")
        assert all([told.happened, told.kept, told.todo])
        assert "{" not in told.happened + told.kept + told.todo


def check_unheard(raw: bytes) -> None:
    for personal in PERSONAL:
        assert personal.encode() not in raw


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_hear_nothing(name: str, scene: Scene, tmp_path: Path) -> None:
    stranger, expected = STRANGERS[name]
    with listening(nobody, stranger(tmp_path, scene.keys.folder)) as found:
        check_told(try_to_sync(scene.victim, found), expected)
    assert found.heard == b""


@pytest.mark.parametrize("name", BEHIND_ITS_CERTIFICATE)
def test_behind_the_centres_certificate_nothing_is_taken(name: str, scene: Scene) -> None:
    hostile, expected = BEHIND_ITS_CERTIFICATE[name]
    with served(scene, hostile) as found:
        check_told(try_to_sync(scene.victim, found), expected)
    check_unheard(found.asked[0].head)  # the body is for whoever holds the certificate's key
    assert [asked.path for asked in found.asked] == ["/v1/sync"]


@pytest.mark.parametrize("name", WITH_ITS_KEYS)
def test_with_the_centres_keys_only_what_fits_is_taken(name: str, scene: Scene) -> None:
    hostile, expected = WITH_ITS_KEYS[name]
    with served(scene, hostile) as found:
        check_told(try_to_sync(scene.victim, found), expected)
    check_unheard(b"".join(asked.head for asked in found.asked))


@pytest.mark.parametrize("name", [name for name in STRANGERS if name != "TLS 1.2 with the true certificate"])
def test_strangers_hear_no_application(name: str, scene: Scene, tmp_path: Path) -> None:
    """A laptop that applies for the first time has no pin yet: the root's fingerprint must vouch first."""
    stranger, _ = STRANGERS[name]
    with listening(nobody_knows, stranger(tmp_path, scene.keys.folder)) as found:
        code = EnrolmentCode.issue(found.address, CODE, scene.keys.root_fingerprint)
        with pytest.raises(Coded):
            https.enrol(code, scene.victim.applicant)
    assert {asked.path for asked in found.asked} <= {"/v1/centre"}
    check_unheard(bytes(found.heard))
    assert scene.victim.officer.name.encode() not in found.heard


def nobody_knows(line: Line, _asked: Asked) -> None:
    line.sendall(http(b"{}"))


@pytest.mark.parametrize(
    "form", ['{{"certificates":[],"certificates":{0}}}', '{{"certificates": {0}}}', "{0}"]
)
def test_a_statement_in_another_form_is_none(form: str, scene: Scene) -> None:
    listed = scene.keys.statement.removeprefix(b'{"certificates":').removesuffix(b"}").decode()
    with served(scene, says(form.format(listed).encode())) as found:
        code = EnrolmentCode.issue(found.address, CODE, scene.keys.root_fingerprint)
        with pytest.raises(Refusal, match=r"centre\.statement"):
            https.enrol(code, scene.victim.applicant)
    assert [asked.path for asked in found.asked] == ["/v1/centre"]


def test_an_older_policy_is_passed_over(scene: Scene) -> None:
    """A true answer in which an officer or a laptop of later days is not yet named."""

    def stale(truth: Truth, asked: Asked) -> bytes:
        return truth.signed(truth.head(truth.said(asked), policy=truth.stale_policy))

    scene.quiet.sync(scene.house)
    before = held(scene.quiet.vault)
    with served(scene, says(stale)) as found, line_to(scene.quiet, found) as carrier:
        assert scene.quiet.sync(carrier).in_step
    assert held(scene.quiet.vault) == before


@pytest.mark.parametrize(
    ("date", "off"),
    [
        ("Fri, 01 Jan 2100 00:00:00 GMT", True),
        ("Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("Thu, 01 Jan 2026 00:00:00 -0000", False),
        ("Thu, 01 Jan 99999 00:00:00 +9999999999", False),
        ("tomorrow", False),
    ],
)
def test_a_skewed_clock_is_told_and_not_obeyed(scene: Scene, date: str, *, off: bool) -> None:
    scene.quiet.sync(scene.house)
    before = held(scene.quiet.vault)
    with (
        served(scene, says(lambda truth, asked: truth.answer(asked), "200 OK", f"Date: {date}")) as found,
        line_to(scene.quiet, found) as carrier,
    ):
        assert scene.quiet.sync(carrier).in_step
        assert (carrier.clock_ahead is not None) == off
        assert abs(carrier.clock_ahead or 0) > 1e6 or not off
    assert held(scene.quiet.vault) == before


def test_a_line_closed_between_exchanges_is_opened_again(scene: Scene) -> None:
    def once(truth: Truth, line: Line, asked: Asked) -> None:
        says(lambda truth, asked: truth.answer(asked))(truth, line, asked)
        raise EOFError

    with served(scene, once) as found, line_to(scene.quiet, found) as carrier:
        for _ in range(3):
            assert scene.quiet.sync(carrier).in_step
            time.sleep(0.02)


def test_no_cookie_comes_back(scene: Scene) -> None:
    marking = says(lambda truth, asked: truth.answer(asked), "200 OK", "Set-Cookie: who=m01; Path=/")
    with served(scene, marking) as found, line_to(scene.quiet, found) as carrier:
        for _ in range(2):
            assert scene.quiet.sync(carrier).in_step
    assert b"cookie" not in found.heard.lower()


def test_a_second_answer_on_one_line_is_not_the_next_requests(scene: Scene) -> None:
    """A proxy that sends an answer twice: the second one is not taken for what was asked next."""

    def twice(truth: Truth, line: Line, asked: Asked) -> None:
        line.sendall(http(truth.answer(asked)) * 2)

    with served(scene, twice) as found, line_to(scene.quiet, found) as carrier:
        for _ in range(3):
            try:
                scene.quiet.sync(carrier)
            except Refusal as error:
                assert error.code == "sync.other_answer"  # noqa: PT017 - once of three, or never


def test_a_silent_server_does_not_hold_up_who_cancels(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "READ_SECONDS", 30.0)
    monkeypatch.setattr(bounds, "ANSWER_SECONDS", 30.0)
    progress, began = Progress(), time.monotonic()

    def cancelled(truth: Truth, line: Line, asked: Asked) -> None:
        progress.cancel()
        hang(truth, line, asked)

    with (
        served(scene, cancelled) as found,
        HttpsCarrier(found.address, [https._certificate_at(found.address)], progress) as carrier,
        pytest.raises(Cancelled),
    ):
        carrier.exchange(b"")
    assert time.monotonic() - began < 3


def test_a_centre_that_always_differs_is_not_asked_for_ever(tmp_path: Path) -> None:
    """Its snapshot is true and is taken; what it says next contradicts it again."""

    def differing(truth: Truth, asked: Asked) -> bytes:
        if asked.path != "/v1/sync":
            return truth.answer(asked)
        return truth.signed(truth.head(truth.said(asked), digest=bytes(32), head=bytes(32)))

    with set_up(tmp_path) as scene, served(scene, says(differing)) as found:
        with line_to(scene.victim, found) as carrier, pytest.raises(Trouble, match=r"sync\.diverged"):
            scene.victim.sync(carrier)
        phones = {cells.get("phone") for cells in scene.victim.cells().values()}
        assert {"0388123417", "0388123418", "0388123419"} <= phones


def test_after_them_the_true_centre_gets_what_waited(tmp_path: Path) -> None:
    with set_up(tmp_path) as scene:
        for hostile in (reset, says(b""), WITH_ITS_KEYS["forged change"][0]):
            with served(scene, hostile) as found:
                try_to_sync(scene.victim, found)
        with served(scene, says(lambda truth, asked: truth.answer(asked))) as found:
            with line_to(scene.victim, found) as carrier:
                done = scene.victim.sync(carrier)
            assert (done.pushed, done.waiting, done.in_step) == (3, 0, True)
            with line_to(scene.quiet, found) as carrier:
                assert scene.quiet.sync(carrier).pulled == 3
        all_agree([scene.victim, scene.quiet])
