"""Guidance: the user guide, a page a room, opened by F1 wherever one stands."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from app.actions.desk import Desk
from app.ui.guide import GuidePage, page_exists
from app.ui.link import Link
from app.ui.parts.boxes import STRETCH, fill
from app.ui.room import Room
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

_CONTENTS, _FIRST = "index", "bat-dau"


class Guidance(Room):
    """Pages of `resources/help`, with a list of them at the left."""

    section = "guidance"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self.set_head(_("Guidance"))
        self.contents, self.page = GuidePage(), GuidePage()
        self.contents.setFixedWidth(look().px(264))
        self.page.setMaximumWidth(look().px(820))
        self.contents.show_page(_CONTENTS)
        for shown in (self.contents, self.page):
            shown.chosen.connect(self._open)
        layout = QHBoxLayout(self)
        fill(layout, self.contents, self.page, STRETCH, gap=12, margins=20)
        layout.setStretch(1, 100)  # the page first, up to a width that is good to read

    def enter(self, **arguments: object) -> None:
        """`page`: a room's page; the first steps without one."""
        page = arguments.get("page")
        self._open(page if isinstance(page, str) and page_exists(page) else _FIRST)

    def _open(self, name: str) -> None:
        self.page.show_page(name)
        self.page.setFocus()
