"""A queue: its questions in a list at the left, the chosen one's page at the right, what follows in the foot.

    class Conflicts(QueuePane[Found]):
        def groups(self, found): return [SideGroup(_("To be decided"), [SideLine(…)])]
        def open(self, found, key): self.show_page(asked, lambda: AskedPage(desk, found, asked))
        def empty(self): return Empty(_("No conflicts"))

Up and Down choose, Enter goes into the page, Escape back to the list, Ctrl+Enter presses the page's
primary button. What a room reads and what a page wants written goes through the jobs; a page begun
on something stays as it is for as long as that has not moved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.domain.progress import Progress
from app.ui.jobs import Jobs
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, column, column_layout, footer, label, row, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, scroll
from app.ui.parts.side_list import SideGroup, SideList
from app.ui.theme import give, look
from app.words import gettext as _

Found = TypeVar("Found")
_WIDE, _NARROW = 256, 212  # large text leaves the page what it needs


class Page(QFrame):
    """The page of one question. `wanted` asks for a write: function, arguments, what to say when done."""

    changed = Signal()
    later = Signal()
    wanted = Signal(object, tuple, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.subject: object = None
        self.buttons: Sequence[Button] = ()

    @property
    def primary(self) -> Button | None:
        """What Ctrl Enter presses."""
        return self.buttons[-1] if self.buttons else None

    def follows(self) -> str:
        """What will follow, in one line."""
        return ""

    def begin(self) -> None:
        """Put the cursor where the work begins."""

    def weigh(self) -> None:
        """Say anew which buttons may be pressed, and what will follow."""
        self.changed.emit()

    def ask(self, act: Callable[..., object], *work: object, said: str, rest: str = "") -> None:
        """Ask for a write; `rest` is what becomes of it, where that is not what becomes of every save."""
        self.wanted.emit(act, work, said, rest)

    @staticmethod
    def allow(reason: str, *buttons: Button) -> None:
        """Let these be pressed once a reason is given."""
        for button in buttons:
            if reason:
                button.allow()
            else:
                button.forbid(_("Say why first."))


def headed(words: QWidget, person: str, open_file: Callable[[], object]) -> QFrame:
    """The words of a page's head, and the way to her file where it is about somebody."""
    ways = [column(Button(_("Open the file"), on=open_file), STRETCH)] if person else []
    return row(words, *ways, gap=12, grows=0)


