"""The conflicts of the commune, one at a time: both sides, whose word counts, a decision with its reason."""

from __future__ import annotations

from app.actions.desk import Desk
from app.ui.conflicts.pane import Conflicts
from app.ui.link import Link
from app.ui.parts.boxes import column_layout
from app.ui.room import Room
from app.ui.window import Window
from app.words import gettext as _


class ConflictsRoom(Room):
    """`enter(conflict=<id>)` opens one; without, the one that waits longest."""

    section = "sync"
    help_page = "xung-dot"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self.set_head(_("Conflicts"), back="sync")
        self.conflicts = Conflicts(window, desk, link)
        self.setLayout(column_layout(self.conflicts))

    def enter(self, **arguments: object) -> None:
        """`conflict`: the id of one to open."""
        wanted = arguments.get("conflict")
        if isinstance(wanted, str):
            self.conflicts.want(wanted)
        self.conflicts.refresh()
        self.conflicts.list.setFocus()
