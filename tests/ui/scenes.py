"""The stage that screens are drawn on: the real window on real vaults, as `make run` makes it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

from app.store.laptop import Laptop
from app.ui.application import Theme, Wardrobe, Wishes
from app.ui.doors import Doors
from app.ui.room import Room
from app.ui.window import Window
from tests.ui.pictures import LAPTOP, draw, keep

WAIT_S = 900.0  # a machine that works for others draws slowly, and is no reason to fail
LOOKS: tuple[tuple[str, Theme, float], ...] = (
    ("", "light", 1.0),
    ("-dark", "dark", 1.0),
    ("-150", "light", 1.5),
)


@dataclass
class Stage:
    """One window on one laptop's folder; `suffix` names the look that is worn."""

    app: QApplication
    wardrobe: Wardrobe
    window: Window
    doors: Doors
    home: Path
    suffix: str = ""
    wanted: tuple[str, ...] = ()
    drawn: list[Path] = field(default_factory=list)

    @classmethod
    def set_up(cls, app: QApplication, wardrobe: Wardrobe, home: Path) -> Stage:
        """An empty laptop, the window shown at the size of a small screen."""
        window = Window(app)
        wardrobe.changed.connect(window.refurnish)
        doors = Doors(window, wardrobe, Laptop(home))
        window.resize(LAPTOP)
        window.show()
        return cls(app, wardrobe, window, doors, home)

    def strike(self) -> None:
        """Close the window and end what it started."""
        self.window.close()
        self.window.deleteLater()
        self.settle()

    def wear(self, suffix: str, theme: Theme, factor: float) -> None:
        """Another look; rooms are built anew where the size of text changes."""
        self.suffix = suffix
        laptop = Laptop(self.home)
        laptop.keep(replace(laptop.settings(), theme=theme, text_size=int(100 * factor)))
        self.wardrobe.wear(Wishes(theme, factor, self.wardrobe.wishes.training))
        self.window.resize(LAPTOP)
        self.settle()

    @property
    def room(self) -> Room:
        """What is shown."""
        found = self.window.room
        assert found is not None
        return found

    def settle(self, seconds: float = 0.2) -> None:
        """Until no job runs, and a moment more for what is shown late."""
        self.window.idle.set_minutes(0)  # nobody touches the keys here, and nothing may lock meanwhile
        self._spin(0.05)
        self._wait(lambda: self.window.jobs.is_idle, 0.03)
        self._spin(seconds)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Until something is so that comes by itself, as the first exchange does."""
        self._wait(is_so, 0.1)
        self.settle()

    def _wait(self, is_so: Callable[[], bool], step_s: float) -> None:
        until = time.monotonic() + WAIT_S
        while not is_so():
            if time.monotonic() > until:
                told = getattr(self.window.room, "notice", self.window.notice)
                raise TimeoutError(f"waited {WAIT_S:.0f} s in {self.window.here!r}: {told.text}")
            self._spin(step_s)

    def wants(self, name: str) -> bool:
        """Whether this picture was asked for."""
        return not self.wanted or any(part in name for part in self.wanted)

    def draw(self, name: str) -> None:
        """The window as it stands, when its picture was asked for."""
        self.settle()
        if self.wants(name):
            self.drawn.append(draw(self.window, f"{name}{self.suffix}"))

    def draw_over(self, name: str, dialog: QWidget) -> None:
        """The window under a small question that stands before it."""
        self.settle()
        if self.wants(name):
            picture, asked = self.window.grab(), dialog.grab()
            painter = QPainter(picture)
            painter.drawPixmap((picture.rect().center() - asked.rect().center()), asked)
            painter.end()
            self.drawn.append(keep(picture, f"{name}{self.suffix}"))

    def draw_menu(self, name: str) -> None:
        """The window under the menu that stands open, which is then closed."""
        menu = QApplication.activePopupWidget()
        assert menu is not None
        if self.wants(name):
            self.settle()
            picture = self.window.grab()
            painter = QPainter(picture)
            painter.drawPixmap(self.window.mapFromGlobal(menu.pos()), menu.grab())
            painter.end()
            self.drawn.append(keep(picture, f"{name}{self.suffix}"))
        menu.close()

    @staticmethod
    def _spin(seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()
