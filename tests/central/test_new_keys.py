"""An officer whose password was lost: her new key, what waited under the old one, what everybody sees."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from app.actions.desk import Desk
from app.actions.officers import newly_keyed
from app.central.deeds import Operating, certify_officer, renew_officer
from app.central.rescue import take_left
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.seal.enrolment import EnrolmentCode
from app.seal.keys import CHANGE_SET, OfficerKey, SigningKey, sign
from app.store import operators, outbox, returned
from app.sync import enrolment
from app.sync.policy import Policy, held_policy
from tests.central.laptops import House, Laptop, all_agree, refusal


def operating(at: House) -> Operating:
    return Operating(at.centre, at.keys, "huy", at.clock())


def with_new_key(laptop: Laptop) -> Laptop:
    """She came in by the code from the safe."""
    officer = OfficerKey(laptop.officer.id, laptop.officer.name, SigningKey.generate())
    pen = replace(laptop.pen, sign=partial(sign, officer.key, CHANGE_SET))
    return replace(laptop, officer=officer, pen=pen)


def policy_of(laptop: Laptop) -> Policy:
    with laptop.vault.read() as connection:
        held = held_policy(connection)
    assert held is not None
    return held


def code_for(at: House, laptop: Laptop) -> EnrolmentCode:
    return renew_officer(operating(at), at.code, laptop.officer.id)


def test_her_new_key_is_certified_and_what_she_signed_before_is_read(trained: House, tmp_path: Path) -> None:
    first, other = (Laptop.new(tmp_path, trained.code, trained.clock) for _ in range(2))
    for laptop in (first, other):
        trained.enrol(laptop)
    before = first.new_person()
    first.sync(trained)
    again = with_new_key(first)
    trained.enrol(again, code_for(trained, again))
    after = again.new_person()
    assert again.sync(trained).in_step
    other.sync(trained)
    fresh = Laptop.new(tmp_path, trained.code, trained.clock)
    trained.enrol(fresh)
    fresh.sync(trained)
    for laptop in (other, fresh):
        held = policy_of(laptop)
        assert held.keys_of(first.officer.id) == (again.officer.key.public, first.officer.key.public)
        assert [one.key for one in held.former] == [first.officer.key.public.raw.hex()]
        for person in (before, after):
            assert laptop.person(person)["name"]
    all_agree([again, other, fresh])
    for laptop in (other, fresh):  # and everybody is told, once they were not here since
        seat = cast("Desk", SimpleNamespace(vault=laptop.vault, officer=laptop.officer))
        assert newly_keyed(Progress(), seat, "2020-01-01T00:00:00Z") == [again.officer.name]
        assert newly_keyed(Progress(), seat, "2099-01-01T00:00:00Z") == []
    with trained.centre.read() as connection:
        said = [(deed.act, deed.subject) for deed in operators.deeds(connection)]
    assert ("officer_renewed", first.officer.id) in said
    for laptop in (first, other, fresh):
        laptop.vault.lock()


def test_what_waited_under_the_lost_key_holds_up_nobody_and_is_open_to_adoption(
    trained: House, tmp_path: Path
) -> None:
    laptop = Laptop.new(tmp_path, trained.code, trained.clock)
    trained.enrol(laptop)
    waited = laptop.new_person()
    again = with_new_key(laptop)
    after = again.new_person()
    trained.enrol(again, code_for(trained, again))
    again.sync(trained)
    with again.vault.read() as connection:
        assert outbox.waiting(connection) == 0
        refused = returned.refusals(connection, again.officer.id)
    reader = Laptop.new(tmp_path, trained.code, trained.clock)
    trained.enrol(reader)
    reader.sync(trained)
    assert reader.person(after)["name"]
    assert ("person", waited) not in reader.cells()
    assert [one.why for one in refused] == ["standing"]
    laptop.vault.lock()
    reader.vault.lock()


def test_what_waited_under_the_lost_key_comes_in_a_capsule_to_the_same_end(
    trained: House, tmp_path: Path
) -> None:
    laptop = Laptop.new(tmp_path, trained.code, trained.clock)
    trained.enrol(laptop)
    laptop.new_person()
    again = with_new_key(laptop)
    trained.enrol(again, code_for(trained, again))
    with laptop.vault.read() as connection:
        waiting = outbox.outbox(connection, 1 << 20)
    reading = take_left(operating(trained), trained.code, laptop.pen.device, waiting)
    assert (reading.judged, reading.not_taken) == ({"refused": 1}, {})
    laptop.vault.lock()


def test_a_key_that_nobody_certified_waits_and_loses_nothing(trained: House, tmp_path: Path) -> None:
    laptop = Laptop.new(tmp_path, trained.code, trained.clock)
    trained.enrol(laptop)
    before = laptop.new_person()
    again = with_new_key(laptop)
    after = again.new_person()
    assert again.sync(trained).not_taken == ("signature",)
    trained.enrol(again, code_for(trained, again))
    assert again.sync(trained).in_step
    assert all(again.person(person)["name"] for person in (before, after))
    laptop.vault.lock()


def test_a_code_for_one_officers_key_lets_in_no_other(trained: House, tmp_path: Path) -> None:
    one, two = (Laptop.new(tmp_path, trained.code, trained.clock) for _ in range(2))
    for laptop in (one, two):
        trained.enrol(laptop)
    thief = with_new_key(two)
    for code in (code_for(trained, one), trained.invite()):
        assert refusal(trained, "/v1/enrol", enrolment.apply(code, thief.applicant)) == (
            400,
            "central.officer_taken",
        )
    certify_officer(operating(trained), trained.code, two.officer.id, ())
    for officer in (two.officer.id, secrets.token_hex(16)):
        with pytest.raises(Refusal, match=r"central\.no_such_officer"):
            renew_officer(operating(trained), trained.code, officer)
    for laptop in (one, two):
        laptop.vault.lock()
