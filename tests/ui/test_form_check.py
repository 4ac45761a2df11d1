"""The room where a form is looked over and packed: real workbooks, the sandbox's real child."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.actions import surveys
from app.actions.desk import Desk
from app.domain.errors import Cancelled
from app.domain.progress import Progress
from app.resources import resource
from app.sandbox import children
from app.store import fillings
from app.store.tables import records
from app.survey.publish import Checked
from app.sync.forms import read_parcel
from app.ui.forming.findings import FindingLine
from app.ui.rooms import form_check
from app.ui.rooms.form_check import FormCheckRoom
from app.ui.rooms.settings import SettingsRoom
from app.ui.session import Session
from app.ui.window import Window
from tests.survey.sheets import xlsform
from tests.surveys import published, shipped

NAME = ("text", "ten", "Họ tên")
SUM = ("calculate", "tong", "", "", "", "", "${a} + 1")
ASKED = ("integer", "a", "Bao nhiêu")
WRONG = [NAME, ("integer", "thu_nhap", "Thu nhập", "khong-co(1)")]
WAIT_MS = 40_000


class Author:
    """Who writes a form, at the room."""

    def __init__(self, room: FormCheckRoom, folder: Path, settle: Callable[[], None]) -> None:
        self.room, self.folder, self._settle = room, folder, settle

    def save(self, content: bytes, name: str = "phiếu.xlsx") -> Path:
        """As from Excel."""
        file = self.folder / name
        file.write_bytes(content)
        return file

    def check(self, content: bytes) -> None:
        """Save, and have it looked over."""
        self.room.check(self.save(content))
        self._settle()

    def again(self) -> None:
        """F5."""
        QTest.keyClick(self.room, Qt.Key.Key_F5)
        self._settle()

    def pack(self, name: str = "phiếu.bieumau") -> Path:
        """Where she says."""
        self.room.pack_to(self.folder / name)
        self._settle()
        return self.folder / name

    @property
    def lines(self) -> list[FindingLine]:
        """The table."""
        rows = self.room.table.rows
        found = self.room._fetch(rows.ids)
        return [each for each in found if isinstance(each, FindingLine)]


@pytest.fixture
def author(
    desk: Desk,
    window: Window,
    settle: Callable[[], None],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Author]:
    """At the room; the sandbox's child takes a second to start, and most tests look over in this process."""
    monkeypatch.setattr(surveys, "call", _here)
    session = Session(window, desk)
    window.furnish({name: session._factory(*_rooms()[name]) for name in ("form-check", "settings")})
    room = window.go("form-check")
    assert isinstance(room, FormCheckRoom)
    qtbot.waitActive(window)
    folder = tmp_path / "soạn"
    folder.mkdir()
    yield Author(room, folder, settle)
    session.link.end()


def _here(fn: Callable[..., Checked], *given: object, progress: Progress, **_limits: object) -> Checked:
    return fn(*given, progress)


def _rooms() -> dict[str, tuple[str, str]]:
    from app.ui.session import ROOMS

    return ROOMS


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def test_what_must_be_mended_comes_first_and_is_said_whole(author: Author) -> None:
    room = author.room
    author.check(xlsform([*WRONG[1:], NAME]))
    assert "chưa ban hành được: còn 1 chỗ phải sửa" in room.notice.text
    assert [each.mark.words for each in author.lines] == ["Phải sửa", *["Nên xem"] * (len(author.lines) - 1)]
    assert len(author.lines) > 1
    first = author.lines[0]
    assert first.place == "survey!D2"
    assert first.said in words(room.pane)
    last = author.lines[-1]
    room.table.go_to(str(len(author.lines) - 1))
    QTest.qWait(200)
    assert last.said in words(room.pane)
    assert not room.pack.isEnabled()
    assert room.pack.toolTip()
    author.check(xlsform(WRONG))
    assert room.table.current_id in (None, "0", "1")


def test_mended_and_checked_again_it_may_be_packed(author: Author) -> None:
    room = author.room
    author.check(xlsform(WRONG))
    author.save(xlsform([NAME, ("select_one_from_file ban.csv", "ban", "Bản")]))
    (author.folder / "ban.csv").write_text("name,label\nb1,Bản Nà Lụa\n", "utf-8")
    author.again()
    assert room.notice.text.startswith("Biểu mẫu ban hành được.")
    assert author.lines == []
    assert all(said in words(room.pane) for said in ("Phiếu thử", "thu", "Tiếng Việt (vi)", "ban.csv"))
    assert room.pack.isEnabled()
    packed = read_parcel(author.pack().read_bytes())
    assert (packed.id, packed.version, list(packed.lists)) == ("thu", "1", ["ban.csv"])
    assert "soansinh central form publish phiếu.bieumau" in room.notice.text
    assert [each.name for each in author.folder.iterdir() if each.suffix == ".part"] == []


def test_the_score_sheet_is_told(author: Author) -> None:
    cases = [("a", "tong?"), (1, 2), (2, 3)]
    author.check(xlsform([ASKED, SUM], score=cases))
    assert "2/2 trường hợp ra đúng" in words(author.room.pane)
    author.check(xlsform([ASKED, SUM], score=[*cases, (5, 7)]))
    assert "2/3 trường hợp ra đúng" in words(author.room.pane)
    assert ("score!B4", "tong ra 6, bảng điểm ghi 7.") in [(each.place, each.said) for each in author.lines]


