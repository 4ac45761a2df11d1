"""The page in the middle: its title, its hint, and what stands on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.survey.pages import REVIEW, Page
from app.survey.views import Delta
from app.ui.forms.choices import Dropdown
from app.ui.parts.boxes import STRETCH, column, fill, label
from app.ui.parts.panes import scroll
from app.ui.survey.board import Board
from app.ui.survey.laid import Laid
from app.ui.survey.live import Live
from app.ui.survey.question import Question
from app.ui.survey.review import Review
from app.ui.survey.rows import Repeat
from app.ui.survey.wording import title_of
from app.words import gettext as _


class Sheet(QFrame):
    """`wanted`: a question that the review points to; `spoken`: another language of the form."""

    wanted = Signal(str)
    spoken = Signal(str)

    def __init__(self, live: Live, title: str, about: str) -> None:
        super().__init__()
        self._live, self._form_title, self._about = live, title, about
        self._key = ""
        self._laid: Laid | None = None
        self._title = label("", "pane", wrap=True)
        self._hint = label("", "second", wrap=True)
        self._lent = QHBoxLayout()
        self._switch = self._languages()
        self._body = QVBoxLayout()
        self._body.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        words = column(self._title, self._hint, gap=2)
        fill(head, words, self._lent, *([self._switch] if self._switch else []), gap=12)
        head.setStretch(0, 1)
        content = QWidget()
        fill(QVBoxLayout(content), head, self._body, STRETCH, gap=12, margins=(20, 16))
        self._area = scroll(content)
        fill(QVBoxLayout(self), self._area)

    def show_page(self, key: str) -> None:
        """Build a page; the same one again only comes up to date."""
        if key != self._key or self._laid is None:
            self._key = key
            self._drop()
            self._live.slowly.begin()
            self._laid = self._build(key)
            self._body.addWidget(self._laid)
            self._area.verticalScrollBar().setValue(0)
        self.refresh(None)
        self._laid.show()

    def show_head(self, pages: Sequence[Page]) -> None:
        """Number, title and hint."""
        page = next((each for each in pages if each.key == self._key), None)
        if page is not None:
            alone = self._form_title if len(pages) == 1 else ""
            self._title.setText(f"{page.number}. {title_of(page, alone)}")
            self._hint.setText(page.hint)
        elif self._key == REVIEW:
            self._title.setText(_("Look over and hand in"))
            self._hint.setText(" · ".join(part for part in (self._form_title, self._about) if part))
        self._hint.setVisible(bool(self._hint.text()))

    def refresh(self, delta: Delta | None) -> bool:
        """After a change; whether rows came or went, or questions."""
        if self._laid is None:
            return False
        self._live.slowly.go_on()
        before = [question.ref for question in self._laid.questions()]
        self._laid.refresh(delta)
        rows = delta is None or bool(delta.added or delta.removed)
        return rows or before != [question.ref for question in self._laid.questions()]

    def questions(self) -> Iterator[Question]:
        """Those to be seen, in order."""
        if self._laid is not None:
            yield from self._laid.questions()

    def begin(self) -> bool:
        """The keyboard comes to the first question, or to the review's first way; False for neither."""
        first = next((each for each in self.questions() if each.is_open), None)
        if first is not None:
            first.take_focus()
        elif isinstance(self._laid, Review) and self._laid.ways:
            self._laid.ways[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True

    def reveal(self, ref: str) -> Question | None:
        """A question, after opening its row."""
        return self._laid.reveal(ref) if self._laid is not None else None

    def repeat_at(self, widget: QWidget | None) -> Repeat | None:
        """The repeat around a widget, or the first on this page that takes rows."""
        while widget is not None:
            if isinstance(widget, Repeat) and widget.is_free:
                return widget
            widget = widget.parentWidget()
        return next((each for each in self.findChildren(Repeat) if each.is_free and each.isVisible()), None)

    @property
    def title(self) -> str:
        """“2. Thành viên trong hộ”."""
        return self._title.text()

    @property
    def hint(self) -> str:
        """Under the title; empty for none."""
        return self._hint.text()

    @property
    def laid(self) -> Laid | None:
        """What stands on the page."""
        return self._laid

    @property
    def languages(self) -> Dropdown | None:
        """The switch; None where the form has one language."""
        return self._switch

    def _languages(self) -> Dropdown | None:
        names = self._live.session.form.languages
        if len(names) < 2:
            return None
        switch = Dropdown([(name, name) for name in names], self._live.session.language)
        switch.setAccessibleName(_("Language of the form"))
        switch.activated.connect(lambda _place: self.spoken.emit(switch.value() or names[0]))
        return switch

    def _build(self, key: str) -> Laid:
        if key == REVIEW:
            review = Review(self._live, self._form_title)
            review.wanted.connect(self.wanted)
            return review
        parts = self._live.pages.plan(key).parts
        is_alone = len(parts) == 1 and parts[0].kind == "repeat"
        board = Board(self._live, parts, is_headed=not is_alone)
        if is_alone and board.repeats[0].is_free:
            self._lent.addWidget(board.repeats[0].add)
            board.repeats[0].add.show()
        return board

    def _drop(self) -> None:
        while (lent := self._lent.takeAt(0)) is not None:
            if (widget := lent.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if self._laid is not None:
            for question in list(self._laid.questions()):
                question.silence()
            self._laid.hide()
            self._laid.deleteLater()
            self._laid = None
