"""Commune → commune: a file closed here is opened there, by stick and by line, and exactly one pays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.central import service as serving
from app.central.moving import forward
from app.domain.changes import Atom, Edit, lone
from app.domain.errors import Coded, Trouble
from app.domain.progress import Progress
from app.domain.reasons import Move
from app.domain.records import Value
from app.seal import bundles
from app.store import moves, unit
from app.store.central_tables import arrival
from app.store.opened import open_record
from app.sync import outgoing, stick
from app.sync.enrolment import CENTRE
from app.sync.policy import centre_of
from app.sync.transfer import Transfer, all_kept
from tests.central.laptops import House, Laptop
from tests.central.sticks import Stick

THERE, WRONG = "T0002", "T0003"
MOVE = Move(THERE, "2026-12")


@pytest.fixture
def communes(trained: House, tmp_path: Path) -> Iterator[tuple[Laptop, Laptop, Laptop]]:
    """A laptop of the commune that she leaves, one of that to which she moves, one of a third."""
    laptops = []
    for code in (trained.code, THERE, WRONG):
        if code != trained.code:
            trained.open_commune(code)
        laptops.append(Laptop.new(tmp_path, code, trained.clock))
        trained.enrol(laptops[-1])
        laptops[-1].sync(trained)
    yield laptops[0], laptops[1], laptops[2]
    for laptop in laptops:
        laptop.vault.lock()


def paid(trained: House, here: Laptop) -> tuple[str, str]:
    """Somebody whom the journal knows, with a right; and an edit of hers that waits."""
    person, right = here.new_person(hamlet="Bản Nà Lốc", phone="0912000111"), here.ids.new()
    values: dict[str, Value] = {
        "person": person,
        "group": "pension",
        "amount": 540_000,
        "since": "2025-07",
        "state": "active",
    }
    with here.vault.write() as connection:
        edits = [Edit("entitlement", right, name, value) for name, value in values.items()]
        unit.save(connection, here.pen, "test", lone(edits))
    here.sync(trained)
    return person, right


def closed(laptop: Laptop, person: str, right: str, move: Move = MOVE) -> str:
    """Her file closed as `actions.moving` closes it."""
    with laptop.vault.write() as connection:
        atoms: list[Atom] = []
        for kind, record, wanted in (
            ("person", person, {"state": "moved", "state_since": move.month}),
            ("entitlement", right, {"state": "ended", "until": "2026-11"}),
        ):
            opened = open_record(connection, kind, record)
            assert opened is not None
            atoms += lone(opened.edits(wanted))
        return unit.save(connection, laptop.pen, move.reason, atoms).id


def carried_out(carried: Stick, laptop: Laptop, sets: list[str], now_ms: int) -> Path:
    """The errand's file, as the laptop writes it."""
    with laptop.vault.write() as connection:
        asked = outgoing.request(
            connection, laptop.end, laptop.applicant, now_ms, with_photos=True, moves=sets
        )
        sealing = centre_of(connection).sealing
    made = stick.write(asked.draft, laptop.device.key, [sealing], carried.place(), Progress())
    carried.note(laptop, made)
    return made.written.path


def kept(laptop: Laptop) -> list[Transfer]:
    with laptop.vault.read() as connection:
        found = all_kept(connection, centre_of(connection).register)
    return [one for one in found if isinstance(one, Transfer)]


def arrivals(trained: House, code: str) -> int:
    with trained.centre.read() as connection:
        return len(connection.execute(arrival.select().where(arrival.c.commune == code)).all())


def test_she_comes_by_a_parcel_with_what_the_journal_said_before_her_file_was_closed(
    trained: House, communes: tuple[Laptop, Laptop, Laptop], carried: Stick
) -> None:
    here, there, wrong = communes
    person, right = paid(trained, here)
    gone = closed(here, person, right)
    handed = carried.handle(trained, carried_out(carried, here, [gone], trained.clock()))
    assert carried.take(here, handed.file).own  # one file closes the outbox of the commune she leaves
    [(parcel, file)] = handed.moved
    assert (parcel.peer, parcel.errand) == (THERE, "transfer")
    arrived, told = carried.look(there, file)
    assert ([one.name for one in told.comers], arrived.again) == (["Lò Thị Pánh"], False)
    with pytest.raises(Coded, match="not_for_us"):
        carried.take(wrong, file)
    carried.take(there, file)
    [said] = kept(there)
    assert (said.id, said.commune, said.month) == (gone, trained.code, "2026-12")
    [was] = said.of("entitlement")
    assert (was.values["state"], was.values["since"], "until" in was.values) == ("active", "2025-07", False)
    assert said.of("person")[0].values["phone"] == "0912000111"
    assert carried.look(there, file)[0].again
    there.sync(trained)  # the line tells the same, once
    assert len(kept(there)) == 1


def test_by_line_she_comes_without_a_parcel(trained: House, communes: tuple[Laptop, Laptop, Laptop]) -> None:
    here, there, wrong = communes
    gone = closed(here, *paid(trained, here))
    here.sync(trained)
    for laptop in (there, wrong):
        laptop.sync(trained)
    assert [one.id for one in kept(there)] == [gone]
    assert kept(wrong) == []
    there.sync(trained)
    assert len(kept(there)) == 1


