"""A workbook into a real register: written once, blanks filled, nothing overwritten, undone whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.actions import workbook
from app.actions.desk import Desk
from app.actions.people import add_person
from app.actions.workbook import Fate
from app.domain.errors import Cancelled
from app.domain.progress import Progress
from app.store import dossier, known, layouts
from tests import desks

HEADINGS = (
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số CCCD",
    "Điện thoại",
    "Thôn",
    "Số tiền",
    "Số tài khoản",
)
PEOPLE = (
    (
        1,
        "LÒ THỊ PÁNH",
        "12/03/1948",
        "Nữ",
        "014148032213",
        "0388123417",
        "Bản Nà Lụa",
        540000,
        "Agribank 3906205123456",
    ),
    (2, "Quàng Văn Thương", "1951", "Nam", "014051000777", "", "Bản Nà Lụa", 540000, ""),
    (3, "Cà Thị Ánh", "02/09/1944", "Nữ", "", "", "Bản Co Mạ", "540.000", ""),
    (4, "Hà Văn Quyết", "31/02/1950", "Nam", "12345", "", "Bản Co Mạ", 810000, ""),
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desks.make_keys_cheap(monkeypatch)
    opened = desks.desk_of(tmp_path / "home")
    yield opened
    opened.vault.lock()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "danh sach.xlsx", PEOPLE)


def write_book(path: Path, people: tuple[tuple[object, ...], ...]) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["DANH SÁCH ĐỐI TƯỢNG BẢO TRỢ XÃ HỘI"])
    sheet.append(list(HEADINGS))
    for person in people:
        sheet.append(list(person))
    made.save(path)
    return path


def review(desk: Desk, book: Path) -> workbook.Review:
    return workbook.review(Progress(), desk, book)


def test_everybody_is_written_once(desk: Desk, book: Path) -> None:
    written = workbook.write(Progress(), desk, review(desk, book))
    assert (written.people, written.accounts) == (4, 1)
    again = review(desk, book)
    assert len(again.of(Fate.KNOWN)) == 4 - len(again.of(Fate.ASKS))
    assert workbook.write(Progress(), desk, again).people == 0
    with desk.vault.read() as connection:
        register = known.everybody(connection)
        her = dossier.person(connection, register.by_number["014148032213"])
    assert her is not None
    assert (her.row.name, her.row.amount, her.row.account) == ("Lò Thị Pánh", 540_000, "proposed")
    assert her.opened.values["name_typed"] == "LÒ THỊ PÁNH"


def test_an_account_out_of_a_workbook_is_a_proposal(desk: Desk, book: Path) -> None:
    workbook.write(Progress(), desk, review(desk, book))
    with desk.vault.read() as connection:
        register = known.everybody(connection)
        her = dossier.person(connection, register.by_number["014148032213"])
    assert her is not None
    assert [account.standing for account in her.accounts] == ["proposed"]
    assert her.opened.values.get("receiving_account") is None


def test_blanks_are_filled_and_what_stands_stays(desk: Desk, book: Path) -> None:
    person = add_person(
        desk, {"name": "Lò Thị Pánh", "personal_id": "014148032213", "hamlet": "Bản Pom Khoang"}, "add"
    )
    found = review(desk, book)
    line = next(line for line in found.lines if line.record == person)
    assert line.fate is Fate.FILLS
    assert "phone" in line.fills
    assert line.differs == ("hamlet",)
    workbook.write(Progress(), desk, found)
    with desk.vault.read() as connection:
        her = dossier.person(connection, person)
    assert her is not None
    assert (her.row.hamlet, her.row.phone) == ("Bản Pom Khoang", "0388123417")


def test_a_namesake_is_a_question(desk: Desk, tmp_path: Path) -> None:
    add_person(desk, {"name": "Cà Thị Ánh", "birth": "1944-09-02", "hamlet": "Bản Hua Nà"}, "add")
    found = review(desk, write_book(tmp_path / "một.xlsx", PEOPLE[2:3]))
    (line,) = found.lines
    assert line.fate is Fate.ASKS
    assert workbook.write(Progress(), desk, found).people == 0
    answered = found.answered(line.key, Fate.NEW)
    assert workbook.write(Progress(), desk, answered).people == 1


def test_cancelled_writes_nothing(desk: Desk, book: Path) -> None:
    found, stopped = review(desk, book), Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        workbook.write(stopped, desk, found)
    with desk.vault.read() as connection:
        assert not known.everybody(connection).by_id


def test_taken_back_whole(desk: Desk, book: Path) -> None:
    written = workbook.write(Progress(), desk, review(desk, book))
    assert workbook.undo(Progress(), desk, written.sets) == 4
    with desk.vault.read() as connection:
        assert not known.everybody(connection).by_id
    assert len(review(desk, book).of(Fate.NEW)) == 4


def test_a_correction_is_remembered_for_its_layout(desk: Desk, book: Path) -> None:
    layout = review(desk, book).reading.layouts[0]
    meanings = [column.meaning.value for column in layout.columns]
    meanings[5] = "unknown"
    corrected = workbook.correct(Progress(), desk, book, layout.fingerprint, meanings)
    assert all(line.person.phone is None for line in corrected.lines)
    assert all(line.person.phone is None for line in review(desk, book).lines)
    with desk.vault.read() as connection:
        assert layouts.remembered(connection)[layout.fingerprint] == tuple(meanings)
