"""Who of an assignment is left: begin, go on with a draft, or note that nobody could be asked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.actions.desk import Desk, may_write
from app.actions.surveying.assigning import Visit, note_visit
from app.domain.progress import Progress
from app.store.assignments import LEFT_MOST
from app.store.fillings import About, Kept
from app.ui.charts import Progressbar
from app.ui.parts.boxes import STRETCH, column, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty
from app.ui.surveys.columns import far, left_columns, show_day, to_whom
from app.ui.surveys.found import Errand, Found, LeftLine, look_left
from app.ui.surveys.list_page import ListPage
from app.ui.surveys.starting import begin
from app.ui.surveys.visiting import VisitPane
from app.ui.theme import look
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

_BESIDE_A_VISIT = ("name", "visits")


class LeftPage(ListPage[LeftLine]):
    """`closed`: back to the assignments; `written`: a visit was noted."""

    closed = Signal()
    written = Signal()

    def __init__(self, window: Window, desk: Desk, found: Found, errand: Errand) -> None:
        self._window, self._desk = window, desk
        self._found, self.errand = found, errand
        self.visit: VisitPane | None = None
        self._is_read = False
        self.go = Button(_("Begin"), "primary", size="form", icon="clipboard", key="Enter", on=self._begin)
        self.in_vain = Button(_("Not reached…"), size="form", icon="door", key="F8", on=self._open_visit)
        self.in_vain.setShortcut("F8")
        super().__init__(
            left_columns(self._draft_of),
            _("Name, hamlet, address"),
            buttons=[self.in_vain, self.go],
            narrow=("name", "visits", "state"),
        )
        self._show_head()

    def show_found(self, found: Found, errand: Errand) -> None:
        """The same assignment, read again."""
        self._found, self.errand = found, errand
        self._show_head()
        self.read()

    def read(self) -> None:
        """Ask who is left."""
        work = (self._desk, self.errand.opened, self.errand.about)
        self._window.jobs.run(self, look_left, *work, title="left", done=self._show)

    def _draft_of(self, record: str) -> Kept | None:
        return self._found.draft_of(self.errand.value("form"), record)

    def _show_head(self) -> None:
        back = Button.only_icon("arrow-left", _("Back to the assignments (Alt+←)"), on=self.closed.emit)
        done, total = self.errand.assigned.done, self.errand.assigned.total
        bar = Progressbar()
        bar.setFixedWidth(look().px(120))
        bar.set_parts(done, total)
        due = self.errand.value("due")
        told = [to_whom(self.errand), _("due {day}").format(day=show_day(due)) if due else ""]
        words = column(
            label(self.errand.title, "card"),
            label(" · ".join(part for part in (*told, self.errand.value("note")) if part), "second"),
        )
        far_it_came = label(_("{done} of {total} asked").format(done=done, total=total), "second")
        head = row(back, words, STRETCH, bar, far_it_came, gap=12, margins=(20, 8), role="bar")
        self.head.put(head)

    def _show(self, found: list[LeftLine]) -> None:
        is_first, self._is_read = not self._is_read, True
        lines = {each.about.record: each for each in found}
        self.show_lines(lines, {key: each.sought for key, each in lines.items()})
        if is_first:
            self.enter()

    def empty(self) -> Empty:
        if not self._is_read:
            return Empty(_("Reading…"), icon="clock")
        if self.errand.assigned.total:
            return Empty(_("Everybody here has been asked."), icon="tick")
        more = _("Households and people are added in their own rooms; they appear here then.")
        return Empty(_("Nobody in the register lives there."), more=more)

    def weigh(self) -> None:
        line = self.line
        form = self._found.form(self.errand.value("form"))
        draft = self._draft_of(line.about.record) if line else None
        self.go.setText(_("Go on with the draft") if draft else _("Begin"))
        self.go.updateGeometry()
        if line is None or form is None or not (form.is_open or draft):
            self.go.forbid(_("This form is published no more.") if line else "")
        else:
            self.go.allow()
        if may_write(self._desk, "visit", "outcome"):
            self.in_vain.setEnabled(line is not None)
        else:
            self.in_vain.forbid(_("Your role notes no visits."))
        self._say_figures(line, far(draft) if draft else "")
        if self.visit is not None and (line is None or self.visit.line.about.record != line.about.record):
            self._close_visit()

    def _say_figures(self, line: LeftLine | None, answered: str) -> None:
        count = len(self._lines)
        words = counted("{count} left", "{count} left", count) if count else ""
        if count >= LEFT_MOST:
            words = _("the first {count}; the rest follows as these are done").format(count=count)
        if line is not None and answered:
            words = _("A draft for {name} is here: {answered}").format(name=line.left.name, answered=answered)
        self.figures.setText(words)

    def _begin(self) -> None:
        line = self.line
        if line is not None:
            begin(self._window, self._found, self.errand.value("form"), line.about)

    def _open_visit(self) -> None:
        line = self.line
        if line is None or self.visit is not None:
            return
        self.visit = VisitPane(self._desk, line)
        self.visit.closed.connect(self._give_up)
        self.visit.noted.connect(self._note)
        self.beside.put(self.visit)
        self.table.show_columns(_BESIDE_A_VISIT)
        self.visit.begin()

    def _close_visit(self) -> None:
        self.visit = None
        self.beside.put(None)
        self.table.show_columns(self.shown_columns)

    def _give_up(self) -> None:
        self._close_visit()
        self.enter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _note(self, visit: Visit) -> None:
        pane = self.visit
        if pane is None:
            return
        self._window.jobs.run(
            self,
            keep_visit,
            self._desk,
            self.errand.value("form"),
            pane.line.about,
            visit,
            lane="write",
            done=lambda _record: self._noted(pane),
            failed=lambda error: self._not_noted(pane, error),
        )

    def _noted(self, pane: VisitPane) -> None:
        name = pane.line.left.name
        self._window.toast.say(_("The visit to {name} is noted.").format(name=name))
        if self.visit is pane:
            self._give_up()
        self.written.emit()

    def _not_noted(self, pane: VisitPane, error: Exception) -> None:
        if self.visit is pane:
            pane.show_error(error)


def keep_visit(_progress: Progress, desk: Desk, form: str, about: About, visit: Visit) -> str:
    """Keep a visit in vain."""
    return note_visit(desk, form, about, visit)
