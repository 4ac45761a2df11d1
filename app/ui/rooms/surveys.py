"""Surveys: who is to be asked, what is unfinished, what was handed in, and the forms."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from app.actions.desk import Desk
from app.domain.scans import kind_of_scan
from app.store.queries import PersonRow
from app.ui.link import Link
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import column_layout
from app.ui.parts.tabs import Tab, Tabs
from app.ui.room import Room
from app.ui.surveys.done import DonePage
from app.ui.surveys.drafts import DraftsPage
from app.ui.surveys.forms import FormsPage
from app.ui.surveys.found import Found, look_up
from app.ui.surveys.todo import TodoPage
from app.ui.window import Window
from app.words import gettext as _

Page = TodoPage | DraftsPage | DonePage | FormsPage


class SurveysRoom(Room):
    """Four lists; a filling itself runs in the room `survey`."""

    section = "surveys"
    help_page = "khao-sat"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self.set_head(_("Surveys"))
        self.notice = NoticeSlot(at_edge=True)
        self.tabs = Tabs(_tabs(None, desk))
        self.todo, self.drafts = TodoPage(window, desk), DraftsPage(window, desk)
        self.done, self.forms = DonePage(window, desk), FormsPage(window, desk)
        self.pages: dict[str, Page] = {
            "todo": self.todo,
            "drafts": self.drafts,
            "done": self.done,
            "forms": self.forms,
        }
        self._stack = QStackedWidget()
        for page in self.pages.values():
            self._stack.addWidget(page)
        self.setLayout(column_layout(self.notice, self.tabs, self._stack, grows=2))
        self.tabs.chosen.connect(self._show_tab)
        self.todo.wanted.connect(self._begin_for)
        for written in (self.todo.written, self.drafts.written, self.forms.written):
            written.connect(link.saved)  # and so everything is read again
        link.changed.connect(self._refresh_where_seen)

    def enter(self, **arguments: object) -> None:
        """`tab`: todo, drafts, done or forms; without one, what was open last."""
        tab = arguments.get("tab")
        if isinstance(tab, str) and tab in self.pages:
            self.tabs.open(tab)
        self.refresh()
        self.page.enter()

    @property
    def page(self) -> Page:
        """The one that is open."""
        return self.pages[self.tabs.key]

    def refresh(self) -> None:
        """Read again."""
        self.shell.jobs.run(
            self, look_up, self._desk, title="surveys", done=self._show, failed=self.notice.show_error
        )

    def _refresh_where_seen(self) -> None:
        """Whoever comes in reads anyway."""
        if self.isVisible():
            self.refresh()

    def search(self) -> bool:
        page = self.page
        if isinstance(page, FormsPage):
            return False
        if isinstance(page, TodoPage):
            page.search()
        else:
            page.search.setFocus()
        return True

    def take_scan(self, text: str) -> bool:
        """A card finds who is to be asked, or for whom a form is begun; an account's code is the drive's."""
        if kind_of_scan(text) not in ("card", "number") and "|" not in text:
            return False
        page = self.page
        if isinstance(page, TodoPage | FormsPage):
            page.take_scan(text)
        else:
            self.tabs.open("todo")
            self.todo.take_scan(text)
        return True

    def _show(self, found: Found) -> None:
        self.tabs.set_tabs(_tabs(found, self._desk))
        for page in self.pages.values():
            page.show_found(found)

    def _show_tab(self, key: str) -> None:
        self._stack.setCurrentWidget(self.pages[key])

    def _begin_for(self, person: PersonRow) -> None:
        """Somebody on no list: the chosen form is begun for her."""
        self.tabs.open("forms")
        self.forms.take_person(person)


def _tabs(found: Found | None, desk: Desk) -> list[Tab]:
    hers = [each for each in found.errands if each.value("officer") == desk.officer.id] if found else []
    left = sum(each.assigned.total - each.assigned.done for each in hers)
    return [
        Tab("todo", _("To do"), left),
        Tab("drafts", _("Drafts"), len(found.drafts) if found else 0),
        Tab("done", _("Forms handed in")),
        Tab("forms", _("Published forms")),
    ]
