"""What came back: a value that gave way, a set that the centre refused."""

from __future__ import annotations

from collections.abc import Callable

from app.actions import exchange
from app.actions.desk import save
from app.domain.changes import Atom, Edit
from app.domain.progress import Progress
from app.ui.rooms.returned import ReturnedRoom
from tests.ui.scenes import Stage
from tests.ui.scenes_desk import change, first_people, second_laptop


def come_back(stage: Stage) -> None:
    """Two laptops write a telephone apart; what needs a second officer is sent without one."""
    assert stage.doors.session is not None
    desk = stage.doors.session.desk
    people = first_people(desk, "lo thi", 6)[3:]
    change(desk, people[0], note="Con gái đón về bản Co Mạ")
    with second_laptop(stage) as other:
        exchange.exchange(Progress(), other)
        change(other, people[0], note="Ở với con trai cả")
        exchange.exchange(Progress(), other)
    bank = desk.reference.providers.find("Agribank")
    assert bank is not None
    account = {"person": people[1], "kind": "bank", "provider": bank.code, "number": "3601205044471"}
    made = [Edit("account", "a" * 32, field, new) for field, new in account.items()]
    save(desk, "enrolment", [Atom((*made, Edit("person", people[1], "receiving_account", "a" * 32)))])
    stage.doors.session.link.sync_now()
    stage.wait_until(lambda: not stage.doors.session or not stage.doors.session.link.is_running)


def returned(stage: Stage) -> None:
    """The list, each kind of line chosen once."""
    room = stage.window.go("returned")
    assert isinstance(room, ReturnedRoom)
    stage.settle()
    for place, key in enumerate(room.lines):
        room.table.go_to(key)
        stage.settle()
        stage.draw(f"returned-{place}")


SCENES: tuple[Callable[[Stage], None], ...] = (returned,)
