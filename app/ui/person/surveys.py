"""The tab of surveys: what was handed in about her and her household, each to be read."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from app.actions.desk import Desk
from app.store.submissions import Submitted
from app.ui.link import Link
from app.ui.moments import show_written
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Chip
from app.ui.parts.panes import Empty, scroll
from app.ui.person.file import File
from app.ui.person.tab import PersonTab
from app.ui.survey.answers_view import AnswersView
from app.ui.theme import look
from app.ui.window import Window
from app.words import counted
from app.words import gettext as _

_SURVEYS = "survey"


class Surveys(PersonTab):
    """The list, newest first; or one of them instead of it."""

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window, desk, link)
        self.view = AnswersView(window.jobs, desk, may_correct=window.offers(_SURVEYS))
        self.view.correct_wanted.connect(lambda record: window.go(_SURVEYS, correct=record))
        back = Button(_("All surveys of hers"), "quiet", icon="arrow-left", on=self.close_one)
        inside = column(row(back, STRETCH), card(self.view), STRETCH, gap=8)
        self._one = scroll(inside)
        self._one.hide()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        fill(layout, self._one, gap=12)
        layout.setStretch(layout.count() - 1, 1)

    def show_file(self, file: File) -> None:
        super().show_file(file)
        if not any(each.record == self.view.record for each in file.submissions):
            self.close_one()
        self.shown.setVisible(self._one.isHidden())

    def begin(self) -> None:
        super().begin()
        self.close_one()

    def page(self, file: File) -> QWidget:
        if not file.submissions:
            why = _("No survey was handed in about her or her household yet.")
            return card(Empty(why, icon="clipboard"))
        count = len(file.submissions)
        words = counted("{count} filling", "{count} fillings", count)
        return scroll(column(card(label(words, "card"), self._lines(file), gap=10), STRETCH))

    def _lines(self, file: File) -> QWidget:
        frame = QFrame()
        grid = QGridLayout(frame)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look().px(20))
        grid.setVerticalSpacing(look().px(6))
        grid.setColumnStretch(4, 1)
        replaced = {each.corrects for each in file.submissions if each.corrects}
        for at, each in enumerate(file.submissions):
            title = Button(file.titles.get(each.definition, each.form), "link", icon="clipboard")
            title.clicked.connect(partial(self.open_one, each.record))
            about = _("about her household") if each.household else _("about her")
            cells: list[QWidget] = [
                title,
                label(show_written(each.finished)),
                label(about, "second"),
                label(file.names.officer(each.officer), "second"),
                row(*self._chips(each, replaced), STRETCH),
            ]
            for column_, cell in enumerate(cells):
                grid.addWidget(cell, at, column_, Qt.AlignmentFlag.AlignLeft)
        return frame

    @staticmethod
    def _chips(each: Submitted, replaced: set[str]) -> list[Chip]:
        if each.instance in replaced:
            return [Chip(_("Replaced"), "history", "neutral")]
        return [Chip(_("Correction"), "pencil", "neutral")] if each.corrects else []

    def open_one(self, record: str) -> None:
        """Read one of them."""
        self.view.show_submission(record)
        self.shown.hide()
        self._one.show()

    def close_one(self) -> None:
        """Back to the list."""
        self._one.hide()
        self.shown.setVisible(self.shown.held is not None)
