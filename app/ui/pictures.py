"""Pictures as the register keeps them: upright, small, and without what a telephone writes into them.

A photo says where it was taken and by which telephone; only its pixels are kept. How large a picture
says it is, is looked at before any of it is decoded, and what is decoded has a limit. All of it runs in
jobs, on bytes in memory: nothing is written to a temporary file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QPainter

from app.domain import attachments as attaching
from app.domain.attachments import media_of
from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress

SUFFIXES = ("jpg", "jpeg", "png", "pdf")
LONG_SIDE, QUALITY = 1_600, 80  # the smallest print on an ID card is legible, at some 300 kB
SMALL = QSize(88, 88)  # of an ID card a point a millimetre: one sees what it is, and reads no number
_FILE_BYTES_MAX = 30 << 20
_PIXELS_MAX = 60_000_000
_WHITE = 0xFFFFFFFF  # what shows through a picture with holes; no colour of the window's
Source = Path | QImage


@dataclass(frozen=True)
class Prepared:
    """What would be kept, and what it looks like (null for a PDF)."""

    content: bytes
    media: str
    image: QImage


def sources_in(mime: QMimeData) -> list[Source]:
    """The pictures and PDFs that were dropped, or lie on the clipboard."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    known = [path for path in paths if path.suffix.lower().lstrip(".") in SUFFIXES]
    if known or not mime.hasImage():
        return [*known]
    image = mime.imageData()
    return [image] if isinstance(image, QImage) else []


def prepare(_progress: Progress, source: Source) -> Prepared:
    """A file or a picture as it would be kept.

    Refusal("attachment.kind"), ("attachment.too_large"), ("attachment.unreadable"), ("attachment.no_file").
    """
    content = b"" if isinstance(source, QImage) else read_file(source)
    media = "png" if isinstance(source, QImage) else attaching.media_of(content)
    if media == "pdf":
        return Prepared(content, attaching.check(content), QImage())
    image = source if isinstance(source, QImage) else decode(content, QSize(LONG_SIDE, LONG_SIDE))
    bare = _bare(image)
    kept = _written(bare, "jpg")
    if media == "png":  # a scan in black and white, or a screenshot, is smaller and sharper so
        kept = min(kept, _written(bare, "png"), key=len)
    return Prepared(kept, attaching.check(kept), bare)


def decode(content: bytes, within: QSize | None = None) -> QImage:
    """The picture, upright, made to fit. Refusal("attachment.kind") or ("attachment.unreadable")."""
    media = media_of(content)
    if media not in ("jpeg", "png"):
        raise Refusal("attachment.kind")
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(media.encode()))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isEmpty() or size.width() * size.height() > _PIXELS_MAX:
        raise Refusal("attachment.unreadable")
    if within is not None and (size.width() > within.width() or size.height() > within.height()):
        reader.setScaledSize(size.scaled(within, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise Refusal("attachment.unreadable")
    return image


def read_file(path: Path) -> bytes:
    """A file that is not too large. Trouble("attachment.no_file"), Refusal("attachment.too_large")."""
    try:
        with path.open("rb") as file:
            content = file.read(_FILE_BYTES_MAX + 1)
    except OSError as error:
        raise Trouble("attachment.no_file") from error
    if len(content) > _FILE_BYTES_MAX:
        raise Refusal("attachment.too_large", mb_max=_FILE_BYTES_MAX >> 20)
    return content


def _bare(image: QImage) -> QImage:
    """Its pixels alone, on white: no words, no place, no colour profile of the one it came from."""
    if image.isNull() or image.width() * image.height() > _PIXELS_MAX:
        raise Refusal("attachment.unreadable")
    limit = QSize(LONG_SIDE, LONG_SIDE)
    if image.width() > LONG_SIDE or image.height() > LONG_SIDE:
        image = image.scaled(
            limit, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    if image.colorSpace().isValid():
        image = image.convertedToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    bare = QImage(image.size(), QImage.Format.Format_RGB32)
    bare.fill(_WHITE)
    painter = QPainter(bare)
    painter.drawImage(0, 0, image)
    painter.end()
    return bare


def _written(image: QImage, kind: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, kind, QUALITY if kind == "jpg" else -1):  # type: ignore[call-overload]
        raise Refusal("attachment.unreadable")
    return bytes(buffer.data().data())
