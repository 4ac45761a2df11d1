"""Her photos and papers through the window: dropped, pasted, seen, closed, fetched from the centre."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.actions import attachments
from app.actions.attachments import Paper
from app.actions.desk import Desk
from app.domain.attachments import Cited
from app.domain.errors import Trouble
from app.store import attachments as held
from app.store import audit
from app.ui.camera import PhotoPane
from app.ui.person.attaching import Attaching
from app.ui.person.documents import Documents
from app.ui.person.history import History
from app.ui.person.tiles import Viewer
from app.ui.window import Window
from tests.ui.person.room import Settle, open_file, page, whole


def photo(path: Path, colour: str = "teal") -> Path:
    image = QImage(640, 400, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    assert image.save(str(path))
    return path


def tab(window: Window, settle: Settle, person: str) -> Documents:
    room = open_file(window, settle, person, "documents")
    found = page(room, "documents", Documents)
    settle()
    return found


def held_form(found: Documents) -> QWidget | None:
    """What is open in the tab."""
    return found.form.held


def keep(found: Documents, settle: Settle, purpose: str) -> None:
    form = found.form.held
    assert isinstance(form, Attaching)
    form.purpose.control.set_value(purpose)
    form.submit()
    settle()
    settle()


def test_a_photo_is_dropped_named_kept_and_seen_large(
    window: Window, desk: Desk, panh: str, settle: Settle, tmp_path: Path
) -> None:
    found = tab(window, settle, panh)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo(tmp_path / each))) for each in ("front.jpg", "back.png")])
    here, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    dropped = QDropEvent(QPointF(9, 9), here, mime, Qt.MouseButton.LeftButton, none)
    found.dropEvent(dropped)
    settle()
    form = found.form.held
    assert isinstance(form, Attaching)
    form.submit()
    assert form.purpose.error  # nothing was chosen for her
    keep(found, settle, "id_front")
    keep(found, settle, "id_back")
    saved = whole(desk, panh).attachments
    assert [each.opened.values["purpose"] for each in saved] == ["id_back", "id_front"]
    assert len(found.tiles) == 2
    assert not any(tile.picture.image.isNull() for tile in found.tiles.values())
    before = looks(desk)
    found.tiles[saved[0].opened.record].button.click()
    settle()
    viewer = found.form.held
    assert isinstance(viewer, Viewer)
    assert viewer.picture.image.width() == 640
    assert looks(desk) == before + 1
    window.go("people")
    assert held_form(found) is None  # left, it does not stay on the screen


def looks(desk: Desk) -> int:
    asked = "SELECT count(*) FROM audit WHERE act = 'reveal' AND kind = 'attachment'"
    with desk.vault.read() as connection:
        return int(connection.exec_driver_sql(asked).scalar_one())


def test_what_lies_on_the_clipboard_is_pasted(
    window: Window, desk: Desk, panh: str, settle: Settle, qtbot: QtBot
) -> None:
    found = tab(window, settle, panh)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("only words")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "bảng" in found.notice.text.lower() or "clipboard" in found.notice.text
    image = QImage(90, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("olive"))
    clipboard.setImage(image)
    found.paste()
    settle()
    keep(found, settle, "other")
    assert [each.opened.values["purpose"] for each in whole(desk, panh).attachments] == ["other"]
    clipboard.clear()


@pytest.mark.qt_log_ignore("No RHI backend", extend=True)  # there is no graphics card to turn colours with
def test_the_camera_takes_one_when_pressed(
    window: Window, desk: Desk, panh: str, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PhotoPane, "_open", PhotoPane._show_finder)  # opens, and sends nothing by itself
    found = tab(window, settle, panh)
    found.camera.toggle()
    finder = found.camera.finder
    assert finder is not None
    found.camera._shoot()
    assert found.camera.finder is finder  # nothing was seen yet: nothing is taken
    image = QImage(640, 360, QImage.Format.Format_RGB32)
    image.fill(QColor("maroon"))
    finder.sink.setVideoFrame(QVideoFrame(image))
    found.camera._shoot()
    settle()
    assert not found.camera.is_open
    keep(found, settle, "consent")
    assert [each.opened.values["purpose"] for each in whole(desk, panh).attachments] == ["consent"]
    found.camera._lost(None, "")
    assert "chương trình khác" in found.notice.text


def test_an_unreadable_file_is_said_and_the_next_one_asked_about(
    window: Window, panh: str, settle: Settle, tmp_path: Path
) -> None:
    found = tab(window, settle, panh)
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    found.take([bad, photo(tmp_path / "good.jpg")])
    settle()
    settle()
    assert found.notice.text
    assert isinstance(found.form.held, Attaching)
    found.form.held.given_up.emit()
    settle()
    assert found.form.held is None


def test_it_is_closed_with_a_reason_and_stands_below(
    window: Window, desk: Desk, panh: str, settle: Settle, tmp_path: Path
) -> None:
    attach(desk, panh, tmp_path)
    found = tab(window, settle, panh)
    record = next(iter(found.tiles))
    found.open(whole(desk, panh).attachments[0])
    settle()
    viewer = found.form.held
    assert isinstance(viewer, Viewer)
    viewer.end.click()
    viewer._close()
    assert viewer.reason.error
    viewer.state.control.set_value("entered_by_mistake")
    viewer.reason.control.set_value("Giấy của người khác")
    viewer._close()
    settle()
    settle()
    (closed,) = whole(desk, panh).attachments
    assert closed.opened.values["state"] == "entered_by_mistake"
    assert found.tiles[record].picture.image.isNull()  # what was a mistake is not shown about
    room = open_file(window, settle, panh, "history")
    events = page(room, "history", History)._told.values()
    assert any(each.event.field.startswith("Giấy tờ, ảnh") or "paper" in each.event.field for each in events)


def attach(desk: Desk, person: str, folder: Path) -> Cited:
    attachments.attach(desk, person, Paper(photo(folder / "one.jpg").read_bytes(), "house"))
    return whole(desk, person).attachments[0].cited


def test_one_at_the_centre_is_fetched_when_pressed(
    window: Window, desk: Desk, panh: str, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cited = attach(desk, panh, tmp_path)
    content = desk.files.read(cited.sha256)
    with desk.vault.write() as connection:  # as on a laptop that has only the set
        held.note_sent(connection, cited.sha256)
        held.note_gone(connection, cited.sha256)
    desk.files.drop(cited.sha256)
    found = tab(window, settle, panh)
    tile = found.tiles[cited.record]
    assert tile.picture.image.isNull()

    def offline(*_: object) -> None:
        raise Trouble("sync.offline")

    monkeypatch.setattr(attachments, "fetch", offline)
    tile.button.click()
    settle()
    settle()
    assert found.notice.text
    assert found.form.held is None

    def arrives(_progress: object, at: Desk, wanted: Cited) -> None:
        at.files.keep(content)
        with at.vault.write() as connection:
            held.note_here(connection, wanted.sha256, sent=True)

    monkeypatch.setattr(attachments, "fetch", arrives)
    found.tiles[cited.record].button.click()
    settle()
    settle()
    assert isinstance(held_form(found), Viewer)
    with desk.vault.read() as connection:
        assert audit.verify(connection) is None


def test_a_copy_goes_where_the_officer_says_and_is_on_record(
    window: Window, desk: Desk, panh: str, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachments.attach(desk, panh, Paper(b"%PDF-1.7 a decision", "other"))
    found = tab(window, settle, panh)
    target = tmp_path / "copy.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    found.tiles[next(iter(found.tiles))].button.click()
    settle()
    assert target.read_bytes() == b"%PDF-1.7 a decision"
    assert target.name in found.notice.text


def test_undo_in_the_toast_closes_it_again(
    window: Window, desk: Desk, panh: str, settle: Settle, tmp_path: Path
) -> None:
    found = tab(window, settle, panh)
    found.take([photo(tmp_path / "a.jpg")])
    settle()
    keep(found, settle, "account_paper")
    window.toast._press()
    settle()
    (closed,) = whole(desk, panh).attachments
    assert not closed.is_active
