"""Handing over by stick, on a register that knows a centre and never speaks with it."""

from __future__ import annotations

from app.actions.people import add_person
from app.store import parcels
from app.store.parcels import IN, Parcel
from app.ui.handover.drives import Drive, Plugged
from app.ui.rooms.handover import HandoverRoom
from tests.faults.capsules import believe, far_centre
from tests.ui.scenes import Stage


def handover(stage: Stage) -> None:
    """What goes, written, safe to remove; an answer looked at; a stick that is full."""
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    believe(desk, far_centre().keys)
    people = [
        add_person(desk, {"name": f"Lò Thị {name}", "birth": "1951"}, "add")
        for name in ("Pánh", "Lả", "Dung", "Hặc")
    ]
    came = Parcel("0" * 31 + "1", IN, "response", "centre", 12, "2026-11-12T02:40:00Z", "ab" * 32, 600_000,
                  {"in_force": 58, "conflict": 2, "pulled": 3})  # fmt: skip
    with desk.vault.write() as connection:
        parcels.note(connection, came)
    room = stage.window.go("handover")
    assert isinstance(room, HandoverRoom)
    stage.settle()
    stage.draw("handover-none")
    room._looks.stop()
    stick = stage.home / "KINGSTON"
    stick.mkdir(exist_ok=True)
    room._take_sticks(Plugged([Drive(stick, "USB KINGSTON", 12_400_000_000)]))
    stage.draw("handover-send")
    room.sending.write()
    stage.settle()
    stage.draw("handover-sent")
    room.sending.again()
    room.sending.choose_folder(stage.home / "gone")
    room.sending.write()
    stage.settle()
    stage.draw("handover-failed")
    stage.window.go("handover", errand="open")
    stage.settle()
    stage.draw("handover-open")
    stage.window.go("handover", errand="leave", people=people[:1])
    stage.settle()
    stage.draw("handover-leave")
