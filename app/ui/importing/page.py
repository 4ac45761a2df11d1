"""The third step: the sum that adds up, kinds at the left, their cells, the question, the row itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from app.actions.importing.beside import stands_of
from app.actions.importing.facts import Answer, Fate, How, Point, Review, Side
from app.actions.importing.reviewing import suggested
from app.actions.importing.settling import Typing
from app.domain.errors import Refusal
from app.domain.text import show_amount
from app.ui.importing import piles
from app.ui.importing.answering import Answering
from app.ui.importing.kinds import Kinds
from app.ui.importing.lines import MORE, Line, Lines, acts_of, line_of
from app.ui.importing.piles import Pile
from app.ui.importing.strip import Strip
from app.ui.parts.boxes import STRETCH, card, column, column_layout, label, row, row_layout
from app.ui.parts.chips import Chip
from app.ui.parts.holder import Holder
from app.ui.parts.panes import scroll
from app.ui.theme import look
from app.words import gettext as _

_SIDE_WIDTH, _SIDE_NARROW = 264, 236
_LARGE = 1.4
Given = Sequence[tuple[Point, Answer | None]]


class ReviewPage(QFrame):
    """`answered` with pairs of point and answer, None to take one back; the room gives a new review."""

    answered = Signal(object)

    def __init__(self, typing: Typing) -> None:
        super().__init__()
        self._typing = typing
        self._review: Review | None = None
        self._piles: Sequence[Pile] = ()
        self._key = ""
        self._points: dict[str, Point] = {}
        self.sum_line = Holder()
        self.kinds = Kinds()
        self.lines = Lines(self._fetch)
        self.answering = Answering()
        self.strip = Strip()
        side = column(scroll(self.kinds), role="card")
        side.setFixedWidth(look().px(_SIDE_NARROW if look().factor >= _LARGE else _SIDE_WIDTH))
        sheet = column(self.lines, self.answering, self.strip, role="card", grows=0)
        body = row_layout(side, sheet, gap=12, grows=1)
        self.setLayout(column_layout(self.sum_line, body, gap=12, grows=1))
        self._connect()

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._choose)
        self.lines.followed.connect(self._follow)
        self.lines.acted.connect(self._act_on_kind)
        self.lines.act_wanted.connect(self._act)
        self.lines.digit_pressed.connect(self._digit)
        self.answering.answered.connect(lambda point, answer: self.answered.emit([(point, answer)]))
        self.answering.left.connect(self.lines.setFocus)

    def show_review(self, review: Review, found: Sequence[Pile]) -> None:
        """Show it; where the officer stood she stays."""
        self._review, self._piles = review, found
        keys = {pile.key for pile in found} | {f"{pile.side}:{piles.ALL}" for pile in found}
        if self._key not in keys:
            self._key = piles.first_key(found)
        self.sum_line.put(_sum_card(review))
        self._show_kinds(review)
        self._show_lines()
        if self.lines.current_id is None:
            self.lines.go_to_first()
        self._follow(self.lines.current_id or "")

    def _show_kinds(self, review: Review) -> None:
        self.kinds.set_entries(piles.entries(self._piles, review.count(Fate.ASKS)), self._key)

    def begin(self) -> None:
        """Another workbook: from what must be answered first."""
        self._key = ""

    def show_questions(self) -> None:
        """Go to what must be answered."""
        asked = [pile for pile in self._piles if pile.side is Side.ANSWER]
        if asked:
            self._choose(f"{Side.ANSWER}:{piles.ALL}" if len(asked) > 1 else asked[0].key)

    def taken(self, review: Review) -> None:
        """An answer was taken: show it at its line and go on to the next; `sorted_anew` brings the counts."""
        self.answering.close_line()
        self._review = review
        self.lines.rows.refresh(self._points)
        self._stand_at(self.lines.currentIndex().row() + 1)
        self._follow(self.lines.current_id or "")
        self.lines.setFocus()

    def sorted_anew(self, review: Review, found: Sequence[Pile]) -> None:
        """The counts and headings after an answer, unless another one came meanwhile."""
        if review is self._review:
            place = self.lines.currentIndex().row()
            self.show_review(review, found)
            if self.lines.current_id is None:
                self._stand_at(place)

    def refuse(self, error: Refusal) -> None:
        """An answer that says nothing."""
        self.answering.refuse(error)

    def _show_lines(self) -> None:
        rows, self._points = piles.items(self._piles, self._key)
        self.lines.set_ids(rows)

    def _stand_at(self, place: int) -> None:
        """At this line of the table, or the next below that is no heading; the last stays where it is."""
        for at in range(place, self.lines.rows.rowCount()):
            item = self.lines.rows.id_at(at)
            if item is not None:
                self.lines.go_to(item)
                return

    def _fetch(self, keys: Sequence[str]) -> list[Line | None]:
        review = self._review
        found = [self._point(key) for key in keys]
        return [line_of(review, point) if review is not None and point else None for point in found]

    def _point(self, key: str) -> Point | None:
        """The point of that key as the review has it now; as it was where it is gone meanwhile."""
        point, review = self._points.get(key), self._review
        if point is None or review is None or not point.row:
            return point
        now = review.points[review.ground.place[point.row]]
        return next((each for each in now if each.key == key), point)

    def _choose(self, key: str) -> None:
        self._key = key
        if self._review is not None:
            self._show_kinds(self._review)
        self.lines.setCurrentIndex(self.lines.rows.index(-1, -1))
        self._show_lines()
        self.lines.go_to_first()
        self._follow(self.lines.current_id or "")

    def _follow(self, key: str) -> None:
        point, review = self._point(key), self._review
        if review is None:
            return
        self.answering.show_point(review, point)
        if point is None or not point.row:
            self.strip.hide()
            return
        shown = review.ground.row(point.row)
        chosen = point.candidates[0] if point.candidates and review.answer(point) is None else None
        self.strip.show_row(review, point, stands_of(review.ground, shown, self._typing, chosen))

    def _act_on_kind(self, key: str) -> None:
        """Accept all of a kind, or unfold it."""
        if key.startswith(MORE):
            self._choose(key.removeprefix(MORE))
            self.lines.setFocus()
        elif self._review is not None:
            points = next(pile.points for pile in self._piles if pile.key == key)
            self.answered.emit(suggested(self._review, points))

    def _act(self, key: str, act: str) -> None:
        point, review = self._point(key), self._review
        if point is None or review is None or act not in acts_of(point):
            return
        match act:
            case "accept":
                self.answered.emit([(point, Answer(point.ways[0]))])
            case "edit":
                self.answering.edit(point)
            case "undo" if review.answer(point) is not None:
                self.answered.emit([(point, None)])
            case "undo" if How.TYPED in point.ways:
                self.answered.emit([(point, Answer(How.TYPED))])

    def _digit(self, digit: int) -> None:
        self.answering.choose_digit(digit)


def _sum_card(review: Review) -> QWidget:
    """Rows in the file = people + headings + totals + questions + left out + the rest, always."""
    sums = review.ground.reading.sums
    asks, left_out = review.count(Fate.ASKS), review.count(Fate.SKIPPED)
    said = (
        (sum(part.rows for part in sums), _("rows in the file"), ""),
        (len(review.fates) - asks - left_out, _("people"), "="),
        (sum(part.headings for part in sums), _("headings"), "+"),
        (sum(part.totals for part in sums), _("totals"), "+"),
        (asks, _("questions"), "+"),
        (left_out, _("left out"), "+"),
        (sum(part.other + part.blank for part in sums), _("other or blank rows"), "+"),
    )
    figure, gap = ("card", 6) if look().factor >= _LARGE else ("sum", 12)
    parts: list[QWidget] = []
    for count, words, sign in said:
        if count or sign in ("", "="):
            parts += [label(sign, "second")] if sign else []
            tone = "warn" if words == _("questions") else ""
            parts.append(
                row(label(show_amount(count), figure, tone=tone), label(words, "second"), gap=gap // 2)
            )
    whole = row(*parts, STRETCH, Chip(_("No row is missing"), "tick", "ok"), gap=gap)
    whole.setAccessibleName(" ".join(f"{sign} {show_amount(n)} {words}" for n, words, sign in said if n))
    return card(whole, margins=(20, 14))
