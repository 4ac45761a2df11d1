"""Today: what is waiting for me, how many, one key to do it; how far each hamlet is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.actions import officers
from app.actions.desk import Desk, apart
from app.domain.progress import Progress
from app.domain.text import show_amount
from app.store import queries
from app.store.queries import HamletProgress
from app.ui.charts import HamletBars, Progressed
from app.ui.link import Link
from app.ui.moments import show_moment, show_weekday
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, column, column_layout, fill, label, row, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.legend import Legend
from app.ui.parts.panes import Empty, scroll
from app.ui.parts.queues import Queue, Queues
from app.ui.room import Room
from app.ui.theme import Tone, look
from app.ui.window import Window
from app.words import counted, ngettext
from app.words import gettext as _


@dataclass(frozen=True)
class Waiting:
    """What the room shows, read in one view of the register."""

    counts: queries.Today
    hamlets: Sequence[HamletProgress]


def look_up(_progress: Progress, desk: Desk) -> Waiting:
    """Read it."""
    with desk.vault.read() as connection:
        return Waiting(queries.today(connection, desk.officer.id), queries.progress(connection))


def _jumped(_progress: Progress, desk: Desk) -> int:
    return apart(desk).jumped


@dataclass(frozen=True)
class _Way:
    """Where a queue leads."""

    room: str
    arguments: Mapping[str, object] = field(default_factory=dict)


class Today(Room):
    """The one place to start."""

    section = "today"
    help_page = "hom-nay"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk = desk
        self._ways: dict[str, _Way] = {}
        self.set_head(_("Today"), show_weekday(desk.clock.now()), has_search=True)
        self.notice = NoticeSlot()
        self.queues = Queues()
        self.queues.opened.connect(self._go)
        self.bars = HamletBars()
        self.bars.opened.connect(lambda hamlet: self.shell.go("people", hamlet=hamlet))
        self.share = label("", "sum")
        self.share_words = label("", "second", wrap=True)
        self.finished = label("", "caption", wrap=True)
        self.empty = Holder()
        keys = label(_("↑ ↓ choose · Enter does it"), "caption")
        head = row(label(_("Waiting for you"), "card"), STRETCH, keys)
        self.nothing = Empty(_("Nothing waits for you."), icon="tick")
        self.nothing.hide()
        self.work = column(column(head, margins=(16, 10)), self.nothing, scroll(self.queues), role="card")
        self.progress_card = self._progress_card()
        body = QHBoxLayout()
        fill(body, self.work, self.progress_card, gap=12)
        body.setStretch(0, 2 if look().factor < 1.5 else 3)
        body.setStretch(1, 1)
        layout = column_layout(self.notice, self.empty, body, gap=12, margins=20)
        layout.setStretch(2, 1)
        layout.addStretch(0)
        self.setLayout(layout)
        link.changed.connect(self.refresh)

    def _progress_card(self) -> QFrame:
        legend = [
            ("bar", _("Approved or cash")),
            ("bar2", _("Waits for approval")),
            ("track", _("None yet")),
        ]
        share = row_layout(self.share, self.share_words, gap=8)
        share.setStretch(1, 1)
        body = column(
            row(label(_("Accounts by hamlet"), "card"), STRETCH, margins=(0, 10)),
            share,
            8,
            *([Legend(legend)] if look().factor < 1.5 else [Legend(legend[:2]), Legend(legend[2:])]),
            8,
            scroll(column(self.bars, margins=(0, 0, 6, 0))),
            self.finished,
            margins=(16, 0, 16, 12),
            role="card",
        )
        body.setMinimumWidth(look().px(340 if look().factor < 1.5 else 290))  # what waits is read first
        return body

    def enter(self, **arguments: object) -> None:
        """`last_here` (UTC), `wrong_tries` and `put_back` come once, from unlocking."""
        last, wrong = arguments.get("last_here"), arguments.get("wrong_tries")
        if isinstance(last, str) and last:
            moment = datetime.fromisoformat(last)
            rest = ""
            if isinstance(wrong, int) and wrong:
                rest = counted(
                    "{count} wrong password since then.", "{count} wrong passwords since then.", wrong
                )
            words = _("You were last here {moment}.").format(moment=show_moment(moment))
            self.notice.say(words, rest, tone="warn" if wrong else "info")
            if not arguments.get("put_back"):
                tell = partial(self._say_new_keys, f"{words} {rest}".strip())
                self.shell.jobs.run(self, officers.newly_keyed, self._desk, last, title="keys", done=tell)
        if arguments.get("put_back"):  # more than when she was here
            self.notice.say(_("verify.put_back"), _("verify.put_back.todo"), tone="bad")
        elif "last_here" in arguments:
            self.shell.jobs.run(self, _jumped, self._desk, title="clock", done=self._say_jumped)
        self.refresh()
        self.queues.setFocus()

    def _say_jumped(self, seconds: int) -> None:
        if seconds:
            said = _("The calendar of this machine jumped; it was not believed. Set its date and time right.")
            self.notice.say(said, tone="warn", icon="clock")

    def _say_new_keys(self, words: str, names: Sequence[str]) -> None:
        """Somebody's key was replaced: whoever works with her should know that it was she who asked."""
        if names:
            said = _("New signing key, certified by the centre: {names}. Was it they who asked for it?")
            self.notice.say(words, said.replace("{names}", ", ".join(names)), tone="warn", icon="key")

    def leave(self) -> None:
        self.notice.clear()

    def refresh(self) -> None:
        """Read again."""
        self.shell.jobs.run(self, look_up, self._desk, title="today", done=self._show)

    def _show(self, found: Waiting) -> None:
        people = sum(hamlet.people for hamlet in found.hamlets)
        self._show_empty(people == 0)
        self._show_queues(found.counts)
        self._show_progress(found.hamlets, people)

    def _show_empty(self, is_empty: bool) -> None:
        self.work.setVisible(not is_empty)
        self.progress_card.setVisible(not is_empty)
        if is_empty and self.empty.held is None:
            self.empty.put(column(self._begin(), role="card"))
        elif not is_empty:
            self.empty.put(None)

    def _begin(self) -> Empty:
        if not self.shell.offers("import"):  # a surveyor's: the people of her hamlets come by sync
            join = Button(_("Sync and handover"), "primary", icon="sync", on=lambda: self.shell.go("sync"))
            more = _("The people of your hamlets come with the next sync or stick.")
            return Empty(_("Nobody of your hamlets is here yet."), join, more=more)
        return Empty(
            _("The register is empty."),
            Button(_("Import a workbook"), "primary", icon="table", on=lambda: self.shell.go("import")),
            Button(_("Add a person"), icon="plus", on=lambda: self.shell.go("person", add=True)),
            Button(_("Join the centre"), icon="link", on=lambda: self.shell.go("sync")),
            more=_("Bring in your Excel list, add people one by one, or fetch the commune's register."),
        )

    def _show_queues(self, counts: queries.Today) -> None:
        offered = [queue for queue in _queues(counts) if self.shell.offers(queue[2].room)]
        self._ways = {queue.key: way for _count, queue, way in offered}
        waiting = [(count, queue) for count, queue, _way in offered if count]
        self.queues.set_queues(waiting)
        self.nothing.setVisible(not waiting)

    def _show_progress(self, hamlets: Sequence[HamletProgress], people: int) -> None:
        done = sum(hamlet.people - hamlet.left for hamlet in hamlets)
        self.share.setText(f"{100 * done // people if people else 0} %")
        words = ngettext(
            "{done} of {people} person has a way to be paid",
            "{done} of {people} people have a way to be paid",
            people,
        )
        self.share_words.setText(words.format(done=show_amount(done), people=show_amount(people)))
        open_ones = [hamlet for hamlet in hamlets if hamlet.left]
        self.bars.set_rows(
            [
                Progressed(
                    hamlet.hamlet or _("no hamlet"),
                    hamlet.in_force + hamlet.cash,
                    hamlet.people,
                    hamlet.proposed,
                    hamlet.hamlet,
                )
                for hamlet in open_ones
            ]
        )
        finished = len(hamlets) - len(open_ones)
        self.finished.setVisible(finished > 0)
        self.finished.setText(
            counted("✓ {count} hamlet is complete", "✓ {count} hamlets are complete", finished)
        )

    def _go(self, key: str) -> None:
        way = self._ways[key]
        self.shell.go(way.room, **way.arguments)


