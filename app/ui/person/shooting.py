"""The camera for a paper that lies on the table: `taken(image)` when the officer presses."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout

from app.ui import camera
from app.ui.camera import Finder
from app.ui.parts.boxes import STRETCH, column_layout, label, row_layout
from app.ui.parts.buttons import Button
from app.words import gettext as _


class PhotoPane(camera.CameraPane):
    """A larger finder, finer frames, and a button."""

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