def test_a_workbook_saved_since_is_not_packed_but_checked_again(author: Author) -> None:
    author.check(xlsform([NAME]))
    author.save(xlsform(WRONG))
    out = author.pack()
    assert not out.exists()
    assert "chưa ban hành được" in author.room.notice.text
    assert not author.room.pack.isEnabled()


def test_the_name_proposed_is_its_own(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(_parent: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        asked.append(name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    author.check(xlsform([NAME]))
    author.room.pack.click()
    assert asked == [str(author.folder / "thu-1.bieumau")]
    assert author.pack("không đuôi").suffix == ""
    assert (author.folder / "không đuôi.bieumau").exists()


def test_what_is_no_workbook_is_refused_and_leaves_nothing(author: Author) -> None:
    author.check(xlsform([NAME]))
    for content, said in (
        (b"MZ a program", "chương trình"),
        ("tên,tuổi\nAn,8\n".encode(), ".xlsx"),
        (None, ""),
    ):
        file = author.save(content or b"")
        if content is None:
            file.unlink()
        before = sorted(author.folder.iterdir())
        author.again()
        assert author.room.notice.text
        assert said in author.room.notice.text
        assert author.room.looked is None
        assert not author.room.pack.isVisible()
        assert sorted(author.folder.iterdir()) == before


def test_a_file_is_dropped_or_chosen(author: Author, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    room, file = author.room, author.save(xlsform([NAME]))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    actions, button, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    entered = QDragEnterEvent(QPoint(9, 9), actions, data, button, keys)
    room.dragEnterEvent(entered)
    assert entered.isAccepted()
    room.dropEvent(QDropEvent(QPointF(9, 9), actions, data, button, keys))
    qtbot.waitUntil(lambda: room.looked is not None, timeout=WAIT_MS)
    other = author.save(xlsform(WRONG), "khác.xlsx")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    QTest.keyClick(room, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert room.looked is None  # what was packed would be of another workbook
    qtbot.waitUntil(lambda: room.looked is not None, timeout=WAIT_MS)
    assert room.head.subtitle == "khác.xlsx"


def test_a_larger_text_comes_back_with_the_workbook(author: Author, window: Window, qtbot: QtBot) -> None:
    author.room._come_with(author.save(xlsform([NAME])))
    window.refurnish()
    room = window.room
    assert isinstance(room, FormCheckRoom)
    qtbot.waitUntil(lambda: room.looked is not None, timeout=WAIT_MS)


def test_cancelled_it_is_not_looked_over(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(_path: Path, progress: Progress) -> Checked:
        progress.cancel()
        progress.step(0, 1)
        raise AssertionError

    monkeypatch.setattr(form_check, "check_form", cancelled)
    author.check(xlsform([NAME]))
    assert author.room.looked is None
    assert author.room.notice.text == ""
    assert author.room.again.isEnabled()


def test_the_child_hears_the_cancel(tmp_path: Path) -> None:
    file, progress = tmp_path / "phiếu.xlsx", Progress()
    file.write_bytes(xlsform([NAME]))
    progress.cancel()
    with pytest.raises(Cancelled):
        surveys.check_form(file, progress)


def test_a_form_is_tried_and_nothing_of_it_is_kept(
    author: Author, desk: Desk, window: Window, qtbot: QtBot
) -> None:
    author.check(xlsform([NAME]))
    author.room.attempt.click()
    qtbot.waitUntil(lambda: author.room.trial is not None)
    trial = author.room.trial
    assert trial is not None
    trial.runner.live.answer("/data/ten", "Lò Thị Lả")
    trial.runner.handed_in.emit()
    assert "Nothing was kept" in trial.notice.text or "Không lưu" in trial.notice.text
    with desk.vault.read() as connection:
        assert fillings.every(connection) == []
        assert connection.execute(records["submission"].select()).all() == []
    trial.close_button.click()
    assert not trial.isVisible()


def test_a_form_that_we_ship_is_sound(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveys, "call", children.call)
    author.check(resource("surveys/account_wish.xlsx").read_bytes())
    assert author.room.pack.isEnabled()
    assert "từng hộ" in words(author.room.pane)


def test_settings_list_the_forms_here_and_lead_to_the_room(
    author: Author, desk: Desk, window: Window, qtbot: QtBot
) -> None:
    room = window.go("settings")
    assert isinstance(room, SettingsRoom)
    qtbot.waitUntil(lambda: "chưa có biểu mẫu nào" in words(room.forms), timeout=WAIT_MS)
    first, second = shipped("poverty_review"), shipped("account_wish")
    published(desk, first, second)
    published(desk, second)
    room.enter()
    qtbot.waitUntil(lambda: first.title in words(room.forms), timeout=WAIT_MS)
    said = words(room.forms)
    assert said.index(second.title) < said.index(first.title)
    room.forms.look.click()
    assert isinstance(window.room, FormCheckRoom)
