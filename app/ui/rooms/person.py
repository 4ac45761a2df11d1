"""One person: her card at the left, tabs with what is known, received, paid into, and every change."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.actions.desk import Desk
from app.domain.errors import Refusal
from app.domain.scans import kind_of_scan
from app.ui.link import Link
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import column, fill
from app.ui.parts.buttons import Button
from app.ui.parts.tabs import Tab, Tabs
from app.ui.person.accounts import Accounts
from app.ui.person.adding import Adding, Beginning, read_beginning
from app.ui.person.card import PersonCard
from app.ui.person.documents import Documents
from app.ui.person.ending import EndingForm
from app.ui.person.facts import who
from app.ui.person.file import File, read_file
from app.ui.person.history import History
from app.ui.person.household import HouseholdTab
from app.ui.person.own_data import give
from app.ui.person.printing import print_file
from app.ui.person.profile import Profile
from app.ui.person.rights import Rights
from app.ui.person.surveys import Surveys
from app.ui.person.tab import PersonTab
from app.ui.room import Room
from app.ui.theme import Tone, look
from app.ui.window import Window
from app.words import gettext as _

_CARD_FROM = 1200  # narrower windows keep the card's words in the top bar alone


class PersonRoom(Room):
    """`enter(person=<record id>, tab=…)`, or `enter(add=True)` for somebody new."""

    section = "people"
    help_page = "ho-so"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._record = ""
        self._tab = "profile"
        self.file: File | None = None
        self.adding: Adding | None = None
        self.ending: EndingForm | None = None
        self.notice = NoticeSlot()
        self.print_button = Button(_("Print her file"), icon="print", on=self._print)
        self.end_button = Button(_("Close her file"), icon="flag", on=self._end)
        self.change_button = Button(_("Write a change"), icon="pencil", on=self._change)
        self.own_button = Button.only_icon("download", _("Her own data, whole, for herself"), on=self._give)
        self._actions = [self.own_button, self.print_button, self.end_button, self.change_button]
        self.card = PersonCard(desk)
        self.tabs = Tabs([Tab("profile", _("tab.profile"))])
        self.pages: dict[str, PersonTab] = {
            "profile": Profile(window, desk, link),
            "household": HouseholdTab(window, desk, link),
            "entitlements": Rights(window, desk, link),
            "accounts": Accounts(window, desk, link),
            "documents": Documents(window, desk, link),
            "surveys": Surveys(window, desk, link),
            "history": History(window, desk, link),
        }
        self._stack = QStackedWidget()
        for page in self.pages.values():
            page.refresh_wanted.connect(self.refresh)
            self._stack.addWidget(page)
        self._lay_out()
        self._show_bare("")
        self.tabs.chosen.connect(self._open_tab)
        link.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        fill(body, self.card, self._stack, gap=12, margins=(20, 8, 20, 16))
        body.setStretch(1, 1)
        self._whole = QWidget()
        whole = QVBoxLayout(self._whole)
        fill(whole, self.tabs, column(self.notice, margins=(20, 8, 20, 0)), body)
        whole.setStretch(2, 1)
        self._outer = QVBoxLayout(self)
        fill(self._outer, self._whole)

    def enter(self, **arguments: object) -> None:
        """`add`, or `person` with `tab`: profile, household, entitlements, accounts, documents, surveys,
        history.
        """
        self.notice.clear()
        self._leave_adding()
        self._close_ending()
        person, tab = arguments.get("person"), arguments.get("tab")
        if not isinstance(person, str):
            self._record = ""
            self._whole.hide()
            self._show_bare(_("Add a person"))
            self.shell.jobs.run(self, read_beginning, self._desk, done=self._begin_adding)
            return
        if person != self._record:
            self._record, self.file = person, None
            self._whole.hide()
            self._show_bare("")
            for page in self.pages.values():
                page.begin()
        if isinstance(tab, str) and tab in self.pages:
            self._tab = tab
        self.refresh()

    def _show_bare(self, title: str) -> None:
        """A head without actions; buttons that are lent to nobody belong to the room."""
        self.set_head(title, actions=[], back="people")
        for button in self._actions:
            button.setParent(self)
            button.hide()

    def refresh(self) -> None:
        """Read her again; forms that are open stay as they are."""
        if self._record:
            work = (self._desk, self._record)
            self.shell.jobs.run(self, read_file, *work, title="person", done=self._show, failed=self._gone)

    def _gone(self, error: Exception) -> None:
        self._whole.show()
        self.notice.show_error(error)

    def _show(self, file: File) -> None:
        if file.asked != self._record:
            return
        self.file, self._record = file, file.person.row.id
        person = file.person.row
        line = who(person.sex, person.birth, person.hamlet, self._desk.clock.today())
        is_open = person.state == "active"
        self.end_button.setText(_("Close her file") if is_open else _("Open her file again"))
        self.set_head(person.name, line.partition(" · ")[2], actions=self._actions, back="people")
        self.card.show_file(file)
        for page in self.pages.values():
            page.show_file(file)
        tone: Tone = "bad" if file.person.conflicts else "neutral"
        self.tabs.set_tabs(
            [
                Tab("profile", _("tab.profile")),
                Tab("household", _("tab.household")),
                Tab("entitlements", _("tab.entitlements"), len(file.person.entitlements)),
                Tab("accounts", _("tab.accounts"), len(file.person.accounts)),
                Tab("documents", _("tab.documents"), sum(each.is_active for each in file.person.attachments)),
                Tab("surveys", _("tab.surveys"), len(file.submissions)),
                Tab("history", _("tab.history"), len(file.sets), tone),
            ]
        )
        self._whole.setVisible(self.ending is None)
        if self.tabs.key != self._tab:
            self.tabs.open(self._tab)
        self._fold()

    def _open_tab(self, name: str) -> None:
        self._tab = name
        self._stack.setCurrentWidget(self.pages[name])

    def _change(self) -> None:
        if self.file is not None:
            self._close_ending()
            self.tabs.open("profile")
            profile = self.pages["profile"]
            if isinstance(profile, Profile):
                profile.change().form.fields["name"].control.setFocus()

    def _print(self) -> None:
        if self.file is not None:
            print_file(self, self.shell.jobs, self._desk, self.file, self.notice)

    def _give(self) -> None:
        if self.file is not None:
            give(self, self.shell.jobs, self._desk, self.file.person.row.id, self.notice)

    def _end(self) -> None:
        if self.file is None or self.ending is not None:
            return
        self.ending = EndingForm(self.shell, self._desk, self.file)
        self.ending.saved.connect(self._ended)
        self.ending.given_up.connect(self._close_ending)
        self._outer.addWidget(self.ending)
        self._whole.hide()

    def _ended(self, set_id: str) -> None:
        self._close_ending()
        self.pages["profile"].said(set_id)

    def _close_ending(self) -> None:
        if self.ending is not None:
            self._outer.removeWidget(self.ending)
            self.ending.hide()
            self.ending.deleteLater()
            self.ending = None
            self._whole.show()

    def _begin_adding(self, beginning: Beginning) -> None:
        if self._record or self.adding is not None:
            return
        self.adding = Adding(self.shell, self._desk, beginning)
        self.adding.added.connect(self._added)
        self.adding.given_up.connect(lambda: self.shell.go("people"))
        self._outer.addWidget(self.adding)
        self.adding.form.fields["name"].control.setFocus()

    def _added(self, record: str) -> None:
        self._link.saved()
        self.shell.go("person", person=record)

    def _leave_adding(self) -> None:
        if self.adding is not None:
            self._outer.removeWidget(self.adding)
            self.adding.hide()
            self.adding.deleteLater()
            self.adding = None

    def take_scan(self, text: str) -> bool:
        """A card fills the form of somebody new, or the one that is open."""
        profile = self.pages["profile"]
        if kind_of_scan(text) != "card":
            return False
        if self.adding is not None:
            try:
                self.adding.take_card(text)
            except Refusal as refusal:
                self.adding.editing.notice.show_error(refusal)
            return True
        return isinstance(profile, Profile) and profile.take_card(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back where nothing is being filled in; what is typed stays in its draft."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.ending is not None:
            self._close_ending()
        elif all(page.form.held is None for page in self.pages.values()):
            self.shell.go("people")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        self.card.setVisible(self.shell.width() >= look().px(_CARD_FROM))
