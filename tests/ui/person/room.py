"""What the tests of one person's room do over and over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from app.actions.desk import Desk
from app.domain.records import Value
from app.store import dossier
from app.store.opened import open_record
from app.ui.forms.choices import Reason
from app.ui.forms.field import Field
from app.ui.person.adding import Adding
from app.ui.person.editing import Editing
from app.ui.person.tab import PersonTab
from app.ui.rooms.person import PersonRoom
from app.ui.window import Window

WAIT_MS = 20_000
PANH: Mapping[str, Value] = {
    "name": "Lò Thị Pánh",
    "sex": "female",
    "birth": "1948-03-12",
    "personal_id": "014148032213",
    "phone": "0388000111",
    "hamlet": "Bản Nà Lụa",
}
CARD = "014148032213|123456789|Lò Thị Pánh|12031948|Nữ|Bản Nà Lụa, Mộc Sơn, Sơn La|01012022"
RIGHT: Mapping[str, Value] = {"group": "HTXH", "coefficient": "1.0", "amount": 540_000, "since": "2025-07"}
Tab = TypeVar("Tab", bound=PersonTab)
Settle = Callable[[], None]


def open_file(window: Window, settle: Settle, person: str, tab: str = "profile") -> PersonRoom:
    room = window.go("person", person=person, tab=tab)
    assert isinstance(room, PersonRoom)
    settle()
    assert room.file is not None
    return room


def page(room: PersonRoom, name: str, kind: type[Tab]) -> Tab:
    found = room.pages[name]
    assert isinstance(found, kind)
    return found


def change(room: PersonRoom) -> Editing:
    room.change_button.click()
    editing = room.pages["profile"].editing
    assert editing is not None
    return editing


def write(editing: Editing, name: str, text: str) -> None:
    box = editing.form.fields[name].control
    box.setText(text)
    box.textEdited.emit(text)


def values(desk: Desk, person: str) -> Mapping[str, Value]:
    with desk.vault.read() as connection:
        found = open_record(connection, "person", person)
    assert found is not None
    return found.values


def whole(desk: Desk, person: str) -> dossier.Person:
    with desk.vault.read() as connection:
        found = dossier.person(connection, person)
    assert found is not None
    return found


def why(reason: str) -> Field[Reason]:
    field = Field("Vì sao", Reason([]))
    field.control.set_value(reason)
    return field


def begin_adding(window: Window, settle: Settle) -> Adding:
    room = window.go("person", add=True)
    assert isinstance(room, PersonRoom)
    settle()
    assert room.adding is not None
    return room.adding
