"""A repeat: a table of its rows, and below it the row that is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.survey.layout import Part
from app.survey.views import Delta
from app.ui.parts.boxes import column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.survey.laid import Laid, Lay
from app.ui.survey.live import Live
from app.ui.survey.question import Question
from app.ui.survey.slowly import appear
from app.ui.survey.wording import NOTHING, value_of
from app.ui.tables.columns import Column, MarkCell
from app.ui.tables.table import Table
from app.ui.theme import give, look
from app.words import gettext as _
from app.words import ngettext

COLUMNS_MAX = 6
_SEEN_MAX = 8  # rows; more are scrolled
_HEAD, _ROW = 33, 36
_FIRST, _NARROW, _DAY, _WIDE, _PADDING = 150, 92, 106, 118, 24


@dataclass(frozen=True)
class RowFacts:
    """A row as the table shows it."""

    number: str
    cells: tuple[str, ...]
    mark: MarkCell


class Repeat(Laid):
    """Rows come by a button or Ctrl++, and go without being asked for: they can be brought back.

    Without `is_headed` the page says its name, and shows `add`.
    """

    def __init__(self, live: Live, part: Part, ref: str, lay: Lay, *, is_headed: bool = True) -> None:
        super().__init__()
        self.ref = ref
        self._live, self._part, self._lay = live, part, lay
        self.slowly = live.slowly
        self._facts = dict[str, RowFacts]()
        self._open = ""
        self._is_there = False
        asked = (each for each in _in_table(part.parts) if not live.session.form.field(each.path).is_note)
        self._shown = tuple(asked)[:COLUMNS_MAX]
        self.is_free = not part.control.is_fixed and part.control.count is None
        look_of = {"role": "quiet"} if is_headed else {"key": "Ctrl +", "size": "form"}
        self.add = Button(_("Add a row"), icon="plus", on=self.add_row, **look_of)
        self._name = label("", "card", wrap=True)
        self._empty = label(_("No rows yet."), "second")
        self._wrong = label("", "error", wrap=True)
        self._table: Table | None = None
        self._list = give(QFrame(), role="card")
        self._editor = _Editor(self)
        fill(QVBoxLayout(self._list), self._empty, margins=1)
        self._empty.setContentsMargins(*(look().px(15) for _side in range(4)))
        head = row(self._name, self.add, gap=12, grows=0)
        appear(self.add, self.is_free and is_headed)
        fill(QVBoxLayout(self), head, self._wrong, self._list, self._editor, gap=12)
        appear(head, is_headed)

    # What it is asked

    def refresh(self, delta: Delta | None) -> bool:
        rows = self._live.session.rows(self.ref)
        is_there = self._is_there = rows.is_relevant and (self.is_free or rows.count > 0)
        if is_there:
            self._show(delta, rows.count)
        appear(self, is_there)
        return is_there

    def questions(self) -> Iterator[Question]:
        if self._is_there:
            yield from self._editor.questions()

    def reveal(self, ref: str) -> Question | None:
        if not ref.startswith(f"{self.ref}["):
            return None
        self.open_row(ref[: ref.index("]", len(self.ref)) + 1])
        return self._editor.reveal(ref)

    @property
    def refs(self) -> list[str]:
        """Of its rows."""
        return [f"{self.ref}[{number}]" for number in range(1, self._live.session.rows(self.ref).count + 1)]

    @property
    def row(self) -> str:
        """The row that is open; empty while there is none."""
        return self._open

    def facts(self, ref: str) -> RowFacts:
        """What the table says of a row."""
        found = self._facts.get(ref)
        if found is None:
            found = self._facts[ref] = self._read(ref)
        return found

    def name(self) -> str:
        """What the form calls it, in what it lies in."""
        return self._live.session.said(self._part.label, self.ref.rpartition("/")[0]).strip()

    # What is done

    def add_row(self) -> None:
        """One more, and the cursor in it."""
        self._editor.commit()
        if self.is_free and self._live.add_row(self.ref):
            self.open_row(self.refs[-1])
            self._editor.take_focus()

    def remove_row(self) -> None:
        """The open one goes; the next one takes its place."""
        if self._open:
            self._live.remove_row(self._open)
            self._editor.take_focus()

    def step(self, by: int) -> None:
        """Open the row before or after."""
        refs = self.refs
        if self._open in refs:
            self.open_row(refs[min(max(refs.index(self._open) + by, 0), len(refs) - 1)])

    def open_row(self, ref: str) -> None:
        """Show a row below the table."""
        if ref == self._open:
            return
        self._editor.commit()
        self._open = ref
        self._editor.open(ref)
        if self._table is not None:
            self._table.go_to(ref)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # Underneath

    def _fit(self) -> None:
        """Only as many columns as there is room for: the row that is open shows the rest."""
        if self._table is None:
            return
        number, *others, state = self._table.rows.columns
        always = (number, *others[:1], state)  # no other, where rows hold photos alone
        left = self.width() / look().factor - sum(each.width for each in always) - 2
        shown = [each.name for each in always]
        for each in others[1:]:
            left -= each.width
            if left < 0:
                break
            shown.append(each.name)
        self._table.show_columns(shown)

    def _show(self, delta: Delta | None, count: int) -> None:
        moved = delta is None or _touches(self.ref, (*delta.added, *delta.removed))
        went = delta is None or _touches(self.ref, delta.removed)
        self._name.setText(self.name())
        self._wrong.setText(self._live.complaint(self.ref))
        appear(self._wrong, bool(self._wrong.text()))
        appear(self._empty, count == 0)
        if delta is None:
            self._drop_table()
        if moved:
            self._facts.clear()
        else:
            self._forget(delta)
        if count and self._table is None:
            self._table = self._make_table()
            self._list.layout().addWidget(self._table)  # type: ignore[union-attr]
            self._fit()
            moved = True
        if self._table is not None and moved:
            self._set_rows(self._table, count)
        self._keep_open(count, anew=went)
        self._editor.refresh(delta)

    def _forget(self, delta: Delta | None) -> None:
        """Rows in which something changed are read again."""
        changed = {ref for ref in self._facts if delta and _lies_in(delta, ref)}
        for ref in changed:
            del self._facts[ref]
        if changed and self._table is not None:
            self._table.rows.refresh(changed)

    def _keep_open(self, count: int, *, anew: bool) -> None:
        """A row stays open where it was, or the one that took its place."""
        refs = self.refs
        wanted = self._open
        if wanted not in refs:
            wanted = refs[-1] if refs and wanted else next(iter(refs), "")
        if anew or wanted != self._open:
            self._open = wanted
            self._editor.open(wanted)
        if self._table is not None:
            self._table.setVisible(count > 0)
            if wanted and self._table.current_id != wanted:
                self._table.go_to(wanted)

    def _set_rows(self, table: Table, count: int) -> None:
        table.set_ids(self.refs)
        table.setFixedHeight(look().px(_HEAD) + table.row_height * min(count, _SEEN_MAX))

    def _make_table(self) -> Table:
        first = f"{self.ref}[1]"
        columns = [Column("number", _("No."), 44, lambda row: row.number, is_sortable=False, secondary=True)]
        for place, part in enumerate(self._shown):
            words = self._live.session.node(part.ref(first, self._part.path)).label.strip()
            of_day = self._live.session.form.field(part.path).bind.type == "date"
            is_day = of_day or "partial-date" in part.control.appearance
            columns.append(_column(part.path, words, place, _DAY if is_day else _NARROW))
        columns.append(Column("state", _("Sheet"), 104, lambda row: row.mark, is_sortable=False))
        table = Table(columns, lambda ids: [self.facts(ref) for ref in ids], row_height=_ROW)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.followed.connect(self.open_row)
        table.opened.connect(self._opened)
        table.setAccessibleName(self.name())
        return table

    def _drop_table(self) -> None:
        """Its headings are the form's words, which may be other ones now."""
        if self._table is not None:
            self._table.hide()
            self._table.deleteLater()
            self._table = None

    def _opened(self, ref: str) -> None:
        self.open_row(ref)
        self._editor.take_focus()

    def _read(self, ref: str) -> RowFacts:
        session = self._live.session
        nodes = [session.node(part.ref(ref, self._part.path)) for part in self._shown]
        cells = tuple(value_of(session, node) if node.is_relevant else "" for node in nodes)
        number = ref[len(self.ref) + 1 : -1]
        return RowFacts(number, cells, self._mark(ref))

    def _mark(self, ref: str) -> MarkCell:
        count = self._live.pages.row(ref)
        if count.errors:
            words = ngettext("{errors} error", "{errors} errors", count.errors)
            return MarkCell(words.format(errors=count.errors), "triangle", "bad")
        if count.missing:
            words = ngettext("{left} question left", "{left} questions left", count.missing)
            return MarkCell(words.format(left=count.missing), "ring", "neutral")
        return MarkCell(_("Complete"), "tick", "ok")

    def heading(self, ref: str) -> str:
        """“Thành viên 4: Cà Thị Bích Ẩn”."""
        facts = self.facts(ref)
        what = _("{what}, no. {number}") if self.name() else _("Row {number}")
        words = what.format(what=self.name(), number=facts.number)
        first = next(iter(facts.cells), NOTHING)
        return f"{words}: {first}" if first not in ("", NOTHING) else words

    def board(self, ref: str) -> Laid:
        """What is asked in a row."""
        return self._lay(self._part.parts, ref, self._part.path)


