"""The user guide, set to be read: `resources/help/<language>/*.md` in the window's own type.

    guide = Guide(); guide.open("tim-nguoi")      # a list of its pages, and one of them
    window.cover(GuideSheet("mo-khoa", close=window.uncover))      # before any register is open

A page has one name in every language, and is read in the one that the program speaks.
Qt's Markdown gives words and structure; sizes, leading and rules are those of the look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QKeySequence,
    QShortcut,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextBrowser, QVBoxLayout

from app.resources import resource
from app.ui.parts.boxes import STRETCH, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.theme import give, look
from app.words import gettext as _
from app.words import spoken

_CONTENTS, _FIRST = "index", "bat-dau"
_HEADINGS = {1: ("page", 0, 8), 2: ("card", 18, 6)}  # role, space above and below
_LEADING = 150.0


class GuidePage(QTextBrowser):
    """Shows one page; `chosen` names the page a link leads to."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        give(self, role="card")
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._follow)
        self.name = ""

    def show_page(self, name: str) -> None:
        """Set the page anew, from its top."""
        self.name = name
        self.document().setDefaultFont(look().font("body"))
        self.document().setDocumentMargin(look().px(20))
        self.setMarkdown(_page(name).read_text("utf-8"))
        typeset(self.document())
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.name:
            self.show_page(self.name)

    def _follow(self, address: QUrl) -> None:
        name = address.fileName().removesuffix(".md")
        if page_exists(name):
            self.chosen.emit(name)


class Guide(QFrame):
    """The list of pages at the left, the page that is read beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.contents, self.page = GuidePage(), GuidePage()
        self.contents.setFixedWidth(look().px(264))
        self.contents.show_page(_CONTENTS)
        for shown in (self.contents, self.page):
            shown.chosen.connect(self.open)
        layout = QHBoxLayout(self)
        fill(layout, self.contents, self.page, gap=12, margins=20)
        layout.setStretch(1, 1)
        self.setFocusProxy(self.page)

    def open(self, name: str) -> None:
        """Read a page; the first steps where there is no such page."""
        self.page.show_page(name if page_exists(name) else _FIRST)
        self.page.setFocus()


class GuideSheet(QFrame):
    """The guide over the whole window; F1 or Esc goes back to where one was, nothing typed is lost."""

    def __init__(self, page: str, close: Callable[[], None]) -> None:
        super().__init__()
        give(self, role="canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.guide = Guide()
        self.back = Button(_("Back"), icon="arrow-left", key="Esc", on=close)
        head = row(label(_("Guidance"), "page"), STRETCH, self.back, margins=(20, 0), role="bar")
        head.setFixedHeight(look().px(52))
        layout = QVBoxLayout(self)
        fill(layout, head, self.guide)
        layout.setStretch(1, 1)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(close)
        self.setFocusProxy(self.guide)
        self.guide.open(page)


def page_exists(name: str) -> bool:
    """Whether the guide has such a page."""
    return name.replace("-", "").isalnum() and _page(name).exists()


def _page(name: str) -> Path:
    return resource(f"help/{spoken()}/{name}.md")


def typeset(document: QTextDocument) -> None:
    """Give headings, lists, tables and keys of a Markdown document the look of the window."""
    document.setIndentWidth(look().px(20))
    for block in _blocks(document):
        _set_block(block)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _set_table(frame)


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _set_block(block: QTextBlock) -> None:
    cursor = QTextCursor(block)
    shape = block.blockFormat()
    heading = _HEADINGS.get(shape.headingLevel())
    in_table = cursor.currentTable() is not None
    shape.setLineHeight(_LEADING, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if heading:
        _role, above, below = heading
        shape.setTopMargin(look().px(above))
        shape.setBottomMargin(look().px(below))
    elif not in_table:
        is_item = _is_item(block)
        shape.setTopMargin(look().px(0 if is_item or not _is_item(block.previous()) else 8))
        shape.setBottomMargin(look().px(2 if is_item else 8))
    cursor.setBlockFormat(shape)
    for start, end, look_of in list(_runs(block)):
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(_set_run(look_of, heading[0] if heading else ""))


def _is_item(block: QTextBlock) -> bool:
    return block.isValid() and block.textList() is not None


def _runs(block: QTextBlock) -> Iterator[tuple[int, int, QTextCharFormat]]:
    walk = block.begin()
    while not walk.atEnd():
        run = walk.fragment()
        if run.isValid():
            yield run.position(), run.position() + run.length(), run.charFormat()
        walk += 1


def _set_run(run: QTextCharFormat, role: str) -> QTextCharFormat:
    """Our own weights for bold, for stress and for what is typed; Inter has no bold and the window no second
    face.
    """
    is_strong = run.fontWeight() > QFont.Weight.Medium or run.fontItalic() or bool(role)
    is_typed = run.fontFixedPitch()
    made = QTextCharFormat()
    made.setFont(look().font(role or ("strong" if is_strong or is_typed else "body")))
    made.setForeground(look().colours.accent if run.isAnchor() else look().colours.ink)
    if is_typed:
        made.setBackground(look().colours.neutralSoft)
    if run.isAnchor():
        made.setAnchor(True)
        made.setAnchorHref(run.anchorHref())
    return made


def _set_table(table: QTextTable) -> None:
    shape = table.format()
    shape.setBorderCollapse(True)
    shape.setBorder(1)
    shape.setBorderBrush(look().colours.line)
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setCellPadding(look().px(4))
    shape.setTopMargin(look().px(4))
    shape.setBottomMargin(look().px(12))
    shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(shape)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        heading = cell.format()
        heading.setBackground(look().colours.sunk)
        cell.setFormat(heading)
