"""A form looked over: nothing chosen yet, places to mend, advice, packed."""

from __future__ import annotations

from collections.abc import Callable

from app.resources import resource
from app.ui.rooms.form_check import FormCheckRoom
from tests.survey.sheets import xlsform
from tests.ui.scenes import Stage

ASKED = [
    ("integer", "con", "Bao nhiêu con"),
    ("calculate", "tong", "", "", "", "", "${con} + 1"),
    ("integer", "thu_nhap", "Thu nhập bình quân một tháng"),
    ("integer", "tuoi", "Tuổi", "", ". > 0"),
]


def form_check(stage: Stage) -> None:
    """As its author comes to it, and as she leaves."""
    room = stage.window.go("form-check")
    assert isinstance(room, FormCheckRoom)
    stage.draw("form-check")
    file = stage.home / "khao-sat.xlsx"
    for name, content in (
        ("mend", xlsform(ASKED, score=[("con", "tong?"), (1, 2), (3, 9)])),
        ("advice", xlsform(ASKED)),
        ("sound", resource("surveys/account_wish.xlsx").read_bytes()),
    ):
        file.write_bytes(content)
        room.check(file)
        stage.settle()
        stage.draw(f"form-check-{name}")
    room.pack_to(stage.home / "account_wish.bieumau")
    stage.settle()
    stage.draw("form-check-packed")


SCENES: tuple[Callable[[Stage], None], ...] = (form_check,)
