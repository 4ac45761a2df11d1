"""Guidance: the user guide, a page a room, opened by F1 wherever one stands."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from app.actions.desk import Desk
from app.ui.guide import Guide
from app.ui.link import Link
from app.ui.parts.boxes import fill
from app.ui.room import Room
from app.ui.window import Window
from app.words import gettext as _


class Guidance(Room):
    """Pages of `resources/help`, with a list of them at the left."""

    section = "guidance"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self.set_head(_("Guidance"))
        self.guide = Guide()
        fill(QVBoxLayout(self), self.guide)

    def enter(self, **arguments: object) -> None:
        """`page`: a room's page; the first steps without one."""
        page = arguments.get("page")
        self.guide.open(page if isinstance(page, str) else "")
