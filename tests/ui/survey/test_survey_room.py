"""A form filled in the window at a real vault: begun, kept after every answer, handed in, corrected."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.actions.surveying.filling import Filling
from app.actions.surveying.handing_in import Handed, hand_in
from app.store import fillings, submissions
from app.store.fillings import About, Kept
from app.ui.link import Link
from app.ui.parts.panes import Empty
from app.ui.room import Room
from app.ui.rooms import survey
from app.ui.rooms.survey import SurveyRoom
from app.ui.survey.answers_view import AnswersView
from app.ui.survey.asking import Brought
from app.ui.survey.handed import HandedIn
from app.ui.survey.runner import Runner
from app.ui.window import Window
from tests.surveys import house_form, house_of, published, shipped

WAIT_MS = 20_000


class Elsewhere(Room):
    """Where a filling is left to."""

    entered_with: Mapping[str, object]

    def enter(self, **arguments: object) -> None:
        self.entered_with = arguments


@pytest.fixture
def house(desk: Desk) -> About:
    published(desk, house_form(), shipped("poverty_review"))
    return house_of(desk)


@pytest.fixture
def room(desk: Desk, house: About, make_window: Callable[[], Window]) -> Iterator[SurveyRoom]:
    window = make_window()
    link = Link(window, desk)
    rooms = {"surveys": Elsewhere, "survey": lambda shell: SurveyRoom(shell, desk, link)}
    window.furnish(rooms, [])
    window.go("surveys")
    found = window.go("survey", form="hoi_ho", about=house)
    assert isinstance(found, SurveyRoom)
    window.show()
    yield found
    link.end()


def runner(room: SurveyRoom, qtbot: QtBot) -> Runner:
    qtbot.waitUntil(lambda: room.runner is not None, timeout=WAIT_MS)
    assert room.runner is not None
    return room.runner


def settled(room: SurveyRoom, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: room.shell.jobs.is_idle, timeout=WAIT_MS)


@contextmanager
def held_up(room: SurveyRoom) -> Iterator[None]:
    """Nothing is written meanwhile."""
    may = threading.Event()
    room.shell.jobs.run(room.shell, lambda _progress: may.wait(10), lane="write")
    yield
    may.set()


def drafts(desk: Desk) -> list[Kept]:
    with desk.vault.read() as connection:
        return fillings.every(connection)


def test_each_answer_is_on_the_disk(desk: Desk, room: SurveyRoom, qtbot: QtBot) -> None:
    runner(room, qtbot).live.answer("/data/note", "đường trơn")
    settled(room, qtbot)
    (kept,) = drafts(desk)
    assert "đường trơn".encode() in kept.content
    assert kept.asked > kept.answered > 0


def test_a_photo_is_sealed_before_the_draft_that_names_it(desk: Desk, room: SurveyRoom, qtbot: QtBot) -> None:
    live = runner(room, qtbot).live
    live.bring("/data/photo", lambda _progress, _source: Brought(b"%PDF-1.7", "a.pdf"), Path("a.pdf"))
    qtbot.waitUntil(lambda: bool(live.session.node("/data/photo").value), timeout=WAIT_MS)
    settled(room, qtbot)
    (kept,) = drafts(desk)
    (sha256,) = kept.files
    assert desk.files.read(sha256) == live.file(live.session.node("/data/photo").value) == b"%PDF-1.7"


def test_a_change_of_text_size_begins_no_second_filling(desk: Desk, room: SurveyRoom, qtbot: QtBot) -> None:
    runner(room, qtbot).live.answer("/data/note", "đường trơn")
    settled(room, qtbot)
    window = room.shell
    window.refurnish()
    again = window.room
    assert isinstance(again, SurveyRoom)
    assert runner(again, qtbot).live.session.node("/data/note").value == "đường trơn"
    settled(again, qtbot)
    assert len(drafts(desk)) == 1


def test_whoever_comes_back_goes_on_with_her_draft(
    desk: Desk, room: SurveyRoom, house: About, qtbot: QtBot
) -> None:
    runner(room, qtbot).live.answer("/data/note", "đường trơn")
    settled(room, qtbot)
    room.shell.go("surveys")
    room.shell.go("survey", form="hoi_ho", about=house)
    qtbot.waitUntil(lambda: room.runner is not None, timeout=WAIT_MS)
    settled(room, qtbot)
    assert len(drafts(desk)) == 1
    assert room.runner is not None
    assert room.runner.live.session.node("/data/note").value == "đường trơn"


def test_what_is_handed_in_is_told_and_the_draft_is_gone(
    desk: Desk, room: SurveyRoom, house: About, qtbot: QtBot
) -> None:
    at = runner(room, qtbot)
    at.live.answer("/data/note", "đường trơn")
    at.live.answer("/data/poverty", "poor")
    at.handed_in.emit()
    qtbot.waitUntil(lambda: isinstance(room.holder.held, HandedIn), timeout=WAIT_MS)
    assert drafts(desk) == []
    with desk.vault.read() as connection:
        (found,) = submissions.of_records(connection, [house.household])
    settled(room, qtbot)
    room.shell.go("survey", read=found.record)
    settled(room, qtbot)
    view = room.holder.held.findChild(AnswersView) if room.holder.held else None
    assert view is not None
    assert view.correct_button is not None
    view.correct_button.click()
    again = runner(room, qtbot)
    assert again.live.session.node("/data/poverty").value == "poor"
    settled(room, qtbot)
    assert [each.corrects for each in drafts(desk)] == [found.record]


def test_a_form_that_is_gone_says_where_to_go(desk: Desk, room: SurveyRoom, qtbot: QtBot) -> None:
    settled(room, qtbot)
    assert (room.head.title, bool(room.head.subtitle)) == ("Hỏi hộ", True)
    room.shell.go("survey", form="khong_co", about=About())
    assert (room.head.title, room.head.subtitle) == ("Khảo sát", "")  # nobody's name above what is not hers
    qtbot.waitUntil(lambda: isinstance(room.holder.held, Empty), timeout=WAIT_MS)
    assert room.runner is None


def test_what_the_register_said_is_marked_until_it_is_edited(room: SurveyRoom, qtbot: QtBot) -> None:
    live = runner(room, qtbot).live
    assert live.is_from_register("/data/address")
    live.answer("/data/address", "Bản Nà Lụa, nhà số 4")
    assert not live.is_from_register("/data/address")
    settled(room, qtbot)


def filled(room: SurveyRoom, qtbot: QtBot) -> Runner:
    """Everything answered."""
    found = runner(room, qtbot)
    found.live.answer("/data/note", "đường trơn")
    found.live.answer("/data/poverty", "poor")
    settled(room, qtbot)
    return found


def test_what_is_typed_is_kept_when_the_room_goes(desk: Desk, room: SurveyRoom, qtbot: QtBot) -> None:
    found = runner(room, qtbot)
    note = next(each for each in found.sheet.questions() if each.ref == "/data/note")
    note.build()
    line = note.findChild(QLineEdit)
    assert line is not None
    # Letter by letter it would be a scanner; and no keyboard leaves a line from a window that has lost it.
    line.insert("đường trơn")
    room.shell.furnish({})
    room.shell.jobs.finish_writes()
    assert "đường trơn".encode() in drafts(desk)[0].content


def test_a_form_is_handed_in_once(
    desk: Desk, room: SurveyRoom, house: About, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the first press still waits, or is at work already."""
    found = filled(room, qtbot)
    began, may = threading.Event(), threading.Event()

    def slowly(desk: Desk, filling: Filling) -> Handed:
        began.set()
        may.wait(10)
        return hand_in(desk, filling)

    monkeypatch.setattr(survey, "hand_in", slowly)
    with held_up(room):
        found.handed_in.emit()
        found.handed_in.emit()
    qtbot.waitUntil(began.is_set)
    found.handed_in.emit()
    may.set()
    settled(room, qtbot)
    with desk.vault.read() as connection:
        assert len(submissions.of_records(connection, [house.household])) == 1
    assert isinstance(room.holder.held, HandedIn)
    assert room.shell.notice.text == ""


def test_whoever_goes_on_with_another_form_meanwhile_stays_there(
    desk: Desk, room: SurveyRoom, qtbot: QtBot
) -> None:
    found = filled(room, qtbot)
    with held_up(room):
        found.handed_in.emit()
        room.shell.go("survey", form="hoi_ho", about=About())
    settled(room, qtbot)
    assert room.runner is not None
    assert room.runner is not found
    assert room.runner.isEnabled()
    assert [each.about for each in drafts(desk)] == [About()]


def test_what_comes_late_changes_nothing_that_is_shown_by_then(room: SurveyRoom, qtbot: QtBot) -> None:
    runner(room, qtbot)
    settled(room, qtbot)
    with held_up(room):
        room.shell.go("survey", form="hoi_ho", about=About())
        room.shell.go("survey", read="nothing")
    settled(room, qtbot)
    assert room.runner is None

    with held_up(room):
        room.shell.go("survey", form="hoi_ho", about=About())
        room.shell.go("surveys")
    settled(room, qtbot)
    room.shell.refurnish()
    elsewhere = room.shell.room
    assert isinstance(elsewhere, Elsewhere)
    assert elsewhere.entered_with == {}
