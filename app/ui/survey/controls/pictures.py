"""A photo as an answer: from a file, the clipboard or the camera; made small, shown, replaced, taken away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent, QKeySequence

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.survey.views import NodeView
from app.ui.camera import PhotoPane
from app.ui.parts.boxes import STRETCH, row
from app.ui.parts.buttons import Button
from app.ui.person.tiles import PictureBox
from app.ui.pictures import SUFFIXES, Source, decode, prepare, sources_in
from app.ui.survey.asking import Asking, Brought
from app.ui.survey.controls.upload import Upload
from app.ui.theme import give, look
from app.words import explain
from app.words import gettext as _

_SHOWN = QSize(224, 168)


class PictureControl(Upload):
    """Paste and drop work too."""

    def __init__(self, asking: Asking) -> None:
        pick = Button(_("Choose a photo"), icon="image", size="form")
        away = Button.only_icon("trash", _("Take it away"))
        super().__init__(asking, pick, give(away, fit="form"), _read)
        self.title = _("A photo for this question")
        self.kinds = " ".join(f"*.{suffix}" for suffix in SUFFIXES if suffix != "pdf")
        self._shown = ""  # the name behind the picture that is shown, or on its way
        self._is_seen = True  # whether anybody has looked for it yet
        self.picture, self._plain_picture = _box(), _box()
        self._plain_picture.hide()
        self.shoot = Button(_("Camera"), icon="camera", size="form", on=self._toggle_camera)
        self.camera = PhotoPane()
        self.camera.taken.connect(self.take)
        self.camera.failed.connect(lambda error: self._complain(explain(error).at_field))
        self.put(self.picture, row(pick, self.shoot, away, STRETCH, gap=8), self.camera, gap=8)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self._plain_picture)
        self.setAcceptDrops(True)

    def paint(self, node: NodeView) -> None:
        super().paint(node)
        if node.value != self._shown:
            self._look(node.value)
        self.picture.setVisible(bool(node.value))
        self._plain_picture.setVisible(bool(node.value) and node.is_readonly)
        for picture in (self.picture, self._plain_picture):
            picture.setAccessibleName(node.label)

    def said(self, node: NodeView) -> str:
        is_missing = bool(node.value) and self._is_seen and self.picture.image.isNull()
        return _("The photo is not here.") if is_missing else ""

    def _look(self, name: str) -> None:
        """Decrypt and decode it, away from the window."""
        self._shown, self._is_seen = name, not name
        self._show(QImage())
        if name:
            within = _SHOWN * look().factor * self.devicePixelRatioF()
            done = partial(self._seen, name)
            self._asking.jobs.run(self, _small, self._asking.file, name, within, done=done)

    def _seen(self, name: str, image: QImage) -> None:
        if name == self._shown and self.node is not None:
            self._is_seen = True
            self._show(image)
            self.show_node(self.node)

    def _show(self, image: QImage) -> None:
        for picture in (self.picture, self._plain_picture):
            picture.show_image(image)

    def _complain(self, sentence: str) -> None:
        if self.node is not None:
            self._asking.complain(self.node.ref, sentence)

    def _toggle_camera(self) -> None:
        self._complain("")
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


def _box() -> PictureBox:
    made = PictureBox("image", grows=True)
    made.setFixedSize(look().px(_SHOWN.width()), look().px(_SHOWN.height()))
    return made


def _read(progress: Progress, source: Source) -> Brought:
    """Refusal("attachment.kind") for what is no picture, and the refusals of `prepare`."""
    made = prepare(progress, source)
    if made.media == "pdf":
        raise Refusal("attachment.kind")
    return Brought(made.content, f"photo.{'jpg' if made.media == 'jpeg' else made.media}")


def _small(_progress: Progress, file: Callable[[str], bytes | None], name: str, within: QSize) -> QImage:
    """As large as it is shown; nothing when it is not here, or no picture."""
    content = file(name)
    try:
        return decode(content, within) if content else QImage()
    except Refusal:
        return QImage()
