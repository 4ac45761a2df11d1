"""The training commune: invented, the same each time, sound enough to save and odd enough to learn on."""

from __future__ import annotations

from collections import Counter
from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest

from app.actions.accounts import Enrolment, proposal_edits
from app.actions.desk import Desk
from app.actions.invented.people import TRAINING_CODE, InventedPerson, people, training_place
from app.actions.invented.writing import PEOPLE_OF_A_SET, Consented, atoms
from app.domain.accounts import compare_holder, parse_vietqr
from app.domain.changes import Edit
from app.domain.dates import PartialDate
from app.domain.fitting import fault_of
from app.domain.identity import plausibility
from app.domain.ids import RecordIds
from app.domain.text import fold
from app.resources import load_reference
from app.store.opened import Opened

TODAY = date(2026, 11, 23)
CONSENTED = Consented("officer-1", "Đã đọc cho nghe.", TODAY)
REFERENCE = load_reference()


@pytest.fixture(scope="module")
def commune() -> list[InventedPerson]:
    return people(7, 3000, TODAY)


@pytest.fixture(scope="module")
def sets(commune: list[InventedPerson]) -> list[list[Edit]]:
    return list(atoms(RecordIds("m1", lambda: 1), commune, CONSENTED))


def test_the_same_seed_gives_the_same_people(commune: list[InventedPerson]) -> None:
    assert people(7, 3000, TODAY) == commune
    assert people(8, 3000, TODAY) != commune


@pytest.mark.parametrize("count", [4, 50, 401, 3000])
def test_as_many_as_asked_for(count: int) -> None:
    assert len(people(1, count, TODAY)) == count


def test_no_real_commune_has_its_code() -> None:
    place = training_place()
    assert place.code == TRAINING_CODE not in REFERENCE.places.commune_by_code
    assert place.province in REFERENCE.places.province_by_code
    assert not REFERENCE.places.match_communes(place.name)


def test_the_person_of_the_guide_is_found_as_the_guide_says(commune: list[InventedPerson]) -> None:
    found = [
        person
        for person in commune
        if fold(str(person.values["name"])).startswith("nguyen thi lan") and person.values["birth"] == "1954"
    ]
    assert found


def test_every_cell_may_stand(sets: list[list[Edit]]) -> None:
    faults = {
        (e.kind, e.field): fault_of(e.kind, e.field, e.new)
        for edits in sets
        for e in edits
        if fault_of(e.kind, e.field, e.new)
    }
    assert faults == {}


def test_groups_and_providers_are_those_of_the_register(commune: list[InventedPerson]) -> None:
    groups = {person.entitlement["group"] for person in commune if person.entitlement}
    providers = {person.account["provider"] for person in commune if person.account}
    assert groups - set(REFERENCE.groups.by_code) == set()
    assert providers - set(REFERENCE.providers.by_code) == set()


def test_amounts_follow_the_law(commune: list[InventedPerson]) -> None:
    month = PartialDate(TODAY.year, TODAY.month)
    for person in commune:
        right = person.entitlement
        if right and right["group"] != "DTN":
            group = REFERENCE.groups.by_code[str(right["group"])]
            assert str(right["coefficient"]) in group.coefficients
            due = REFERENCE.levels.monthly_amount(group, str(right["coefficient"]), month)
            assert right["amount"] == due


def test_a_set_holds_whole_households(commune: list[InventedPerson], sets: list[list[Edit]]) -> None:
    people_in = [sum(e.kind == "person" and e.field == "name" for e in edits) for edits in sets]
    assert sum(people_in) == len(commune)
    homes = sum(e.kind == "household" and e.field == "state" for edits in sets for e in edits)
    assert homes == len({id(person.household) for person in commune})
    assert all(PEOPLE_OF_A_SET <= held < PEOPLE_OF_A_SET + 5 for held in people_in[:-1])
    for edits in sets:
        made = {e.record for e in edits}
        named = {e.new for e in edits if e.field in ("household", "person", "head")}
        assert named <= made


