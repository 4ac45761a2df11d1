"""The laptop's camera: real frames in, the first code out; none, or one that fails, is told."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QMediaDevices, QVideoFrame

from app.ui.camera import PhotoPane
from app.ui.drive import camera
from app.ui.drive.signed import SignedPaper
from app.ui.drive.stage import ACCOUNT, SCAN, WAY
from app.ui.parts.buttons import Button
from tests.ui.drive.hall import ACCOUNT as CODE
from tests.ui.drive.hall import CARD, NUMBER, Hall, picture_of


@pytest.fixture
def lens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera that opens and sends nothing by itself: the frames come from the test."""
    monkeypatch.setattr(camera.CameraPane, "_open", camera.CameraPane._show_finder)


def show(hall: Hall, image: QImage) -> None:
    finder = hall.stage.camera.finder
    assert finder is not None
    finder.sink.setVideoFrame(QVideoFrame(image))
    hall.settle()


@pytest.mark.qt_log_ignore("No RHI backend", extend=True)  # there is no graphics card to turn colours with
def test_the_first_code_seen_is_a_scan(hall: Hall, panh: str, lens: None) -> None:
    hall.come_in()
    hall.stage.foot.camera.click()
    assert hall.stage.camera.is_open
    blank = QImage(640, 360, QImage.Format.Format_RGB32)
    blank.fill(0x808080)
    show(hall, blank)
    show(hall, picture_of("8934563138165"))  # some parcel's
    assert (hall.stage.at, hall.stage.camera.is_open) == (SCAN, True)
    show(hall, picture_of(CARD))
    assert (hall.stage.at, hall.stage.camera.is_open) == (WAY, False)
    hall.stage.camera.toggle()
    show(hall, picture_of(CODE))
    assert (hall.stage.at, hall.stage.account.number.control.text()) == (ACCOUNT, NUMBER)


def test_one_that_stops_is_told_and_it_is_put_away_with_the_room(hall: Hall, panh: str, lens: None) -> None:
    hall.come_in()
    hall.stage.camera.toggle()
    hall.stage.camera._lost(None, "")
    assert "chương trình khác" in hall.stage.notice.text
    assert not hall.stage.camera.is_open
    hall.stage.camera.toggle()
    hall.window.go("today")
    hall.settle()
    assert not hall.room_of("drive").stage.camera.is_open


def test_no_camera_is_told_and_pictures_are_offered(
    hall: Hall, panh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtMultimedia import QCameraDevice

    monkeypatch.setattr(QMediaDevices, "defaultVideoInput", QCameraDevice)
    hall.come_in()
    hall.stage.foot.camera.click()
    assert "Không thấy máy ảnh" in hall.stage.notice.text
    assert "Ctrl O" in hall.stage.notice.text
    assert not hall.stage.camera.is_open
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)  # a Debian without libpulse0
    hall.stage.foot.camera.click()
    assert "thiếu phần mềm" in hall.stage.notice.text


def test_starting_does_not_pay_for_it() -> None:
    asked = "import sys, app.ui.rooms.drive; sys.exit('PySide6.QtMultimedia' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


@pytest.mark.qt_log_ignore("No RHI backend", extend=True)
def test_the_signed_paper_may_be_photographed_while_the_next_one_sits_down(
    hall: Hall, panh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PhotoPane, "_open", PhotoPane._show_finder)
    hall.come_in().to_consent()
    hall.space()
    hall.enter()
    notice, at = hall.stage.notice._notice, hall.stage.paper
    assert notice is not None
    assert hall.her().attachments == ()  # nobody who does not want it is held up
    next(each for each in notice.findChildren(Button) if each.text() == "Chụp giấy đã ký").click()
    signed = at.held
    assert isinstance(signed, SignedPaper)
    finder = signed.camera.finder
    assert finder is not None
    finder.sink.setVideoFrame(QVideoFrame(picture_of("signed")))
    signed.camera._shoot()
    hall.settle()
    assert "Lò Thị Pánh" in signed.notice.text
    (paper,) = hall.her().attachments
    (consent,) = hall.her().consents
    assert (paper.opened.values["purpose"], paper.opened.values["about"]) == ("consent", consent.record)
    hall.scan(CARD)
    assert (hall.stage.at, at.held) == (WAY, None)  # the next card puts it away
