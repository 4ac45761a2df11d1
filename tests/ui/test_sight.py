"""Every room, as a surveyor and as an administrator sees it: nobody who is not hers stands anywhere in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.actions import people
from app.actions.desk import Desk, sight
from app.bootstrap.entering import Entered
from app.ui.rooms.people import People
from app.ui.rooms.settings import SettingsRoom
from app.ui.session import ROOMS, Session
from app.ui.window import Window
from tests.desks import enrolled

HERS, NOT_HERS = "Bản Nà Lụa", "Bản Co Mạ"
SECRETS = ("Kín", "KIN", "014148032213", "0388777001", NOT_HERS)
WAIT_MS = 30_000


def everything_in(widget: QWidget) -> str:
    """Every word that stands in it, shown or folded away, tables to their last row."""
    said = [each.accessibleName() for each in widget.findChildren(QWidget)]
    said += [each.text() for each in widget.findChildren(QLabel)]
    said += [each.text() for each in widget.findChildren(QAbstractButton)]
    said += [each.text() for each in widget.findChildren(QLineEdit)]
    said += [each.toPlainText() for each in widget.findChildren(QTextEdit)]
    for view in widget.findChildren(QAbstractItemView):
        model = view.model()
        if isinstance(model, QAbstractItemModel):
            rows, columns = range(model.rowCount()), range(model.columnCount())
            said += [str(model.index(row, at).data()) for row in rows for at in columns]
    return "\n".join(said)


def sit(desk: Desk, role: str, *hamlets: str) -> Desk:
    made = replace(desk, officer=replace(desk.officer, roles=(role,), scope=hamlets))
    desk.vault.bound(sight(made), made.officer.id)
    return made


@pytest.mark.parametrize(("role", "hamlets"), [("surveyor", (HERS,)), ("administrator", ()), ("", ())])
def test_no_room_shows_whom_she_does_not_see(
    desk: Desk, make_window: Callable[[], Window], qtbot: QtBot, role: str, hamlets: tuple[str, ...]
) -> None:
    hers = people.add_person(desk, {"name": "Lò Thị Pánh", "hamlet": HERS, "birth": "1948"}, "add")
    values = {"name": "Lò Thị Kín", "hamlet": NOT_HERS, "birth": "1948"}
    other = people.add_person(desk, {**values, "personal_id": SECRETS[2], "phone": SECRETS[3]}, "add")
    enrolled(desk, other, "LO THI KIN")
    window = make_window()
    window.show()
    session = Session(window, sit(desk, role, *hamlets))
    window.closing.connect(session.end)
    session.begin(Entered(session.desk))

    def settle() -> None:
        qtbot.wait(30)
        qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)

    def look(name: str, **arguments: object) -> str:
        window.go(name, **arguments)
        settle()
        said = everything_in(window).replace(str(arguments.get("text")), "")  # her own words come back
        assert not any(secret in said for secret in SECRETS), name
        return said

    settle()
    rooms = [name for name in ROOMS if name in window._factories]
    for name in rooms:
        if name != "person":
            said = look(name)
            assert hamlets or "Pánh" not in said, name
    if "people" in rooms:
        assert "Pánh" in look("people")
        room = window.room
        assert isinstance(room, People)
        for text in ("kin", SECRETS[2], "lo thi"):
            look("people", text=text)
        assert "Pánh" in look("person", person=hers)
        look("person", person=other)  # whoever knows her number meets nobody either
    else:
        assert isinstance(window.go("settings"), SettingsRoom)
        assert not {"people", "person", "drive", "import", "today", "returned"} & set(rooms)
    window.close()
