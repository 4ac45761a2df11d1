"""Import a workbook: choose it, see that every row is accounted for, answer what is asked, write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.actions import workbook
from app.actions.desk import Desk
from app.actions.workbook import Fate, Line, Review, Written
from app.domain.text import show_amount
from app.ui.charts import Step, StepLine
from app.ui.import_columns import ColumnsPage
from app.ui.import_lines import LineTable, Shown, shown_kinds
from app.ui.link import Link
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, fill, footer, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, scroll
from app.ui.parts.queues import Queue, Queues
from app.ui.room import Room
from app.ui.window import Window
from app.words import gettext as _

Act = Callable[..., object]
_CHOOSE, _COLUMNS, _REVIEW, _WRITTEN = range(4)
_KINDS = "(*.xlsx *.xls *.ods *.csv *.txt *.xlsm)"


class Importing(Room):
    """Rows in = people + headings + totals + questions + other + blank, and the screen shows that sum."""

    section = "import"
    help_page = "nhap-so"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self._review: Review | None = None
        self._written = Written()
        self._shown = Shown("all", "")
        self.steps = StepLine()
        self.set_head(_("Import a workbook"), actions=[self.steps])
        self.notice, self.bar = NoticeSlot(), WorkBar()
        self.pages = QStackedWidget()
        self.columns = ColumnsPage(self._read_again)
        for page in (self._choose_page(), self.columns, self._review_page(), self._written_page()):
            self.pages.addWidget(page)
        self.back = Button(_("Back"), size="form", on=self._go_back)
        self.hint = label("", "caption")
        self.forward = Button(_("Continue"), "primary", size="form", on=self._go_on)
        layout = QVBoxLayout(self)
        inside = column(self.notice, self.pages, self.bar, gap=12, margins=20)
        fill(layout, inside, footer(self.back, self.hint, STRETCH, self.forward))
        layout.setStretch(0, 1)
        self.setAcceptDrops(True)
        self._show(_CHOOSE)

    def _choose_page(self) -> QWidget:
        choose = Button(_("Choose a workbook…"), "primary", icon="folder", size="form", on=self._choose)
        more = _("Excel (.xlsx, .xls), OpenDocument (.ods) or text (.csv). The file itself is never changed.")
        return card(Empty(_("Bring in the list you keep."), choose, icon="table", more=more), STRETCH)

    def _review_page(self) -> QWidget:
        self.sum_line = Holder()
        self.kinds = Queues(compact=True)
        self.kinds.opened.connect(self._choose_kind)
        self.lines = LineTable(self._answer, lambda: self._review)
        side = column(scroll(self.kinds), role="card")
        body = QHBoxLayout()
        fill(body, side, self.lines, gap=12)
        body.setStretch(0, 2)
        body.setStretch(1, 5)
        page = QWidget()
        inside = QVBoxLayout(page)
        fill(inside, self.sum_line, body, gap=12)
        inside.setStretch(1, 1)
        return page

    def _written_page(self) -> QWidget:
        self.done = Holder()
        return column(self.done, STRETCH)

    def enter(self, **arguments: object) -> None:
        """`path`: a workbook to read at once."""
        path = arguments.get("path")
        if isinstance(path, str | Path):
            self.read(Path(path))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.read(Path(files[0]))

    def _choose(self) -> None:
        title = _("Choose a workbook…")
        path, _kind = QFileDialog.getOpenFileName(self, title, "", _("Workbooks") + f" {_KINDS}")
        if path:
            self.read(Path(path))

    def read(self, path: Path) -> None:
        """Read a workbook and compare it with the register; nothing is written."""
        self.notice.clear()
        work = (self._desk, path)
        self._run(workbook.review, *work, done=self._take, failed=self._failed)

    def _run(
        self, act: Act, *work: object, done: Callable[..., None], failed: Callable[[Exception], None]
    ) -> None:
        """Reading and writing alike in the writing lane: one after the other, with a bar."""
        jobs = self.shell.jobs
        jobs.run(self, act, *work, lane="write", title="import", done=done, failed=failed, bar=self.bar)

    def _read_again(self, fingerprint: str, meanings: Sequence[str]) -> None:
        """A column was corrected: remembered for this layout, and the workbook read by it."""
        if self._review is not None:
            work = (self._desk, self._review.path, fingerprint, tuple(meanings))
            self.shell.jobs.run(
                self,
                workbook.correct,
                *work,
                lane="write",
                done=self._take_columns,
                failed=self._failed,
                bar=self.bar,
            )

    def _failed(self, error: Exception) -> None:
        self.notice.show_error(error)

    def _take_columns(self, found: Review) -> None:
        self._review = found
        self.columns.show_layouts(found.reading.layouts)

    def _take(self, found: Review) -> None:
        self._review = found
        self.columns.show_layouts(found.reading.layouts)
        self._show(_COLUMNS if any(layout.unknown for layout in found.reading.layouts) else _REVIEW)

    def _show(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        words = (_("Choose the file"), _("Match columns"), _("Look through"), _("Write"))
        self.steps.set_steps(
            [
                Step(word, "", "done" if at < page else "now" if at == page else "later")
                for at, word in enumerate(words)
            ]
        )
        self.back.setVisible(page in (_COLUMNS, _REVIEW))
        self.forward.setVisible(page in (_COLUMNS, _REVIEW))
        if page == _COLUMNS:
            self.forward.setText(_("Look through the people"))
            self.hint.setText(_("A correction is remembered for workbooks of this layout."))
        elif page == _REVIEW:
            self._show_review()
        else:
            self.hint.setText("")

    def _show_review(self) -> None:
        found = self._review
        if found is None:
            return
        self.sum_line.put(_sum_card(found))
        self.kinds.set_queues(
            [
                (count, Queue(kind.key, kind.icon, kind.tone, kind.words, kind.note, _("Show")))
                for kind, count in shown_kinds(found)
            ]
        )
        self.lines.show_kind(self._shown, found)
        asks, writes = len(found.of(Fate.ASKS)), len(found.of(Fate.NEW)) + len(found.of(Fate.FILLS))
        self.forward.setText(_("Write {count} people into the register").format(count=show_amount(writes)))
        self.forward.setEnabled(writes > 0)
        words = _("{count} rows ask something: unanswered ones are not written. Writing can be undone whole.")
        self.hint.setText(words.format(count=asks) if asks else _("Writing can be undone whole."))

    def _choose_kind(self, key: str) -> None:
        found = self._review
        if found is not None:
            self._shown = next(kind for kind, _count in shown_kinds(found) if kind.key == key)
            self.lines.show_kind(self._shown, found)
            self.lines.table.setFocus()

    def _answer(self, line: Line, fate: Fate, record: str) -> None:
        if self._review is not None:
            self._review = self._review.answered(line.key, fate, record)
            self._show_review()

    def _go_back(self) -> None:
        self._show(self.pages.currentIndex() - 1)

    def _go_on(self) -> None:
        if self.pages.currentIndex() == _COLUMNS:
            self._show(_REVIEW)
        elif self._review is not None:
            work = (self._desk, self._review)
            self.forward.busy(_("Writing…"))
            self.shell.jobs.run(
                self,
                workbook.write,
                *work,
                lane="write",
                done=self._finish,
                failed=self._not_written,
                bar=self.bar,
            )

    def _not_written(self, error: Exception) -> None:
        self.forward.ready()
        self.notice.show_error(error)

    def _finish(self, written: Written) -> None:
        self.forward.ready()
        self._written = written
        self._link.saved()
        words = _("{people} people written, {filled} filled, {accounts} accounts proposed.").format(
            people=show_amount(written.people),
            filled=show_amount(written.filled),
            accounts=show_amount(written.accounts),
        )
        ways = (
            Button(_("See the list"), "primary", icon="people", on=lambda: self.shell.go("people")),
            Button(_("Another workbook"), icon="table", on=lambda: self._show(_CHOOSE)),
            Button(_("Take the import back"), "danger", icon="undo", on=self._undo),
        )
        more = _("The accounts wait for a second officer; none is in force.")
        self.done.put(card(Empty(words, *ways, icon="tick", more=more)))
        self._show(_WRITTEN)

    def _undo(self) -> None:
        work = (self._desk, self._written.sets)
        self._run(workbook.undo, *work, done=self._undone, failed=self._failed)

    def _undone(self, people: int) -> None:
        self._link.saved()
        self._show(_CHOOSE)
        words = _("The import of {count} people is taken back.").format(count=show_amount(people))
        self.notice.say(words, tone="ok", icon="undo")


def _sum_card(found: Review) -> QWidget:
    totals: Counter[str] = Counter()
    for part in found.reading.sums:
        for name in ("rows", "people", "headings", "totals", "questions", "other", "blank"):
            totals[name] += getattr(part, name)
    words = {
        "rows": _("rows in the workbook"),
        "people": _("people"),
        "headings": _("headings"),
        "totals": _("totals"),
        "questions": _("questions"),
        "other": _("other rows"),
        "blank": _("blank rows"),
    }
    parts: list[QWidget] = []
    for name, said in words.items():
        if totals[name] or name in ("rows", "people"):
            sign = "" if name == "rows" else "=" if name == "people" else "+"
            tone = "warn" if name == "questions" else ""
            parts += [label(sign, "second")] if sign else []
            parts.append(
                row(label(show_amount(totals[name]), "sum", tone=tone), label(said, "caption"), gap=6)
            )
    return card(row(*parts, STRETCH, Chip(_("No row is missing"), "tick", "ok"), gap=12), margins=(16, 12))
