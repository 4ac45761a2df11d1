"""A copy that had differed is told in Sync and on the pill; what has not come yet is told where it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from app.actions import exchange, line
from app.actions.people import add_person
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.store import divergences, past, place
from app.store.divergences import Divergence
from app.sync import conversation
from app.ui.exchange_columns import diverged_row
from app.ui.person.file import read_file
from app.ui.rooms import exchange as room
from tests.desks import make_keys_cheap
from tests.offices import Commune, commune


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Commune]:
    make_keys_cheap(monkeypatch)
    with commune(tmp_path) as made:
        yield made


def test_where_it_differed_is_told_until_somebody_looked(office: Commune) -> None:
    desk = office.desk()
    person = add_person(desk, {"name": "Lò Thị Lan", "birth": "1951"}, "add")
    office.sync(desk)
    with desk.vault.write() as connection:
        divergences.note(connection, [Divergence("person", person, "hamlet")])
    found = room.look_up(Progress(), desk)
    assert found.state.diverged == 1
    [line] = map(diverged_row, found.diverged)
    assert (line["who"], line["kind"], line["field"]) == ("Lò Thị Lan", "Đối tượng", "Thôn, bản")
    exchange.see_divergences(Progress(), desk)
    again = room.look_up(Progress(), desk)
    assert (again.state.diverged, len(again.diverged)) == (0, 1)


@pytest.mark.parametrize(("code", "is_green"), [("sync.offline", True), ("sync.diverged", False)])
def test_green_goes_with_what_the_centre_says(
    office: Commune, monkeypatch: pytest.MonkeyPatch, code: str, is_green: bool
) -> None:
    desk = office.desk()
    office.sync(desk)
    assert exchange.link_state(Progress(), desk).in_step

    def fail(*_args: object) -> None:
        raise Trouble(code, cursor=1)

    monkeypatch.setattr(conversation, "synchronise", fail)
    monkeypatch.setattr(line, "to_centre", lambda *_: nullcontext())
    with pytest.raises(Trouble):
        exchange.exchange(Progress(), desk)
    assert exchange.link_state(Progress(), desk).in_step == is_green


def test_a_file_says_what_of_the_past_is_lacking(office: Commune) -> None:
    desk = office.desk()
    person = add_person(desk, {"name": "Lò Thị Lan", "birth": "1951"}, "add")
    office.sync(desk)
    assert read_file(Progress(), desk, person).arriving == 0
    with desk.vault.write() as connection:
        past.begin(connection, place.cursor(connection), place.head(connection))
        past.doubt(connection)
    assert read_file(Progress(), desk, person).arriving == 1
    assert exchange.link_state(Progress(), desk).arriving == 1
