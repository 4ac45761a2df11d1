"""The table in a village hall: a window with the drive in it, its scanner, its keyboard, its people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import segno
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtGui import QKeyEvent as Press
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.actions.invented.people import vietqr
from app.domain.records import Value
from app.store import dossier, enrolments
from app.ui.drive.stage import Stage
from app.ui.rooms.drive import Drive
from app.ui.window import Window

WAIT_MS = 20_000
PANH: Mapping[str, Value] = {
    "name": "Lò Thị Pánh",
    "sex": "female",
    "birth": "1948-03-12",
    "personal_id": "014148032213",
    "old_id": "145123456",
    "address": "Bản Nà Lụa, Mộc Sơn, Sơn La",
    "id_issued": "2022-01-01",
    "phone": "0388000111",
    "hamlet": "Bản Nà Lụa",
}
RIGHT: Mapping[str, Value] = {"group": "HTXH", "coefficient": "1.0", "amount": 540_000, "since": "2025-07"}
CARD = "014148032213|145123456|Lò Thị Pánh|12031948|Nữ|Bản Nà Lụa, Mộc Sơn, Sơn La|01012022"
NEW_CARD = "014054000888||Vì Văn Khụt|1954|Nam|Bản Co Mạ, Mộc Sơn, Sơn La|01012025|Vì Văn Páo|extra"
AGRIBANK, NUMBER = "970405", "3906205121845"
ACCOUNT = vietqr(AGRIBANK, NUMBER)


def picture_of(code: str) -> QImage:
    """A photo of a code, as a telephone shows it."""
    import io

    made = io.BytesIO()
    segno.make(code, error="m").save(made, kind="png", scale=5, border=4)
    return QImage.fromData(made.getvalue())


def save_picture(code: str, path: Path) -> Path:
    assert picture_of(code).save(str(path))
    return path


@dataclass
class Hall:
    """What the tests do at the table; everything goes through events at the widget that has the focus."""

    window: Window
    desk: Desk
    qtbot: QtBot

    @property
    def room(self) -> Drive:
        found = self.window.room
        assert isinstance(found, Drive)
        return found

    @property
    def stage(self) -> Stage:
        return self.room.stage

    def settle(self) -> None:
        self.qtbot.wait(1)
        self.qtbot.waitUntil(lambda: self.window.jobs.is_idle, timeout=WAIT_MS)

    def come_in(self, **arguments: object) -> Hall:
        self.window.go("drive", **arguments)
        self.settle()
        return self

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def key(self, key: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier | None = None) -> None:
        held = modifiers or Qt.KeyboardModifier.NoModifier
        at = self._focus()
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(at, Press(kind, key, held, text))
        self.window.scanner.flush()
        self.settle()

    def enter(self) -> None:
        self.key(Qt.Key.Key_Return, "\r")

    def space(self) -> None:
        self.key(Qt.Key.Key_Space, " ")

    def esc(self) -> None:
        self.key(Qt.Key.Key_Escape)

    def write(self, words: str) -> None:
        """Typed by hand where the cursor is, one key after another."""
        for letter in words:
            for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
                QCoreApplication.sendEvent(
                    self._focus(), Press(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                )
            self.window.scanner.flush()
        if self._focus() is self.stage.scan.box:
            self.qtbot.wait(130)  # it seeks once the typing rests
        self.settle()

    def scan(self, code: str, *, settle: bool = True) -> None:
        """Typed by a USB scanner, wherever the cursor is."""
        for letter in f"{code}\r":
            key = Qt.Key.Key_Return if letter == "\r" else Qt.Key(0)
            for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
                QCoreApplication.sendEvent(
                    self._focus(), Press(kind, key, Qt.KeyboardModifier.NoModifier, letter)
                )
        if settle:
            self.settle()

    def to_account(self, card: str = CARD) -> None:
        """Card and VietQR scanned; the cursor waits for the holder's name."""
        self.scan(card)
        self.scan(ACCOUNT)

    def to_consent(self, holder: str = "lo thi panh") -> None:
        self.to_account()
        self.write(holder)
        self.enter()

    def her(self, number: str = "014148032213") -> dossier.Person:
        """What the register says of whoever has this number."""
        with self.desk.vault.read() as connection:
            (row,) = enrolments.by_number(connection, number)
            found = dossier.person(connection, row.id)
        assert found is not None
        return found

    def enter_way(self, digit: str) -> None:
        """Step 2 by its digit."""
        self.key(getattr(Qt.Key, f"Key_{digit}"), digit)

    def room_of(self, name: str) -> Drive:
        """A room that is not shown now."""
        found = self.window._rooms[name]
        assert isinstance(found, Drive)
        return found
