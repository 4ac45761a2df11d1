"""Pictures come in upright, small and bare; what claims to be huge is never decoded."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QColor, QImage

from app.domain.errors import Refusal, Trouble
from app.domain.progress import Progress
from app.ui.pictures import LONG_SIDE, decode, prepare


def picture(width: int, height: int) -> QImage:
    """Red at the left, blue at the right."""
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor("blue"))
    for x in range(width // 2):
        for y in range(height):
            made.setPixelColor(x, y, QColor("red"))
    return made


def written(image: QImage, kind: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def exif(orientation: int) -> bytes:
    """What a telephone writes: how it was held, who made it, and where (GPS latitude, 21° north)."""
    make = b"Telephone of Hanh\0"
    gps_at = 8 + 2 + 3 * 12 + 4 + len(make)
    entries = struct.pack("<HHII", 0x010F, 2, len(make), 8 + 2 + 3 * 12 + 4)
    entries += struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    entries += struct.pack("<HHII", 0x8825, 4, 1, gps_at)
    gps = struct.pack("<H", 1) + struct.pack("<HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack("<I", 0)
    tiff = (
        b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 3) + entries + struct.pack("<I", 0) + make + gps
    )
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def taken_by_telephone(image: QImage, orientation: int) -> bytes:
    plain = written(image, "jpg")
    return plain[:2] + exif(orientation) + plain[2:]


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is enormous."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(9)))
        + chunk(b"IEND", b"")
    )


def test_a_photo_is_turned_made_small_and_told_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "IMG_2041.JPG"
    path.write_bytes(taken_by_telephone(picture(2_400, 1_000), orientation=6))  # turned by a quarter
    assert b"Telephone" in path.read_bytes()
    found = prepare(Progress(), path)
    assert found.media == "jpeg"
    for told in (b"Exif", b"Telephone", b"ICC_PROFILE", b"GPS"):
        assert told not in found.content
    kept = decode(found.content)
    assert (kept.width(), kept.height()) == (LONG_SIDE * 1_000 // 2_400, LONG_SIDE)
    top, bottom = (kept.pixelColor(kept.width() // 2, y) for y in (20, LONG_SIDE - 20))
    assert top.red() > 200 > 60 > top.blue()
    assert bottom.blue() > 200 > 60 > bottom.red()


def test_words_in_a_png_do_not_come_along(tmp_path: Path) -> None:
    image = picture(300, 200)
    image.setText("Comment", "taken at 21.0N 105.8E by Hanh")
    path = tmp_path / "scan.png"
    path.write_bytes(written(image, "png"))
    found = prepare(Progress(), path)
    assert found.media == "png"  # two plain colours: smaller so, and sharper
    assert not decode(found.content).textKeys()
    assert b"Hanh" not in found.content


def test_a_see_through_picture_stands_on_white() -> None:
    clear = QImage(60, 40, QImage.Format.Format_ARGB32)
    clear.fill(0)
    assert decode(prepare(Progress(), clear).content).pixelColor(5, 5) == QColor("white")


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 1), (0, 5)])
def test_a_bomb_is_not_decoded(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "small.png"
    path.write_bytes(bomb(*size))
    with pytest.raises(Refusal, match=r"attachment\.unreadable"):
        prepare(Progress(), path)


@pytest.mark.qt_log_ignore("JPEG", extend=True)
@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0 cut off", b"\x89PNG\r\n\x1a\n", bomb(20, 20)])
def test_what_breaks_off_is_unreadable(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=r"attachment\.unreadable"):
        prepare(Progress(), path)


def test_other_files_are_named_and_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"MZ a program that calls itself a photo")
    with pytest.raises(Refusal, match=r"attachment\.kind"):
        prepare(Progress(), path)
    with pytest.raises(Trouble, match=r"attachment\.no_file"):
        prepare(Progress(), tmp_path / "gone.jpg")
    path.write_bytes(b"%PDF-" + bytes(5 << 20))
    with pytest.raises(Refusal, match=r"attachment\.too_large"):
        prepare(Progress(), path)


def test_a_small_one_is_decoded_small() -> None:
    assert decode(written(picture(800, 600), "jpg"), QSize(88, 88)).size() == QSize(88, 66)
