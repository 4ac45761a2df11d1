"""Her password typed again: before a look and an export, in place, and never twice for one deed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions import people
from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store import audit, queries
from app.store.listing import Listing
from app.store.proofs import Proof
from app.store.throttle import Moment
from app.ui.forms.masked import MaskedValue
from app.ui.link import Link
from app.ui.list_out import Chosen, ListOut, export_people
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.person import printing
from app.ui.person.file import read_file
from app.ui.proving import ProofDialog, ProofField
from app.ui.rooms.breach import BreachRoom
from app.ui.window import Window
from tests.desks import PASSWORD

PERSON = {"name": "Lò Thị Pánh", "birth": "1948", "personal_id": "014148032213"}


def long_ago(desk: Desk) -> None:
    at = desk.prove.latest.at
    desk.prove.latest = Proof(desk.officer.id, Moment(at.wall, at.up - 400, at.boot))


def question() -> ProofDialog:
    found = QApplication.activeModalWidget()
    assert isinstance(found, ProofDialog)
    return found


def answer(typed: str) -> ProofDialog:
    asked = question()
    asked.field.control.setText(typed)
    asked.go.click()
    return asked


def masked(window: Window, desk: Desk) -> MaskedValue:
    person = people.add_person(desk, PERSON, "add", {"group": "HTXH"})
    made = MaskedValue("0141•••2213", lambda: people.reveal(desk, "person", person, "personal_id"))
    made.setParent(window)
    made.show()
    return made


def test_a_look_long_after_coming_in_asks_for_her_password_first(
    window: Window, desk: Desk, settle: Callable[[], None]
) -> None:
    number = masked(window, desk)
    long_ago(desk)
    number._show.click()
    assert "•" in number.text
    asked = answer("không phải")
    settle()
    assert "Mật khẩu không đúng" in asked.field.error
    assert "•" in number.text
    answer(PASSWORD)
    settle()
    assert number.text == "014148032213"
    number._show.click()
    number._show.click()
    assert QApplication.activeModalWidget() is None
    assert number.text == "014148032213"


def test_the_lock_takes_the_question_away(window: Window, desk: Desk, settle: Callable[[], None]) -> None:
    number = masked(window, desk)
    long_ago(desk)
    number._show.click()
    question()
    window.lock_wanted.emit()
    settle()
    assert QApplication.activeModalWidget() is None
    assert "•" in number.text


def test_a_list_leaves_after_her_password_and_is_written_then(
    window: Window, desk: Desk, settle: Callable[[], None], tmp_path: Path
) -> None:
    people.add_person(desk, PERSON, "add", {"group": "HTXH"})
    with desk.vault.read() as connection:
        chosen = Chosen(queries.ids(connection, Listing()), "1 người")
    notice, bar, path = NoticeSlot(), WorkBar(), tmp_path / "list.xlsx"
    for part in (notice, bar):
        part.setParent(window)
    long_ago(desk)
    ListOut(window, window.jobs, desk, notice, bar)._run(export_people, chosen, path, "{count} {file}")
    settle()
    assert list(tmp_path.glob("list*")) == []
    answer(PASSWORD)
    settle()
    assert path.exists()


def test_her_sheet_leaves_after_her_password(
    window: Window, desk: Desk, settle: Callable[[], None], tmp_path: Path
) -> None:
    person = people.add_person(desk, PERSON, "add", {"group": "HTXH"})
    file, notice, path = read_file(Progress(), desk, person), NoticeSlot(), tmp_path / "her.pdf"
    notice.setParent(window)
    long_ago(desk)
    printing.put(window, window.jobs, desk, file, path, notice)
    settle()
    assert not path.exists()
    answer(PASSWORD)
    settle()
    assert path.exists()
    with desk.vault.read() as connection:
        (noted,) = audit.about(connection, [person], ["export"])
    assert noted.detail == "sheet"


def test_who_gives_up_may_press_again(
    window: Window, desk: Desk, link: Link, settle: Callable[[], None]
) -> None:
    window.furnish({"breach": lambda w: BreachRoom(w, desk, link)})
    room = window.go("breach")
    assert isinstance(room, BreachRoom)
    long_ago(desk)
    room._prepare()
    settle()
    assert not room.prepare.isEnabled()
    question().reject()
    assert room.prepare.isEnabled()
    assert room.report is None


def test_a_field_gives_one_proof_for_one_asking(
    window: Window, desk: Desk, settle: Callable[[], None], qtbot: QtBot
) -> None:
    field = ProofField(window.jobs, desk.prove)
    field.setParent(window)
    proofs: list[Proof] = []
    field.ask(proofs.append)
    assert field.error
    field.control.setText(PASSWORD)
    field.ask(proofs.append)
    field.ask(proofs.append)
    settle()
    assert [proof.officer for proof in proofs] == [desk.officer.id]
    assert field.control.text() == ""
