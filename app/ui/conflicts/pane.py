"""Conflicts: what machines cannot decide; quiet until somebody has time for it."""

from __future__ import annotations

from functools import partial

from app.actions.desk import Desk
from app.store.contest import Contest, DecidedContest
from app.ui.conflicts import wording
from app.ui.conflicts.found import Asked, Found, read_found, read_rest
from app.ui.conflicts.pages import AskedPage, DecidedPage
from app.ui.link import Link
from app.ui.parts.panes import Empty
from app.ui.parts.queue_pane import Page, QueuePane
from app.ui.parts.side_list import SideGroup, SideLine
from app.ui.window import Window
from app.words import gettext as _


class Conflicts(QueuePane[Found]):
    """The one that waits longest first; what was decided this month below."""

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window.jobs, partial(read_found, desk=desk), _("Conflicts"))
        self._window, self._desk = window, desk
        self.written.connect(link.saved)
        link.changed.connect(self.refresh)

    def groups(self, found: Found) -> list[SideGroup]:
        waiting = [
            SideLine(
                each.contest.key,
                wording.name_words(each.contest),
                wording.subject_words(each.contest),
                _("since {moment}").format(moment=wording.day_words(each.contest.since)),
            )
            for each in found.asked
        ]
        decided = [
            SideLine(
                each.key,
                wording.name_words(each),
                wording.field_words(each.kind, each.field),
                f"{wording.day_words(each.by.at)} · {found.names.officer(each.by.author)}",
            )
            for each in found.decided
        ]
        return [SideGroup(_("To be decided"), waiting), SideGroup(_("Decided this month"), decided)]

    def key_of(self, found: Found, wanted: str) -> str:
        """The line of a conflict's id: several conflicts about one cell share a line."""
        return next((each.contest.key for each in found.asked if wanted in each.contest.conflicts), "")

    def open(self, found: Found, key: str) -> None:
        asked = next((each for each in found.asked if each.contest.key == key), None)
        done = next((each for each in found.decided if each.key == key), None)
        if asked is not None:
            self.show_page(asked, partial(self._asked, found, asked))
        elif done is not None:
            self.show_page(done, partial(self._decided, found, done))

    def _asked(self, found: Found, asked: Asked) -> Page:
        page = AskedPage(self._desk, found, asked, partial(self._open_file, asked.contest))
        self.jobs.run(page, read_rest, self._desk, asked.contest, title="rest", done=page.show_rest)
        return page

    def _decided(self, found: Found, done: DecidedContest) -> Page:
        return DecidedPage(self._desk, found, done, partial(self._open_file, done))

    def _open_file(self, about: Contest | DecidedContest) -> None:
        history = {"tab": "history"} if isinstance(about, DecidedContest) else {}
        self._window.go("person", person=about.person, **history)

    def empty(self) -> Empty:
        why = _("No conflicts: nobody wrote against anybody unseen.")
        more = _("When two laptops write one field apart, both values come here and people decide.")
        return Empty(why, icon="tick", more=more)
