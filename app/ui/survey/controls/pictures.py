"""A photo as an answer: from a file, the clipboard or the camera; made small, shown, replaced, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Refusal, Trouble
from app.survey.views import NodeView
from app.ui.camera import PhotoPane
from app.ui.parts.boxes import STRETCH, row
from app.ui.parts.buttons import Button
from app.ui.person.tiles import PictureBox
from app.ui.pictures import SUFFIXES, Prepared, Source, decode, prepare, sources_in
from app.ui.survey.asking import Asking
from app.ui.survey.controls.control import Control
from app.ui.theme import give, look
from app.words import explain
from app.words import gettext as _

_SHOWN = QSize(224, 168)


class PictureControl(Control):
    """Paste and drop work too."""

    def __init__(self, asking: Asking) -> None:
        super().__init__()
        self._asking = asking
        self._shown = ""  # the name behind the picture that is shown
        self.picture = PictureBox("image", grows=True)
        self.picture.setFixedSize(look().px(_SHOWN.width()), look().px(_SHOWN.height()))
        self._plain_picture = PictureBox("image", grows=True)
        self._plain_picture.setFixedSize(self.picture.size())
        self._plain_picture.hide()
        self.pick = Button(_("Choose a photo"), icon="image", size="form", on=self.choose)
        self.shoot = Button(_("Camera"), icon="camera", size="form", on=self._toggle_camera)
        self.away = Button.only_icon("trash", _("Take it away"), on=self.take_away)
        give(self.away, fit="form")
        self.camera = PhotoPane()
        self.camera.taken.connect(self.take)
        self.camera.failed.connect(self.failed)
        self.put(self.picture, row(self.pick, self.shoot, self.away, STRETCH, gap=8), self.camera, gap=8)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self._plain_picture)
        self.setAcceptDrops(True)

    def boxes(self) -> Sequence[QWidget]:
        return (self.pick,)

    def paint(self, node: NodeView) -> None:
        if node.value != self._shown:
            self._shown = node.value
            image = self._image(node.value)
            self.picture.show_image(image)
            self._plain_picture.show_image(image)
        self.picture.setVisible(bool(node.value))
        self._plain_picture.setVisible(bool(node.value) and node.is_readonly)
        self.away.setVisible(bool(node.value))
        self.pick.setText(_("Replace it") if node.value else _("Choose a photo"))
        self.pick.setAccessibleName(f"{self.pick.text()}: {node.label}")
        for picture in (self.picture, self._plain_picture):
            picture.setAccessibleName(node.label)

    def said(self, node: NodeView) -> str:
        is_seen = not self._plain_picture.image.isNull()
        return "" if is_seen else _("The photo is not here.") if node.value else ""

    def choose(self) -> None:
        """Ask for a file."""
        suffixes = " ".join(f"*.{suffix}" for suffix in SUFFIXES if suffix != "pdf")
        path, _kind = QFileDialog.getOpenFileName(self, _("A photo for this question"), "", suffixes)
        if path:
            self.take(Path(path))

    def take(self, source: Source) -> None:
        """Make it small, and keep it."""
        self.pick.busy(_("Reading…"))
        self._asking.jobs.run(self, prepare, source, done=self._keep, failed=self.failed)

    def take_away(self) -> None:
        """No answer any more."""
        self.refuse("")
        self.answered.emit("")
        self.pick.setFocus(Qt.FocusReason.OtherFocusReason)

    def failed(self, error: Exception) -> None:
        """No photo; the answer is what it was."""
        self.pick.ready()
        if isinstance(error, Refusal | Trouble):
            told = explain(error)
            self.refuse(" ".join(part for part in (told.happened, told.todo) if part))

    def _keep(self, prepared: Prepared) -> None:
        self.pick.ready()
        if prepared.media == "pdf":
            self.failed(Refusal("attachment.kind"))
            return
        suffix = "jpg" if prepared.media == "jpeg" else prepared.media
        try:
            kept = self._asking.keep_file(prepared.content, f"photo.{suffix}")
        except (Refusal, Trouble) as error:
            self.failed(error)
            return
        self.refuse("")
        self.answered.emit(kept)

    def _image(self, name: str) -> QImage:
        """Small enough to be shown at once; nothing when it is not here, or no picture."""
        content = self._asking.file(name) if name else None
        try:
            return decode(content, _SHOWN * look().factor * self.devicePixelRatioF()) if content else QImage()
        except Refusal:
            return QImage()

    def _toggle_camera(self) -> None:
        self.refuse("")
        self.camera.toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            for source in sources_in(QGuiApplication.clipboard().mimeData())[:1]:
                self.take(source)
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if sources_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        for source in sources_in(event.mimeData())[:1]:
            self.take(source)