def _duplicates(counts: queries.Today) -> Queue:
    note = _("Pairs that could be one person entered twice")
    tone: Tone = "warn" if counts.duplicates else "neutral"
    return Queue("duplicates", "merge", tone, _("Duplicates"), note, _("Compare"))


def _without() -> Queue:
    note = _("Neither an account nor a wish for cash")
    return Queue("without", "bank", "neutral", _("No account yet"), note, _("Open the drive"))


def _surveys() -> Queue:
    note = _("Households and people to be asked, and forms left half way")
    return Queue("surveys", "clipboard", "neutral", _("Surveys given to you"), note, _("Who is left"))


def _queues(counts: queries.Today) -> list[tuple[int, Queue, _Way]]:
    """Every queue there may be, the most pressing first."""
    conflicts = Queue(
        "conflicts",
        "fork",
        "bad",
        _("Conflicts"),
        _("Two laptops wrote one field unseen"),
        _("Decide"),
    )
    came_back = Queue(
        "returned",
        "replaced",
        "warn" if counts.refused else "neutral",
        _("Came back"),
        _("Values that gave way to another, or that the centre refused"),
        _("See why"),
    )
    proposals = Queue(
        "proposals",
        "shield",
        "warn",
        _("Wait for a second officer"),
        _("Accounts, merges, money, surveys; none is in force before approval"),
        _("Look through"),
    )
    imports = Queue(
        "imports",
        "table",
        "warn",
        _("Imports to finish"),
        _("Rows of a workbook that still ask something"),
        _("Answer"),
    )
    return [
        (counts.conflicts, conflicts, _Way("conflicts")),
        (counts.overwritten + counts.refused, came_back, _Way("returned")),
        (counts.duplicates, _duplicates(counts), _Way("duplicates")),
        (counts.waiting, proposals, _Way("approvals")),
        (counts.imports, imports, _Way("import")),
        (counts.surveys, _surveys(), _Way("surveys", {"tab": "todo"})),
        (counts.without_account, _without(), _Way("drive")),
    ]
