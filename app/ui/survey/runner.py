"""The whole of a filling on the screen: pages at the left, one of them in the middle, the next step below.

    runner = Runner(session, keeping, jobs=…, title=…, about=…, prefilled=…, page=…, clock=…)
    runner.handed_in.connect(…)     # nothing is missing
    runner.left.connect(…)          # the draft stays
    runner.kept(at), runner.not_kept(sentence)

Keys: Tab and Enter to the next question, Ctrl+Enter or PgDn to the next page, PgUp back, Alt+number to one,
Ctrl++ another row, F8 the next error, Esc away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QWidget

from app.survey.pages import REVIEW, Pages
from app.survey.session import Session
from app.survey.views import Delta
from app.ui.jobs import Jobs
from app.ui.notices import Toast
from app.ui.parts.boxes import column_layout, fill
from app.ui.survey.footing import Footing
from app.ui.survey.live import Keeping, Live
from app.ui.survey.question import Question
from app.ui.survey.sheet import Sheet
from app.ui.survey.side import Side
from app.ui.survey.steps import StepLine
from app.ui.survey.wording import title_of
from app.words import gettext as _

_ENTER = {Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value}


class Runner(QWidget):
    """Begins at `page`, or at the first. `prefilled`: values by reference that came from the register.

    `masked`: what the register holds and nobody is shown, behind its mask.
    """

    handed_in = Signal()
    left = Signal()

    def __init__(  # noqa: PLR0913 - a filling, where it goes, and what stands above it
        self,
        session: Session,
        keeping: Keeping,
        *,
        jobs: Jobs,
        title: str,
        about: str,
        prefilled: Mapping[str, str],
        masked: Mapping[str, str] | None = None,
        page: str = "",
        clock: Callable[[], date],
    ) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self._title, self._about = title, about
        self.pages = Pages(session, page)
        self.live = Live(session, keeping, self.pages, jobs, clock)
        self.live.setParent(self)
        self.live.know(prefilled)
        self.live.withhold(masked or {})
        self.side, self.footing = Side(), Footing()
        self.sheet = Sheet(self.live, title, about)
        self._toast = Toast(self)
        self._lay_out()
        self._listen()
        self._keys()
        self.show_page()

    def kept(self, at: datetime) -> None:
        """The draft stands on the disk."""
        self.footing.show_kept(at)

    def not_kept(self, sentence: str) -> None:
        """It could not be kept, and why."""
        self.footing.say(sentence, is_kept=False)

    def commit(self) -> None:
        """Answer what is being typed: another room comes."""
        self._commit()

    # The way

    def show_page(self, *, errors: bool = False) -> None:
        """The page that is current, from its first question or its first error."""
        self.sheet.show_page(self.pages.current)
        self._show_way()
        self._chain()
        if errors:
            self.next_error()
        elif not self.sheet.begin():
            self.footing.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def forth(self) -> None:
        """To the next page, or from the review to the office."""
        self._commit()
        if self.pages.current == REVIEW:
            if not self._lacks():
                self.handed_in.emit()
            return
        self._moved(self.pages.next())

    def back(self) -> None:
        """To the page before; from the first one, away."""
        self._commit()
        if self.pages.previous():
            self._moved(True)
        else:
            self.left.emit()

    def go(self, key: str) -> None:
        """To a page, as far as all is well."""
        self._commit()
        before = self.pages.current
        is_there = self.pages.go(key)
        if is_there or self.pages.current != before or self.pages.problems(before):
            self._moved(is_there)

    def go_to(self, ref: str) -> None:
        """To a question, wherever it stands."""
        problem = next((each for each in self.pages.problems() if each.ref == ref), None)
        if problem is not None and self.pages.go(problem.page):
            self._moved(True)
            self._focus(self.sheet.reveal(ref))

    def next_error(self) -> None:
        """The error after the one where the keyboard is; the first again after the last."""
        refs = [each.ref for each in self.pages.problems(self.pages.current) if each.is_shown]
        here = self._asked()
        if refs:
            at = refs.index(here.ref) + 1 if here is not None and here.ref in refs else 0
            self._focus(self.sheet.reveal(refs[at % len(refs)]))

    def add_row(self) -> None:
        """Another row of the repeat where the keyboard is, or of the page's first."""
        self._commit()
        repeat = self.sheet.repeat_at(QApplication.focusWidget())
        if repeat is not None:
            repeat.add_row()

    def take_scan(self, text: str) -> bool:
        """What a scanner read: for the question where the keyboard is, else for the first empty one."""
        here = self._asked()
        asked = [each for each in self.sheet.questions() if each.is_open and not each.value]
        return any(each.take_scan(text) for each in ([here] if here else []) + asked)

    # Underneath

    def _lay_out(self) -> None:
        middle = QFrame()
        middle.setLayout(column_layout(self.sheet, self.footing, grows=0))
        layout = QHBoxLayout(self)
        fill(layout, self.side, middle)
        layout.setStretch(1, 1)

    def _listen(self) -> None:
        self.live.changed.connect(self._changed)
        self.live.removed.connect(self._removed)
        self.live.slowly.finished.connect(self._chain)
        self.live.settled.connect(self._toast.hide)
        self.side.chosen.connect(self.go)
        self.footing.back.connect(self.back)
        self.footing.forth.connect(self.forth)
        self.sheet.wanted.connect(self.go_to)
        self.sheet.spoken.connect(self._speak)

    def _keys(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "PgDown": self.forth,
            "Ctrl+Return": self.forth,
            "Ctrl+Enter": self.forth,
            "PgUp": self.back,
            "Ctrl++": self.add_row,
            "Ctrl+=": self.add_row,
            "F8": self.next_error,
            "Esc": self._leave,
        }
        acts |= {f"Alt+{number}": partial(self._go_number, number) for number in range(1, 10)}
        for keys, act in acts.items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _leave(self) -> None:
        self._commit()
        self.left.emit()

    def _go_number(self, number: int) -> None:
        lines = self.side.steps.lines
        if number <= len(lines):
            self.go(lines[number - 1].key)

    def _moved(self, is_there: bool) -> None:
        if is_there:
            self.live.turn()
        self.show_page(errors=not is_there)

    def _changed(self, delta: Delta | None) -> None:
        if self.sheet.refresh(delta):
            self._chain()
        self._show_way()

    def _removed(self, ref: str) -> None:
        number = ref.rpartition("[")[2].rstrip("]")
        self._toast.say(_("Removed row {number}").format(number=number), self._take_back)

    def _take_back(self) -> None:
        ref = self.live.take_back()
        if ref:
            self.sheet.reveal(f"{ref}/")
            self._chain()

    def _speak(self, language: str) -> None:
        here = self._asked()
        self._commit()
        self.live.set_language(language)
        self.show_page()
        self._focus(self.sheet.reveal(here.ref) if here is not None else None)

    def _show_way(self) -> None:
        pages = self.pages.pages()
        alone = self._title if len(pages) == 1 else ""
        lines = [
            StepLine(page.key, title_of(page, alone), page.state == "done", page.errors) for page in pages
        ]
        lines.append(StepLine(REVIEW, _("Look over and hand in"), is_done=False))
        keys = [line.key for line in lines]
        answered, asked = sum(page.answered for page in pages), sum(page.asked for page in pages)
        self.side.show_way(lines, self.pages.current, answered, asked)
        self.sheet.show_head(pages)
        at = keys.index(self.pages.current) if self.pages.current in keys else 0
        following = lines[at + 1].words if at + 1 < len(lines) else ""
        self.footing.show_step(following, lines[at].errors, is_first=at == 0)
        why = self._lacks()
        if why:
            self.footing.next_button.forbid(why)
        else:
            self.footing.next_button.allow()

    def _lacks(self) -> str:
        """Why it is not to be handed in yet; empty where it may be, and on the pages before."""
        if self.pages.current != REVIEW:
            return ""
        if self.live.is_bringing():
            return _("A photo or file is still being kept. One moment.")
        return _("Something is still missing; see the list.") if self.pages.problems() else ""

    def _focus(self, question: Question | None) -> None:
        if question is not None:
            question.take_focus()

    def _asked(self) -> Question | None:
        """The question where the keyboard is."""
        at = QApplication.focusWidget()
        while at is not None and not isinstance(at, Question):
            at = at.parentWidget()
        return at if at is not None and self.isAncestorOf(at) else None

    def _commit(self) -> None:
        """Wherever the keyboard is: in another program, when the idle lock comes."""
        for each in list(self.sheet.questions()):
            each.commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self._asked()
        if (
            event.key() not in _ENTER
            or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            or here is None
        ):
            super().keyPressEvent(event)
            return
        here.commit()
        if here.error:
            return
        after = [each for each in self.sheet.questions() if each.is_open or each is here]
        at = after.index(here) + 1 if here in after else len(after)
        if at < len(after):
            after[at].take_focus()
        else:
            self.footing.next_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _chain(self) -> None:
        """Tab goes as one reads: rows and questions that came later stand where they are seen."""
        stops = [
            each
            for part in (self.sheet, self.footing)
            for each in part.findChildren(QWidget)
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus and not each.focusProxy()
            if each.window() is self.window()  # the list that a box drops down is one of its own
        ]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