class _Editor(QFrame):
    """The open row: its heading, the way to its neighbours, its questions."""

    def __init__(self, repeat: Repeat) -> None:
        super().__init__()
        give(self, role="card")
        self._repeat = repeat
        self._ref = ""
        self._board: Laid | None = None
        self._heading = label("", "card", wrap=True)
        self._heading.setMinimumWidth(1)
        self._before = Button(_("Row before"), "quiet", icon="chevron-up", on=lambda: repeat.step(-1))
        self._after = Button(_("Row after"), "quiet", trailing="chevron-down", on=lambda: repeat.step(1))
        self._away = Button(_("Remove this row"), "quietbad", icon="trash", on=repeat.remove_row)
        head = QHBoxLayout()
        fill(head, self._heading, self._before, self._after, self._away, gap=8)
        head.setStretch(0, 1)
        self._layout = QVBoxLayout(self)
        fill(self._layout, column(head), gap=8, margins=(16, 8, 16, 16))
        self._away.setVisible(repeat.is_free)
        self.hide()

    def open(self, ref: str) -> None:
        """Another row, or the same one anew."""
        self._ref = ref
        if self._board is not None:
            for question in list(self._board.questions()):
                question.silence()
            self._board.hide()
            self._board.deleteLater()
            self._board = None
        if ref:
            self._repeat.slowly.go_on()
            self._board = self._repeat.board(ref)
            self._layout.addWidget(self._board)
            self.refresh(None)
            self._board.show()
        appear(self, bool(ref))

    def refresh(self, delta: Delta | None) -> None:
        """After a change."""
        if self._board is None:
            return
        self._board.refresh(delta)
        refs = self._repeat.refs
        self._heading.setText(self._repeat.heading(self._ref))
        self._before.setEnabled(self._ref != refs[0])
        self._after.setEnabled(self._ref != refs[-1])

    def questions(self) -> Iterator[Question]:
        """Those of the open row."""
        if self._board is not None:
            yield from self._board.questions()

    def reveal(self, ref: str) -> Question | None:
        """A question of the open row."""
        return self._board.reveal(ref) if self._board is not None else None

    def commit(self) -> None:
        """What is being typed is answered before another row comes."""
        for question in self.questions():
            question.commit()

    def take_focus(self) -> None:
        """Into its first question."""
        first = next((each for each in self.questions() if each.is_open), None)
        if first is not None:
            first.take_focus()


