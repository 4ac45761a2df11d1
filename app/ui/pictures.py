"""Codes out of a picture: a photo of an ID card or of a VietQR on her phone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage

from app.domain.errors import Refusal
from app.domain.progress import Progress


def read_codes(_progress: Progress, path: Path) -> list[str]:
    """Every QR code's text. Refusal("picture.unreadable") for no picture, ("picture.no_code") without one."""
    import zxingcpp

    image = QImage(str(path))
    if image.isNull():
        raise Refusal("picture.unreadable")
    found = [code.text for code in zxingcpp.read_barcodes(image) if code.text]
    if not found:
        raise Refusal("picture.no_code")
    return found
