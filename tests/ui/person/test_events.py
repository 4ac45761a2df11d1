"""A history in words: conflicts show both values, replaced lines name their successor, accounts wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.records import Value
from app.domain.reference import Reference
from app.resources import load_reference
from app.store import dossier
from app.store.history import history
from app.store.opened import open_record
from app.ui.person.events import Told, tell
from app.ui.person.file import File, Names
from tests.store.test_queries import LAN, account, person, proposal
from tests.sync.conversation import Centre, Clock, Laptop, sqlite_engine

NAMES = Names({"officer-m1": "Lò Thị Hạnh", "officer-m2": "Tòng Văn Minh"}, {"m1": "máy 01"}, {})


@pytest.fixture(scope="module")
def reference() -> Reference:
    return load_reference()


@pytest.fixture
def office() -> Iterator[tuple[Laptop, Laptop, Centre]]:
    clock = Clock()
    first, second = Laptop.new("m1", clock), Laptop.new("m2", clock)
    centre = Centre.new(sqlite_engine(), clock)
    for laptop in (first, second):
        centre.enrol(laptop)
    first.save(*person(LAN, "Lò Thị Lan", phone="0388000111", hamlet="Bản Co Mạ", sex="female"), reason="add")
    first.sync(centre)
    second.sync(centre)
    yield first, second, centre
    for engine in (first.engine, second.engine, centre.engine):
        engine.dispose()


def change(laptop: Laptop, field: str, value: Value, reason: str) -> None:
    with laptop.write() as connection:
        opened = open_record(connection, "person", LAN)
    assert opened
    laptop.save(*opened.edits({field: value}), reason=reason)


def told(laptop: Laptop, reference: Reference) -> list[Told]:
    with laptop.write() as connection:
        found = dossier.person(connection, LAN)
        lines = history(connection, LAN)
    assert found
    return tell(File("", found, lines, NAMES, {}, 0, (), "", {}), lines, reference)


def test_a_record_made_at_once_is_one_event(
    office: tuple[Laptop, Laptop, Centre], reference: Reference
) -> None:
    (made,) = told(office[0], reference)
    assert (made.event.field, made.verdict, made.event.dot) == ("Hồ sơ", "applied", "in_force")
    assert dict(made.event.details)["Điện thoại"] == "038••••111"
    assert made.event.who == "Lò Thị Hạnh · máy 01 · Thêm mới"


def test_a_conflict_shows_both_values_and_who_wrote_them(
    office: tuple[Laptop, Laptop, Centre], reference: Reference
) -> None:
    first, second, centre = office
    change(first, "name", "Lò Thị Lán", "theo thẻ")
    change(second, "name", "Lò Thị Lân", "theo sổ hộ khẩu")
    for laptop in (first, second, first):
        laptop.sync(centre)
    newest, standing, _made = told(second, reference)
    assert (newest.verdict, newest.event.dot, newest.event.after) == ("conflict", "conflict", "Lò Thị Lân")
    assert dict(newest.event.details)["Trái với"].startswith("Lò Thị Lán, Lò Thị Hạnh · máy 01")
    assert "Tòng Văn Minh · máy …m2" in newest.event.who
    assert (standing.verdict, standing.event.after) == ("applied", "Lò Thị Lán")
    assert dict(newest.event.details)["Chữ ký"] == "máy này chưa có khoá của người ghi"


def test_a_replaced_line_names_what_replaced_it(
    office: tuple[Laptop, Laptop, Centre], reference: Reference
) -> None:
    first, _second, centre = office
    change(first, "note", "một", "change")
    change(first, "note", "hai", "change")
    waiting = told(first, reference)
    assert [each.verdict for each in waiting] == ["waiting", "waiting", "applied"]
    first.sync(centre)
    newest, replaced, _made = told(first, reference)
    assert (newest.verdict, replaced.verdict) == ("applied", "superseded")
    assert "thay bởi bản" in replaced.event.who
    assert (replaced.event.before, replaced.event.after) == ("trống", "một")


def test_an_account_at_the_centre_still_waits_for_approval(
    office: tuple[Laptop, Laptop, Centre], reference: Reference
) -> None:
    first, _second, centre = office
    first.save(*account("a" * 32, LAN, "12610001845"), *proposal("b" * 32, LAN, "a" * 32), reason="enrolment")
    events = {each.event.field.partition(" ·")[0]: each for each in told(first, reference)}
    assert events["Tài khoản"].verdict == "waiting"
    first.sync(centre)
    after = {each.event.field.partition(" ·")[0]: each for each in told(first, reference)}
    assert after["Tài khoản"].verdict == "proposed"
    assert "12610001845" not in repr(after)
