"""A full disk when an officer saves: she is told so, and what she typed stays until there is room."""

from __future__ import annotations

from app.actions.desk import Desk
from app.ui.window import Window
from tests.faults.failing_disk import failing
from tests.ui.person.room import Settle, change, open_file, values, write


def test_what_was_typed_outlives_a_full_disk(window: Window, desk: Desk, panh: str, settle: Settle) -> None:
    editing = change(open_file(window, settle, panh))
    write(editing, "note", "đã đến nhà")
    with failing("full", 1):
        editing.submit()
        settle()
        assert "đầy" in editing.notice.text
        assert "note" not in values(desk, panh)
    box = editing.form.fields["note"].control
    assert box.text() == "đã đến nhà"
    assert editing.save.isEnabled()
    editing.submit()
    settle()
    assert values(desk, panh)["note"] == "đã đến nhà"
