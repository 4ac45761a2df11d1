"""Papers as they leave the printer: the minutes of both ends, her own data, the report of a breach.

The centre's page is drawn by a browser where this machine has one.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtPdf import QPdfDocument

from app.central.paper import render
from app.resources import resource
from app.store.parcels import IN, OUT, Parcel
from app.sync.enrolment import CENTRE
from app.sync.minutes import minute_of
from app.sync.parts import REQUEST, RESPONSE, TRANSFER, Part
from app.ui.handover.minute import sheet_of
from app.ui.papers.minute import write_minute
from tests.desks import desk_of
from tests.ui.pictures import keep

_WIDTH = 1_000
_AT, _DIGEST = "2026-11-23T02:40:00Z", "6f1d0c9b" * 8


def draw(folder: Path, wanted: tuple[str, ...]) -> list[Path]:
    """Each first page, and the page of the centre's."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {f"minute-{errand}" for errand in _PARCELS} | {"minute-centre"}
    if wanted and not any(part in name for part in wanted for name in names):
        return []
    desk, drawn = desk_of(folder / "laptop"), []
    for errand, parcel in _PARCELS.items():
        path = folder / f"{errand}.pdf"
        write_minute(sheet_of(desk, parcel), path)
        drawn.append(keep(first_page(path), f"minute-{errand}"))
    desk.vault.lock()
    page = folder / "minute.html"
    page.write_text(_at_the_centre(), encoding="utf-8")
    drawn += _printed(page, "minute-centre")
    return drawn


_OF_TWO = {"people": 2, "sets": 14}
_SENT = {"sets": 39, Part.PIECE.word: 38}
_SAID = {"in_force": 58, "conflict": 2}
_PARCELS = {
    "request": Parcel("0a" * 16, OUT, REQUEST, CENTRE, 47, _AT, _DIGEST, 36_279_812, _SENT),
    "response": Parcel("0b" * 16, IN, RESPONSE, CENTRE, 12, _AT, _DIGEST, 600_211, _SAID),
    "transfer": Parcel("0c" * 16, OUT, TRANSFER, CENTRE, 44, _AT, _DIGEST, 1_258_291, _OF_TWO),
}


def first_page(path: Path) -> QPixmap:
    """Of a PDF, on white."""
    document = QPdfDocument()
    document.load(str(path))
    size = document.pagePointSize(0)
    drawn = document.render(0, QSize(_WIDTH, round(_WIDTH * size.height() / size.width())))
    sheet = QImage(drawn.size(), QImage.Format.Format_RGB32)
    sheet.fill(QColor("white"))
    painter = QPainter(sheet)
    painter.drawImage(0, 0, drawn)
    painter.end()
    document.close()
    return QPixmap.fromImage(sheet)


def _at_the_centre() -> str:
    there = replace(_PARCELS["request"], way=IN, peer="03874/m2")
    facts = {
        "who": SimpleNamespace(name="Bùi Đức Long", form=""),
        "error": None,
        "commune": SimpleNamespace(name="Xã Mường Sen", code="03874"),
        "minute": minute_of(there, CENTRE),
    }
    style = resource("central/style.css").read_text("utf-8")
    return render("minute.html", **facts).replace("</head>", f"<style>{style}</style></head>")


def _printed(page: Path, name: str) -> list[Path]:
    """As a browser prints it."""
    browser = shutil.which("chromium")
    if browser is None:
        return []
    paper = page.with_suffix(".pdf")
    argv = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    subprocess.run([*argv, f"--print-to-pdf={paper}", page.as_uri()], check=True, capture_output=True)
    return [keep(first_page(paper), name)]
