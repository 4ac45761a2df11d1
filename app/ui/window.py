"""The window: rail, top bar, and one room at a time.

    window = Window()
    window.furnish(rooms, sections)        # name → factory(window); rooms are built on first entry
    window.go("person", person_id=uuid)    # from any room: self.shell.go(…)
    window.jobs.run(…)                     # the lanes (app/ui/jobs.py)
    window.toast.say(_("Saved {name}"), undo=…)
    window.pill.show_state(pill.offline(12)); window.set_counts({"today": 16})
    window.cover(sheet); window.uncover()  # a page over everything; the room below stays as it is

Ctrl+K searches from anywhere, F1 opens the help of the room, Ctrl+B folds the rail, Ctrl+L
locks, Ctrl+1…9 open the sections. A scanner's burst goes to the room (`take_scan`), else to
the room named by `scan_room`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui.bugs import Bugs
from app.ui.idle import Idle
from app.ui.jobs import Jobs
from app.ui.leave_bar import LeaveBar
from app.ui.notices import NoticeSlot, Toast
from app.ui.pill import Pill
from app.ui.proving import Prove
from app.ui.rail import Officer, Rail, Section
from app.ui.room import Room
from app.ui.scanner import Scanner
from app.ui.theme import give, look
from app.ui.topbar import TopBar
from app.words import gettext as _

Factory = Callable[["Window"], Room]
_FOLD_BELOW = 1200


class Window(QWidget):
    """The one top-level window; sheets and panes live inside it."""

    entered = Signal(str)
    help_wanted = Signal(str)
    lock_wanted = Signal()
    restore_wanted = Signal(object)
    scanned_nowhere = Signal(str)
    closing = Signal()
    wishes_changed = Signal(object)

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__()
        self.search_room = "people"
        self.prove: Prove | None = None  # how this desk takes its officer's password again
        self.scan_room = ""
        self._factories: Mapping[str, Factory] = {}
        self._rooms: dict[str, Room] = {}
        self._sections: Sequence[Section] = ()
        self._here = ""
        self._arguments: dict[str, object] = {}
        self._is_folded_by_hand: bool | None = None
        self.jobs = Jobs(self)
        self.bugs = Bugs(self)
        self.scanner = Scanner(app)
        self.idle = Idle(app)
        self.rail = Rail()
        self.top_bar = TopBar()
        self.leave_bar, self.notice = LeaveBar(self.go), NoticeSlot(at_edge=True)
        self._stack = QStackedWidget()
        self._page = QFrame()
        self._cover: QWidget | None = None
        self._lay_out()
        self.toast = Toast(self)
        self._connect()
        self.resize(look().px(1366), look().px(768))
        self.setMinimumSize(960, 600)
        self.set_place("")

    @property
    def pill(self) -> Pill:
        """How this copy stands with the centre."""
        return self.top_bar.pill

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self.leave_bar)
        column.addWidget(self.notice)
        column.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._page, 1)
        give(self, role="canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.go)
        self.rail.lock_wanted.connect(self.lock_wanted)
        self.top_bar.back_wanted.connect(self.go)
        self.top_bar.searched.connect(self._search_for)
        self.pill.clicked.connect(lambda: self.go("sync") if "sync" in self._factories else None)
        self.scanner.scanned.connect(self._take_scan)
        self.idle.expired.connect(self.lock_wanted)
        self.jobs.bug.connect(self.bugs.show)
        self.jobs.unheard.connect(self.notice.show_error)
        for keys, act in (
            ("Ctrl+K", self.search),
            ("Ctrl+B", self._fold_by_hand),
            ("Ctrl+L", self.lock_wanted.emit),
            ("F1", self._help),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        for number in range(1, 10):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(partial(self._go_to_section, number - 1))

    def furnish(self, rooms: Mapping[str, Factory], sections: Sequence[Section] = ()) -> None:
        """Replace every room (after unlock, after lock); nothing is shown until `go`."""
        self._clear()
        self._factories, self._sections = rooms, sections
        self.leave_bar.clear()
        self.rail.set_sections(sections)

    def set_place(self, commune: str) -> None:
        """The commune in the rail and in the window's title, with TẬP HUẤN when training."""
        self.rail.set_place(commune)
        words = [_("TRAINING")] if look().is_training else []
        self.setWindowTitle(" · ".join([*words, "Sổ An Sinh", *([commune] if commune else [])]))

    def set_officer(self, officer: Officer) -> None:
        """Who is at work, at the foot of the rail."""
        self.rail.set_officer(officer)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Badges of the rail by room name."""
        self.rail.set_counts(counts)

    @property
    def here(self) -> str:
        """The name of the room being shown."""
        return self._here

    @property
    def room(self) -> Room | None:
        """The room being shown."""
        return self._rooms.get(self._here)

    def offers(self, name: str) -> bool:
        """Whether the officer at the desk has this room."""
        return name in self._factories

    def go(self, name: str, **arguments: object) -> Room:
        """Show a room, building it on first entry, and enter it with these arguments."""
        before = self.room
        if before is not None:
            before.leave()
        room = self._rooms.get(name)
        if room is None:
            room = self._rooms[name] = self._factories[name](self)
            self._stack.addWidget(room)
            room.head_changed.connect(self._show_head)
        self.uncover()
        self._here, self._arguments = name, arguments
        self.notice.clear()
        self._stack.setCurrentWidget(room)
        self._frame(room)
        room.enter(**arguments)
        self._show_head()
        self.entered.emit(name)
        return room

    def remember(self, room: Room, **arguments: object) -> None:
        """What a room is entered with should it be built anew, if it is the one that is shown by now."""
        if room is self.room:
            self._arguments = arguments

    def refurnish(self) -> None:
        """Build rooms anew after a change of text size, and come back to where we were."""
        name, arguments = self._here, self._arguments
        self._clear()
        self._fold()
        self.top_bar.measure()
        if name:
            self.go(name, **arguments)

    def cover(self, sheet: QWidget) -> None:
        """Lay a page over rail and room, which keep what is in them, until `uncover` or another room."""
        self.uncover()
        self._cover = sheet
        self.rail.hide()
        self._page.hide()
        layout = self.layout()
        if layout is not None:
            layout.addWidget(sheet)
        sheet.show()
        sheet.setFocus()

    def uncover(self) -> None:
        """Take the page away; the room below has the keyboard again."""
        sheet, self._cover = self._cover, None
        if sheet is None:
            return
        sheet.hide()
        sheet.deleteLater()
        self._page.show()
        if self.room is not None:
            self._frame(self.room)
            self.room.setFocus()

    def _clear(self) -> None:
        if self.room is not None:
            self.room.leave()
        self.uncover()
        self.top_bar.show_head(None)
        for room in self._rooms.values():
            self._stack.removeWidget(room)
            for lent in room.head.actions:
                lent.deleteLater()
            room.deleteLater()
        self._rooms, self._here, self._arguments = {}, "", {}

    def _frame(self, room: Room) -> None:
        is_bare = room.frame == "bare"
        self.rail.setVisible(not is_bare)
        self.top_bar.setVisible(not is_bare)
        self.rail.mark(room.section or self._here)

    def _show_head(self) -> None:
        room = self.room
        if room is not None and room.frame == "shell":
            self.top_bar.show_head(room.head)

    def search(self) -> None:
        """Put the cursor in the search box of this room, else in that of the people."""
        room = self.room
        if room is None or room.search():
            return
        if room.head.has_search:
            self.top_bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.search_room in self._factories and room.frame == "shell":
            self.go(self.search_room).search()

    def _search_for(self, text: str) -> None:
        if text.strip() and self.search_room in self._factories:
            self.go(self.search_room, text=text).search()

    def _take_scan(self, text: str) -> None:
        room = self.room
        if QApplication.activeModalWidget() is not None:
            return  # a question stands before the room; what was scanned meanwhile is nobody's answer
        if room is not None and room.take_scan(text):
            return
        if self.scan_room in self._factories and room is not None and room.frame == "shell":
            self.go(self.scan_room, scan=text)
        else:
            self.scanned_nowhere.emit(text)

    def _help(self) -> None:
        room = self.room
        self.help_wanted.emit(room.help_page if room is not None else "")

    def _go_to_section(self, place: int) -> None:
        room = self.room
        if place < len(self._sections) and room is not None and room.frame == "shell":
            self.go(self._sections[place].room)

    def _fold_by_hand(self) -> None:
        self._is_folded_by_hand = not self.rail.is_narrow
        self._fold()

    def _fold(self) -> None:
        by_size = self.width() < look().px(_FOLD_BELOW) or look().factor >= 1.5
        self.rail.fold(by_size if self._is_folded_by_hand is None else self._is_folded_by_hand)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            # Icons and painted parts ask for their colours as they paint.
            for part in self.findChildren(QWidget):
                part.update()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        self.jobs.close()
        self.scanner.close()
        self.idle.close()
        self.bugs.close()
        super().closeEvent(event)
