"""Codes out of a picture: chosen, dropped or pasted. A photo of a card, or of the VietQR on her phone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QSize, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QImageReader, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.scans import kind_of_scan
from app.ui.jobs import Jobs
from app.ui.notices import NoticeSlot
from app.ui.parts.buttons import Button
from app.words import explain
from app.words import gettext as _

_BYTES_MAX = 30 << 20
_PIXELS_MAX = 60_000_000
_KINDS = {b"png", b"jpeg", b"bmp", b"webp"}
SUFFIXES = ("png", "jpg", "jpeg", "bmp", "webp")


def read_code(_progress: Progress, picture: Path | QImage) -> str:
    """The card's or the account's code in a picture; of several, one that is either.

    Refusals picture.unreadable (no picture, or too large), picture.no_code.
    """
    import zxingcpp

    image = picture if isinstance(picture, QImage) else _load(picture)
    if image.isNull():
        raise Refusal("picture.unreadable")
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    found = [code.text for code in zxingcpp.read_barcodes(image) if code.text]
    known = [text for text in found if kind_of_scan(text) in ("card", "vietqr")]
    if not found:
        raise Refusal("picture.no_code")
    return (known or found)[0]


def _load(path: Path) -> QImage:
    """Only kinds that a telephone or a scanner makes, and only of a size one of them makes."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    size: QSize = reader.size()
    is_sane = (
        path.is_file() and path.stat().st_size <= _BYTES_MAX and size.width() * size.height() <= _PIXELS_MAX
    )
    if not is_sane or bytes(reader.format().data()) not in _KINDS:
        raise Refusal("picture.unreadable")
    return reader.read()


def picture_in(mime: QMimeData) -> Path | QImage | None:
    """The picture that was dropped or lies on the clipboard."""
    if mime.hasImage():
        image = mime.imageData()
        return image if isinstance(image, QImage) else None
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return next((path for path in paths if path.suffix.lower().lstrip(".") in SUFFIXES), None)


class Pictures(QObject):
    """Chosen, dropped on the room, or pasted in any field; `read(code)`, or `failed(error)`.

    Ctrl+V with words on the clipboard pastes them as ever.
    """

    read = Signal(str)
    failed = Signal(object)

    def __init__(self, room: QWidget, jobs: Jobs) -> None:
        super().__init__(room)
        self._room, self._jobs = room, jobs
        room.setAcceptDrops(True)
        room.installEventFilter(self)

    def watch(self, *fields: QWidget) -> None:
        """Look at the keys of these fields."""
        for field in fields:
            field.installEventFilter(self)

    def choose(self) -> None:
        """Ask for a file."""
        kinds = f"{_('Pictures')} ({' '.join(f'*.{suffix}' for suffix in SUFFIXES)})"
        path, _kind = QFileDialog.getOpenFileName(self._room, _("Read from a picture"), "", kinds)
        if path:
            self.take(Path(path))

    def offer(self, notice: NoticeSlot, error: Exception) -> None:
        """Say why there is no other way, and a file beside the reason."""
        told = explain(error)
        choose = Button(_("Read from a picture"), icon="image", on=self.choose)
        notice.say(told.happened, told.rest, tone="warn", action=choose)

    def take(self, picture: Path | QImage) -> None:
        """Look for a code in it, off the window's thread."""
        self._jobs.run(self._room, read_code, picture, done=self.read.emit, failed=self.failed.emit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            found = _pasted() if event.matches(QKeySequence.StandardKey.Paste) else None
        elif isinstance(event, QDropEvent) and watched is self._room:
            found = picture_in(event.mimeData())
        else:
            return False
        if found is None:
            return False
        if isinstance(event, QDropEvent):
            event.acceptProposedAction()
        if event.type() in (QEvent.Type.Drop, QEvent.Type.KeyPress):
            self.take(found)
        return True


def _pasted() -> Path | QImage | None:
    return picture_in(QGuiApplication.clipboard().mimeData())
