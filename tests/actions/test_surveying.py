"""Forms filled at a real vault: what a filling begins with, keeps, writes, proposes, and what corrects it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.actions.desk import Desk
from app.actions.surveying.filling import (
    begin,
    correct,
    drop,
    keep,
    keep_photo,
    move,
    newer,
    photo,
    take_up,
)
from app.actions.surveying.handing_in import _of_entities, hand_in
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import fillings, submissions
from app.store.fillings import About
from app.store.opened import Opened, open_record
from app.store.tables import changes, records
from app.survey.submission import Entity, Submission
from tests.desks import desk as desk
from tests.offices import Commune, approve, change, office, value  # noqa: F401 - a fixture
from tests.surveys import HOUSE, house_of, parcel, published, shipped
from tests.surveys import house_form as form

JPEG = b"\xff\xd8\xff\xe0 an invented picture"


@pytest.fixture
def house(desk: Desk) -> About:
    """A household of two, with the form at hand."""
    published(desk, form())
    return house_of(desk)


def of(desk: Desk, kind: str, record: str) -> Opened:
    with desk.vault.read() as connection:
        opened = open_record(connection, kind, record)
    assert opened
    return opened


def waiting(desk: Desk) -> list[Opened]:
    table = records["proposal"]
    with desk.vault.read() as connection:
        ids = connection.scalars(table.select().with_only_columns(table.c.id).where(table.c.state == "open"))
        found = [open_record(connection, "proposal", each) for each in ids.all()]
    return [each for each in found if each]


def _other(desk: Desk, house: About) -> str:
    """The member who is not the head."""
    with desk.vault.read() as connection:
        seen = fillings.seen_of(connection, house)
    return next(each.record for each in seen if each.kind == "person" and each.record != house.person)


def wants(proposal: Opened) -> Mapping[str, Value]:
    return {name: new for _kind, _record, name, new, _on in json.loads(str(proposal.values["wants"]))}


def test_a_filling_begins_with_what_the_register_holds(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    said = {node.ref: node.value for node in filling.session.nodes()}
    assert house.name == "Cà Văn Inh"
    assert said["/data/household_id"] == house.household
    assert said["/data/address"] == "Bản Nà Lụa"
    assert [said[f"/data/member[{at}]/full_name"] for at in (1, 2)] == ["Cà Văn Inh", "Lò Thị Lả"]
    assert said["/data/member[2]/birth"] == "1947-10"
    stands = filling.stands(desk.reference.save_map)
    assert stands.known["/data/address"] == "Bản Nà Lụa"
    assert "/data/note" not in stands.known
    assert stands.withheld == {"/data/member[1]/phone": ("person", "phone", "0912000111")}
    assert said["/data/member[1]/phone"] == ""


def test_a_number_that_is_not_shown_is_asked_and_stays_with_its_row(desk: Desk, house: About) -> None:
    change(desk, _other(desk, house), phone="0912000222")
    filling = begin(desk, "hoi_ho", house)
    filling.session.remove_repeat("/data/member[1]")
    stands = filling.stands(desk.reference.save_map)
    assert stands.withheld == {"/data/member[1]/phone": ("person", "phone", "0912000222")}
    filling.session.answer("/data/member[1]/phone", "0912000222")
    assert hand_in(desk, filling).written == 0


def test_nobody_who_is_shown_as_another_is_asked(desk: Desk, house: About) -> None:
    with desk.vault.write() as connection:
        person = records["person"]
        other = person.c.id == _other(desk, house)
        connection.execute(person.update().where(other).values(account_state="joined"))
    filling = begin(desk, "hoi_ho", house)
    assert [each.count for each in filling.session.repeats()] == [1]


def test_what_is_not_touched_says_nothing(desk: Desk, house: About) -> None:
    with desk.vault.read() as connection:
        before = connection.execute(changes.select()).all()
    handed = hand_in(desk, begin(desk, "hoi_ho", house))
    assert (handed.written, handed.proposals) == (0, ())
    with desk.vault.read() as connection:
        assert len(connection.execute(changes.select()).all()) == len(before) + 1
        found = submissions.of_records(connection, [house.household])
        assert fillings.every(connection) == []
    assert [each.record for each in found] == [handed.record]
    assert found[0].officer == desk.officer.id


def test_answers_are_written_or_proposed_in_one_set(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    answer = filling.session.answer
    answer("/data/address", "Bản Nà Lụa, nhà số 4")
    answer("/data/poverty", "poor")
    answer("/data/member[1]/phone", "0987000222")
    answer("/data/member[2]/birth", "1948")
    answer("/data/member[2]/needs", "visit interpreter")
    answer("/data/photo", keep_photo(desk, filling, JPEG))
    handed = hand_in(desk, filling)
    head = of(desk, "person", house.person).values
    household = of(desk, "household", house.household).values
    assert head["phone"] == "0987000222"
    assert household["address"] == "Bản Nà Lụa, nhà số 4"
    assert household.get("poverty") is None
    by_whom = {str(each.values["person"]): wants(each) for each in waiting(desk)}
    assert by_whom[house.person] == {"poverty": "poor"}
    (mother,) = (her for her in by_whom if her != house.person)
    assert by_whom[mother] == {"birth": "1948"}
    assert of(desk, "person", mother).values["needs/visit"] is True
    evidence = json.loads(str(waiting(desk)[0].values["evidence"]))
    assert evidence["submission"] == handed.record
    with desk.vault.read() as connection:
        files = connection.execute(records["attachment"].select()).all()
        kept = submissions.one(connection, handed.record)
    assert [each.about for each in files] == [handed.record]
    assert kept
    assert photo(desk, f"{files[0].sha256}.jpg") == JPEG
    assert f"{files[0].sha256}.jpg" in kept.content


def test_what_moved_meanwhile_is_proposed_with_both_values(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    change(desk, house.person, phone="0900000999")
    filling.session.answer("/data/member[1]/phone", "0987000222")
    hand_in(desk, filling)
    assert of(desk, "person", house.person).values["phone"] == "0900000999"
    (proposal,) = waiting(desk)
    assert wants(proposal) == {"phone": "0987000222"}
    assert json.loads(str(proposal.values["evidence"]))["seen"] == {"phone": "0912000111"}


def test_what_the_register_cannot_hold_stays_in_the_submission(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    filling.session.answer("/data/poverty", "rất nghèo")
    handed = hand_in(desk, filling)
    assert handed.unfit == (("household", "poverty"),)
    assert waiting(desk) == []


def test_somebody_new_is_proposed_whole(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    filling.session.add_repeat("/data/member")
    filling.session.answer("/data/member[3]/full_name", "Cà Thị Hà Vy")
    filling.session.answer("/data/member[3]/phone", "0911000333")
    hand_in(desk, filling)
    (proposal,) = waiting(desk)
    said = wants(proposal)
    assert said["name"] == "Cà Thị Hà Vy"
    assert (said["household"], said["hamlet"], said["state"]) == (house.household, "Nà Lụa", "active")
    with desk.vault.read() as connection:
        assert len(connection.execute(records["person"].select()).all()) == 2


def test_a_draft_is_gone_on_with_after_each_answer(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    filling.session.answer("/data/note", "đường trơn")
    keep(Progress(), desk, filling.kept_now("2", 1, 7))
    with desk.vault.read() as connection:
        (kept,) = fillings.every(connection)
    assert (kept.page, kept.answered, kept.asked) == ("2", 1, 7)
    again = take_up(desk, kept.id)
    assert again.session.node("/data/note").value == "đường trơn"
    save_map = desk.reference.save_map
    assert again.stands(save_map) == filling.stands(save_map)
    handed = hand_in(desk, again)
    assert handed.written == 1
    with pytest.raises(Refusal, match=r"survey\.no_draft"):
        take_up(desk, kept.id)


def test_a_dropped_draft_can_be_put_back(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    kept = drop(Progress(), desk, filling.kept.id)
    assert kept is not None
    keep(Progress(), desk, kept)
    assert take_up(desk, kept.id).session.draft() == filling.session.draft()


def test_photos_of_a_draft_are_not_swept(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    name = keep_photo(desk, filling, JPEG)
    filling.session.answer("/data/photo", name)
    keep(Progress(), desk, filling.kept_now())
    with desk.vault.read() as connection:
        assert list(fillings.files_of_drafts(connection)) == [name.partition(".")[0]]


def test_an_old_draft_finishes_on_its_own_version_or_moves(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    filling.session.answer("/data/note", "cũ")
    filling.session.answer("/data/member[1]/phone", "0987000222")
    keep(Progress(), desk, filling.kept_now())
    later = form("2", "<extra/>", '<input ref="/data/extra"><label>Thêm</label></input>')
    published(desk, later)
    assert newer(desk, filling.kept) == "2"
    on_its_own = take_up(desk, filling.kept.id)
    assert on_its_own.session.form.version == "1"
    moved = move(desk, filling.kept.id)
    assert (moved.session.form.version, moved.lost) == ("2", [])
    assert moved.session.node("/data/note").value == "cũ"
    assert moved.session.node("/data/member[1]/phone").value == "0987000222"
    assert moved.session.node("/data/member[2]/person_id").value
    moved.session.answer("/data/extra", "mới")
    handed = hand_in(desk, moved)
    assert handed.written == 2
    with desk.vault.read() as connection:
        found = submissions.one(connection, handed.record)
    assert found
    assert found.version == "2"


def test_a_form_that_is_withdrawn_is_not_begun_but_finished(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    published(desk)
    with pytest.raises(Refusal, match=r"survey\.no_form"):
        begin(desk, "hoi_ho", house)
    assert hand_in(desk, take_up(desk, filling.kept.id)).record


def test_a_correction_takes_the_place_and_takes_back_what_was_proposed(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    filling.session.answer("/data/poverty", "poor")
    filling.session.answer("/data/note", "nhà dột")
    first = hand_in(desk, filling)
    change(desk, house.person, phone="0900000999")  # another's newer word stays
    again = correct(desk, first.record)
    again.session.answer("/data/poverty", "near_poor")
    second = hand_in(desk, again)
    assert [wants(each) for each in waiting(desk)] == [{"poverty": "near_poor"}]
    assert of(desk, "proposal", first.proposals[0]).values["state"] == "withdrawn"
    assert of(desk, "person", house.person).values["phone"] == "0900000999"
    with desk.vault.read() as connection:
        found = submissions.one(connection, second.record)
        before = submissions.one(connection, first.record)
    assert found
    assert before
    assert found.corrects == before.instance
    with pytest.raises(Refusal, match=r"survey\.replaced"):
        correct(desk, first.record)


def test_a_correction_proposes_anew_what_it_leaves_as_it_was(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    filling.session.answer("/data/poverty", "poor")
    first = hand_in(desk, filling)
    again = correct(desk, first.record)
    again.session.answer("/data/note", "thêm")
    hand_in(desk, again)
    assert [wants(each) for each in waiting(desk)] == [{"poverty": "poor"}]


def test_two_corrections_of_one_are_refused(desk: Desk, house: About) -> None:
    first = hand_in(desk, begin(desk, "hoi_ho", house))
    one, two = correct(desk, first.record), correct(desk, first.record)
    hand_in(desk, one)
    with pytest.raises(Refusal, match=r"survey\.replaced"):
        hand_in(desk, two)
    with desk.vault.read() as connection:
        assert [each.id for each in fillings.every(connection)] == [two.kept.id]


def test_what_is_missing_is_not_handed_in_and_stays_a_draft(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    filling.session.answer("/data/member[1]/full_name", "")
    with pytest.raises(Refusal, match=r"survey\.violations"):
        hand_in(desk, filling)
    with desk.vault.read() as connection:
        assert len(fillings.every(connection)) == 1
        assert submissions.of_records(connection, [house.household]) == []


def test_another_officer_accepts_what_a_survey_found(office: Commune) -> None:  # noqa: F811
    first, second = office.desks
    for each in (first, second):
        published(each, form())
    about = house_of(first)
    filling = begin(first, "hoi_ho", about)
    filling.session.answer("/data/poverty", "poor")
    filling.session.answer("/data/member[1]/phone", "0987000222")
    handed = hand_in(first, filling)
    office.sync(first, second)
    boss = office.approver(second)
    (proposal,) = handed.proposals
    with pytest.raises(Refusal, match=r"approval\.same_officer"):
        approve(replace(first, officer=replace(first.officer, roles=("approver",))), proposal)
    approve(boss, proposal)
    office.sync(second, first)
    assert of(first, "household", about.household).values["poverty"] == "poor"
    assert value(second, about.person, "phone") == "0987000222"
    with second.vault.read() as connection:
        found = submissions.one(connection, handed.record)
    assert found
    assert "<poverty>poor</poverty>" in found.content


def test_what_was_found_is_laid_on_what_its_approver_sees(office: Commune) -> None:  # noqa: F811
    first, second = office.desks
    published(first, form())
    about = house_of(first)
    filling = begin(first, "hoi_ho", about)
    filling.session.answer("/data/member[2]/birth", "1948")
    handed = hand_in(first, filling)
    (proposal,) = handed.proposals
    mother = str(of(first, "proposal", proposal).values["person"])
    change(first, mother, birth="1949")
    office.sync(first, second)
    approve(office.approver(second), proposal)
    office.sync(second, first)
    assert value(first, mother, "birth") == "1948"


def test_the_poverty_review_that_we_ship_proposes_what_the_chairman_decides(desk: Desk) -> None:
    review = shipped("poverty_review")
    published(desk, review)
    about = house_of(desk)
    filling = begin(desk, review.id, about)
    said = {node.ref: node.value for node in filling.session.nodes()}
    assert about.household in said.values()
    assert {"Cà Văn Inh", "Lò Thị Lả"} <= set(said.values())


def test_of_two_rows_about_one_the_later_counts(desk: Desk, house: About) -> None:
    filling = begin(desk, "hoi_ho", house)
    filling.session.answer(
        "/data/member[1]/person_id", filling.session.node("/data/member[2]/person_id").value
    )
    filling.session.answer("/data/member[1]/birth", "1940")
    filling.session.answer("/data/member[2]/birth", "1941")
    hand_in(desk, filling)
    assert [wants(each)["birth"] for each in waiting(desk)] == ["1941"]


def test_where_somebody_new_lives_is_what_the_answer_says(desk: Desk, house: About) -> None:
    published(desk, shipped("enrolment_visit"))
    filling = begin(desk, "enrolment_visit", About(hamlet="Nà Lụa"))
    found = Entity("person", "7" * 32, True, "", "Lò Thị Pánh", {"hamlet": "Co Mạ"})
    said = replace(Submission("f", "1", "uuid:1", "", b"<a/>", "0" * 64, (), ()), entities=(found,))
    with desk.vault.read() as connection:
        answers = _of_entities(connection, desk, filling, said)
    assert answers.proposed["person", "7" * 32]["hamlet"][0].new == "Co Mạ"


def test_a_form_that_counts_its_rows_is_begun(desk: Desk) -> None:
    counted = parcel(
        HOUSE.format(version="1", more="<many/>", body="").replace(
            '<repeat nodeset="/data/member">', '<repeat nodeset="/data/member" jr:count="/data/many">'
        )
    )
    published(desk, counted)
    filling = begin(desk, "hoi_ho", house_of(desk))
    assert [each.count for each in filling.session.repeats()] == [0]
    assert hand_in(desk, filling).proposals == ()
