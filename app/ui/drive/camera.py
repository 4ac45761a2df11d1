"""The laptop's own camera as a scanner, for a table that has none: shows what it sees, reads the first code.

QtMultimedia is loaded when the camera is first asked for, never at start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.domain.errors import Trouble
from app.domain.scans import kind_of_scan
from app.ui.drive.codes import read_code
from app.ui.jobs import Jobs
from app.ui.parts.boxes import STRETCH, card, column_layout, fill, label, row_layout
from app.ui.parts.buttons import Button
from app.ui.theme import look
from app.words import gettext as _

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QCamera, QCameraDevice, QMediaCaptureSession, QVideoFrame

_WIDTH, _HEIGHT = 320, 180
_PIXELS_WIDE = 1280  # a card's code is legible, and a frame is read in a few milliseconds


class Finder(QWidget):
    """Shows the frames of its `sink`, and reads them one at a time off the window's thread; `read(code)`."""

    read = Signal(str)

    def __init__(self, jobs: Jobs) -> None:
        _hush()
        from PySide6.QtMultimedia import QVideoSink

        super().__init__()
        self._jobs = jobs
        self._image = QImage()
        self._is_reading = False
        self.sink = QVideoSink(self)
        self.sink.videoFrameChanged.connect(self._see)
        self.setFixedSize(QSize(look().px(_WIDTH), look().px(_HEIGHT)))
        self.setAccessibleName(_("What the camera sees"))

    def _see(self, frame: QVideoFrame) -> None:
        image = frame.toImage()
        if image.isNull():
            return
        self._image = image
        self.update()
        if not self._is_reading:
            self._is_reading = True
            self._jobs.run(self, read_code, image, done=self._found, failed=self._seen_nothing)

    def _found(self, code: str) -> None:
        self._is_reading = False
        if kind_of_scan(code) in ("card", "vietqr"):  # a bar code of some parcel is nobody's
            self.read.emit(code)

    def _seen_nothing(self, _error: Exception) -> None:
        self._is_reading = False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colours.sunk)
        if self._image.isNull():
            painter.setPen(look().colours.ink3)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("Opening the camera…"))
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)


class CameraPane(QFrame):
    """`read(code)` closes it; `failed(Trouble)` when there is no camera, or it stops."""

    read = Signal(str)
    failed = Signal(object)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._layout = QVBoxLayout(self)
        fill(self._layout, margins=(20, 12, 20, 0))
        self._body: QWidget | None = None
        self._camera: QCamera | None = None
        self._session: QMediaCaptureSession | None = None
        self.finder: Finder | None = None
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether the camera looks."""
        return self.finder is not None

    def toggle(self) -> None:
        """Open it, or put it away."""
        if self.is_open:
            self.close_camera()
            return
        try:
            self._open()
        except Trouble as trouble:
            self.close_camera()
            self.failed.emit(trouble)

    def _open(self) -> None:
        _hush()
        try:
            from PySide6.QtMultimedia import QCamera, QMediaCaptureSession, QMediaDevices
        except ImportError:  # a Debian without libpulse0
            raise Trouble("camera.not_installed") from None
        device = QMediaDevices.defaultVideoInput()
        if device.isNull():
            raise Trouble("camera.none")
        finder = self._show_finder()
        self._camera, self._session = QCamera(device, self), QMediaCaptureSession(self)
        _choose_format(self._camera, device)
        self._camera.errorOccurred.connect(self._lost)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(finder.sink)
        self._camera.start()

    def _show_finder(self) -> Finder:
        self.finder = Finder(self._jobs)
        self.finder.read.connect(self._found)
        words = column_layout(
            label(_("Hold the code before the camera"), "driveheading", wrap=True),
            label(
                _("A hand's breadth away, straight and in the light. It is read by itself."),
                "drive",
                wrap=True,
            ),
            STRETCH,
            row_layout(Button(_("Close the camera"), key="F6", on=self.close_camera), STRETCH),
            gap=6,
        )
        layout = row_layout(self.finder, words, gap=20)
        layout.setStretch(1, 1)
        self._body = card(layout, margins=16)
        self._layout.addWidget(self._body)
        self.show()
        return self.finder

    def _found(self, code: str) -> None:
        self.close_camera()
        self.read.emit(code)

    def _lost(self, _code: object, _words: str) -> None:
        self.close_camera()
        self.failed.emit(Trouble("camera.lost"))

    def close_camera(self) -> None:
        """Put it away: its lamp goes out."""
        if self._camera is not None and self._session is not None:
            self._camera.stop()
            for ended in (self._session, self._camera):
                ended.deleteLater()  # not at once: it may be the camera that is just saying so
        self._camera, self._session, self.finder = None, None, None
        if self._body is not None:
            self._layout.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
            self._body = None
        self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.is_open:
            self.close_camera()  # the room is left, or the window locks


def _hush() -> None:
    """Qt tells the terminal which codecs it has not found; nobody asked for one."""
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")


def _choose_format(camera: QCamera, device: QCameraDevice) -> None:
    """The finest of the small ones; the camera's own choice where it offers none."""
    formats = [each for each in device.videoFormats() if each.resolution().width() <= _PIXELS_WIDE]
    if formats:
        camera.setCameraFormat(max(formats, key=lambda it: (it.resolution().width(), it.maxFrameRate())))
