"""What came back, seen in a real window and written again from there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app import words
from app.actions.desk import Desk, save
from app.actions.people import add_person
from app.domain.changes import Atom, Edit
from app.domain.records import Type
from app.domain.roles import DECIDER, ORIGINATED, PLACE, ROLE
from app.store.disputes import Hand
from app.store.pointed import Pointed
from app.store.returned import Returned
from app.ui.link import Link
from app.ui.parts.panes import Empty
from app.ui.person.file import known_names
from app.ui.returned import line_of_returned
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
    account = {"person": lan, "kind": "bank", "provider": "970405", "number": "3601205044471"}
    made = [Edit("account", "a" * 32, field, new) for field, new in account.items()]
    save(first, "x", [Atom((*made, Edit("person", lan, "receiving_account", "a" * 32)))])
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
    assert "4471" in refused.whole  # what it would have put in force, though the register never had it
    assert refused.mark.words == "Cần người thứ hai duyệt"
    assert "đề nghị tài khoản" in refused.next_step
    press("Ghi lại")
    assert value(first, lan, "note") == "ours"
    assert [line.field for line in room.lines.values()] == [refused.field]
    press("Đã xem")
    assert room.lines == {}
    assert room.empty.findChildren(Empty)
    link.end()


REFUSED = ("standing", "approval", "conflict", "undecided", "once", ROLE, PLACE, DECIDER, ORIGINATED)
FAULTS = ("unknown_field", "cell_twice", *(f"not_{type_}" for type_ in Type))
NOT_TAKEN = ("gap", "clone", "standing", "stranger", "signature", "form")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_reason_says_whom_what_why_and_what_next(desk: Desk, language: str) -> None:
    words.speak(language)
    names = known_names(desk, None)
    atoms = (Atom((Edit("person", "a" * 32, "note", "bedridden"),)),)
    cases = [(why, True) for why in (*REFUSED, *FAULTS)] + [(why, False) for why in NOT_TAKEN]
    for why, taken in cases:
        by = Hand("0" * 64, desk.officer.id, desk.device_key.id, desk.clock.now(), "correction")
        came = Returned("0" * 64, 7, by, why, taken, atoms, "a" * 32, ("Lò Thị Lan",))
        line = line_of_returned(came, names, Pointed(), desk.reference, desk.officer.id)
        assert (line.name, line.value) == ("Lò Thị Lan", "bedridden")
        for said in (line.field, line.mark.words, line.next_step):
            assert said
            assert "." not in said.rstrip(".").split(" ")[0], (why, said)  # a key, not a sentence
        for part in (line.name, line.field, line.value, line.mark.words):
            assert part in line.whole
        if taken and why in ("standing", ROLE, PLACE, ORIGINATED):
            other = line_of_returned(came, names, Pointed(), desk.reference, "somebody else")
            assert other.next_step != line.next_step  # she may adopt it, its author may not
