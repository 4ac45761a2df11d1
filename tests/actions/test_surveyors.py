"""What a surveyor may hand in, propose and see, against her role and her hamlets."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.actions.desk import Desk, save
from app.actions.people import add_person
from app.actions.surveying.filling import begin, correct, keep_photo
from app.actions.surveying.handing_in import hand_in
from app.domain.errors import Refusal
from app.domain.roles import Author
from app.domain.sight import sight_of
from app.store import fillings, submissions
from app.store.fillings import About
from app.store.opened import Opened, open_record
from app.store.rights import guarding
from app.store.tables import records
from tests.actions.test_surveying import JPEG, of, wants
from tests.actions.test_surveying import house as house
from tests.surveys import HOUSE, parcel, published


def as_surveyor(desk: Desk, *hamlets: str) -> Desk:
    """The same officer with a surveyor's role: her pen asks, and she sees those hamlets alone."""
    officer = replace(desk.officer, roles=("surveyor",), scope=hamlets)
    may = guarding(desk.reference.rights, lambda _now: Author(officer.id, officer.roles, hamlets))
    seen = sight_of(desk.reference.rights.on(1 << 62), Author(officer.id, officer.roles, hamlets))
    desk.vault.bound(seen, officer.id)
    return replace(desk, officer=officer, pen=replace(desk.pen, require=may))


def test_a_surveyor_hands_in_what_she_may_and_proposes_the_rest(desk: Desk, house: About) -> None:
    hers = as_surveyor(desk, "Nà Lụa")
    filling = begin(hers, "hoi_ho", house)
    filling.session.answer("/data/note", "nhà dột")
    filling.session.answer("/data/member[1]/phone", "0987000222")
    filling.session.answer("/data/poverty", "poor")
    filling.session.answer("/data/photo", keep_photo(hers, filling, JPEG))
    handed = hand_in(hers, filling)
    assert (handed.written, len(handed.proposals)) == (2, 1)
    with hers.vault.read() as connection:
        found = submissions.one(connection, handed.record)
        assert fillings.every(connection) == []
    assert found
    assert found.content  # her own


def test_what_is_not_hers_to_write_is_proposed_and_not_written(desk: Desk, house: About) -> None:
    form = HOUSE.format(version="2", more="", body="")
    published(desk, parcel(form.replace('entities:saveto="needs"', 'entities:saveto="ethnicity"')))
    hers = as_surveyor(desk, "Nà Lụa")
    filling = begin(hers, "hoi_ho", house)
    mother = filling.session.node("/data/member[2]/person_id").value
    filling.session.answer("/data/member[2]/phone", "0987000333")
    filling.session.answer("/data/member[2]/needs", "Thái")
    handed = hand_in(hers, filling)
    assert (handed.written, len(handed.proposals)) == (1, 1)
    with desk.vault.whole() as connection:
        found = open_record(connection, "proposal", handed.proposals[0])
    assert found
    assert wants(found) == {"ethnicity": "Thái"}
    assert "ethnicity" not in of(desk, "person", mother).values


def test_a_surveyor_of_another_hamlet_hands_nothing_in(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    hers = as_surveyor(desk, "Co Mạ")
    with pytest.raises(Refusal, match=r"right\.place"):
        hand_in(hers, filling)
    with hers.vault.read() as connection:
        assert fillings.about_household(connection, house.household) is None
        assert submissions.of_records(connection, [house.household]) == []


def test_a_surveyor_sees_of_anothers_answers_only_that_they_are_there(desk: Desk, house: About) -> None:
    handed = hand_in(desk, begin(desk, "hoi_ho", house))
    with desk.vault.write() as connection:
        submission = records["submission"]
        connection.execute(submission.update().values(officer="somebody else"))
    hers = as_surveyor(desk, "Nà Lụa")
    with hers.vault.read() as connection:
        found = submissions.one(connection, handed.record)
    assert found
    assert found.content == ""
    with pytest.raises(Refusal, match=r"survey\.no_submission"):
        correct(hers, handed.record)


def test_a_surveyor_may_bring_somebody_whom_nobody_knows(desk: Desk, house: About) -> None:
    hers = as_surveyor(desk, "Nà Lụa")
    filling = begin(hers, "hoi_ho", house)
    filling.session.add_repeat("/data/member")
    filling.session.answer("/data/member[3]/full_name", "Cà Thị Hà Vy")
    (proposal,) = hand_in(hers, filling).proposals
    with desk.vault.whole() as connection:
        found = open_record(connection, "proposal", proposal)
    assert found
    assert wants(found)["name"] == "Cà Thị Hà Vy"


def test_a_surveyor_may_ask_a_house_without_a_head(desk: Desk, house: About) -> None:
    head = of(desk, "household", house.household)
    save(desk, "test", head.edits({"head": None, "head_name": "Ông Inh"}))
    hers = as_surveyor(desk, "Nà Lụa")
    with hers.vault.read() as connection:
        about = fillings.about_household(connection, house.household)
    assert about
    filling = begin(hers, "hoi_ho", about)
    filling.session.answer("/data/poverty", "poor")
    filling.session.answer("/data/photo", keep_photo(hers, filling, JPEG))
    assert len(hand_in(hers, filling).proposals) == 1


def test_what_a_surveyor_asks_of_nobody_lies_where_she_goes_round(desk: Desk, house: About) -> None:
    hers = as_surveyor(desk, "Nà Lụa", "Co Mạ")
    filling = begin(hers, "hoi_ho", About())
    handed = hand_in(hers, filling)
    with hers.vault.read() as connection:
        found = submissions.one(connection, handed.record)
    assert found
    assert found.hamlet == "Nà Lụa"


def test_nobody_is_carried_into_a_hamlet_by_a_submission(desk: Desk, house: About) -> None:
    """Who is known to live elsewhere is not hers, whatever lies beside."""
    elsewhere = add_person(desk, {"name": "Lò Văn Xa", "hamlet": "Co Mạ"}, "add")
    hers = as_surveyor(desk, "Nà Lụa")
    words = json.dumps([["person", elsewhere, "note", "x", None]])
    atoms = Opened("submission", "5" * 32).edits(
        {"form": "f", "hamlet": "Nà Lụa", "officer": hers.officer.id}
    )
    told = {"person": elsewhere, "subject": "survey", "wants": words, "state": "open"}
    with pytest.raises(Refusal, match=r"right\.place"):
        save(hers, "test", [*atoms, *Opened("proposal", "6" * 32).edits(told)])
