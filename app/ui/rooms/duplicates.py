"""People who could be one: compared side by side, proposed to be merged, or said to be two."""

from __future__ import annotations

from app.actions.desk import Desk
from app.ui.duplicates.pane import Duplicates
from app.ui.link import Link
from app.ui.parts.boxes import column_layout
from app.ui.room import Room
from app.ui.window import Window
from app.words import gettext as _


class DuplicatesRoom(Room):
    """The likeliest pair first; what waits and what was judged below."""

    section = "today"
    help_page = "trung"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self.set_head(_("Duplicates"), back="today")
        self.duplicates = Duplicates(window, desk, link)
        self.setLayout(column_layout(self.duplicates))

    def enter(self, **_arguments: object) -> None:
        self.duplicates.refresh()
        self.duplicates.list.setFocus()
