"""Import a workbook in four steps: choose it, match its columns, look through it, write it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget

from app.actions.desk import Desk
from app.actions.importing import reviewing, undoing, writing
from app.actions.importing.around import Around, look_around
from app.actions.importing.facts import Fate, Import, Review, Written
from app.domain.errors import Coded, Refusal
from app.domain.text import show_amount
from app.store.imports import Past
from app.ui.charts import Step, StepLine
from app.ui.importing.choosing import Choosing
from app.ui.importing.columns import ColumnsPage
from app.ui.importing.page import Given, ReviewPage
from app.ui.importing.piles import Pile, piles_of
from app.ui.importing.words import officer_names
from app.ui.link import Link
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import STRETCH, card, column, column_layout, footer, label
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty
from app.ui.room import Room
from app.ui.window import Window
from app.words import counted, ngettext
from app.words import gettext as _

CHOOSE, COLUMNS, REVIEW, WRITTEN = range(4)
_KINDS = "(*.xlsx *.xls *.ods *.csv *.txt *.xlsm)"
_AT_ONCE = 40  # more answers than this are taken off the window's thread


class Importing(Room):
    """Rows in = people + headings + totals + questions + others, and the screen shows that sum."""

    section = "import"
    help_page = "nhap-so"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk, self._link = desk, link
        self.review: Review | None = None
        self.steps = StepLine()
        self.set_head(_("Import a workbook"), actions=[self.steps])
        self.notice, self.bar = NoticeSlot(), WorkBar()
        self.choosing, self.columns = Choosing(), ColumnsPage()
        self.page, self.done = ReviewPage(reviewing.typing_of(desk)), Holder()
        self.pages = QStackedWidget()
        for page in (self.choosing, self.columns, self.page, column(self.done, STRETCH)):
            self.pages.addWidget(page)
        self.back = Button(_("Back"), size="form", on=self._go_back)
        self.hint = label("", "second", wrap=True)
        self.ask = Button("", size="form", on=self.page.show_questions)
        self.forward = Button(_("Continue"), "primary", size="form", on=self._go_on)
        self.foot = footer(self.back, self.hint, self.ask, self.forward, grows=1)
        inside = column(self.notice, self.pages, self.bar, gap=12, margins=(20, 12))
        self.setLayout(column_layout(inside, self.foot, grows=0))
        self.setAcceptDrops(True)
        self._connect()
        self._show(CHOOSE)

    def _connect(self) -> None:
        self.choosing.file_wanted.connect(self._choose)
        self.choosing.sync_wanted.connect(self._link.sync_now)
        self.choosing.resumed.connect(self.resume)
        self.choosing.given_up.connect(self._give_up)
        self.choosing.withdrawn.connect(self._ask_to_withdraw)
        self.columns.corrected.connect(self._correct)
        self.page.answered.connect(self._answer)
        self._link.synced.connect(lambda _summary: self._look_around())

    def enter(self, **arguments: object) -> None:
        """`path`: a workbook to read at once; `draft`: the digest of one to go on with."""
        path, draft = arguments.get("path"), arguments.get("draft")
        if isinstance(path, str | Path):
            self.read(Path(path))
        elif isinstance(draft, str):
            self.resume(draft)
        elif self.review is None:
            self._look_around()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.read(Path(files[0]))

    def _run(self, act: Callable[..., Any], *work: object, done: Callable[[Any], None]) -> None:
        """Reading and writing alike in the writing lane: one after the other, with a bar."""
        self.shell.jobs.run(
            self, act, self._desk, *work, lane="write", done=done, failed=self._failed, bar=self.bar
        )

    def _failed(self, error: Exception) -> None:
        self.forward.ready()
        self.page.setEnabled(True)
        self.notice.show_error(error)
        if isinstance(error, Coded) and error.code == "import.moved" and self.review is not None:
            self._run(reviewing.again, self.review, done=self._take)
        elif self.pages.currentIndex() in (CHOOSE, WRITTEN):
            self._look_around()

    def _look_around(self) -> None:
        self.shell.jobs.run(self, look_around, self._desk, title="around", done=self._take_around)

    def _take_around(self, around: Around) -> None:
        self.choosing.show_around(around, officer_names(self._desk))

    def _choose(self) -> None:
        title = _("Choose a workbook…")
        path, _kind = QFileDialog.getOpenFileName(self, title, "", _("Workbooks") + f" {_KINDS}")
        if path:
            self.read(Path(path))

    def read(self, path: Path) -> None:
        """Read a workbook and compare it with the register; nothing is written."""
        self.notice.clear()
        self._run(reviewing.read, path, done=self._begin)

    def resume(self, digest: str) -> None:
        """Go on with a draft."""
        self.notice.clear()
        self._run(reviewing.resume, digest, done=self._begin)

    def _give_up(self, kept: Import) -> None:
        self._run(reviewing.give_up, kept, done=lambda _nothing: self._look_around())

    def _begin(self, review: Review) -> None:
        self.page.begin()
        self.review = review
        unknown = any(layout.unknown for layout in review.ground.reading.layouts)
        self._show(COLUMNS if unknown and not review.ground.kept.answers else REVIEW)

    def _take(self, review: Review) -> None:
        """The same workbook, read or compared anew."""
        self.review = review
        self._show(self.pages.currentIndex())

    def _correct(self, fingerprint: str, meanings: object) -> None:
        """A column was corrected: remembered for this layout, and the workbook read by it."""
        review = self.review
        if review is not None:
            self._run(reviewing.remember, fingerprint, meanings, done=lambda _nothing: None)
            self._run(reviewing.again, review, done=self._take)

    def _answer(self, given: Given) -> None:
        """Take answers and keep them; many at once are worked out beside the window."""
        review = self.review
        if review is None or not given:
            return
        if len(given) > _AT_ONCE:
            self.page.setEnabled(False)
            self._run(_answered, review, tuple(given), done=self._answered)
            return
        try:
            self._answered(reviewing.answer(self._desk, review, given))
        except Refusal as error:
            self.page.refuse(error)

    def _answered(self, review: Review) -> None:
        self.review = review
        self.page.setEnabled(True)
        self.notice.clear()
        self.page.taken(review)
        self._say_what_is_left(review)
        jobs = self.shell.jobs
        jobs.run(self, _sorted, review, done=lambda found: self.page.sorted_anew(review, found))
        jobs.run(self, reviewing.keep, self._desk, review, lane="write", done=lambda _n: self._kept())

    def _kept(self) -> None:
        """Today counts the drafts; hers is among them from the first answer on."""
        self._link.changed.emit()

    def _show(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        words = (_("Choose the file"), _("Match columns"), _("Look through"), _("Write into the register"))
        states = [
            "done" if at < page or page == WRITTEN else "now" if at == page else "later" for at in range(4)
        ]
        self.steps.set_steps([Step(word, "", state) for word, state in zip(words, states, strict=True)])  # type: ignore[arg-type]
        self.foot.setVisible(page in (COLUMNS, REVIEW))
        self.ask.hide()
        self._say_which()
        if page == COLUMNS and self.review is not None:
            self.columns.show_layouts(self.review.ground.reading.layouts)
            self.forward.setText(_("Look through the people"))
            self.forward.setEnabled(True)
            self.hint.setText(_("A correction is remembered for workbooks of this layout."))
        elif page == REVIEW and self.review is not None:
            self.page.show_review(self.review, piles_of(self.review))
            self._say_what_is_left(self.review)
            self.page.lines.setFocus()

    def _say_which(self) -> None:
        review = self.review
        if review is None or self.pages.currentIndex() == CHOOSE:
            self.set_head(_("Import a workbook"))
            return
        sheets = counted("{count} sheet", "{count} sheets", len(review.ground.cells.book.sheets))
        self.set_head(_("Import a workbook"), f"{review.file.name} · {sheets}")

    def _say_what_is_left(self, review: Review) -> None:
        asks, writes = review.count(Fate.ASKS), review.count(Fate.NEW, Fate.FILLS)
        self.forward.setText(
            counted(
                "Write {count} person into the register", "Write {count} people into the register", writes
            )
        )
        if writes:
            self.forward.allow()
        else:
            self.forward.forbid(_("Nothing new to write."))
        self.ask.setVisible(bool(asks))
        self.ask.setText(counted("Answer {count} question", "Answer {count} questions", asks))
        rest = _("After writing, the whole import can be taken back.")
        words = (
            ngettext(
                "{count} row that still asks stays in the draft, unwritten.",
                "{count} rows that still ask stay in the draft, unwritten.",
                asks,
            )
            + f" {rest}"
        )
        nothing = _("Everybody here is in the register already.")
        self.hint.setText(words.format(count=show_amount(asks)) if asks else rest if writes else nothing)

    def _go_back(self) -> None:
        self.notice.clear()
        page = self.pages.currentIndex() - 1
        if page == CHOOSE:
            self.review = None
            self._look_around()
        self._show(page)

    def _go_on(self) -> None:
        if self.pages.currentIndex() == COLUMNS:
            self._show(REVIEW)
        elif self.review is not None:
            self.notice.clear()
            self.forward.busy(_("Writing…"))
            self._run(writing.write, self.review, done=self._finish)

    def _finish(self, written: Written) -> None:
        self.forward.ready()
        self._link.saved()
        review = self.review
        digest = review.file.digest if review is not None else ""
        said = [counted("{count} person written", "{count} people written", written.people)]
        if written.updated:
            said.append(_("{count} added to").format(count=show_amount(written.updated)))
        if written.accounts:
            said.append(counted("{count} account proposed", "{count} accounts proposed", written.accounts))
        more = [_("The accounts wait for a second officer; none is in force.")] if written.accounts else []
        ways = [Button(_("See the list"), "primary", icon="people", on=lambda: self.shell.go("people"))]
        if written.asked:
            more.append(
                counted(
                    "{count} row still asks; it waits in the draft.",
                    "{count} rows still ask; they wait in the draft.",
                    written.asked,
                )
            )
            ask = counted("Answer {count} question", "Answer {count} questions", written.asked)
            ways.append(Button(ask, on=lambda: self.resume(digest)))
        ways.append(Button(_("Another workbook"), icon="table", on=self._start_over))
        ways.append(
            Button(_("Take the import back"), "danger", icon="undo", on=lambda: self._withdraw(written.id))
        )
        self.done.put(card(Empty(", ".join(said) + ".", *ways, icon="tick", more=" ".join(more)), margins=0))
        self._show(WRITTEN)
        self.review = None

    def _start_over(self) -> None:
        self.review = None
        self._look_around()
        self._show(CHOOSE)

    def _ask_to_withdraw(self, past: Past) -> None:
        """Many people at a press: asked once more, in place."""
        count = past.people
        self.notice.say(
            counted(
                "Take back the import of {count} person?", "Take back the import of {count} people?", count
            ),
            _("They are closed as entered by mistake, and what it filled in is blank again."),
            tone="warn",
            action=Button(
                counted("Take back {count} person", "Take back {count} people", count),
                "danger",
                on=lambda: self._withdraw(past.id),
            ),
        )

    def _withdraw(self, batch: str) -> None:
        self.notice.clear()
        self._run(undoing.undo, batch, done=self._withdrawn)

    def _withdrawn(self, people: int) -> None:
        self._link.saved()
        self._start_over()
        words = counted(
            "The import is taken back: {count} person.", "The import is taken back: {count} people.", people
        )
        self.notice.say(words, tone="ok", icon="undo")


def _sorted(_progress: object, review: Review) -> list[Pile]:
    return piles_of(review)


def _answered(_progress: object, desk: Desk, review: Review, given: Given) -> Review:
    return reviewing.answer(desk, review, given)
