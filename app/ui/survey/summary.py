"""What the answers to a form come to: a card a question, choices and sizes as bars, found by typing.

self.summary = Summary()
self.summary.show_figures(figures, count)      # of app.survey.summary, read in a job

Cards are made as one comes near them: a form of 500 questions opens as soon as one of five.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QLayout, QVBoxLayout, QWidget

from app.domain.dates import show
from app.domain.text import fold, show_amount
from app.survey.figures import Bar
from app.survey.summary import Figure
from app.ui.charts import HamletBars, Progressed
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.panes import Empty, scroll
from app.ui.parts.search import SearchField
from app.ui.theme import look
from app.words import counted, ngettext
from app.words import gettext as _

_AT_ONCE = 12  # cards made together: about 10 ms each on an old laptop
_SIGNS = str.maketrans(",.", ".,")
_ROW, _WORDS, _FIGURES = 26, 260, 110


class Summary(QFrame):
    """Figures of one form, filtered by a question's label or name."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: Sequence[Figure] = ()
        self._found: list[Figure] = []
        self.search = SearchField(_("Find a question"))
        self.search.searched.connect(self._filter)
        self.search.moved_down.connect(self._enter)
        self.search.setFixedWidth(look().px(280))
        self.count = label("", "caption")
        self._cards = QVBoxLayout()
        # New cards make room for themselves at once: Tab scrolls to where a card is, not to where it was.
        self._cards.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        self._content = QWidget()
        self._content.setLayout(self._cards)
        self.area = scroll(self._content)
        # After the layout has settled: a card made from inside of its own layout's signal is made again.
        self._more = QTimer(self, singleShot=True, interval=0)
        self._more.timeout.connect(self._fill)
        bar = self.area.verticalScrollBar()
        bar.valueChanged.connect(lambda _value: self._more.start())
        bar.rangeChanged.connect(lambda _low, _high: self._more.start())
        head = row(self.search, self.count, STRETCH, gap=12, margins=(20, 8), role="bar")
        outer = QVBoxLayout(self)
        fill(outer, head, self.area, grows=1)

    def show_figures(self, figures: Sequence[Figure], submissions: int) -> None:
        """These, of so many submissions; whatever was typed to find stays."""
        self._figures = figures
        said = ngettext("{count} submission", "{count} submissions", submissions)
        self.count.setText(said.format(count=show_amount(submissions)) if submissions else "")
        self._filter(self.search.text())

    @property
    def bars(self) -> list[HamletBars]:
        """Those that are made so far, from the top."""
        return self._content.findChildren(HamletBars)

    def _filter(self, text: str) -> None:
        asked = fold(text)
        self._found = [each for each in self._figures if asked in fold(f"{each.label} {each.name}")]
        while (item := self._cards.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.setParent(None)
                old.deleteLater()
        fill(self._cards, STRETCH, gap=12, margins=(20, 16))
        if not self._found:
            self._cards.insertWidget(0, self._empty(text))
        self.area.verticalScrollBar().setValue(0)
        self._fill()

    def _empty(self, text: str) -> Empty:
        if not self._figures:
            return Empty(_("Nobody has handed in this form yet."))
        back = Button(_("Show every question"), on=lambda: self.search.set_text(""))
        return Empty(_("No question matches “{text}”.").format(text=text), back, icon="search")

    def _fill(self) -> None:
        """The next cards, while the last one made is near."""
        made = self._cards.count() - 1  # the stretch below them
        bar = self.area.verticalScrollBar()
        is_near = bar.value() + self.area.viewport().height() >= bar.maximum()
        if made < len(self._found) and (made == 0 or is_near):
            for at, figure in enumerate(self._found[made : made + _AT_ONCE], made):
                self._cards.insertWidget(at, _card(figure))
            self._more.start()

    def _enter(self) -> None:
        """From the search box down to the first bars."""
        if self.bars:
            self.bars[0].setFocus()


def _card(figure: Figure) -> QFrame:
    asked = _("Asked {asked}, answered {answered}").format(
        asked=show_amount(figure.asked), answered=show_amount(figure.answered)
    )
    lines: list[QWidget] = [label(figure.label, "card", wrap=True), label(asked, "caption")]
    if figure.numbers is not None:
        numbers = figure.numbers
        words = _("From {low} to {high} · mean {mean} · median {median}").format(
            low=_size(numbers.low),
            high=_size(numbers.high),
            mean=_size(round(numbers.mean, 2)),
            median=_size(numbers.median),
        )
        lines.append(label(words, "second", wrap=True))
    if figure.answered and figure.bars:
        lines.append(_bars(figure))
    if figure.others and figure.kind != "plain":
        others = counted("{count} other answer", "{count} other answers", figure.others)
        lines.append(label(others, "hint"))
    return card(column(*lines, gap=4))


def _bars(figure: Figure) -> HamletBars:
    """Of choices each bar is a share of those who answered; of sizes and days the longest is whole."""
    longest = max(bar.count for bar in figure.bars)
    whole = longest if figure.kind in ("number", "date") else figure.answered
    bars = HamletBars(_ROW, _WORDS, _FIGURES)
    bars.set_rows([_line(bar, whole, figure.answered) for bar in figure.bars])
    return bars


def _line(bar: Bar, whole: int, answered: int) -> Progressed:
    share = f"{show_amount(bar.count)} · {round(100 * bar.count / answered)} %"
    return Progressed(_words(bar), bar.count, whole, figures=share)


def _words(bar: Bar) -> str:
    if bar.since is not None:
        begun = show(bar.since)
        return begun if bar.years == 1 else f"{begun} – {bar.since.year + bar.years - 1}"
    if bar.low is None or bar.high is None:
        return bar.label
    if bar.low == bar.high:
        return _size(bar.low)
    return _("{low} to under {high}").format(low=_size(bar.low), high=_size(bar.high))


def _size(value: float) -> str:
    """`1.250.000`, `2.500,5`: as papers write numbers, in either language."""
    return f"{value:,.12g}".translate(_SIGNS)
