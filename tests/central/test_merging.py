"""A commune merged into another: its people go on there, and nobody's unsent work is destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.central.deeds import Operating, merge_communes
from app.domain.changes import Edit, lone
from app.domain.errors import Coded, Refusal
from app.domain.reasons import ADOPTED, of_other
from app.store import moves, returned, unit
from app.sync import admitting
from app.sync.policy import centre_of
from app.sync.transfer import Late, Transfer, all_kept
from tests.central.laptops import House, Laptop, all_agree
from tests.central.sticks import Stick, waiting

NEW, MONTH = "T0002", "2026-12"


@dataclass
class Merged:
    """Two laptops of the commune that is merged, one of the commune that goes on."""

    centre: House
    first: Laptop
    second: Laptop
    new: Laptop

    def merge(self) -> int:
        at = Operating(self.centre.centre, self.centre.keys, "huy", self.centre.clock())
        return len(merge_communes(at, self.centre.code, NEW, MONTH))

    def came(self) -> tuple[list[Transfer], list[Late]]:
        with self.new.vault.read() as connection:
            found = all_kept(connection, centre_of(connection).register)
        late = [one for one in found if isinstance(one, Late)]
        return [one for one in found if isinstance(one, Transfer)], late

    def open(self) -> int:
        """An officer of the new commune opens everybody's file."""
        with self.new.vault.write() as connection:
            return admitting.open_files(connection, self.new.pen, self.came()[0])

    def adopt(self) -> int:
        """And writes in her own name what came late, as `actions.moving.adopt_late` does."""
        count = 0
        with self.new.vault.write() as connection:
            for one in self.came()[1]:
                laid = returned.laid_anew(connection, one.signed.set.atoms)
                reason = of_other(ADOPTED, one.commune, one.id)
                count += bool(laid and unit.save(connection, self.new.pen, reason, laid))
        return count


@pytest.fixture
def merged(trained: House, tmp_path: Path) -> Iterator[Merged]:
    trained.open_commune(NEW)
    laptops = [Laptop.new(tmp_path, code, trained.clock) for code in (trained.code, trained.code, NEW)]
    for laptop in laptops:
        trained.enrol(laptop)
        laptop.sync(trained)
    yield Merged(trained, *laptops)
    for laptop in laptops:
        laptop.vault.lock()


def right_of(laptop: Laptop, person: str, amount: int) -> str:
    right = laptop.ids.new()
    values = {"person": person, "group": "pension", "amount": amount, "since": "2025-07", "state": "active"}
    edits = [Edit("entitlement", right, name, value) for name, value in values.items()]  # type: ignore[arg-type]
    with laptop.vault.write() as connection:
        unit.save(connection, laptop.pen, "test", lone(edits))
    return right


def test_its_people_go_on_in_the_new_commune_and_nothing_unsent_is_lost(
    merged: Merged, carried: Stick
) -> None:
    old, first, second, new = merged.centre, merged.first, merged.second, merged.new
    known, died = first.new_person(name="Lò Thị Pánh"), first.new_person(name="Vàng A Dế", state="died")
    right = right_of(first, known, 540_000)
    first.sync(old)
    second.sync(old)
    first.change(known, phone="0912000111")  # in flight: saved, and pushed after the merger
    late_person = second.new_person(name="Quàng Thị Hương")  # weeks on a stick
    second.change(known, note="gọi cháu")
    stick_file = carried.make(second, old.clock())

    assert merged.merge() == 1  # who died stays where she is
    assert merged.merge() == 0  # done again it does nothing more
    new.sync(old)
    assert merged.open() == 1
    new.sync(old)

    first.sync(old)  # hands in, and hears of it
    assert waiting(first) == 0
    with pytest.raises(Refusal, match=r"commune\.merged"):
        first.new_person(name="sau khi nhập")
    answer = carried.handle(old, stick_file)
    done = carried.take(second, answer.file)
    assert (done.waiting, set(done.own.values()) - {"in_force"}) == (0, {"refused"})
    with pytest.raises(Refusal, match=r"commune\.merged"):
        second.new_person(name="sau khi nhập")

    new.sync(old)
    _people, late = merged.came()
    assert len(late) == 3
    assert {one.officer for one in late} == {first.officer.name, second.officer.name}
    assert merged.adopt() == 3
    new.sync(old)
    cells = new.cells()
    assert cells["person", known]["phone"] == "0912000111"
    assert cells["person", known]["note"] == "gọi cháu"
    assert cells["person", late_person]["name"] == "Quàng Thị Hương"
    assert cells["entitlement", right]["since"] == MONTH
    assert ("person", died) not in cells
    assert merged.adopt() == 0
    heir = Laptop.new(Path(new.vault.path).parent, NEW, old.clock)  # a laptop of the old one, filled anew
    old.enrol(heir)
    heir.sync(old)
    all_agree([new, heir])
    with heir.vault.read() as connection:  # what was opened is told to nobody again
        assert all_kept(connection, centre_of(connection).register) == []
    heir.vault.lock()


def test_what_the_old_commune_pays_ends_where_the_new_one_begins(merged: Merged) -> None:
    person = merged.first.new_person()
    right_of(merged.first, person, 540_000)
    merged.first.sync(merged.centre)
    merged.merge()
    merged.new.sync(merged.centre)
    [said] = merged.came()[0]
    assert (said.person, said.month, len(said.of("entitlement"))) == (person, MONTH, 1)
    with merged.centre.centre.read() as connection:
        assert [one.state for one in moves.departures(connection, merged.centre.code)] == [moves.ARRIVED]


@pytest.mark.parametrize(("old", "new", "month"), [("T0001", "T0001", MONTH), ("T0001", NEW, "12/2026")])
def test_what_is_no_merger_changes_nothing(merged: Merged, old: str, new: str, month: str) -> None:
    at = Operating(merged.centre.centre, merged.centre.keys, "huy", merged.centre.clock())
    with pytest.raises(Coded, match=r"central\.merge"):
        merge_communes(at, old, new, month)
    merge_communes(at, "T0001", NEW, MONTH)
    with pytest.raises(Coded, match=r"central\.merge"):  # not into one that is merged itself
        merge_communes(at, NEW, "T0001", MONTH)
