"""Guidance: the user guide, a page a room, opened by F1 wherever one stands."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser

from app.actions.desk import Desk
from app.resources import resource
from app.ui.link import Link
from app.ui.parts.boxes import fill
from app.ui.room import Room
from app.ui.theme import give, look
from app.ui.window import Window
from app.words import gettext as _

_FIRST = "index"


class Guidance(Room):
    """Pages of `resources/help`, with a list of them at the left."""

    section = "guidance"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self.set_head(_("Guidance"))
        self.contents, self.page = _browser(), _browser()
        self.contents.setFixedWidth(look().px(264))
        self.contents.setSource(_address(_FIRST))
        for browser in (self.contents, self.page):
            browser.anchorClicked.connect(self._open)
        fill(QHBoxLayout(self), self.contents, self.page, gap=12, margins=20)

    def enter(self, **arguments: object) -> None:
        """`page`: a room's page; the first steps without one."""
        page = arguments.get("page")
        wanted = page if isinstance(page, str) and _exists(page) else "bat-dau"
        self._open(_address(wanted))

    def _open(self, address: QUrl) -> None:
        name = address.fileName().removesuffix(".md")
        if _exists(name):
            self.page.setSource(_address(name))
            self.page.setFocus()


def _browser() -> QTextBrowser:
    browser = QTextBrowser()
    browser.setOpenLinks(False)
    give(browser, role="card")
    browser.document().setDocumentMargin(look().px(16))
    browser.document().setDefaultFont(look().font("body"))
    return browser


def _exists(page: str) -> bool:
    return page.replace("-", "").isalnum() and resource(f"help/{page}.md").exists()


def _address(page: str) -> QUrl:
    return QUrl.fromLocalFile(str(resource(f"help/{page}.md")))
