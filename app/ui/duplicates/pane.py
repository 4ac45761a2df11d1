"""Duplicates: the list at the left, the chosen pair, batch or proposal at the right, what follows below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, QSignalBlocker
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.actions.desk import Desk
from app.domain.text import show_amount
from app.store.alike import Like
from app.store.merges import Merging
from app.store.twins import Twins
from app.ui.duplicates import wording
from app.ui.duplicates.batch import BatchPage
from app.ui.duplicates.found import Found, read_found, read_pair
from app.ui.duplicates.page import Page
from app.ui.duplicates.pair import PairPage
from app.ui.duplicates.waiting import JudgedPage, WaitingPage
from app.ui.link import Link
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, column, column_layout, fill, footer, label, row
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, scroll
from app.ui.parts.side_list import SideGroup, SideLine, SideList
from app.ui.theme import give, look
from app.ui.window import Window
from app.words import gettext as _

BATCH = "batch"
_LIST_WIDTH, _NARROW_LIST = 264, 190


class Duplicates(QFrame):
    """Who could be one person, one question at a time."""

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__()
        self._window, self._desk, self._link = window, desk, link
        self.found: Found | None = None
        self.page: Page | None = None
        self._key = ""
        self.notice, self.bar = NoticeSlot(), WorkBar()
        self.list = SideList()
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(self._begin)
        self.follows = label("", "second", wrap=True)
        self.shown, self._buttons = Holder(), Holder()
        self.foot = footer(self.follows, self._buttons)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._press)
        self._lay_out()
        link.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(column_layout(self.list, STRETCH))
        self._side: QScrollArea = scroll(inside)
        self.list.moved.connect(self._keep_in_sight)
        side = give(QFrame(), role="side")
        side.setFixedWidth(look().px(_LIST_WIDTH if look().factor < 1.5 else _NARROW_LIST))
        fill(QVBoxLayout(side), self._side)
        foot = self.foot.layout()
        assert isinstance(foot, QHBoxLayout)
        foot.setStretch(0, 1)
        body = column(self.notice, self.bar, self.shown, STRETCH, gap=12, margins=(20, 14))
        self._body = scroll(body)
        right = QVBoxLayout()
        fill(right, self._body, self.foot)
        right.setStretch(0, 1)
        layout = QHBoxLayout(self)
        fill(layout, side, right)
        layout.setStretch(1, 1)
        self._column = side
        self.foot.hide()

    def refresh(self) -> None:
        """Compare whoever was written since, and read again; a decision half made stays."""
        self._window.jobs.run(self, read_found, self._desk, title="duplicates", done=self._show, bar=self.bar)

    def _show(self, found: Found) -> None:
        self.found = found
        groups = _groups(found)
        with QSignalBlocker(self.list):  # what was just said of the last one stays
            self.list.set_groups(groups)
        self._column.setVisible(any(group.lines for group in groups))
        self._open(self.list.key)

    def _choose(self, key: str) -> None:
        self.notice.clear()
        self._open(key)

    def _open(self, key: str) -> None:
        found = self.found
        if found is None:
            return
        is_same, self._key = key == self._key, key
        like = next((each for each in found.pairs if each.pair == key), None)
        merging = next((each for each in found.waiting if each.opened.record == key), None)
        judged = next((each for each in found.judged if f"two:{each.opened.record}" == key), None)
        if like is not None:
            self._window.jobs.run(
                self, read_pair, self._desk, like, title="pair", done=lambda pair: self._show_pair(like, pair)
            )
        elif (
            is_same and isinstance(self.page, BatchPage) and list(self.page.found.batch) == list(found.batch)
        ):
            return
        elif key == BATCH:
            self._put(BatchPage(self._desk, found))
        elif merging is not None:
            self._put(WaitingPage(self._desk, found, merging))
        elif judged is not None:
            self._put(JudgedPage(self._desk, found, judged))
        else:
            self._put(None)

    def _show_pair(self, like: Like, pair: Twins | None) -> None:
        if self._key != like.pair or self.found is None:
            return
        if pair is None:
            self.refresh()
        elif not (isinstance(self.page, PairPage) and self.page.pair == pair):
            self._put(PairPage(self._desk, self.found, pair))

    def _put(self, page: Page | None) -> None:
        self.page = page
        self.foot.setVisible(page is not None)
        if page is None:
            why = _("Nobody in the register looks like somebody else.")
            more = _("Who could be one person entered twice comes here, after each import, save and sync.")
            self.shown.put(Empty(why, icon="tick", more=more))
            return
        page.changed.connect(self._say)
        page.later.connect(self._later)
        page.wanted.connect(self._write)
        self.shown.put(page)
        self._buttons.put(row(*page.buttons, gap=12))
        self._body.verticalScrollBar().setValue(0)
        self._say()

    def _say(self) -> None:
        self.follows.setText(self.page.follows() if self.page else "")

    def _begin(self) -> None:
        if self.page is not None:
            self.page.begin()

    def _press(self) -> None:
        primary = self.page.primary if self.page else None
        if primary is not None:
            primary.click()

    def _later(self) -> None:
        self.list.step(1)
        self.list.setFocus()

    def _write(self, act: Callable[..., str], work: tuple[Any, ...], said: str) -> None:
        for button in self.page.buttons if self.page else ():
            button.setEnabled(False)
        self._window.jobs.run(
            self,
            act,
            self._desk,
            *work,
            lane="write",
            title="duplicates",
            done=lambda _set: self._written(said),
            failed=self._not_written,
        )

    def _written(self, said: str) -> None:
        rest = _("It goes to the centre with the next sync, and from there to every laptop.")
        self.notice.say(said, rest, tone="ok", icon="tick")
        self._link.saved()  # and so everything is read again
        self.list.setFocus()

    def _not_written(self, error: Exception) -> None:
        self.notice.show_error(error)
        self._body.verticalScrollBar().setValue(0)
        self.page, self._key = None, ""
        self.refresh()

    def _keep_in_sight(self, line: QRect) -> None:
        self._side.ensureVisible(0, line.top(), 0, 0)
        self._side.ensureVisible(0, line.bottom(), 0, 0)


def _groups(found: Found) -> list[SideGroup]:
    at_once = [
        SideLine(
            BATCH,
            _("{count} pairs of two imports").format(count=show_amount(len(found.batch))),
            _("Equal in number, name and birth"),
            _("one proposal for all"),
        )
    ]
    pairs = [
        SideLine(like.pair, like.names[0] or like.names[1], wording.score_words(like.score), like.hamlet)
        for like in found.pairs
    ]
    waiting = [
        SideLine(
            each.opened.record,
            each.names[0][1] if len(each.names) == 1 else _count(each),
            _("To be parted") if each.is_unmerge else _("To be merged"),
            found.names.officer(each.by.author),
        )
        for each in found.waiting
    ]
    judged = [
        SideLine(
            f"two:{each.opened.record}",
            each.names[0],
            _("and {name}").format(name=each.names[1]),
            found.names.officer(each.by.author),
        )
        for each in found.judged
    ]
    return [
        SideGroup(_("All at once"), at_once if found.batch else [], len(found.batch)),
        SideGroup(_("Look at each"), pairs, len(pairs) + found.more),
        SideGroup(_("Wait for a second officer"), waiting),
        SideGroup(_("Said to be two"), judged),
    ]


def _count(merging: Merging) -> str:
    return _("{count} pairs").format(count=show_amount(len(merging.names)))
