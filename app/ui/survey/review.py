"""The last page: what is still missing, each with a way to it; when nothing is, that it can be handed in."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.survey.pages import Page, Problem
from app.survey.views import Delta
from app.ui.notices import Notice
from app.ui.parts.boxes import STRETCH, card, column_layout, fill, label, row, rule
from app.ui.parts.buttons import Button
from app.ui.survey.laid import Laid
from app.ui.survey.live import Live, sentence
from app.ui.survey.question import Question
from app.ui.survey.wording import title_of
from app.words import gettext as _
from app.words import ngettext

_SHOWN_MAX = 40


class Review(Laid):
    """`wanted`: the reference of a question to go to."""

    wanted = Signal(str)

    def __init__(self, live: Live, alone: str) -> None:
        super().__init__()
        self._live, self._alone = live, alone
        self._shown: QWidget | None = None
        self._layout = QVBoxLayout(self)
        fill(self._layout)
        self.ways: list[Button] = []

    def refresh(self, delta: Delta | None) -> bool:
        if self._shown is not None:
            self._shown.hide()
            self._shown.deleteLater()
        found = self._live.pages.problems()
        self.ways = []
        self._shown = self._missing(found) if found else _whole()
        self._layout.addWidget(self._shown)
        self._shown.show()
        return True

    def questions(self) -> Iterator[Question]:
        yield from ()

    def reveal(self, ref: str) -> Question | None:
        return None

    def _missing(self, found: tuple[Problem, ...]) -> QWidget:
        count = ngettext(
            "{count} question still needs work.", "{count} questions still need work.", len(found)
        )
        lines: list[QWidget] = [label(count.format(count=len(found)), "card")]
        pages = {page.key: page for page in self._live.pages.pages()}
        for problem in found[:_SHOWN_MAX]:
            lines += [rule(), self._line(problem, pages.get(problem.page))]
        if len(found) > _SHOWN_MAX:
            lines += [
                rule(),
                label(_more(len(found) - _SHOWN_MAX), "second"),
            ]
        return card(*lines, gap=8)

    def _line(self, problem: Problem, page: Page | None) -> QWidget:
        asked = self._live.session.node(problem.ref).label.strip() or problem.ref.rpartition("/")[2]
        where = f"{page.number}. {title_of(page, self._alone)}" if page else ""
        if number := problem.ref.rpartition("]")[0].rpartition("[")[2]:
            where += ", " + _("row {number}").format(number=number)
        texts = column_layout(
            label(asked, "strong", wrap=True),
            label(" · ".join(part for part in (where, sentence(problem)) if part), "second", wrap=True),
        )
        line = row(texts, gap=12, grows=0)
        if page:
            way = Button(_("Go there"), trailing="chevron-right", on=lambda: self.wanted.emit(problem.ref))
            way.setAccessibleName(f"{_('Go there')}: {asked}")
            self.ways.append(way)
            line.layout().addWidget(way)  # type: ignore[union-attr]
        return line


def _more(count: int) -> str:
    return ngettext("and {count} more question", "and {count} more questions", count).format(count=count)


def _whole() -> QWidget:
    notice = Notice(
        _("Everything that has to be answered is answered."),
        _("Look it over once more with the person, then hand the sheet in."),
        tone="ok",
    )
    holder = QWidget()
    holder.setLayout(column_layout(notice, STRETCH))
    return holder
