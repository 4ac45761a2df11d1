"""Her file: what is shown, changed with a reason, kept as a draft, printed."""

from __future__ import annotations

from pathlib import Path

from app.actions import attachments, people
from app.actions.attachments import Paper
from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store import audit
from app.store.opened import open_record
from app.ui.forms.masked import MaskedValue
from app.ui.person.controls import NumberBox
from app.ui.person.history import History
from app.ui.person.printing import put_out
from app.ui.person.profile import Profile
from app.ui.rooms.person import PersonRoom
from app.ui.window import Window
from tests.ui import pdf_text
from tests.ui.person.room import (
    Settle,
    change,
    open_file,
    page,
    values,
    write,
)


def test_a_guarded_change_asks_why_and_then_stands_in_history(
    window: Window, desk: Desk, panh: str, settle: Settle
) -> None:
    room = open_file(window, settle, panh)
    assert window.top_bar._title.text() == "Lò Thị Pánh"
    editing = change(room)
    write(editing, "name", "Lò Thị Panh")
    editing.submit()
    settle()
    assert editing.reason.error
    assert values(desk, panh)["name"] == "Lò Thị Pánh"
    editing.reason.control.set_value("Theo thẻ căn cước")
    editing.submit()
    settle()
    settle()
    assert values(desk, panh)["name"] == "Lò Thị Panh"
    assert room.pages["profile"].editing is None
    history = page(room, "history", History)
    newest = next(iter(history._told.values())).event
    assert (newest.before, newest.after) == ("Lò Thị Pánh", "Lò Thị Panh")
    assert "“Theo thẻ căn cước”" in newest.who
    assert desk.officer.name in newest.who
    assert newest.verdict[0] == "Chờ gửi"
    assert any("đúng của" in words for _label, words in newest.details)


def test_an_unreadable_date_is_said_at_its_field(
    window: Window, desk: Desk, panh: str, settle: Settle
) -> None:
    editing = change(open_file(window, settle, panh))
    write(editing, "birth", "30/02/1948")
    write(editing, "phone_owner", "con gái")
    editing.submit()
    settle()
    assert "1948" in editing.form.fields["birth"].error
    assert "phone_owner" not in values(desk, panh)


def test_numbers_stay_masked_until_asked_for_and_the_look_is_audited(
    window: Window, desk: Desk, panh: str, settle: Settle
) -> None:
    room = open_file(window, settle, panh)
    masked = room.card.findChildren(MaskedValue)
    assert [each.text for each in masked] == ["014•••••2213", "038••••111"]
    editing = change(room)
    box = editing.form.fields["phone"].control
    assert isinstance(box, NumberBox)
    assert box.box.text() == "038••••111"
    assert editing.form.moved() == {}
    box.open()
    assert box.box.text() == "0388000111"
    with desk.vault.read() as connection:
        assert audit.looks(connection, panh, desk.clock.now().replace(year=2020)) == 1
    box.box.setText("+84 388 000 222")
    box.box.textEdited.emit("+84 388 000 222")
    editing.submit()
    settle()
    assert values(desk, panh)["phone"] == "0388000222"


def test_a_draft_outlives_the_room_and_remembers_what_its_author_saw(
    window: Window, desk: Desk, panh: str, settle: Settle
) -> None:
    editing = change(open_file(window, settle, panh))
    write(editing, "note", "Nhà xa, đi lại khó")
    write(editing, "birth", "31/02/1948")
    window.go("people")
    window.refurnish()
    settle()
    with desk.vault.read() as connection:
        seen = open_record(connection, "person", panh)
    assert seen is not None
    people.change_record(desk, seen, {"note": "Máy khác ghi"}, "")
    room = open_file(window, settle, panh)
    again = room.pages["profile"].editing
    assert again is not None
    assert again.form.fields["note"].control.text() == "Nhà xa, đi lại khó"
    assert again.form.fields["birth"].control.text() == "31/02/1948"
    assert again.form.opened.on["name"] == seen.on["name"]
    assert "note" not in again.form.opened.values
    again.give_up()
    settle()
    assert open_file(window, settle, panh).pages["profile"].editing is None


def test_a_form_stays_while_another_laptop_writes(
    window: Window, desk: Desk, panh: str, settle: Settle
) -> None:
    room = open_file(window, settle, panh)
    editing = change(room)
    write(editing, "hamlet", "Bản Co Mạ")
    with desk.vault.read() as connection:
        other = open_record(connection, "person", panh)
    assert other is not None
    people.change_record(desk, other, {"address": "Bản Hua Nà"}, "")
    room.refresh()
    settle()
    assert room.pages["profile"].editing is editing
    assert editing.form.fields["hamlet"].control.text() == "Bản Co Mạ"
    assert "Nơi thường trú" in editing.notice.text


def test_her_sheet_names_her_and_hides_her_numbers(
    window: Window, desk: Desk, panh: str, tmp_path: Path, settle: Settle
) -> None:
    attachments.attach(desk, panh, Paper(b"%PDF-1.7", "consent"))
    room = open_file(window, settle, panh)
    assert room.file is not None
    put_out(Progress(), desk, room.file, tmp_path / "ho-so.pdf")
    words = "\n".join(pdf_text.pages((tmp_path / "ho-so.pdf").read_bytes()))
    assert "Lò Thị Pánh" in words
    assert "Giấy đồng ý đã ký" in words
    assert "014148032213" not in words
    assert "0388000111" not in words


def test_somebody_gone_is_said(window: Window, desk: Desk, settle: Settle) -> None:
    room = window.go("person", person="a" * 32)
    settle()
    assert isinstance(room, PersonRoom)
    assert room.notice.text
    assert isinstance(room.pages["profile"], Profile)