class QueuePane(QFrame, Generic[Found]):
    """One question at a time. `read(progress)` brings everything shown; `written` when a page changed it.

    `title`: the words beside the bar while reading takes long.
    """

    written = Signal()

    def __init__(self, jobs: Jobs, read: Callable[[Progress], Found], title: str) -> None:
        super().__init__()
        self.jobs = jobs
        self._read, self._title = read, title
        self.found: Found | None = None
        self.page: Page | None = None
        self._wanted = ""
        self.notice, self.bar = NoticeSlot(), WorkBar()
        self.list = SideList()
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(lambda _key: self._begin())
        self.list.moved.connect(self._keep_in_sight)
        self.tools, self.beneath = Holder(), Holder()  # above the list and below it
        self.follows = label("", "second", wrap=True)
        self.shown, self._buttons = Holder(), Holder()
        self.foot = footer(self.follows, self._buttons, grows=0)
        # Shortcuts of the pane, not of a button: a button's own goes with its words.
        QShortcut(QKeySequence("Ctrl+Return"), self, self._press)
        back = QShortcut(QKeySequence("Esc"), self, self.list.setFocus)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._lay_out()

    def groups(self, found: Found) -> Sequence[SideGroup]:
        """The list."""
        raise NotImplementedError

    def open(self, found: Found, key: str) -> None:
        """Show the page of a line, through `show_page`."""
        raise NotImplementedError

    def empty(self) -> Empty:
        """What stands there while nothing does."""
        raise NotImplementedError

    def key_of(self, _found: Found, wanted: str) -> str:
        """The line of what was wanted; its own key, unless a room is asked in other terms."""
        return wanted

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(column_layout(self.list, STRETCH))
        self._side: QScrollArea = scroll(inside)
        self.side = give(QFrame(), role="side")
        self.side.setFixedWidth(look().px(_WIDE if look().factor < 1.5 else _NARROW))
        self.side.setLayout(column_layout(self.tools, self._side, self.beneath, grows=1))
        self.body = scroll(
            column(self.notice, self.bar, self.shown, STRETCH, gap=12, margins=(20, 14)),
        )
        right = column_layout(self.body, self.foot, grows=0)
        self.setLayout(row_layout(self.side, right, gap=0, grows=1))
        self.foot.hide()

    def want(self, what: str) -> None:
        """Open this with the next look."""
        self._wanted = what

    def refresh(self) -> None:
        """Read again; a page half filled in stays while what it is about is the same."""
        self.jobs.run(self, self._read, title=self._title, done=self._show, bar=self.bar)

    def _show(self, found: Found) -> None:
        self.found = found
        self.show_groups()
        wanted, self._wanted = self._wanted, ""
        with QSignalBlocker(self.list):  # what was just said of the last one stays
            self.list.choose(self.key_of(found, wanted))
        self.open_chosen()

    def show_groups(self) -> None:
        """The list anew, from what was read last."""
        if self.found is None:
            return
        groups = self.groups(self.found)
        with QSignalBlocker(self.list):
            self.list.set_groups(groups)
        self.side.setVisible(bool(self.list.key) or self.tools.held is not None)

    def _choose(self, _key: str) -> None:
        self.notice.clear()
        self.open_chosen()

    def open_chosen(self) -> None:
        """The page of the line that is chosen, or the words for none."""
        if self.found is None:
            return
        if self.list.key:
            self.open(self.found, self.list.key)
        elif self.page is not None or self.shown.held is None:
            self._put(None, self.empty())

    def show_page(self, subject: object, make: Callable[[], Page]) -> None:
        """The page of a subject; the page that is begun on the very same stays."""
        if self.page is None or self.page.subject != subject:
            page = make()
            page.subject = subject
            page.changed.connect(self._say)
            page.later.connect(self._later)
            page.wanted.connect(self._write)
            self._put(page, page)
            self.body.verticalScrollBar().setValue(0)
        self._say()

    def _put(self, page: Page | None, shown: QWidget) -> None:
        self.page = page
        self.foot.setVisible(page is not None)
        self.shown.put(shown)
        self._buttons.put(row(*page.buttons, gap=12) if page is not None and page.buttons else None)

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

    def _write(self, act: Callable[..., object], work: tuple[Any, ...], said: str, rest: str) -> None:
        for button in self.page.buttons if self.page else ():
            button.setEnabled(False)
        self.jobs.run(
            self,
            _do,
            act,
            *work,
            lane="write",
            title=self._title,
            done=lambda _done: self._say_written(said, rest),
            failed=self._say_failed,
        )

    def _say_written(self, said: str, rest: str) -> None:
        usual = _("It goes to the centre with the next sync, and from there to every laptop.")
        self.notice.say(said, rest or usual, tone="ok", icon="tick")
        self.body.verticalScrollBar().setValue(0)
        self.written.emit()  # and so everything is read again
        self.list.setFocus()

    def _say_failed(self, error: Exception) -> None:
        self.notice.show_error(error)
        self.body.verticalScrollBar().setValue(0)
        if self.page is not None:
            self.page.weigh()
        self.refresh()

    def _keep_in_sight(self, line: QRect) -> None:
        self._side.ensureVisible(0, line.top(), 0, 0)
        self._side.ensureVisible(0, line.bottom(), 0, 0)


def _do(_progress: Progress, act: Callable[..., object], *work: object) -> object:
    return act(*work)
