"""Duplicates: pairs, the batch of two imports, what waits for a second officer, who was said to be two."""

from __future__ import annotations

from functools import partial

from app.actions.desk import Desk
from app.store.alike import Like
from app.store.merges import Merging
from app.store.twins import Twins
from app.ui.duplicates import wording
from app.ui.duplicates.batch import BatchPage
from app.ui.duplicates.found import Found, read_found, read_pair
from app.ui.duplicates.pair import PairPage
from app.ui.duplicates.waiting import JudgedPage, WaitingPage
from app.ui.link import Link
from app.ui.parts.panes import Empty
from app.ui.parts.queue_pane import QueuePane
from app.ui.parts.side_list import SideGroup, SideLine
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

BATCH = "batch"


class Duplicates(QueuePane[Found]):
    """Who could be one person, one question at a time; looking compares whoever was written since."""

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window.jobs, partial(read_found, desk=desk), _("Duplicates"))
        self._desk = desk
        self.written.connect(link.saved)
        link.changed.connect(self.refresh)

    def groups(self, found: Found) -> list[SideGroup]:
        return _groups(found)

    def open(self, found: Found, key: str) -> None:
        desk = self._desk
        like = next((each for each in found.pairs if each.pair == key), None)
        merging = next((each for each in found.waiting if each.opened.record == key), None)
        judged = next((each for each in found.judged if f"two:{each.opened.record}" == key), None)
        if like is not None:
            self.jobs.run(self, read_pair, desk, like, title="pair", done=partial(self._show_pair, like))
        elif key == BATCH:
            self.show_page(list(found.batch), lambda: BatchPage(desk, found))
        elif merging is not None:
            self.show_page(merging, lambda: WaitingPage(desk, found, merging))
        elif judged is not None:
            self.show_page(judged, lambda: JudgedPage(desk, found, judged))

    def _show_pair(self, like: Like, pair: Twins | None) -> None:
        found = self.found
        if self.list.key != like.pair or found is None:
            return
        if pair is None:
            self.refresh()
        else:
            self.show_page(pair, lambda: PairPage(self._desk, found, pair))

    def empty(self) -> Empty:
        why = _("Nobody in the register looks like somebody else.")
        more = _("Who could be one person entered twice comes here, after each import, save and sync.")
        return Empty(why, icon="tick", more=more)


def _groups(found: Found) -> list[SideGroup]:
    at_once = [
        SideLine(
            BATCH,
            counted("{count} pair of two imports", "{count} pairs of two imports", len(found.batch)),
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
    return counted("{count} pair", "{count} pairs", len(merging.names))
