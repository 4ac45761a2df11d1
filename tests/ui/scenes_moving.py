"""The errand to another commune, gone through to its end on the training commune's people."""

from __future__ import annotations

from collections.abc import Callable

from app.ui.forms.picking import Pick
from app.ui.handover.drives import Drive, Plugged
from app.ui.rooms.handover import HandoverRoom
from tests.ui.scenes import Stage
from tests.ui.scenes_desk import first_people


def moving(stage: Stage) -> None:
    """Two people chosen, nowhere yet; where to; written and read again."""
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    people = first_people(desk, "hoang thi", 2, account="proposed")
    room = stage.window.go("handover", errand="leave", people=people)
    assert isinstance(room, HandoverRoom)
    room._looks.stop()
    stage.settle()  # the first look for sticks, which finds none
    stick = stage.home / "KINGSTON"
    stick.mkdir(exist_ok=True)
    room._take_sticks(Plugged([Drive(stick, "USB KINGSTON", 12_400_000_000)]))
    stage.settle()
    stage.draw("moving")
    leaving = room.sending.leaving
    leaving.to.control.set_value(Pick("03979", "Phường Mộc Sơn"))
    leaving.to.control.changed.emit()
    stage.draw("moving-chosen")
    room.sending.write()
    stage.settle()
    stage.draw("moving-written")
    room.sending.again()
    stage.settle()


SCENES: tuple[Callable[[Stage], None], ...] = (moving,)
