"""Conflicts: the list at the left, the chosen one whole at the right, the decision pinned below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSignalBlocker, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.actions import conflicts
from app.actions.desk import Desk
from app.domain.progress import Progress
from app.domain.records import Value
from app.store.contest import Contest, DecidedContest
from app.ui.conflicts import wording
from app.ui.conflicts.deciding import Deciding
from app.ui.conflicts.found import Asked, Found, Rest, read_found, read_rest
from app.ui.conflicts.sides import sides
from app.ui.link import Link
from app.ui.moments import show_moment
from app.ui.notices import Notice, NoticeSlot
from app.ui.parts.boxes import STRETCH, column, column_layout, fill, footer, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, Facts, scroll
from app.ui.parts.side_list import SideGroup, SideLine, SideList
from app.ui.theme import give, look
from app.ui.values import show_value
from app.ui.window import Window
from app.words import gettext as _

_LIST_WIDTH, _NARROW_LIST = 248, 180  # large text leaves the comparison what it needs


class Conflicts(QFrame):
    """What machines cannot decide; quiet until somebody has time for it."""

    counted = Signal(int)

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__()
        self._window, self._desk, self._link = window, desk, link
        self.found: Found | None = None
        self.asked: Asked | None = None
        self.deciding: Deciding | None = None
        self._wanted = ""
        self.notice = NoticeSlot()
        self.queue = SideList()
        self.queue.chosen.connect(self._choose)
        self.queue.opened.connect(lambda _key: self._to_decision())
        self.page, self.subject = Holder(), Holder()
        self.follows = label("", "second", wrap=True)
        self.later = Button(_("Later"), on=self._later)
        self.decide_button = Button(
            _("Decide and sign"), "primary", icon="key", key="Ctrl Enter", on=self._decide
        )
        # A shortcut of the button's own would go with its words: `setText` takes it away.
        QShortcut(QKeySequence("Ctrl+Return"), self, self.decide_button.click)
        self.foot = footer(self.follows, self.later, self.decide_button)
        foot = self.foot.layout()
        assert isinstance(foot, QHBoxLayout)
        foot.setStretch(0, 1)
        self._lay_out()
        link.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        list_ = QWidget()
        list_.setLayout(column_layout(self.queue, STRETCH))
        self._side: QScrollArea = scroll(list_)
        self.queue.moved.connect(self._keep_in_sight)
        side = give(QFrame(), role="side")
        side.setFixedWidth(look().px(_LIST_WIDTH if look().factor < 1.5 else _NARROW_LIST))
        fill(QVBoxLayout(side), self._side)
        self._body = scroll(column(self.notice, self.subject, self.page, STRETCH, gap=12, margins=(20, 14)))
        right = QVBoxLayout()
        fill(right, self._body, self.foot)
        right.setStretch(0, 1)
        layout = QHBoxLayout(self)
        fill(layout, side, right)
        layout.setStretch(1, 1)
        self._list = side
        self.foot.hide()

    def want(self, conflict: str) -> None:
        """Open this one with the next look."""
        self._wanted = conflict

    def refresh(self) -> None:
        """Read again; a decision half made stays while its conflict is the same."""
        self._window.jobs.run(self, read_found, self._desk, title="conflicts", done=self._show)

    def _show(self, found: Found) -> None:
        self.found = found
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
        self.queue.set_groups(
            [SideGroup(_("To be decided"), waiting), SideGroup(_("Decided this month"), decided)]
        )
        self._list.setVisible(bool(waiting or decided))
        self.counted.emit(len(waiting))
        wanted, self._wanted = self._wanted, ""
        keys = (each.contest.key for each in found.asked if wanted in each.contest.conflicts)
        with QSignalBlocker(self.queue):  # what was just said of the last one stays
            self.queue.choose(next(keys, ""))
        self._open(self.queue.key)

    def _choose(self, key: str) -> None:
        self.notice.clear()
        self._open(key)

    def _open(self, key: str) -> None:
        found = self.found
        if found is None:
            return
        asked = next((each for each in found.asked if each.contest.key == key), None)
        if asked is not None and asked == self.asked:
            return
        self.asked, self.deciding = asked, None
        self.foot.setVisible(asked is not None)
        done = next((each for each in found.decided if each.key == key), None)
        if asked is not None:
            self._open_asked(found, asked)
        elif done is not None:
            self._open_decided(found, done)
        else:
            self.subject.put(None)
            why = _("No conflicts: nobody wrote against anybody unseen.")
            more = _("When two laptops write one field apart, both values come here and people decide.")
            self.page.put(Empty(why, icon="tick", more=more))

    def _open_asked(self, found: Found, asked: Asked) -> None:
        self._head(f"{wording.name_words(asked.contest)} · {wording.subject_words(asked.contest)}", "", "")
        parts: list[QWidget] = [sides(self._desk, found, asked.contest), _told(asked)]
        if asked.is_entitled:
            self.deciding = Deciding(self._desk, found, asked)
            self.deciding.changed.connect(self._say_consequence)
            parts.append(self.deciding)
        self.decide_button.setVisible(asked.is_entitled)
        word = _("Propose and sign") if asked.authority.second else _("Decide and sign")
        self.decide_button.setText(word)
        self.page.put(column(*parts, gap=12))
        self._body.verticalScrollBar().setValue(0)
        self._say_consequence()
        self._window.jobs.run(
            self,
            read_rest,
            self._desk,
            asked.contest,
            title="rest",
            done=lambda rest: self._show_rest(asked, rest),
        )

    def _show_rest(self, asked: Asked, rest: Rest) -> None:
        if self.asked is asked:
            title = f"{wording.name_words(asked.contest)} · {wording.subject_words(asked.contest)}"
            today = self._desk.clock.today()
            first, second = wording.rest_words(rest, today, self._desk.reference)
            self._head(title, wording.joined_words(rest, asked.contest) + first, second)

    def _head(self, title: str, first: str, second: str) -> None:
        lines = [label(words, "second", wrap=True) for words in (first, second) if words]
        words = column(label(title, "pane", wrap=True), *lines)
        person = self.asked.contest.person if self.asked else ""
        ways = (
            [Button(_("Open the file"), on=lambda: self._window.go("person", person=person))]
            if person
            else []
        )
        head = row(words, *(column(way, STRETCH) for way in ways), gap=12)
        inside = head.layout()
        assert isinstance(inside, QHBoxLayout)
        inside.setStretch(0, 1)
        self.subject.put(head)

    def _open_decided(self, found: Found, done: DecidedContest) -> None:
        title = f"{wording.name_words(done)} · {wording.field_words(done.kind, done.field)}"
        way = Button(
            _("Open the file"), on=lambda: self._window.go("person", person=done.person, tab="history")
        )
        self.subject.put(row(label(title, "pane", wrap=True), STRETCH, *([way] if done.person else [])))
        facts = Facts(
            [
                (_("In force"), show_value(done.kind, done.field, done.value, self._desk.reference)),
                (_("Decided by"), found.names.by(done.by)),
                (_("When"), show_moment(done.by.at)),
                (_("Why"), f"“{done.by.reason}”"),
            ],
            label_width=120,
        )
        self.page.put(
            column(row(Chip(_("Decided"), "tick", "ok"), STRETCH), facts, gap=10, margins=16, role="card")
        )

    def _say_consequence(self) -> None:
        if self.deciding is None:
            self.follows.setText(_("Both sides are kept until somebody decides."))
            return
        self.follows.setText(self.deciding.consequence())
        if self.deciding.values() is None or not self.deciding.reason.control.value():
            self.decide_button.forbid(_("Choose a side and say why."))
        else:
            self.decide_button.allow()

    def _to_decision(self) -> None:
        if self.deciding is not None:
            self.deciding.choice.setFocus()

    def _later(self) -> None:
        self.queue.step(1)
        self.queue.setFocus()

    def _decide(self) -> None:
        deciding = self.deciding
        values = deciding.values() if deciding is not None else None
        if deciding is None or values is None:
            return
        self.decide_button.busy(_("Signing…"))
        self._window.jobs.run(
            self,
            _write,
            self._desk,
            deciding.asked.contest,
            values,
            deciding.reason.control.value(),
            lane="write",
            title="decide",
            done=lambda _set: self._decided(deciding.asked),
            failed=self._not_decided,
        )

    def _decided(self, asked: Asked) -> None:
        self.decide_button.ready()
        name = f"{wording.name_words(asked.contest)} · {wording.subject_words(asked.contest)}"
        rest = _("It goes to the centre with the next sync, and from there to every laptop.")
        if asked.authority.second:
            rest = _("It waits for a second officer; until then what is used now stays.")
        self.notice.say(_("Decided: {what}.").format(what=name), rest, tone="ok", icon="tick")
        self.want(self._next_after(asked))
        self._link.saved()
        self.queue.setFocus()

    def _next_after(self, asked: Asked) -> str:
        """The question that comes after this one, or the first that is left."""
        keys = [each.contest.key for each in self.found.asked] if self.found else []
        at = keys.index(asked.contest.key) if asked.contest.key in keys else -1
        return next(iter([*keys[at + 1 :], *keys[: max(at, 0)]]), "")

    def _not_decided(self, error: Exception) -> None:
        self.decide_button.ready()
        self.notice.show_error(error)
        self._body.verticalScrollBar().setValue(0)
        self.refresh()

    def _keep_in_sight(self, line: QRect) -> None:
        self._side.ensureVisible(0, line.top(), 0, 0)
        self._side.ensureVisible(0, line.bottom(), 0, 0)


def _write(_progress: Progress, desk: Desk, contest: Contest, values: Sequence[Value], reason: str) -> str:
    return conflicts.decide(desk, contest, values, reason)


def _told(asked: Asked) -> Notice:
    """Nobody saw the other's; whose word counts; who may decide."""
    rest = " ".join((wording.authority_words(asked), wording.entitled_words(asked)))
    happened = _("What came later was written without having seen what is used now.")
    return Notice(happened, rest, tone="info" if asked.is_entitled else "warn")
