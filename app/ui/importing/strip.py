"""The row as it stands in the workbook, the cell in question outlined; under it what the register has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.actions.importing.beside import Stands
from app.actions.importing.facts import Point, Review, Row
from app.actions.importing.settling import field_of
from app.sheets.proposed import LayoutColumn
from app.sheets.vocabulary import Meaning
from app.ui.importing.words import masked, masked_anywhere
from app.ui.parts.boxes import STRETCH, fill, label, row
from app.ui.theme import give, look
from app.words import gettext as _
from app.words import ngettext

_NUMBERS = {
    Meaning.PERSONAL_ID,
    Meaning.OLD_ID,
    Meaning.PHONE,
    Meaning.ACCOUNT,
    Meaning.PAYEE_ID,
    Meaning.PAYEE_PHONE,
}
_BY_SEX = {Meaning.BIRTH_MALE, Meaning.BIRTH_FEMALE, Meaning.MALE_MARK, Meaning.FEMALE_MARK}
_HEAD, _ROW, _NARROWEST, _WIDEST = 22, 24, 40, 260


@dataclass(frozen=True)
class StripCell:
    """One cell of the strip, already masked."""

    letters: str
    heading: str
    text: str
    is_number: bool
    stands: str = ""  # what the register has for it
    differs: bool = False


def strip_cells(review: Review, shown: Row, stands: Stands | None = None) -> list[StripCell]:
    """Every column of the row's table, blank cells too, and cells beside it."""
    cells = {cell.letters: cell for cell in review.ground.cells.row(shown.sheet, shown.number)}
    columns = {column.letter: column for column in _columns(review, shown)}
    held = _held(columns, {letters for letters, cell in cells.items() if cell.text}, stands)
    found = []
    for letters in sorted({*cells, *columns}, key=lambda name: (len(name), name)):
        cell, column = cells.get(letters), columns.get(letters)
        meaning = column.meaning if column else Meaning.UNKNOWN
        text = " ".join(cell.text.split("\n")) if cell else ""
        veil = masked if meaning in _NUMBERS else masked_anywhere
        # Of a year under *Nam* or *Nữ* the letters alone would not say whose it is.
        heading = column.heading.rpartition("–")[2].strip() if column and meaning in _BY_SEX else ""
        field = held.get(letters, "")
        found.append(
            StripCell(
                letters,
                heading,
                veil(text),
                cell.is_number if cell else False,
                veil(stands.fields[field]) if stands and field else "",
                differs=bool(stands and field in stands.differs),
            )
        )
    return found


def _held(columns: Mapping[str, LayoutColumn], filled: set[str], stands: Stands | None) -> dict[str, str]:
    """Column letters → the field shown under them; a fact in several columns stands under the filled one."""
    under: dict[str, str] = {}
    for letters in sorted(columns, key=lambda name: (name not in filled, len(name), name)):
        field = field_of(columns[letters].meaning.value)
        if stands is not None and field in stands.fields and field not in under:
            under[field] = letters
    return {letters: field for field, letters in under.items()}


def _columns(review: Review, shown: Row) -> Sequence[LayoutColumn]:
    """The columns of the table nearest above the row."""
    tables = [
        layout
        for layout in review.ground.reading.layouts
        if layout.sheet == shown.sheet and layout.top <= shown.number
    ]
    if shown.person is not None:
        own = [layout for layout in tables if layout.fingerprint == shown.person.layout]
        tables = own or tables
    return max(tables, key=lambda layout: layout.top).columns if tables else ()


