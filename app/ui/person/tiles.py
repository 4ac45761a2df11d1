"""One photo or paper of hers as a small picture with what it is, and the same one large."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.domain.records import Value
from app.store.attachments import Attachment
from app.ui import icons
from app.ui.forms.choices import Dropdown, Reason
from app.ui.forms.field import Field
from app.ui.papers.page import office_printer
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Mark
from app.ui.theme import give, look
from app.ui.values import show_size, show_value
from app.words import gettext as _

TILE = QSize(176, 132)


class PictureBox(QWidget):
    """A picture drawn as large as it fits, an icon in its place while there is none."""

    def __init__(self, icon: str = "image", *, grows: bool = False) -> None:
        super().__init__()
        self._icon, self._grows = icon, grows
        self.image = QImage()

    def show_image(self, image: QImage) -> None:
        """Draw this."""
        self.image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), look().colours
        painter.fillRect(self.rect(), colours.sunk)
        if self.image.isNull():
            box = QRect(0, 0, look().px(28), look().px(28))
            box.moveCenter(self.rect().center())
            icons.paint(painter, box, self._icon, colours.ink3)
            return
        room = self.size() * self.devicePixelRatioF()
        size = self.image.size()
        if self._grows or size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        size = size / self.devicePixelRatioF()
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self.image)


class Tile(QFrame):
    """So coarse that no number on it can be read; `opened` when it is to be seen large."""

    opened = Signal()

    def __init__(self, attachment: Attachment) -> None:
        super().__init__()
        values = attachment.opened.values
        self.is_pdf = values.get("media") == "pdf"
        self.picture = PictureBox("file" if self.is_pdf else "image", grows=True)
        self.picture.setFixedSize(QSize(look().px(TILE.width()), look().px(TILE.height())))
        words = _("Fetch") if not attachment.is_here else _("Save a copy") if self.is_pdf else _("Open")
        icon = "download" if not attachment.is_here or self.is_pdf else "eye"
        self.button = Button(words, icon=icon, size="small", on=self.opened.emit)
        self.button.setAccessibleName(f"{words}: {name_of(values)}")
        note = str(values.get("note") or "")
        parts: list[QWidget] = [
            self.picture,
            label(name_of(values), "strong"),
            label(_told(values), "second"),
        ]
        if self.is_pdf:
            self.button.setToolTip(
                _("It is read in a program for PDFs, from a copy; your password is asked.")
            )
        if note:
            parts.append(label(note, "second", wrap=True))
        shown = card(*parts, STRETCH, _state(attachment), row(self.button, STRETCH), gap=6, margins=12)
        fill(QVBoxLayout(self), shown)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)


def _state(attachment: Attachment) -> Mark:
    if not attachment.is_active:
        state = str(attachment.opened.values.get("state"))
        return Mark(_(f"choice.attachment.state.{state}"), "cross")
    if not attachment.is_here:
        return Mark(_("at the centre"), "online")
    if attachment.is_waiting:
        return Mark(_("waits to be sent"), "ring")
    return Mark(_("here and at the centre"), "tick", "ok")


def name_of(values: Mapping[str, Value]) -> str:
    """What it is, in words."""
    return show_value("attachment", "purpose", values.get("purpose"))


def _told(values: Mapping[str, Value]) -> str:
    day = show_value("attachment", "taken", values.get("taken"))
    size = show_size(int(values.get("size") or 0))
    return f"{day} · PDF {size}" if values.get("media") == "pdf" else f"{day} · {size}"


class Viewer(QFrame):
    """One picture large, with what can be done with it; it closes by itself when the tab is left."""

    closed = Signal()
    print_wanted = Signal()
    copy_wanted = Signal()
    ending_wanted = Signal(str, str)

    def __init__(self, attachment: Attachment, image: QImage) -> None:
        super().__init__()
        values = attachment.opened.values
        self.picture = PictureBox()
        self.picture.show_image(image)
        self.picture.setMinimumHeight(look().px(220))
        self.back = Button(_("Back to all papers"), "quiet", icon="arrow-left", on=self.closed.emit)
        printing = Button(_("Print"), icon="print", on=self.print_wanted.emit)
        lacks = "" if office_printer() is not None else _("This laptop has no printer.")
        if lacks:
            printing.forbid(lacks)
        copy = Button(_("Save a copy"), icon="download", on=self.copy_wanted.emit)
        self.end = Button(_("No longer used"), "quietbad", on=self._ask)
        self.end.setVisible(attachment.is_active)
        note = str(values.get("note") or "")
        told = " · ".join(part for part in (_told(values), note) if part)
        head = row(self.back, label(name_of(values), "card"), label(told, "second"), STRETCH)
        self.state = Field(_("What happened"), Dropdown(_states()))
        self.reason = Field(
            _("Why"), Reason([_("A newer one is here"), _("Of somebody else")]), required=True
        )
        sure = Button(_("Close this paper"), "danger", size="form", on=self._close)
        self.asked = column(self.state, self.reason, row(STRETCH, sure), gap=8)
        self.asked.hide()
        ways = row(label(lacks, "hint"), STRETCH, self.end, copy, printing)
        layout = QVBoxLayout(self)
        give(self, role="card")
        fill(layout, head, self.picture, self.asked, ways, gap=8, margins=12)
        layout.setStretch(1, 1)

    def _ask(self) -> None:
        self.asked.show()
        self.end.hide()
        self.reason.control.setFocus()

    def _close(self) -> None:
        why = self.reason.control.value()
        if not why:
            self.reason.set_error(_("Say why; it stands in her history."))
            return
        self.ending_wanted.emit(self.state.control.value(), why)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.picture.show_image(QImage())


def _states() -> list[tuple[str, str]]:
    return [(state, _(f"choice.attachment.state.{state}")) for state in ("ended", "entered_by_mistake")]
