"""What came back, seen in a real window and written again from there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.actions.desk import save
from app.actions.people import add_person
from app.domain.changes import Edit
from app.ui.link import Link
from app.ui.parts.panes import Empty
from app.ui.room import Room
from app.ui.rooms.returned import ReturnedRoom
from app.ui.window import Window
from tests.offices import Commune, change, value

WAIT_MS = 20_000


class Elsewhere(Room):
    """Where the way to a file leads."""


def test_told_with_the_reason_written_again_and_then_at_peace(
    office: Commune, make_window: Callable[[], Window], qtbot: QtBot
) -> None:
    first, second = office.desks
    lan = add_person(first, {"name": "Lò Thị Lan", "note": "a"}, "add")
    office.sync(first, second)
    change(first, lan, note="ours")
    change(second, lan, note="theirs")
    save(first, "x", [Edit("person", lan, "receiving_account", "a" * 32)])
    office.sync(first, second, first)

    window = make_window()
    link = Link(window, first)
    window.furnish(
        {"returned": lambda w: ReturnedRoom(w, first, link), "sync": Elsewhere, "person": Elsewhere}
    )
    window.show()
    room = window.go("returned")
    assert isinstance(room, ReturnedRoom)

    def settle() -> None:
        qtbot.wait(150)
        qtbot.waitUntil(lambda: window.jobs.is_idle, timeout=WAIT_MS)

    def press(words: str) -> None:
        foot = room.foot.held
        assert foot is not None
        next(b for b in foot.findChildren(QPushButton) if words in b.text()).click()
        settle()

    settle()
    lost, refused = room.lines.values()
    assert (lost.name, lost.value, lost.mark.words) == ("Lò Thị Lan", "ours", "theirs")
    assert "theirs" in lost.whole
    assert refused.mark.words == "Cần người thứ hai duyệt"
    assert "đề nghị tài khoản" in refused.next_step
    press("Ghi lại")
    assert value(first, lan, "note") == "ours"
    assert [line.field for line in room.lines.values()] == [refused.field]
    press("Đã xem")
    assert room.lines == {}
    assert room.empty.findChildren(Empty)
    link.end()