class _Paper(QWidget):
    """Paints all of the strip."""

    def __init__(self) -> None:
        super().__init__()
        self._number, self._cells, self._marked, self._whose = 0, list[StripCell](), "", ""

    def show_cells(self, number: int, cells: list[StripCell], marked: str, whose: str) -> None:
        """`whose` heads the line of what stands; empty for none."""
        self._number, self._cells, self._marked, self._whose = number, cells, marked, whose
        words = ", ".join(f"{cell.letters} {cell.text}" for cell in cells if cell.text)
        said = _("Row {number} in the workbook: {cells}").format(number=number, cells=words)
        stands = ", ".join(f"{cell.letters} {cell.stands}" for cell in cells if cell.stands)
        self.setAccessibleName(f"{said}. {whose}: {stands}" if whose else said)
        self.setFixedSize(self.sizeHint())
        self.update()

    def marked_box(self) -> tuple[int, int]:
        """Where the outlined cell begins and how wide it is."""
        x = self._first()
        for cell, width in zip(self._cells, self._widths(), strict=True):
            if cell.letters == self._marked:
                return x, width
            x += width
        return 0, 0

    def _widths(self) -> list[int]:
        px = look().px
        head, body = QFontMetrics(look().font("key")), QFontMetrics(look().font("body"))
        widths = []
        for cell in self._cells:
            longer = max(body.horizontalAdvance(cell.text), body.horizontalAdvance(cell.stands))
            text = min(longer, px(_WIDEST)) + px(18)
            top = min(head.horizontalAdvance(_head(cell)), px(120)) + px(18)
            widths.append(max(text, top, px(_NARROWEST)))
        return widths

    def sizeHint(self) -> QSize:
        px = look().px
        rows = 2 if self._whose else 1
        return QSize(self._first() + sum(self._widths()) + 1, px(_HEAD) + rows * px(_ROW) + 1)

    def _first(self) -> int:
        """How wide the line's own column is: its number, and whose the line under it is."""
        whose = QFontMetrics(look().font("small")).horizontalAdvance(self._whose) + look().px(18)
        return max(look().px(_NARROWEST), whose if self._whose else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, px = look().colours, look().px
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.surface)
        painter.fillRect(QRect(0, 0, self.width(), px(_HEAD)), colours.sunk)
        painter.fillRect(QRect(0, 0, self._first(), self.height()), colours.sunk)
        number = QRect(0, px(_HEAD), self._first(), px(_ROW))
        self._write(painter, number, str(self._number), "small", is_middle=True)
        if self._whose:
            self._write(painter, number.translated(0, px(_ROW)), self._whose, "small", is_middle=True)
        x = self._first()
        marked = QRect()
        for cell, width in zip(self._cells, self._widths(), strict=True):
            self._write(painter, QRect(x, 0, width, px(_HEAD)), _head(cell), "key", is_middle=True)
            box = QRect(x, px(_HEAD), width, px(_ROW))
            self._paint_cell(painter, box, cell, is_marked=cell.letters == self._marked)
            painter.fillRect(QRect(x, 0, 1, self.height()), colours.line)
            marked = box if cell.letters == self._marked else marked
            x += width
        painter.setPen(colours.line)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        for line in range(2 if self._whose else 1):
            y = px(_HEAD) + line * px(_ROW)
            painter.drawLine(0, y, self.width(), y)
        if not marked.isNull():
            painter.setPen(QPen(colours.accent, 2))
            painter.drawRect(marked.adjusted(1, 1, 0, -1))

    def _paint_cell(self, painter: QPainter, box: QRect, cell: StripCell, *, is_marked: bool) -> None:
        """The workbook's cell, and under it what stands; where the two disagree both are marked."""
        colours, under = look().colours, box.translated(0, look().px(_ROW))
        if is_marked:
            painter.fillRect(box.adjusted(1, 1, 0, 0), colours.accentSoft)
        if cell.differs:
            for each in (box, under):
                painter.fillRect(each.adjusted(1, 1, 0, 0), colours.warnSoft)
        self._write(painter, box, cell.text, "body", is_right=cell.is_number)
        if self._whose:
            self._write(painter, under, cell.stands, "body", is_right=cell.is_number)

    def _write(
        self,
        painter: QPainter,
        box: QRect,
        text: str,
        font: str,
        *,
        is_right: bool = False,
        is_middle: bool = False,
    ) -> None:
        colours, px = look().colours, look().px
        painter.setFont(look().font(font))
        painter.setPen(colours.ink if font == "body" else colours.ink3)
        side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        side = Qt.AlignmentFlag.AlignHCenter if is_middle else side
        room = box.adjusted(px(8), 0, -px(8), 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | side, shown)


def _head(cell: StripCell) -> str:
    return f"{cell.letters} · {cell.heading}" if cell.heading else cell.letters


class Strip(QFrame):
    """Title and paper; scrolls sideways when the row is wide."""

    def __init__(self) -> None:
        super().__init__()
        give(self, role="sunkfooter")
        self._title = label("", "strong")
        self._where = label("", "third")
        self._paper = _Paper()
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(self._paper)
        head = row(self._title, self._where, STRETCH, gap=6)
        fill(QVBoxLayout(self), head, self._area, gap=6, margins=(14, 8, 14, 10))
        self.hide()

    def show_row(self, review: Review, point: Point, stands: Stands | None) -> None:
        """The row of a point, its cell outlined; under it whom it is compared with."""
        if not point.row:
            self.hide()
            return
        shown = review.ground.row(point.row)
        people = sum(one.people for one in review.ground.reading.sums if one.sheet == shown.sheet)
        self._title.setText(_("Row {row} in the file").format(row=shown.number))
        self._where.setText(
            ngettext(
                "· sheet “{sheet}”, {people} person", "· sheet “{sheet}”, {people} people", people
            ).format(sheet=shown.sheet, people=people)
        )
        letters = point.cell.rstrip("0123456789")
        whose = "" if stands is None else _("the register") if stands.is_register else _("Above")
        self._paper.show_cells(shown.number, strip_cells(review, shown, stands), letters, whose)
        bar = self._area.horizontalScrollBar().sizeHint().height() if self._is_wide() else 0
        self._area.setFixedHeight(self._paper.height() + bar)
        x, width = self._paper.marked_box()
        self._area.ensureVisible(x + width // 2, 0, width // 2 + look().px(40), 0)
        self.show()

    def _is_wide(self) -> bool:
        return self._paper.width() > self.width() - look().px(28)
