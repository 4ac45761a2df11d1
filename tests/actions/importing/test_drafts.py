"""An import interrupted: answers outlive the window, the lock and the stick the workbook came on."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions.importing import reviewing, undoing
from app.actions.importing.around import look_around
from app.actions.importing.facts import Answer, How
from app.actions.importing.writing import write
from app.bootstrap import entering, shelves
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.resources import load_reference
from app.store import queries
from app.store.laptop import Laptop
from tests import desks
from tests.actions.importing.books import PEOPLE, write_book
from tests.actions.importing.test_reviewing import fates, point


def test_answers_survive_the_lock_and_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desks.make_keys_cheap(monkeypatch)
    desk, path = desks.desk_of(tmp_path / "home"), write_book(tmp_path / "ds.xlsx", PEOPLE)
    review = reviewing.read(Progress(), desk, path)
    answered = reviewing.answer(
        desk, review, [(point(review, "invalid_birth_date"), Answer(How.VALUE, "1951"))]
    )
    reviewing.keep(Progress(), desk, answered)
    desk.vault.lock()
    path.unlink()
    known = load_reference()
    shelf = shelves.shelf(Laptop(tmp_path / "home"), shelves.place_of(known, desks.COMMUNE))
    officer = shelf.keyfile().officers[0].officer
    desk = entering.unlock(shelf, officer, desks.PASSWORD, known).desk
    try:
        (kept,) = look_around(Progress(), desk).unfinished
        assert (kept.file.name, kept.open) == ("ds.xlsx", 2)
        with desk.vault.read() as connection:
            assert queries.today(connection, "").imports == 1
        again = reviewing.resume(Progress(), desk, kept.file.digest)
        assert point(again, "invalid_birth_date").value == "1951"
        assert again.fates == answered.fates
        written = write(Progress(), desk, again)
        rest = reviewing.resume(Progress(), desk, kept.file.digest)
        assert fates(rest) == ["known"] * 3 + ["asks"] * 2
        full = reviewing.answer(desk, rest, reviewing.suggested(rest, rest.every_point()))
        assert write(Progress(), desk, full).id == written.id  # one import, in two goes
        assert look_around(Progress(), desk).unfinished == ()
        with pytest.raises(Refusal, match=r"import\.no_draft"):
            reviewing.resume(Progress(), desk, kept.file.digest)
        around = look_around(Progress(), desk)
        (past,), names = around.past, around.own
        assert (past.people, names[past.id].file.name) == (5, "ds.xlsx")
    finally:
        desk.vault.lock()


def test_a_draft_given_up_is_gone_but_what_was_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.make_keys_cheap(monkeypatch)
    desk = desks.desk_of(tmp_path / "home")
    try:
        review = reviewing.read(Progress(), desk, write_book(tmp_path / "ds.xlsx", PEOPLE))
        reviewing.keep(Progress(), desk, review)
        written = write(Progress(), desk, review)
        (kept,) = look_around(Progress(), desk).unfinished
        reviewing.give_up(Progress(), desk, kept)
        assert look_around(Progress(), desk).unfinished == ()
        assert undoing.undo(Progress(), desk, written.id) == 3
    finally:
        desk.vault.lock()
