"""A password typed again: whose it is, how long it counts, and what a wrong one costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions.desk import Desk, require_lately_proved, require_proof
from app.domain.errors import Refusal
from app.store.keyslots import FILE, KeyFile, Unlocked
from app.store.proofs import Proof, Prover
from app.store.throttle import Moment
from tests.desks import PASSWORD as DESKS
from tests.store.office import GUARD, PASSWORD, START, begin, later, new_password, opened

Office = tuple[KeyFile, Unlocked, str]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return begin(tmp_path)


def test_a_password_typed_again_is_her_word_for_a_while(office: Office) -> None:
    keyfile, made, _ = office
    proof = Prover(keyfile, made, START)(PASSWORD, START)
    proof.require(made.officer.id, later(120), 120)
    for officer, now in (
        (made.officer.id, later(121)),
        (made.officer.id, later(-1)),
        (made.officer.id, later(1, boot="b")),
        ("0" * 32, later(1)),
    ):
        with pytest.raises(Refusal, match=r"proof\.wanted"):
            proof.require(officer, now, 120)


def test_the_calendar_makes_no_proof_younger(office: Office) -> None:
    keyfile, made, _ = office
    proof = Prover(keyfile, made, START)(PASSWORD, START)
    with pytest.raises(Refusal, match=r"proof\.wanted"):
        proof.require(made.officer.id, later(121, wall=-(10**9)), 120)


def test_a_wrong_password_proves_nothing_and_counts(office: Office) -> None:
    keyfile, made, _ = office
    for _ in range(5):
        with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
            Prover(keyfile, made, START)("không phải", START)
    with pytest.raises(Refusal, match=r"unlock\.wait"):
        Prover(keyfile, made, START)(PASSWORD, START)
    with pytest.raises(Refusal, match=r"unlock\.wait"):
        KeyFile.load(keyfile.folder, GUARD).unlock(made.officer.id, PASSWORD, START)


def test_a_colleagues_password_is_not_hers(office: Office) -> None:
    keyfile, made, _ = office
    keyfile.add_officer(made, "Vàng Thị Sua", "suối trong bản xa", START)
    with pytest.raises(Refusal, match=r"unlock\.wrong_password"):
        Prover(keyfile, made, START)("suối trong bản xa", START)


def test_an_older_slot_put_back_proves_nothing(office: Office) -> None:
    keyfile, made, _ = office
    older = (keyfile.folder / FILE).read_bytes()
    with opened(keyfile, made) as register:
        changed = new_password(register, made, PASSWORD, "nương ngô mùa hạ")
    (keyfile.folder / FILE).write_bytes(older)
    with pytest.raises(Refusal, match=r"keyfile\.put_back"):
        Prover(keyfile, changed, START)(PASSWORD, START)


def test_a_desk_takes_its_own_officers_proof(desk: Desk) -> None:
    proof = desk.prove(DESKS)
    require_proof(desk, proof)
    old = Moment(proof.at.wall, proof.at.up - 500, proof.at.boot)
    with pytest.raises(Refusal, match=r"proof\.wanted"):
        require_proof(desk, Proof(proof.officer, old))


def test_coming_in_was_the_first_proof_and_a_newer_one_counts(desk: Desk) -> None:
    require_lately_proved(desk)
    came_in = desk.prove.latest
    desk.prove.latest = Proof(came_in.officer, Moment(came_in.at.wall, came_in.at.up - 301, came_in.at.boot))
    with pytest.raises(Refusal, match=r"proof\.wanted"):
        require_lately_proved(desk)
    desk.prove(DESKS)
    require_lately_proved(desk)
