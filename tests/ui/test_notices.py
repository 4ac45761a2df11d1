"""What is said of errors, and of bugs: in her words, once, without data."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Cancelled, Refusal, Trouble
from app.ui.bugs import BugDialog, Bugs, details
from app.ui.notices import Notice, NoticeSlot, Toast, WorkBar, how_far, time_left


@pytest.fixture
def slot(qtbot: QtBot) -> NoticeSlot:
    made = NoticeSlot()
    qtbot.addWidget(made)
    return made


def test_an_error_says_what_happened_and_what_was_kept(slot: NoticeSlot) -> None:
    slot.show_error(Trouble("disk_full"))
    assert "vẫn còn nguyên" in slot.text
    slot.show_error(Cancelled())
    assert (slot.text, slot.isVisible()) == ("", False)


def test_names_in_a_notice_are_words_not_markup(qtbot: QtBot) -> None:
    notice = Notice("Lò <b>Thị</b> & Pánh")
    qtbot.addWidget(notice)
    assert "&lt;b>" in notice.words.text()
    assert notice.accessibleName() == "Lò <b>Thị</b> & Pánh"


@pytest.mark.parametrize(
    ("done", "total", "elapsed_s", "words"),
    [
        (0, 10, 9, ""),
        (5, 10, 1, ""),
        (5, 10, 5, "còn 5 giây"),
        (10, 10, 5, "còn 1 giây"),
        (10, 100, 60, "còn khoảng 9 phút"),
        (5, 0, 60, ""),
    ],
)
def test_time_left_follows_the_pace(done: int, total: int, elapsed_s: float, words: str) -> None:
    assert time_left(done, total, elapsed_s) == words


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [(214, 371, "214/371"), (1_200, 3_000, "1.200/3.000"), (21_800_000, 34_600_000, "63 %"), (9, 0, "")],
)
def test_how_far_is_a_count_or_of_bytes_a_share(done: int, total: int, words: str) -> None:
    assert how_far(done, total) == words


def test_a_bar_without_a_total_moves(qtbot: QtBot) -> None:
    bar = WorkBar(at_edge=True)
    qtbot.addWidget(bar)
    bar.resize(600, 40)
    bar.tell(0, 0, "", 0.5)
    early = bar._bar.grab().toImage()
    bar.tell(0, 0, "", 1.0)
    assert bar._bar.grab().toImage() != early


def test_undo_runs_once(qtbot: QtBot) -> None:
    parent, undone = QWidget(), []
    qtbot.addWidget(parent)
    parent.resize(600, 400)
    parent.show()
    toast = Toast(parent)
    toast.say("Đã ghi Lò Thị Pánh", lambda: undone.append(1))
    assert toast.isVisible()
    assert toast.y() + toast.height() < 400
    toast._button.click()
    toast._press()
    assert undone == [1]
    assert not toast.isVisible()
    assert not toast._timer.isActive()


def break_down(name: str) -> None:
    """Fail with a person's name in the text and in a variable."""
    personal = f"{name} 014148002213"
    raise KeyError(personal)


def caught(name: str) -> Exception:
    try:
        break_down(name)
    except KeyError as error:
        return error
    raise AssertionError


def test_details_hold_places_and_no_data() -> None:
    text = details(caught("Lò Thị Pánh"))
    assert "break_down" in text
    assert "KeyError" in text
    assert "Pánh" not in text
    assert "014148002213" not in text
    refusal = Refusal("sheet.too_large", bytes=10)
    assert "sheet.too_large" in details(refusal)


def test_a_bug_is_told_once_and_can_be_saved(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    bugs = Bugs(window)
    reports: list[str] = []
    bugs.reported.connect(reports.append)
    for _ in range(3):
        bugs.show(caught("Lò Thị Pánh"))
    dialog = window.findChild(QDialog)
    assert isinstance(dialog, BugDialog)
    assert len(reports) == 1
    dialog.save_to(tmp_path / "no" / "such.txt")
    assert "Không ghi được" in dialog._saved.text()
    dialog.save_to(tmp_path / "loi.txt")
    assert "break_down" in (tmp_path / "loi.txt").read_text("utf-8")
    dialog.accept()
    bugs.close()


def test_the_hook_says_bugs_and_lets_exits_pass(qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    window, passed = QWidget(), []
    qtbot.addWidget(window)
    bugs = Bugs(window)
    bugs._before = lambda *parts: passed.append(parts[0])
    error = caught("Lò Thị Pánh")
    sys.excepthook(type(error), error, error.__traceback__)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert passed == [KeyboardInterrupt]
    assert "Pánh" not in capsys.readouterr().err
    dialog = window.findChild(QDialog)
    assert dialog is not None
    dialog.reject()
    bugs._before = sys.__excepthook__
    bugs.close()