def _column(path: str, words: str, place: int, narrowest: int) -> Column:
    """The first takes what is left; the others are as wide as their headings, within reason."""
    if place == 0:
        return Column(path, words, _FIRST, lambda row: row.cells[0], grows=True, is_sortable=False)
    heading = QFontMetrics(look().font("caption")).horizontalAdvance(words) / look().factor + _PADDING
    width = round(min(max(heading, narrowest), max(_WIDE, narrowest)))
    return Column(path, words, width, lambda row: row.cells[place], is_sortable=False, secondary=True)


def _in_table(parts: Sequence[Part]) -> Iterator[Part]:
    """Questions whose answers are short, of the row itself and of its groups."""
    for part in parts:
        if part.kind == "group":
            yield from _in_table(part.parts)
        elif part.kind == "question" and part.control.kind != "upload":
            yield part


def _touches(ref: str, rows: Sequence[str]) -> bool:
    """Whether any of these is a row of the repeat, or of one that it lies in."""
    return any(row.startswith(f"{ref}[") and "[" not in row[len(ref) + 1 :] for row in rows)


def _lies_in(delta: Delta, row: str) -> bool:
    inside = f"{row}/"
    return any(ref.startswith(inside) for ref in (*delta.nodes, *delta.added, *delta.removed))
