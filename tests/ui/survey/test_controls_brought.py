"""What is brought along: a card or code before the scanner, a photo, a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.errors import Trouble
from app.ui.pictures import LONG_SIDE, decode
from app.ui.survey.controls.barcode import Barcode
from app.ui.survey.controls.files import FileControl
from app.ui.survey.controls.pictures import PictureControl
from tests.ui.survey.conftest import Ask
from tests.ui.survey.filling import question

CARD = "014148032213|050123456|Lò Thị Pánh|02031948|Nữ|Bản Nà Lụa, Mường Sen, Sơn La|05052021"
UPLOAD = '<upload ref="/data/q" mediatype="{}"><label>Ảnh nhà</label></upload>'


def picture(width: int = 2_000, height: int = 1_000) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "jpg")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def test_a_card_gives_its_number_and_the_rest_goes_to_whoever_can_use_it(ask: Ask) -> None:
    filling, control = ask("barcode", question("barcode"))
    assert control.take_scan(CARD)
    assert filling.answers == ["014148032213"]
    ((ref, card),) = filling.cards
    assert (ref, card.name, card.sex) == ("/data/q", "Lò Thị Pánh", "female")
    assert isinstance(control, Barcode)
    assert control.box.typed() == "014148032213"


def test_another_code_is_kept_as_it_is(ask: Ask) -> None:
    filling, control = ask("barcode", question("barcode"))
    assert control.take_scan("GD4791234567890")
    assert isinstance(control, Barcode)
    control.type_in("  893 4567 ")
    assert filling.answers == ["GD4791234567890", "893 4567"]
    assert filling.cards == []


def test_a_card_that_was_read_badly_is_said_to_be(ask: Ask) -> None:
    filling, control = ask("barcode", question("barcode"))
    control.take_scan("01414803221|050123456|Lò Thị Pánh|02031948|Nữ|Bản Nà Lụa|05052021")
    assert control.refusal
    assert (filling.answers, filling.cards) == ([], [])


def test_a_scan_is_nothing_to_other_questions_nor_to_one_that_may_only_be_read(ask: Ask) -> None:
    _filling, text = ask("string", question("string"))
    _filling, fixed = ask("barcode", question("barcode"), 'readonly="true()"')
    assert not text.take_scan(CARD)
    assert not fixed.take_scan(CARD)


def test_a_photo_is_made_small_kept_shown_and_taken_away(ask: Ask, qtbot: QtBot, tmp_path: Path) -> None:
    filling, control = ask("binary", UPLOAD.format("image/*"))
    assert isinstance(control, PictureControl)
    path = tmp_path / "IMG_20261129.jpg"
    path.write_bytes(picture())
    control.take(path)
    qtbot.waitUntil(lambda: filling.answers == ["photo.jpg"])
    kept = decode(filling.files["photo.jpg"])
    assert max(kept.width(), kept.height()) == LONG_SIDE
    assert control.picture.isVisible()
    qtbot.waitUntil(lambda: not control.picture.image.isNull())
    assert control.pick.isEnabled()
    QTest.mouseClick(control.away, Qt.MouseButton.LeftButton)
    assert filling.answers == ["photo.jpg", ""]
    assert not control.picture.isVisible()


def test_a_photo_on_the_clipboard_is_pasted(ask: Ask, qtbot: QtBot) -> None:
    filling, control = ask("binary", UPLOAD.format("image/*"))
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    control.take_focus()
    QTest.keyClick(control.boxes()[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(filling.answers) == 1)
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize("content", [b"not a picture", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_photo_is_said_and_the_answer_stays(
    ask: Ask, qtbot: QtBot, tmp_path: Path, content: bytes
) -> None:
    filling, control = ask("binary", UPLOAD.format("image/*"))
    assert isinstance(control, PictureControl)
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    control.take(path)
    assert not control.pick.isEnabled()
    qtbot.waitUntil(lambda: bool(filling.complaints))
    assert (filling.answers, filling.refusals) == ([], [])
    assert control.pick.isEnabled()


def test_a_photo_that_may_only_be_read_is_seen_without_buttons(ask: Ask, qtbot: QtBot) -> None:
    filling, control = ask("binary", UPLOAD.format("image/*"), 'readonly="true()"')
    assert isinstance(control, PictureControl)
    filling.files["a.jpg"] = picture(200, 100)
    for name, words in (("a.jpg", ""), ("gone.jpg", "Máy này không có ảnh ấy.")):
        filling.session.answer("/data/q", name)
        control.show_node(filling.session.node("/data/q"))
        qtbot.waitUntil(lambda: filling.jobs.is_idle)
        assert (control.plain.text() if control.plain else "") == words
        assert control.picture.image.isNull() == bool(words)
    assert not control.pick.isVisible()


def test_a_recording_is_kept_as_a_file(ask: Ask, qtbot: QtBot, tmp_path: Path) -> None:
    filling, control = ask("binary", UPLOAD.format("audio/*"))
    assert isinstance(control, FileControl)
    path = tmp_path / "lời kể.m4a"
    path.write_bytes(b"sound")
    control.take(path)
    qtbot.waitUntil(lambda: filling.answers == ["lời kể.m4a"])
    assert filling.files == {"lời kể.m4a": b"sound"}
    assert control.away.isVisible()
    QTest.mouseClick(control.away, Qt.MouseButton.LeftButton)
    assert filling.answers[-1] == ""


def test_a_file_that_cannot_be_read_is_said(ask: Ask, qtbot: QtBot, tmp_path: Path) -> None:
    filling, control = ask("binary", UPLOAD.format("video/*"))
    assert isinstance(control, FileControl)
    control.take(tmp_path / "gone.mp4")
    qtbot.waitUntil(lambda: bool(filling.complaints))
    assert (filling.answers, filling.refusals) == ([], [])


def test_a_picture_that_comes_as_a_file_says_nothing_of_where_it_was_taken(
    ask: Ask, qtbot: QtBot, tmp_path: Path
) -> None:
    filling, control = ask("binary", UPLOAD.format("application/*"))
    assert isinstance(control, FileControl)
    path = tmp_path / "IMG_20261129.jpg"
    said = b"\xff\xe1\x00\x15Exif\x00\x00 taken here!!"  # after the two bytes that begin it
    path.write_bytes(picture()[:2] + said + picture()[2:])
    control.take(path)
    qtbot.waitUntil(lambda: bool(filling.answers))
    (kept,) = filling.files.values()
    assert b"taken here" not in kept


def test_a_laptop_without_a_camera_keeps_nobody_on_the_page(ask: Ask) -> None:
    filling, control = ask("binary", UPLOAD.format("image/*"))
    assert isinstance(control, PictureControl)
    control.camera.failed.emit(Trouble("camera.none"))
    assert filling.complaints[-1]
    assert filling.refusals == []