def test_a_lost_parcel_is_written_again_for_the_same_move(
    trained: House, communes: tuple[Laptop, Laptop, Laptop], carried: Stick
) -> None:
    here, there, _wrong = communes
    gone = closed(here, *paid(trained, here))
    here.sync(trained)  # her file was closed by line: nothing waits
    first = carried.handle(trained, carried_out(carried, here, [gone], trained.clock()))
    again = carried.handle(trained, carried_out(carried, here, [gone], trained.clock()))
    assert arrivals(trained, THERE) == 1
    for handed in (again, first):  # and the first turns up, late
        carried.take(there, handed.moved[0][1])
    assert [one.id for one in kept(there)] == [gone]


def test_whom_another_commune_pays_is_not_paid_again_here(
    trained: House, communes: tuple[Laptop, Laptop, Laptop]
) -> None:
    here, _there, _wrong = communes
    person, right = paid(trained, here)
    closed(here, person, right)
    here.sync(trained)
    with here.vault.write() as connection:
        for kind, record in (("person", person), ("entitlement", right)):
            opened = open_record(connection, kind, record)
            assert opened is not None
            unit.save(connection, here.pen, "back", lone(opened.edits({"state": "active"})))
    here.change(person, phone="0912000333")
    here.sync(trained)
    seen = here.cells()
    assert (seen["person", person]["state"], seen["entitlement", right]["state"]) == ("moved", "ended")
    assert seen["person", person]["phone"] == "0912000333"


def test_nobody_is_handed_on_whom_her_commune_still_pays(
    trained: House, communes: tuple[Laptop, Laptop, Laptop], tmp_path: Path
) -> None:
    here, there, _wrong = communes
    person, right = paid(trained, here)
    second = Laptop.new(tmp_path, trained.code, trained.clock)
    trained.enrol(second)
    second.sync(trained)
    with second.vault.write() as connection:  # apart: somebody suspends the right
        opened = open_record(connection, "entitlement", right)
        assert opened is not None
        unit.save(connection, second.pen, "late", lone(opened.edits({"state": "suspended"})))
    second.sync(trained)
    closed(here, person, right)
    here.sync(trained)
    there.sync(trained)
    assert kept(there) == []  # people decide first
    with here.vault.write() as connection:
        opened = open_record(connection, "entitlement", right)
        assert opened is not None
        unit.save(connection, here.pen, "decided", lone(opened.edits({"state": "ended"})))
    here.sync(trained)
    there.sync(trained)
    assert len(kept(there)) == 1
    second.vault.lock()


def test_a_move_taken_back_before_it_went_leaves_her_where_she_is(
    trained: House, communes: tuple[Laptop, Laptop, Laptop]
) -> None:
    here, _there, _wrong = communes
    person, right = paid(trained, here)
    closed(here, person, right, Move("T0009", "2026-12"))  # a commune that has no register: it waits
    here.sync(trained)
    here.change(person, state="active")
    here.sync(trained)
    assert here.person(person)["state"] == "active"
    with trained.centre.read() as connection:
        assert moves.departures(connection, trained.code) == []


def test_what_was_handed_on_and_did_not_arrive_is_handed_on_again(
    trained: House, communes: tuple[Laptop, Laptop, Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, _wrong = communes
    gone = closed(here, *paid(trained, here))

    def dies(*_args: object) -> bool:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(moves, "arrive", dies)
        with pytest.raises(Coded):
            here.sync(trained)
    with trained.centre.read() as connection:
        assert [one.state for one in moves.departures(connection, trained.code)] == [moves.HANDED]
    here.sync(trained)
    assert forward(trained.centre, trained.keys, trained.code) == []
    there.sync(trained)
    assert [one.id for one in kept(there)] == [gone]


def test_those_who_come_out_of_two_communes_lie_side_by_side() -> None:
    """Transfers are counted by the commune that is left; the files lie in one folder at the centre."""
    one, other = (
        bundles.Manifest(bundles.FORMAT, bundles.new_id(), "transfer", CENTRE, THERE, 1, "", "", 1, "", 0, {})
        for _ in range(2)
    )
    assert stick.file_name(one) != stick.file_name(other)
    assert stick.file_name(one).startswith(f"centre-{THERE}-transfer-0001-{one.id[:8]}")


def test_what_could_not_be_handed_on_is_at_the_next_call_of_any_kind(
    trained: House, communes: tuple[Laptop, Laptop, Laptop], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, _wrong = communes
    person, right = paid(trained, here)
    closed(here, person, right)
    with monkeypatch.context() as broken:
        broken.setattr(serving, "forward", fail)
        here.sync(trained)
    there.sync(trained)
    assert kept(there) == []
    here.sync(trained)  # nothing to say, and yet
    there.sync(trained)
    assert [one.person for one in kept(there)] == [person]


def fail(*_said: object) -> None:
    raise Trouble("central.database")


def test_what_another_process_left_undone_is_looked_for_within_the_hour(
    trained: House, communes: tuple[Laptop, Laptop, Laptop]
) -> None:
    here, _there, _wrong = communes
    person, _right = paid(trained, here)
    here.sync(trained)
    left = moves.Departure("0" * 64, person, THERE, "2026-12")  # as a merger leaves it
    with trained.centre.write() as connection:
        moves.depart(connection, trained.code, [left])
    for passed_ms, count in ((0, 0), (3600 * 1000, 1)):
        trained.clock.ms += passed_ms
        here.sync(trained)
        assert arrivals(trained, THERE) == count
