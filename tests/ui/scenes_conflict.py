"""The conflict screen: both sides, a decision begun, one decided, and the page of who may not decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from app.actions.conflicts import decide
from app.actions.desk import Officer
from app.store.contest import open_contests
from app.ui.conflicts.found import read_found
from app.ui.conflicts.pages import AskedPage
from app.ui.rooms.conflicts import ConflictsRoom
from tests.ui.scenes import Stage


def decide_one(stage: Stage) -> None:
    """The newest question is answered; the others stay for the pictures."""
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    with desk.vault.read() as connection:
        asked = open_contests(connection)[-1]
    decide(desk, asked, asked.stands.values, "Theo thẻ căn cước: đã xem thẻ tại nhà ngày 23/11.")
    stage.doors.session.link.saved()
    stage.settle()


def conflict(stage: Stage) -> None:
    """As it opens, with a decision begun, decided, and for an auditor."""
    room = stage.window.go("conflicts")
    assert isinstance(room, ConflictsRoom)
    pane = room.conflicts
    stage.settle()
    stage.draw("conflict")
    assert isinstance(pane.page, AskedPage)
    assert pane.page.deciding is not None
    pane.page.deciding.choice.set_value("came")
    pane.page.deciding.reason.control.set_value("Theo thẻ căn cước: con gái bà đưa thẻ ngày 23/11.")
    pane.page.deciding.reason.control.changed.emit()
    stage.draw("conflict-begun")
    pane.list.step(1)
    stage.draw("conflict-number")
    assert pane.found is not None
    pane.list.choose(pane.found.decided[0].key)
    stage.draw("conflict-decided")
    desk = pane._desk
    auditor = replace(desk, officer=Officer(desk.officer.id, desk.officer.name, ("auditor",)))
    pane._desk, pane._read = auditor, partial(read_found, desk=auditor)
    pane.refresh()
    stage.settle()
    pane.list.choose(pane.found.asked[0].contest.key)
    stage.draw("conflict-not-mine")
    pane._desk, pane._read = desk, partial(read_found, desk=desk)


SCENES: tuple[Callable[[Stage], None], ...] = (conflict,)
