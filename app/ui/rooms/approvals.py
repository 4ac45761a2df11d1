"""What waits for a second pair of eyes: seen whole, approved with the password again, or refused."""

from __future__ import annotations

from app.actions.desk import Desk
from app.ui.approvals.pane import Approvals
from app.ui.link import Link
from app.ui.parts.boxes import column_layout
from app.ui.room import Room
from app.ui.window import Window
from app.words import gettext as _


class ApprovalsRoom(Room):
    """`enter(proposal=<id>)` opens one; without, the one that waits longest."""

    help_page = "duyet"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self.set_head(_("To approve"))
        self.approvals = Approvals(window, desk, link)
        self.setLayout(column_layout(self.approvals))

    def enter(self, **arguments: object) -> None:
        """`proposal`: the id of one to open."""
        wanted = arguments.get("proposal")
        if isinstance(wanted, str):
            self.approvals.want(wanted)
        self.approvals.refresh()
        self.approvals.list.setFocus()