def test_no_cell_is_written_twice(sets: list[list[Edit]]) -> None:
    cells = Counter(edit.cell for edits in sets for edit in edits)
    assert max(cells.values()) == 1


def test_an_account_is_proposed_as_at_the_table() -> None:
    """The same cells of account and proposal as `actions.accounts` writes; none in force."""
    person = next(one for one in people(7, 600, TODAY) if one.account and one.account["payee"] == "self")
    (edits,) = atoms(RecordIds("m1", lambda: 1), [person], CONSENTED)
    account = person.account or {}
    enrolment = Enrolment(
        next(e.record for e in edits if e.kind == "person"),
        str(account["kind"]),
        str(account["provider"]),
        str(account["number"]),
        str(account["holder"]),
        str(account["evidence"]),
        CONSENTED.wording,
        person.sign,
        scanned=person.scanned,
    )
    desk = SimpleNamespace(ids=RecordIds("m2", lambda: 1), officer=SimpleNamespace(id=CONSENTED.proposer))
    real, account_id, _ = proposal_edits(cast("Desk", desk), enrolment, Opened("person", enrolment.person))
    ours = next(e.record for e in edits if e.kind == "account")

    def cells(found: list[Edit], own: str) -> set[tuple[str, str, object]]:
        return {
            (e.kind, e.field, e.new.replace(own, "the account") if isinstance(e.new, str) else e.new)
            for e in found
            if e.kind in ("account", "proposal")
        }

    assert cells(edits, ours) == cells(real, account_id)
    assert not any(edit.field == "receiving_account" for edit in edits)


def test_codes_read_back_as_the_account(commune: list[InventedPerson]) -> None:
    scanned = [person for person in commune if person.scanned]
    assert scanned
    for person in scanned:
        account = person.account or {}
        code = parse_vietqr(person.scanned)
        provider = REFERENCE.providers.by_code[str(account["provider"])]
        assert (code.bin, code.number, code.is_card) == (provider.bin, account["number"], False)


def test_the_holder_is_the_payee_or_a_reason_stands(commune: list[InventedPerson]) -> None:
    for person in commune:
        if account := person.account:
            owner = str(account.get("payee_name") or person.values["name"])
            differs = compare_holder(owner, str(account["holder"])) == "different"
            assert differs == bool(account.get("mismatch_reason"))


def test_real_oddities_are_there(commune: list[InventedPerson]) -> None:
    births = [str(person.values["birth"]) for person in commune]
    assert sum(len(birth) == 4 for birth in births) > 500
    assert any(len(birth) == 7 for birth in births)
    assert sum(not person.values.get("personal_id") for person in commune) > 100
    assert sum(bool(person.values.get("old_id")) for person in commune) > 100
    doubts = Counter(
        doubt
        for person in commune
        if person.values.get("personal_id")
        for doubt in plausibility(
            str(person.values["personal_id"]),
            str(person.values["sex"]),
            PartialDate.parse(str(person.values["birth"])),
            REFERENCE,
        )
    )
    assert set(doubts) == {"sex_disagrees", "birth_disagrees"}
    assert max(doubts.values()) < 60


def test_some_are_there_twice_and_strangers_share_an_account(commune: list[InventedPerson]) -> None:
    ids = Counter(person.values["personal_id"] for person in commune if person.values.get("personal_id"))
    assert 1 <= sum(times > 1 for times in ids.values()) <= 10
    paid = Counter(person.account["number"] for person in commune if person.account)
    assert max(paid.values()) == 3
    assert sum("shared_reason" in person.account for person in commune if person.account) == 2


def test_every_hamlet_and_many_peoples_are_there(commune: list[InventedPerson]) -> None:
    assert 14 <= len({person.values["hamlet"] for person in commune}) <= 20
    assert {"Thái", "Mông", "Kinh", "Dao", "Tày", "Khơ Mú"} <= {
        person.values["ethnicity"] for person in commune
    }
