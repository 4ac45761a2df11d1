"""A commune of three households, a form of households, and the room of surveys in a window."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.actions.desk import Desk
from app.actions.households import found_household
from app.actions.people import add_person
from app.actions.surveying.assigning import assign
from app.actions.surveying.filling import begin
from app.actions.surveying.handing_in import hand_in
from app.domain.dates import PartialDate
from app.store import fillings
from app.store.fillings import About
from app.store.opened import open_record
from app.ui.link import Link
from app.ui.room import Room
from app.ui.rooms.surveys import SurveysRoom
from app.ui.tables.table import FOLLOW_MS
from app.ui.window import Window
from tests.surveys import house_form, published

FORM = "hoi_ho"
NA_LUA, CO_MA = "Bản Nà Lụa", "Bản Co Mạ"
HEADS = {"Cà Văn Inh": NA_LUA, "Lò Thị Lả": NA_LUA, "Vì Văn Sơn": CO_MA}
NUMBERS = dict(zip(HEADS, ("014079000001", "014147000002", "014085000003"), strict=True))
WAIT_MS = 20_000


class Elsewhere(Room):
    """Where a way leads; keeps what it was entered with."""

    def enter(self, **arguments: object) -> None:
        self.arguments = arguments


@dataclass
class Survey:
    """The room, and what a test does with it."""

    window: Window
    desk: Desk
    link: Link
    room: SurveysRoom
    qtbot: QtBot
    houses: dict[str, About]

    def settle(self) -> None:
        self.qtbot.wait(20)
        self.qtbot.waitUntil(self._is_settled, timeout=WAIT_MS)

    def _is_settled(self) -> bool:
        """No work, and the chosen line was followed."""
        following = (each for each in self.window.findChildren(QTimer) if each.interval() == FOLLOW_MS)
        return self.window.jobs.is_idle and not any(each.isActive() for each in following)

    def enter(self, tab: str) -> SurveysRoom:
        self.window.go("surveys", tab=tab)
        self.settle()
        return self.room

    def gone(self) -> dict[str, object]:
        """With what the room of one filling was entered."""
        room = self.window.room
        assert self.window.here == "survey"
        assert isinstance(room, Elsewhere)
        return room.arguments

    def give(self, *to: About, due: PartialDate | None = None, note: str = "") -> None:
        assign(self.desk, FORM, to or (About(hamlet=NA_LUA),), self.desk.officer.id, due, note)

    def draft(self, name: str) -> str:
        return begin(self.desk, FORM, self.houses[name]).kept.id

    def hand_in(self, name: str, **answers: str) -> str:
        filling = begin(self.desk, FORM, self.houses[name])
        for field, said in answers.items():
            filling.session.answer(f"/data/{field}", said)
        return hand_in(self.desk, filling).record


def said(widget: QWidget) -> str:
    """Every word that is shown in it."""
    labels = [each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget)]
    buttons = [each.text() for each in widget.findChildren(QAbstractButton) if each.isVisibleTo(widget)]
    return "\n".join([*labels, *buttons])


def household(desk: Desk, name: str, hamlet: str) -> About:
    """Founded by its head."""
    values = {"name": name, "hamlet": hamlet, "birth": "1979", "personal_id": NUMBERS[name]}
    head = add_person(desk, values, "add")
    with desk.vault.read() as connection:
        opened = open_record(connection, "person", head)
    assert opened
    record = found_household(desk, opened, {"hamlet": hamlet, "address": f"Nhà {name[-3:]}"}, "found")
    with desk.vault.read() as connection:
        about = fillings.about_household(connection, record)
    assert about
    return about


@pytest.fixture
def survey(desk: Desk, window: Window, link: Link, qtbot: QtBot) -> Survey:
    """The room, entered."""
    published(desk, house_form())
    houses = {name: household(desk, name, hamlet) for name, hamlet in HEADS.items()}
    made: dict[str, SurveysRoom] = {}

    def build(window: Window) -> Room:
        made["room"] = SurveysRoom(window, desk, link)
        return made["room"]

    window.furnish({"surveys": build, **dict.fromkeys(("survey", "sync", "people"), Elsewhere)})
    window.go("surveys")
    survey = Survey(window, desk, link, made["room"], qtbot, houses)
    survey.settle()
    return survey
