"""`make screenshots`: every screen, light, dark and at 150 %, into screenshots/."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from app import words
from app.ui.application import make_application
from tests.ui import gallery
from tests.ui.pictures import draw_all


def main(wanted: list[str]) -> int:
    """Draw the screens named, or all of them."""
    words.speak("vi")
    app = make_application(sys.argv[:1])
    screens: dict[str, Callable[[], QWidget]] = {"gallery-unlock": gallery.unlock}
    screens |= {f"gallery-{name}": partial(gallery.window, app, name) for name in gallery.ROOMS}
    for name, build in screens.items():
        if not wanted or any(part in name for part in wanted):
            for path in draw_all(app, name, build):
                sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
