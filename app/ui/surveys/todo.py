"""Who is to be asked: the assignments, and who of one is left; a scanned card finds her and begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from app.actions.desk import Desk
from app.domain.text import fold, show_amount
from app.store.queries import PersonRow
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import fill, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import FilterChip
from app.ui.parts.panes import Empty
from app.ui.surveys.columns import errand_columns, to_whom
from app.ui.surveys.found import Errand, Found
from app.ui.surveys.left import LeftPage
from app.ui.surveys.list_page import ListPage
from app.ui.surveys.meeting import Hit, Meeting, meet_left
from app.ui.surveys.starting import begin
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _


class ErrandList(ListPage[Errand]):
    """Assignments by their day, hers or everybody's."""

    def __init__(self, window: Window, desk: Desk) -> None:
        self._window, self._desk = window, desk
        self._found: Found | None = None
        self.mine = FilterChip(_("Only mine"), icon="person", is_toggle=True)
        self.mine.setChecked(True)
        self.go = Button(_("Who is left"), "primary", size="form", icon="people", key="Enter")
        columns = errand_columns(desk.clock.today())
        narrow = ("form", "whom", "due", "progress")
        super().__init__(
            columns, _("Form, hamlet, name"), tools=[self.mine], buttons=[self.go], narrow=narrow
        )
        self.mine.toggled.connect(lambda _on: self._show())

    def show_found(self, found: Found) -> None:
        """What was read."""
        self._found = found
        self.mine.setVisible(found.sees_all)
        self._show()

    @property
    def shown(self) -> list[Errand]:
        """Hers, or everybody's."""
        errands = self._found.errands if self._found else []
        return [each for each in errands if not self._is_hers or self._hers(each)]

    @property
    def _is_hers(self) -> bool:
        return self._found is None or not self._found.sees_all or self.mine.isChecked()

    def _hers(self, errand: Errand) -> bool:
        return errand.value("officer") == self._desk.officer.id

    def _show(self) -> None:
        lines = {each.id: each for each in self.shown}
        sought = {
            key: fold(f"{each.title} {to_whom(each)} {each.officer} {each.value('note')}")
            for key, each in lines.items()
        }
        self.show_lines(lines, sought)

    def empty(self) -> Empty:
        found = self._found
        if found is None or not found.forms:
            sync = Button(_("Sync and handover"), "primary", icon="sync", on=lambda: self._window.go("sync"))
            why = _("No form is here yet.")
            return Empty(why, sync, more=_("Sync to receive the forms that the province publishes."))
        if found.errands and self._is_hers and found.sees_all:
            all_of_them = Button(_("Show everybody's"), on=lambda: self.mine.setChecked(False))
            return Empty(_("Nobody gave you a household or a person to ask."), all_of_them, icon="tick")
        way = Button(_("To the forms"), "primary", icon="clipboard")
        way.clicked.connect(lambda: self._window.go("surveys", tab="forms"))
        if found.may_assign:
            more = _("Choose a form, then who goes to which hamlet; or begin one for somebody at once.")
            return Empty(_("Nothing is assigned yet."), way, more=more)
        more = _("Assignments come with the next sync or stick. A form can be begun without one.")
        return Empty(_("Nothing is assigned to you."), way, more=more)

    def weigh(self) -> None:
        errand = self.line
        self.go.setEnabled(errand is not None)
        lines = self.shown
        left = sum(each.assigned.total - each.assigned.done for each in lines)
        words = counted("{count} household or person left", "{count} households and persons left", left)
        note = errand.value("note") if errand else ""
        self.figures.setText(" · ".join(part for part in (words if lines else "", note) if part))


class TodoPage(QFrame):
    """The assignments, or one of them; `wanted(PersonRow)`: a form for somebody who is on no list."""

    wanted = Signal(object)
    written = Signal()

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__()
        self._window, self._desk = window, desk
        self._found: Found | None = None
        self.notice = NoticeSlot(at_edge=True)
        self.errands = ErrandList(window, desk)
        self.errands.go.clicked.connect(lambda: self.open(self.errands.line))
        self.left: LeftPage | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self.errands)
        fill(QVBoxLayout(self), self.notice, self._pages, grows=1)
        back = QShortcut(QKeySequence("Alt+Left"), self, self.close_left)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def show_found(self, found: Found) -> None:
        """What was read; who is left is read again."""
        self._found = found
        self.errands.show_found(found)
        if self.left is not None:
            errand = next((each for each in found.errands if each.id == self.left.errand.id), None)
            if errand is None:
                self.close_left()
            else:
                self.left.show_found(found, errand)

    def open(self, errand: Errand | None) -> None:
        """Who of it is left."""
        if errand is None or self._found is None:
            return
        self.close_left()
        self.notice.clear()
        self.left = LeftPage(self._window, self._desk, self._found, errand)
        self.left.closed.connect(self.close_left)
        self.left.written.connect(self.written)
        self._pages.addWidget(self.left)
        self._pages.setCurrentWidget(self.left)
        self.left.read()

    def close_left(self) -> None:
        """Back to the assignments."""
        if self.left is not None:
            self._pages.removeWidget(self.left)
            self.left.deleteLater()
            self.left = None
            self.errands.enter()

    def enter(self) -> None:
        """Put the cursor where the work is."""
        (self.left or self.errands).enter()

    def search(self) -> None:
        """Put it into the search box."""
        (self.left or self.errands).search.setFocus()

    def take_scan(self, text: str) -> None:
        """Find whom a card means, and begin."""
        self.notice.clear()
        errands = [self.left.errand] if self.left else self.errands.shown
        self._window.jobs.run(
            self,
            meet_left,
            self._desk,
            text,
            errands,
            title="meet",
            done=self._met,
            failed=self.notice.show_error,
        )

    def _met(self, meeting: Meeting) -> None:
        if len(meeting.hits) == 1:
            self._begin(meeting.hits[0])
        elif meeting.hits:
            self._ask_which(meeting.hits)
        elif meeting.person is not None:
            self._say_not_here(meeting.person)
        elif meeting.others:
            words = _("People whom this card may mean: {count}. Choose in the list.")
            self.notice.say(words.format(count=show_amount(meeting.others)), tone="warn")
            (self.left or self.errands).search.set_text(meeting.name)
        else:
            self.notice.say(_("Nobody in the register has this number."), tone="warn")

    def _begin(self, hit: Hit) -> None:
        if self._found is not None:
            begin(self._window, self._found, hit.errand.value("form"), hit.line.about)

    def _ask_which(self, hits: Sequence[Hit]) -> None:
        def way(hit: Hit) -> Callable[[], object]:
            return lambda: self._begin(hit)

        buttons = [Button(each.errand.title, on=way(each)) for each in hits]
        words = _("Several forms wait for {name}.").format(name=hits[0].line.left.name)
        self.notice.say(words, _("Which one?"), icon="clipboard", action=row(*buttons))

    def _say_not_here(self, person: PersonRow) -> None:
        words = _("{name} is on none of these lists.").format(name=person.name)
        rest = _("She was asked already, lives elsewhere, or nobody was sent to her.")
        way = Button(_("Begin a form for her"), on=lambda: self.wanted.emit(person))
        self.notice.say(words, rest, tone="warn", action=way)
