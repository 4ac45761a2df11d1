"""The forms: at the left which there are, at the right the chosen one, who is sent with it, its summary."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.actions.desk import Desk
from app.store.fillings import About
from app.store.forms import Form
from app.store.queries import PersonRow
from app.survey.summary import Figure
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, column_layout, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty, scroll
from app.ui.parts.side_list import SideGroup, SideLine, SideList
from app.ui.survey.summary import Summary
from app.ui.surveys.form_page import FormPage
from app.ui.surveys.found import Found, look_answers
from app.ui.surveys.giving import GivingPane
from app.ui.surveys.meeting import Meeting, meet_left, whom
from app.ui.theme import give, look
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

_WIDE, _NARROW = 256, 212


class FormsPage(QFrame):
    """`written`: something was saved, and is to be read again."""

    written = Signal()

    def __init__(self, window: Window, desk: Desk) -> None:
        super().__init__()
        self._window, self._desk = window, desk
        self._found: Found | None = None
        self.notice, self.bar = NoticeSlot(at_edge=True), WorkBar(at_edge=True)
        self.list = SideList()
        self.list.chosen.connect(lambda _key: self._open())
        self.list.opened.connect(lambda _key: self._enter_page())
        inside = QWidget()
        inside.setLayout(column_layout(self.list, STRETCH))
        self._side = give(QFrame(), role="side")
        self._side.setFixedWidth(look().px(_WIDE if look().factor < 1.5 else _NARROW))
        fill(QVBoxLayout(self._side), scroll(inside))
        self._pages = QStackedWidget()
        self.page: FormPage | None = None
        self.giving: GivingPane | None = None
        self.summary: Summary | None = None
        right = QFrame()
        fill(QVBoxLayout(right), self.notice, self._pages, self.bar, grows=1)
        fill(QHBoxLayout(self), self._side, right, grows=1)

    def show_found(self, found: Found) -> None:
        """What was read; a pane that is being filled in stays."""
        self._found = found
        with QSignalBlocker(self.list):
            self.list.set_groups(_groups(found))
        self._side.setVisible(bool(self.list.key))
        form = found.form(self.list.key) if self.list.key else None
        if form is None:
            self._show(_empty(self._window))
        elif self.page is not None and (self.page.form.sha256, self.page.form.is_open) == (
            form.sha256,
            form.is_open,
        ):
            self.page.show_found(found, form)
        else:
            self._open()

    def choose(self, form: str) -> None:
        """Show this one."""
        self.list.choose(form)

    def enter(self) -> None:
        """Put the cursor into the list."""
        self.list.setFocus()

    def _enter_page(self) -> None:
        if self.page is not None:
            self.page.begin.setFocus()

    def _open(self) -> None:
        form = self._form
        if form is None or self._found is None:
            return
        self.notice.clear()
        self.page = FormPage(self._window, self._desk, self._found, form, self.bar)
        self.page.giving_wanted.connect(self._give)
        self.page.summary_wanted.connect(self._summarise)
        self.page.written.connect(self.written)
        self.giving = self.summary = None
        self._show(self.page)

    @property
    def _form(self) -> Form | None:
        return self._found.form(self.list.key) if self._found is not None and self.list.key else None

    def _show(self, page: QWidget) -> None:
        """Only this, and what lies below it."""
        while (old := self._pages.widget(0)) is not None:
            self._pages.removeWidget(old)
            old.deleteLater()
        self._pages.addWidget(page)

    def _lay_over(self, page: QWidget) -> None:
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def close_over(self) -> None:
        """Back to the form's own page."""
        over = self._pages.currentWidget()
        if self.page is not None and over is not None and over is not self.page:
            self._pages.removeWidget(over)
            over.deleteLater()
            self.giving = self.summary = None
            self._pages.setCurrentWidget(self.page)
            self._enter_page()

    def _give(self) -> None:
        form = self._form
        if form is None or self._found is None:
            return
        self.giving = GivingPane(self._window, self._desk, self._found, form)
        self.giving.closed.connect(self.close_over)
        self.giving.given.connect(self._given)
        self._lay_over(self.giving)
        self.giving.officer.control.setFocus()

    def _given(self, count: int) -> None:
        self.close_over()
        words = counted("{count} assignment is given.", "{count} assignments are given.", count)
        rest = _("They reach the others' laptops with the next sync.")
        self.notice.say(words, rest, tone="ok", icon="tick")
        self.written.emit()

    def _summarise(self) -> None:
        form = self._form
        if form is not None:
            self._window.jobs.run(
                self,
                look_answers,
                self._desk,
                form.id,
                title=_("Reading the answers"),
                done=lambda found: self._show_summary(form, found),
                failed=self.notice.show_error,
                bar=self.bar,
            )

    def _show_summary(self, form: Form, found: tuple[Sequence[Figure], int]) -> None:
        if self._form is None or self._form.id != form.id or self.giving is not None:
            return
        figures, count = found
        self.summary = Summary()
        back = Button.only_icon("arrow-left", _("Back to the form"), on=self.close_over)
        page = QFrame()
        head = row(back, label(form.title, "card"), STRETCH, gap=12, margins=(20, 8), role="bar")
        fill(QVBoxLayout(page), head, self.summary, grows=1)
        self._lay_over(page)
        self.summary.show_figures(figures, count)
        self.summary.search.setFocus()

    def take_scan(self, text: str) -> None:
        """A card: for whom the chosen form is begun, or one more who is to be asked."""
        work = (self._desk, text, ())
        self._window.jobs.run(
            self, meet_left, *work, title="meet", done=self._met, failed=self.notice.show_error
        )

    def _met(self, meeting: Meeting) -> None:
        if meeting.person is not None:
            self.take_person(meeting.person)
        elif meeting.others:
            self.notice.say(_("Several people could be meant: choose by name."), tone="warn")
        else:
            self.notice.say(_("Nobody in the register has this number."), tone="warn")

    def take_person(self, person: PersonRow) -> None:
        """She, or her household, for the chosen form."""
        form = self._form
        if form is not None and form.about:
            work = (self._desk, form.about, person)
            done = self._taken
            self._window.jobs.run(self, whom, *work, title="whom", done=done, failed=self.notice.show_error)

    def _taken(self, about: About | None) -> None:
        form = self._form
        if about is None:
            words = _("She belongs to no household yet.")
            self.notice.say(words, _("Found one in her file, then begin again."), tone="warn")
        elif self.giving is not None:
            self.giving.take(about)
        elif self.page is not None and form is not None and form.is_open:
            self.page.begin_for(about)


def _groups(found: Found) -> list[SideGroup]:
    known = list(dict.fromkeys(each.id for each in found.forms))
    forms = [form for form in (found.form(each) for each in known) if form is not None]
    open_ones = [_line(found, each) for each in forms if each.is_open]
    gone = [_line(found, each) for each in forms if not each.is_open and found.counts.get(each.id)]
    return [SideGroup(_("Published"), open_ones), SideGroup(_("Withdrawn"), gone)]


def _line(found: Found, form: Form) -> SideLine:
    handed = counted("{count} handed in", "{count} handed in", found.counts.get(form.id, 0))
    going = sum(each.value("form") == form.id for each in found.errands)
    note = counted("{count} assignment", "{count} assignments", going) if going else ""
    about = {"household": _("of households"), "person": _("of persons")}.get(form.about, _("of nobody"))
    return SideLine(form.id, form.title, about, " · ".join(part for part in (handed, note) if part))


def _empty(window: Window) -> Empty:
    sync = Button(_("Sync and handover"), "primary", icon="sync", on=lambda: window.go("sync"))
    more = _("Sync to receive the forms that the province publishes.")
    return Empty(_("No form is here yet."), sync, icon="clipboard", more=more)
