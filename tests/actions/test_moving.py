"""From one commune to another, by actions at real desks: each month is paid by exactly one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.actions import moving
from app.actions.desk import Desk
from app.actions.people import add_entitlement, change_record
from app.central.deeds import Operating, certify_officer
from app.central.keys import Keys
from app.domain.errors import Refusal
from app.domain.in_force import ENDED, NOT_YET
from app.domain.progress import Progress
from app.domain.reasons import Move
from app.domain.records import Value
from app.store import paid, queries
from app.store.listing import Listing
from app.store.opened import open_record
from app.sync.verifying import Register
from tests import desks
from tests.central.laptops import House, Laptop, all_agree, house, new_keys
from tests.central.paying import approve, pay

HERE, THERE = "03979", "03160"
MONTHLY = 540_000


def laptop_of(desk: Desk) -> Laptop:
    """A desk's vault as the tests of the centre know it."""
    return Laptop(desk.vault, desk.device_key, desk.officer_key, desk.pen, desk.ids, desk.files)


@dataclass
class Communes:
    """Two communes of one centre: a desk in each, and an officer in each who approves."""

    centre: House
    here: Desk
    there: Desk
    checkers: dict[str, Laptop]
    person: str
    folder: Path

    def sync(self, desk: Desk) -> None:
        for laptop in (laptop_of(desk), self.checkers[desk.commune.code], laptop_of(desk)):
            laptop.sync(self.centre)

    def month(self, later: int) -> date:
        month = moving.months_within_reach(self.here)[later]
        return date(int(month[:4]), int(month[5:]), 15)

    def pays(self, desk: Desk, later: int) -> int:
        """What a commune's list pays her in a month."""
        with desk.vault.read() as connection:
            found = Register.of(connection, desk.folder, desk.officer_key, desk.reference.rights).in_force(
                Progress(), self.month(later)
            )
        return sum(line.amount for line in found.lines if line.person == self.person)

    def left_off(self, desk: Desk, later: int) -> str:
        with desk.vault.read() as connection:
            found = Register.of(connection, desk.folder, desk.officer_key, desk.reference.rights).in_force(
                Progress(), self.month(later)
            )
        return next((one.why for one in found.left if one.person == self.person), "")

    def proposals(self, desk: Desk) -> list[str]:
        laptop = laptop_of(desk)
        return [key[1] for key, v in laptop.cells().items() if key[0] == "proposal" and v["state"] == "open"]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return new_keys(tmp_path_factory.mktemp("centre") / "keys")


@pytest.fixture
def communes(
    keys: Keys, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Communes]:
    desks.make_keys_cheap(monkeypatch)
    both = [desks.found(tmp_path / code, code=code).desk for code in (HERE, THERE)]
    with house(postgres_url, keys, HERE) as centre:
        centre.open_commune(THERE)
        checkers = {code: Laptop.new(tmp_path, code, centre.clock) for code in (HERE, THERE)}
        for desk in both:
            for laptop in (laptop_of(desk), checkers[desk.commune.code]):
                centre.enrol(laptop)
                at = Operating(centre.centre, centre.keys, "root", centre.clock())
                certify_officer(at, laptop.pen.commune, laptop.officer.id, ("officer", "approver"))
                laptop.sync(centre)
        here, there = both
        maker = laptop_of(here)
        person = pay(maker, checkers[HERE], lambda laptop: laptop.sync(centre), hamlet="Bản Nà Lốc")
        right: dict[str, Value] = {"group": "pension", "amount": MONTHLY, "since": "2025-07"}
        add_entitlement(here, person, right, "decided")
        found = Communes(centre, here, there, checkers, person, tmp_path)
        found.sync(here)
        yield found
    for laptop in checkers.values():
        laptop.vault.lock()
    for desk in both:
        desk.vault.lock()


