"""From the file to the register and back, in a real window with a real vault."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.actions.importing.around import look_around
from app.domain.progress import Progress
from app.store import queries
from app.store.listing import Listing
from app.ui.importing.choosing import Choosing
from app.ui.parts.buttons import Button
from app.ui.rooms.importing import CHOOSE, COLUMNS, REVIEW, WRITTEN, Importing
from app.ui.window import Window
from tests.actions.importing.books import HEADINGS, PEOPLE, PLAIN, write_book
from tests.bench.importing import write_commune
from tests.ui.importing.conftest import Settle


def count(desk: Desk) -> int:
    with desk.vault.read() as connection:
        return len(queries.ids(connection, Listing()))


def button(widget: QObject, words: str) -> Button:
    return next(each for each in widget.findChildren(Button) if words in each.text())


def test_chosen_looked_through_written_and_taken_back(
    room: Importing, desk: Desk, settle: Settle, tmp_path: Path
) -> None:
    room.read(write_book(tmp_path / "ds.xlsx", PEOPLE))
    settle()
    assert room.pages.currentIndex() == REVIEW
    assert room.head.subtitle == "ds.xlsx · 1 trang tính"
    room.forward.click()
    settle()
    assert (room.pages.currentIndex(), count(desk)) == (WRITTEN, 3)
    done = room.done.held
    assert done is not None
    button(done, "Trả lời 2").click()
    settle()
    assert room.pages.currentIndex() == REVIEW
    assert not room.forward.isEnabled()
    room._go_back()
    room._go_back()
    settle()
    assert room.pages.currentIndex() == CHOOSE
    button(room.choosing, "Rút lại").click()
    button(room.notice, "Rút lại 3").click()
    settle()
    assert count(desk) == 0
    assert "3 người" in room.notice.text


def test_answers_outlive_the_room(
    window: Window, room: Importing, desk: Desk, settle: Settle, tmp_path: Path
) -> None:
    room.read(write_book(tmp_path / "ds.xlsx", PEOPLE))
    settle()
    room.page._act(room.page.lines.current_id or "", "accept")
    settle()
    window.refurnish()  # as a change of text size does; a lock leaves no more behind
    settle()
    again = window.room
    assert isinstance(again, Importing)
    (kept,) = look_around(Progress(), desk).unfinished
    assert kept.answers
    assert isinstance(again.choosing, Choosing)
    button(again.choosing, "Làm tiếp").click()
    settle()
    assert again.review is not None
    assert again.review.ground.kept.answers == kept.answers


def test_a_column_nobody_recognised_is_asked_first_and_remembered(
    room: Importing, settle: Settle, tmp_path: Path
) -> None:
    headings = (*HEADINGS[:5], "Xyz", *HEADINGS[6:])
    odd = tuple((*person[:5], f"a{at}b", *person[6:]) for at, person in enumerate(PLAIN))
    room.read(write_book(tmp_path / "ds.xlsx", odd, headings))
    settle()
    assert room.pages.currentIndex() == COLUMNS
    assert room.review is not None
    (layout,) = room.review.ground.reading.layouts
    room.columns.choices[layout.fingerprint, 5].set_value("other_name")
    settle()
    assert room.review.ground.reading.layouts[0].columns[5].meaning == "other_name"
    room.forward.click()
    assert room.pages.currentIndex() == REVIEW
    room.read(tmp_path / "ds.xlsx")
    settle()
    assert room.pages.currentIndex() == REVIEW


def test_what_is_no_workbook_is_refused_in_words(room: Importing, settle: Settle, tmp_path: Path) -> None:
    path = tmp_path / "ds.xlsx"
    path.write_bytes(b"MZ" + bytes(200))
    room.read(path)
    settle()
    assert "không phải bảng tính" in room.notice.text
    assert room.pages.currentIndex() == CHOOSE


def test_ten_thousand_rows_never_hold_the_window(
    room: Importing, desk: Desk, settle: Settle, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "commune.xlsx"
    write_commune(path, 10_000)
    longest, before = [0.0], [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        longest[0] = max(longest[0], now - before[0])
        before[0] = now

    heart = QTimer(interval=5)
    heart.timeout.connect(beat)
    heart.start()
    began = time.perf_counter()
    room.read(path)
    settle()
    assert room.pages.currentIndex() == REVIEW
    page = room.page
    for entry in page.kinds.entries:
        if not entry.is_head:
            page.kinds._choose(entry.key)
            qtbot.wait(1)
    page._choose("mended:lost_zero")
    page._act_on_kind("mended:lost_zero")
    settle()
    page._act(page.lines.current_id or "", "undo")
    settle()
    heart.stop()
    # Of a machine with much to do every beat is late; work done in the window's own thread would be one
    # long silence.
    assert longest[0] < (time.perf_counter() - began) / 4
