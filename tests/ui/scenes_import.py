"""The import of a commune's workbook, step by step, on the training commune's register."""

from __future__ import annotations

from pathlib import Path

from app.actions.importing.facts import Side
from app.ui.rooms.importing import CHOOSE, COLUMNS, REVIEW, Importing
from tests.ui.scenes import Stage

SAMPLE = Path(__file__).resolve().parent.parent / "sheets" / "samples" / "commune-list-a.xlsx"


def importing(stage: Stage) -> None:
    """Choose, columns, what asks, what was mended, what there is to know, an edit, written, the drafts."""
    room = stage.window.go("import")
    assert isinstance(room, Importing)
    stage.draw("import-choose")
    room.read(SAMPLE)
    stage.settle()
    if room.pages.currentIndex() != COLUMNS:
        room._show(COLUMNS)
    stage.draw("import-columns")
    room._show(REVIEW)
    page = room.page
    for name, key in (
        ("import-answer", f"{Side.ANSWER}:all"),
        ("import-mended", f"{Side.MENDED}:all"),
        ("import-repeated", f"{Side.ANSWER}:repeated"),
        ("import-new", f"{Side.KNOW}:new"),
    ):
        if any(entry.key == key for entry in page.kinds.entries):
            page.kinds._choose(key)
            page.lines.setFocus()
            stage.draw(name)
    page._choose(f"{Side.MENDED}:all")
    page.lines.act_wanted.emit(page.lines.current_id, "edit")
    stage.draw("import-edit")
    page.answering._close()
    page.lines.act_wanted.emit(page.lines.current_id, "accept")
    stage.settle()
    if stage.suffix:  # written once, in the last look
        room._start_over()
        stage.draw("import-draft")
        return
    room._go_on()
    stage.settle()
    stage.draw("import-written")
    room._start_over()
    stage.draw("import-past")
    assert room.pages.currentIndex() == CHOOSE
