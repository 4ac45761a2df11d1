"""Draw a widget to a PNG: what `make screenshots` and anyone who wants to look uses.

`draw(widget, "people-dark", theme="dark", factor=1.5)` writes screenshots/people-dark.png.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme import make_look, wear

FOLDER = Path(__file__).resolve().parents[2] / "screenshots"
Theme = Literal["light", "dark"]
LAPTOP = QSize(1366, 768)


def dress(app: QApplication, theme: Theme = "light", factor: float = 1.0, *, training: bool = False) -> None:
    """Wear a look before the widgets to be drawn are built."""
    wear(app, make_look(dark=theme == "dark", factor=factor, training=training))


def draw(widget: QWidget, name: str, size: QSize = LAPTOP) -> Path:
    """Lay the widget out at `size`, paint it, save it, and give the file's path."""
    widget.resize(size)
    widget.show()
    for _round in range(3):
        QApplication.processEvents()
    return keep(widget.grab(), name)


def keep(picture: QPixmap, name: str) -> Path:
    """Write a picture into the folder of pictures."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.png"
    if not picture.save(str(path)):
        raise OSError(path)
    return path


def draw_all(app: QApplication, name: str, build: Callable[[], QWidget], size: QSize = LAPTOP) -> list[Path]:
    """The three pictures of a screen: light, dark, and light with text at 150 %."""
    made = []
    looks: tuple[tuple[str, Theme, float], ...] = (
        ("", "light", 1.0),
        ("-dark", "dark", 1.0),
        ("-150", "light", 1.5),
    )
    for suffix, theme, factor in looks:
        dress(app, theme, factor)
        widget = build()
        made.append(draw(widget, f"{name}{suffix}", size))
        widget.close()
        widget.deleteLater()
        QApplication.processEvents()
    dress(app)
    return made
