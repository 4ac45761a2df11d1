"""The camera as a scanner, for a table that has none: reads the first code that it sees."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout

from app.domain.scans import kind_of_scan
from app.ui import camera
from app.ui.camera import Finder
from app.ui.drive.codes import read_code
from app.ui.jobs import Jobs
from app.ui.parts.boxes import STRETCH, column_layout, label, row_layout
from app.ui.parts.buttons import Button
from app.words import gettext as _


class CameraPane(camera.CameraPane):
    """`read(code)` closes it. Frames are read one at a time off the window's thread.

    At 1280 wide a card's code is legible, and a frame is read in a few milliseconds.
    """

    read = Signal(str)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._is_reading = False

    def furnish(self, finder: Finder) -> QHBoxLayout:
        self._is_reading = False
        finder.seen.connect(self._see)
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
        layout = row_layout(finder, words, gap=20)
        layout.setStretch(1, 1)
        return layout

    def _see(self, image: QImage) -> None:
        finder = self.finder
        if finder is not None and not self._is_reading:
            self._is_reading = True
            self._jobs.run(finder, read_code, image, done=self._found, failed=self._seen_nothing)

    def _found(self, code: str) -> None:
        self._is_reading = False
        if kind_of_scan(code) in ("card", "vietqr"):  # a bar code of some parcel is nobody's
            self.close_camera()
            self.read.emit(code)

    def _seen_nothing(self, _error: Exception) -> None:
        self._is_reading = False