def test_each_month_is_paid_by_exactly_one(communes: Communes) -> None:
    here, there = communes.here, communes.there
    assert communes.pays(here, 0) == MONTHLY
    [gone] = moving.move_away(here, [communes.person], Move(THERE, moving.months_within_reach(here)[1]))
    communes.sync(here)
    communes.sync(there)
    [coming], late = moving.who_came(Progress(), there)
    assert (coming.transfer.id, len(coming.rights), bool(coming.account), late) == (gone, 1, True, [])
    assert moving.open_files(there, [coming.transfer]) == 1
    assert moving.who_came(Progress(), there)[0] == []
    communes.sync(there)
    cells = laptop_of(there).person(communes.person)
    assert (cells["state"], "hamlet" in cells, cells.get("receiving_account")) == ("active", False, None)
    assert communes.pays(there, 1) == 0  # nobody is paid there before two officers say so

    [proposal] = communes.proposals(there)
    approve(laptop_of(there), proposal)  # who opened the file proposed: hers alone is not enough
    communes.sync(there)
    assert laptop_of(there).person(communes.person).get("receiving_account") is None
    [proposal] = communes.proposals(there)
    approve(communes.checkers[THERE], proposal)
    communes.sync(there)

    assert [communes.pays(here, month) for month in range(3)] == [MONTHLY, 0, 0]
    assert [communes.pays(there, month) for month in range(3)] == [0, MONTHLY, MONTHLY]
    assert (communes.left_off(here, 1), communes.left_off(there, 0)) == (ENDED, NOT_YET)


def test_a_file_opened_on_two_laptops_apart_is_one_file(communes: Communes) -> None:
    here, there = communes.here, communes.there
    moving.move_away(here, [communes.person], Move(THERE, moving.months_within_reach(here)[1]))
    communes.sync(here)
    other = desks.found(communes.folder / "other", code=THERE).desk
    communes.centre.enrol(laptop_of(other))
    for desk in (there, other):
        laptop_of(desk).sync(communes.centre)
        coming, _late = moving.who_came(Progress(), desk)
        assert moving.open_files(desk, [one.transfer for one in coming]) == 1
    for desk in (there, other, there):
        laptop_of(desk).sync(communes.centre)
    all_agree([laptop_of(there), laptop_of(other)])
    cells = laptop_of(there).cells()
    assert [key[0] for key in cells].count("conflict") == 0
    assert [key[0] for key in cells].count("entitlement") == 1
    assert moving.open_files(there, []) == 0
    other.vault.lock()


def test_she_comes_back_to_where_she_was_and_her_old_right_stays_ended(communes: Communes) -> None:
    here, there = communes.here, communes.there
    months = moving.months_within_reach(here)
    for leaves, comes, month in ((here, there, months[1]), (there, here, months[2])):
        moving.move_away(leaves, [communes.person], Move(comes.commune.code, month))
        communes.sync(leaves)
        communes.sync(comes)
        coming, _late = moving.who_came(Progress(), comes)
        assert moving.open_files(comes, [one.transfer for one in coming]) == 1
        communes.sync(comes)
    assert laptop_of(here).person(communes.person)["state"] == "active"
    rights = [v for key, v in laptop_of(here).cells().items() if key[0] == "entitlement"]
    assert sorted(str(right["state"]) for right in rights) == ["active", "ended"]
    assert [communes.pays(here, month) for month in range(4)] == [MONTHLY, 0, MONTHLY, MONTHLY]


def test_a_month_whose_list_left_is_not_another_communes(communes: Communes) -> None:
    here = communes.here
    this = moving.months_within_reach(here)[0]
    with here.vault.write() as connection:
        paid.note(connection, here.officer.id, 1, 1, MONTHLY, "00")
    for move, code in (
        (Move(THERE, this), "transfer.paid"),
        (Move(HERE, this), "transfer.form"),
        (Move(THERE, "2020-01"), "transfer.form"),
        (Move("../x", this), "transfer.form"),
    ):
        with pytest.raises(Refusal) as caught:
            moving.move_away(here, [communes.person], move)
        assert caught.value.code == code
    with here.vault.read() as connection:
        opened = open_record(connection, "person", communes.person)
        assert opened is not None
    change_record(here, opened, {"state": "died"}, "died")
    next_month = Move(THERE, moving.months_within_reach(here)[1])
    for person, code in ((communes.person, "transfer.closed"), ("f" * 32, "transfer.nobody")):
        with pytest.raises(Refusal) as caught:
            moving.move_away(here, [person], next_month)
        assert caught.value.code == code
    with here.vault.read() as connection:
        assert queries.counts(connection, Listing()).people == 1
