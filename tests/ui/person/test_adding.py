"""Somebody new: typed or scanned, with likely doubles beside her."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.domain.dates import PartialDate
from app.ui.forms.picking import Pick
from app.ui.rooms.person import PersonRoom
from app.ui.window import Window
from tests.ui.person.room import (
    CARD,
    WAIT_MS,
    Settle,
    begin_adding,
    write,
)


def test_whoever_she_could_be_stands_beside_and_an_open_question_asks_why(
    window: Window, desk: Desk, panh: str, qtbot: QtBot, settle: Settle
) -> None:
    adding = begin_adding(window, settle)
    write(adding.editing, "name", "Lò Thị Panh")
    write(adding.editing, "birth", "12/03/1948")
    qtbot.waitUntil(lambda: bool(adding.alike), timeout=WAIT_MS)
    assert adding.alike[0].person.id == panh
    adding.editing.submit()
    settle()
    assert adding.editing.reason.error
    adding._open(panh)
    settle()
    room = window.room
    assert isinstance(room, PersonRoom)
    assert (room.adding, room.file is not None and room.file.person.row.id) == (None, panh)
    assert begin_adding(window, settle).form.fields["name"].control.text() == "Lò Thị Panh"


def test_a_card_fills_the_form_and_one_save_enters_her_with_her_group(
    window: Window, desk: Desk, settle: Settle
) -> None:
    adding = begin_adding(window, settle)
    window.scanner.scanned.emit(CARD)
    fields = adding.form.fields
    assert fields["name"].control.text() == "Lò Thị Pánh"
    assert fields["personal_id"].control.value() == "014148032213"
    assert fields["sex"].control.value() == "female"
    write(adding.editing, "hamlet", "Bản mới lập")
    group = adding.form._right.fields["group"].control
    group.set_value(Pick("HTXH", "Hưu trí xã hội"))
    group.changed.emit()
    adding.editing.submit()
    settle()
    settle()
    room = window.room
    assert isinstance(room, PersonRoom)
    assert room.file is not None
    person = room.file.person
    assert (person.row.name, person.row.hamlet, person.row.groups) == (
        "Lò Thị Pánh",
        "Bản mới lập",
        ("HTXH",),
    )
    assert person.row.birth == PartialDate(1948, 3, 12)
    assert len(room.file.sets) == 1


def test_a_garbled_card_and_a_missing_name_are_said(window: Window, desk: Desk, settle: Settle) -> None:
    adding = begin_adding(window, settle)
    window.scanner.scanned.emit("01414803||Lò|x|Nữ||")
    assert adding.editing.notice.text
    adding.editing.submit()
    settle()
    assert adding.form.fields["name"].error
    adding.form.fields["personal_id"].control.set_value("12345")
    adding.editing.submit()
    assert adding.form.fields["personal_id"].error
