"""The application: fonts, style, Qt's own words, and the look the officer chose.

    app = make_application(sys.argv)
    wardrobe = Wardrobe(app)                       # follows the system's light and dark
    window = Window(app)
    wardrobe.changed.connect(window.refurnish)     # text size changed: rooms are built anew
    wardrobe.wear(Wishes(theme="dark", factor=1.25, training=True))

The only place that may ask for QApplication.instance().
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTranslator, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app.resources import resource
from app.ui import fonts
from app.ui.style import LedgerStyle
from app.ui.theme import look, make_look, wear
from app.words import gettext

Theme = Literal["system", "light", "dark"]
# For which a job may keep the interpreter from the window: Qt lets go of it at every call while it paints.
_TURN_S = 0.001


@dataclass(frozen=True)
class Wishes:
    """How the officer wants it: theme, text size (1.0-1.75), and which door she came in by."""

    theme: Theme = "system"
    factor: float = 1.0
    training: bool = False


class QtWords(QTranslator):
    """Qt has no Vietnamese for its own dialogs (OK, Cancel, file dialog): ours answers."""

    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str:
        plain = sourceText.replace("&", "")
        # Key names must stay as they are printed on the keyboard, and as shortcuts are parsed.
        said = gettext(plain) if plain and context != "QShortcut" else plain
        # An empty answer would be shown as nothing at all (it is not Qt's null string).
        return sourceText if said == plain else said

    def isEmpty(self) -> bool:
        return False


def make_application(arguments: Sequence[str]) -> QApplication:
    """The application object, dressed in the light look at 100 %; reuses one that runs."""
    sys.setswitchinterval(_TURN_S)
    running = QCoreApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(list(arguments))
    app.setApplicationName("soansinh")
    app.setApplicationDisplayName("Sổ An Sinh")
    app.setDesktopFileName("soansinh")
    app.setWindowIcon(QIcon(str(resource("icons/soansinh.svg"))))
    fonts.install()
    app.setStyle(LedgerStyle())
    words = QtWords(app)
    app.installTranslator(words)
    wear(app, look())
    return app


class Wardrobe(QObject):
    """Wears the look wished for, and follows the system when told to."""

    changed = Signal()

    def __init__(self, app: QApplication, wishes: Wishes = Wishes()) -> None:
        super().__init__(app)
        self._app = app
        self.wishes = wishes
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self.wear(self.wishes))
        self.wear(wishes)

    def wear(self, wishes: Wishes) -> None:
        """Change clothes in one step; `changed` says the sizes differ and rooms must be built anew."""
        before = look()
        self.wishes = wishes
        is_dark = wishes.theme == "dark" or (wishes.theme == "system" and self._system_is_dark())
        new = make_look(dark=is_dark, factor=wishes.factor, training=wishes.training)
        if new == before:
            return
        wear(self._app, new)
        if (new.factor, new.is_training) != (before.factor, before.is_training):
            self.changed.emit()

    def _system_is_dark(self) -> bool:
        return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
