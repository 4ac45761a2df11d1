"""The laptop's own camera in a pane: shows what it sees; takes a photo of a paper, or is read for codes.

QtMultimedia is loaded when the camera is first asked for, never at start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Trouble
from app.ui.parts.boxes import STRETCH, card, column_layout, fill, label, row_layout
from app.ui.parts.buttons import Button
from app.ui.theme import look
from app.words import gettext as _

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QCamera, QCameraDevice, QMediaCaptureSession, QVideoFrame


class Finder(QWidget):
    """Shows the frames of its `sink`; `seen(image)` for each."""

    seen = Signal(object)

    def __init__(self, width: int, height: int) -> None:
        _hush()
        from PySide6.QtMultimedia import QVideoSink

        super().__init__()
        self.image = QImage()
        self.sink = QVideoSink(self)
        self.sink.videoFrameChanged.connect(self._see)
        self.setFixedSize(QSize(look().px(width), look().px(height)))
        self.setAccessibleName(_("What the camera sees"))

    def _see(self, frame: QVideoFrame) -> None:
        image = frame.toImage()
        if image.isNull():
            return
        self.image = image
        self.update()
        self.seen.emit(image)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colours.sunk)
        if self.image.isNull():
            painter.setPen(look().colours.ink3)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("Opening the camera…"))
            return
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.image)


class CameraPane(QFrame):
    """Opened and put away; `failed(Trouble)` when there is no camera, or it stops.

    A subclass says how large the finder is and how fine its frames, and lays it out (`furnish`).
    """

    failed = Signal(object)
    finder_size = (320, 180)
    pixels_wide = 1280

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        fill(self._layout, margins=(20, 12, 20, 0))
        self._body: QWidget | None = None
        self._camera: QCamera | None = None
        self._session: QMediaCaptureSession | None = None
        self.finder: Finder | None = None
        self.hide()

    def furnish(self, finder: Finder) -> QHBoxLayout:
        """The finder with its words and buttons."""
        raise NotImplementedError

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
        _choose_format(self._camera, device, self.pixels_wide)
        self._camera.errorOccurred.connect(self._lost)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(finder.sink)
        self._camera.start()

    def _show_finder(self) -> Finder:
        self.finder = Finder(*self.finder_size)
        self._body = card(self.furnish(self.finder), margins=16)
        self._layout.addWidget(self._body)
        self.show()
        return self.finder

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


class PhotoPane(CameraPane):
    """For a paper that lies on the table: a larger finder, finer frames; `taken(image)` when pressed."""

    taken = Signal(object)
    finder_size = (480, 270)
    pixels_wide = 1920

    def furnish(self, finder: Finder) -> QHBoxLayout:
        shoot = Button(_("Take the photo"), "primary", icon="camera", on=self._shoot)
        words = column_layout(
            label(_("Lay the paper before the camera"), "card", wrap=True),
            label(_("The whole page, straight and in the light."), "second", wrap=True),
            STRETCH,
            row_layout(shoot, Button(_("Put the camera away"), "quiet", on=self.close_camera), STRETCH),
            gap=6,
        )
        layout = row_layout(finder, words, gap=20)
        layout.setStretch(1, 1)
        return layout

    def _shoot(self) -> None:
        image: QImage = self.finder.image if self.finder is not None else QImage()
        if not image.isNull():
            self.close_camera()
            self.taken.emit(image)


def _hush() -> None:
    """Qt tells the terminal which codecs it has not found; nobody asked for one."""
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")


def _choose_format(camera: QCamera, device: QCameraDevice, pixels_wide: int) -> None:
    """The finest of those that are small enough; the camera's own choice where it offers none."""
    formats = [each for each in device.videoFormats() if each.resolution().width() <= pixels_wide]
    if formats:
        camera.setCameraFormat(max(formats, key=lambda it: (it.resolution().width(), it.maxFrameRate())))
