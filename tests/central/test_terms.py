"""Certificates that end: an approver lent to a commune until a day, by the centre and on every laptop."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.actions import officers
from app.actions.desk import Desk
from app.bootstrap.entering import author_of
from app.central.appointing import asked, give, leave_as_is
from app.central.deeds import Operating, certify_officer, extend_officer
from app.cli import frame
from app.domain.appointments import wanted
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.terms import end_of, last_day
from app.resources import load_rights
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import OfficerKey, SigningKey
from app.store import leave, operators, roster
from app.store.throttle import Moment
from app.sync import enrolment
from app.sync.policy import held_policy, standing_officers
from app.sync.verifying import InForce, Register
from tests.central.laptops import House, Laptop
from tests.central.paying import approve, propose
from tests.central.test_appointing import write
from tests.central.test_pages import NAME, PASSWORD, TYPED, browsing, signed_in
from tests.central.test_rights import operating, refused

DAY_MS = 24 * 3600 * 1000


def today(found: House) -> date:
    return last_day(found.clock.ms + 1)


def lend(found: House, laptop: Laptop, days: int = 3) -> date:
    """She may approve here for some days more."""
    until = today(found) + timedelta(days)
    certify_officer(operating(found), found.code, laptop.officer.id, ["officer", "approver"], until=until)
    return until


def held(found: House, laptop: Laptop) -> roster.Officer:
    with found.centre.read() as connection:
        return roster.officers(connection, found.code)[laptop.officer.id]


def listed(laptop: Laptop) -> InForce:
    with laptop.vault.read() as connection:
        register = Register.of(connection, Path("nowhere"), laptop.officer, load_rights())
        return register.in_force(Progress(), date(2026, 11, 29))


def test_what_she_signs_counts_until_that_day_and_then_no_more(served: House, pair: list[Laptop]) -> None:
    maker, lent = pair
    until = lend(served, lent)
    proposals = []
    for name in ("Vi Văn Một", "Vi Văn Hai"):
        _account, proposal = propose(maker, maker.new_person(name=name))
        proposals.append(proposal)
    for laptop in (maker, lent):
        laptop.sync(served)
    approve(lent, proposals[0])
    served.clock.ms = end_of(until) - 60_000  # the last minute of the last day
    lent.sync(served)
    assert set(refused(served)) == {""}
    approve(lent, proposals[1])  # signed in time, and brought too late
    served.clock.ms = end_of(until)
    assert lent.sync(served).refused == 1
    assert set(refused(served)) == {"standing"}
    maker.sync(served)
    assert [line.who["name"] for line in listed(maker).lines] == ["Vi Văn Một"]
    assert listed(maker).report.is_sound


def test_made_longer_in_time_nobody_notices_and_later_what_was_refused_stays_so(
    trained: House, trained_pair: list[Laptop]
) -> None:
    _maker, lent = trained_pair
    until = lend(trained, lent)
    trained.clock.ms = end_of(until) - 60_000
    longer = until + timedelta(30)
    extend_officer(operating(trained), trained.code, lent.officer.id, longer)
    trained.clock.ms = end_of(until) + 60_000
    lent.new_person()
    assert lent.sync(trained).refused == 0
    trained.clock.ms = end_of(longer) + 60_000
    late = lent.new_person(name="Lò Văn Chưa")
    assert lent.sync(trained).refused == 3  # each atom
    extend_officer(operating(trained), trained.code, lent.officer.id, None)
    assert held(trained, lent).roles == ("officer", "approver")
    lent.new_person()
    assert lent.sync(trained).refused == 0
    lent.sync(trained)
    assert ("person", late) not in lent.cells()


def test_a_day_that_is_over_is_refused_and_a_leave_outlasts_it(
    trained: House, trained_pair: list[Laptop]
) -> None:
    _maker, lent = trained_pair
    at, hers = operating(trained), lent.officer.id
    with pytest.raises(Refusal, match=r"central\.until_past"):
        certify_officer(at, trained.code, hers, ["approver"], until=today(trained) - timedelta(1))
    lend(trained, lent)
    certify_officer(at, trained.code, hers, [])
    with pytest.raises(Refusal, match=r"central\.no_such_officer"):
        extend_officer(at, trained.code, hers, today(trained) + timedelta(9))
    with trained.centre.read() as connection:
        details = [deed.detail for deed in operators.deeds(connection)]
    assert any(f"until={today(trained) + timedelta(3)}" in detail for detail in details)


def test_a_new_key_and_an_answer_leave_the_end_where_it_was(
    trained: House, trained_pair: list[Laptop]
) -> None:
    maker, lent = trained_pair
    until = lend(trained, lent)
    trained.clock.ms += 5_000
    values = {"officer": lent.officer.id, "wants": wanted(["auditor"], []), "why": "x"}
    write(maker, {**values, "asker": maker.officer.id})
    maker.sync(trained)
    (found,) = asked(operating(trained), trained.code)
    trained.clock.ms += 5_000
    leave_as_is(operating(trained), trained.code, found.wish.record)
    assert held(trained, lent).expires == end_of(until)
    code = renewing(trained, lent)
    new = OfficerKey(lent.officer.id, lent.officer.name, SigningKey.generate())
    applicant = enrolment.Applicant(lent.device, "máy", [new])
    trained.post("/v1/enrol", enrolment.apply(code, applicant))
    assert held(trained, lent).key == new.key.public.raw
    assert held(trained, lent).expires == end_of(until)


def renewing(found: House, laptop: Laptop) -> EnrolmentCode:
    from app.central.deeds import renew_officer

    return renew_officer(operating(found), found.code, laptop.officer.id)


def test_what_is_asked_until_a_day_is_given_until_it(served: House, pair: list[Laptop]) -> None:
    first, second = pair
    served.clock.ms += 5_000
    until = (today(served) + timedelta(20)).isoformat()
    values = {"officer": second.officer.id, "wants": wanted(["approver"], [], until), "why": "giúp"}
    write(first, {**values, "asker": first.officer.id})
    first.sync(served)
    (found,) = asked(operating(served), served.code)
    assert found.wish.until == until
    give(operating(served), served.code, found.wish.record)
    assert asked(operating(served), served.code) == []
    second.sync(served)
    with second.vault.read() as connection:
        policy = held_policy(connection)
    assert policy is not None
    assert last_day(policy.officers[second.officer.id].ends).isoformat() == until


def key_of(laptop: Laptop) -> str:
    """What the page of officers at her own laptop says of her key."""
    slot = SimpleNamespace(officer=laptop.officer.id, public=laptop.officer.key.public.raw)
    keyfile = SimpleNamespace(read=lambda: SimpleNamespace(slots=[slot], tries={}))
    prove = SimpleNamespace(keyfile=keyfile, unlocked=SimpleNamespace(device_secret_is_weak=False))
    seat = SimpleNamespace(vault=laptop.vault, prove=prove, device_key=laptop.device)
    everybody = officers.look_up(Progress(), cast("Desk", seat)).officers
    return next(found.key for found in everybody if found.id == laptop.officer.id)


def test_her_own_laptop_lets_her_do_nothing_once_it_ended(trained: House, trained_pair: list[Laptop]) -> None:
    """By the time that the centre signed and what has passed since, whatever the calendar says."""
    _maker, lent = trained_pair
    until = lend(trained, lent)
    lent.sync(trained)
    assert key_of(lent) == officers.CERTIFIED
    with lent.vault.write() as connection:
        assert author_of(connection, lent.officer).roles == ("officer", "approver")
        assert lent.officer.id in standing_officers(connection)
        passed = (end_of(until) - trained.clock.ms) // 1000 + 60
        kept = leave._read(connection)
        assert kept is not None
        seen = Moment(kept.seen.wall, kept.seen.up - passed, kept.seen.boot)
        leave._write(connection, leave._Kept(kept.issued, kept.now, seen))
        assert author_of(connection, lent.officer).roles == ()
        assert lent.officer.id not in standing_officers(connection)  # nobody is sent to her any more
    assert key_of(lent) == officers.OVER
    extend_officer(operating(trained), trained.code, lent.officer.id, until + timedelta(30))
    lent.sync(trained)
    with lent.vault.write() as connection:
        assert author_of(connection, lent.officer).roles == ("officer", "approver")


def test_the_command_line_lends_lists_and_extends(
    trained: House,
    trained_pair: list[Laptop],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _first, second = trained_pair

    @contextmanager
    def here(_args: object) -> Iterator[Operating]:
        yield operating(trained)

    @contextmanager
    def opened(_args: object) -> Iterator[tuple[object, object]]:
        yield trained.centre, trained.keys

    monkeypatch.setattr("app.cli.officers.operating", here)
    monkeypatch.setattr("app.cli.officers.opened", opened)

    def run(*words: str) -> int:
        return frame.run(["--language", "en", "central", "officer", *words, "--json"])

    def said(*words: str) -> Any:
        assert run(*words) == 0
        return json.loads(capsys.readouterr().out)

    one, two = (str(today(trained) + timedelta(days)) for days in (5, 50))
    hers = (trained.code, second.officer.id)
    assert said("certify", *hers, "--role", "approver", "--until", one)["until"] == one
    assert said("extend", *hers, "--until", two)["until"] == two
    rows = {row["officer"]: row for row in said("list", trained.code)}
    assert (rows[second.officer.id]["until"], rows[second.officer.id]["roles"]) == (two, "approver")
    assert said("certify", *hers, "--role", "approver")["until"] == ""
    assert run("certify", *hers, "--role", "approver", "--until", "31/12/2026") == 2
    assert run("certify", *hers, "--role", "approver", "--until", "2020-01-01") == 2


def test_the_operators_page_shows_what_ends_and_makes_it_longer(
    trained: House, trained_pair: list[Laptop]
) -> None:
    _first, second = trained_pair
    until = lend(trained, second)
    longer = until + timedelta(60)
    with browsing(trained) as client:
        word = signed_in(client)
        assert f"{until:%d/%m/%Y}" in client.get(f"/?open={trained.code}").text
        path = f"/communes/{trained.code}/until"
        filled = {"officer": second.officer.id, "until": longer.isoformat()}
        assert client.post(path, data={**filled, "form": "0" * 32}, headers=TYPED).status_code == 403
        for odd in ("", "mai", "2020-01-01"):
            answer = client.post(path, data={**filled, "until": odd, "form": word}, headers=TYPED)
            assert answer.status_code == 400
        assert held(trained, second).expires == end_of(until)
        assert client.post(path, data={**filled, "form": word}, headers=TYPED).status_code == 200
        assert held(trained, second).expires == end_of(longer)
        trained.clock.ms = end_of(longer)
        client.post("/sign-in", data={"operator": NAME, "password": PASSWORD}, headers=TYPED)
        assert "mark bad" in client.get(f"/?open={trained.code}").text
