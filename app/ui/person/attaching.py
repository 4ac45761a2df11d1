"""A photo or paper before it goes into her file: what it looks like, what it is, a note."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.actions.attachments import Paper
from app.domain.records import KINDS
from app.ui.forms.choices import Dropdown
from app.ui.forms.field import Field
from app.ui.forms.text import TextBox
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.person.tiles import PictureBox
from app.ui.pictures import Prepared
from app.ui.theme import look
from app.ui.values import show_size
from app.words import gettext as _


class Attaching(QFrame):
    """`wanted(Paper)` when it is to be kept; nothing is on the disk before."""

    wanted = Signal(object)
    given_up = Signal()

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.prepared = prepared
        purposes = KINDS["attachment"].field("purpose")
        assert purposes is not None
        answers = [(each, _(f"choice.attachment.purpose.{each}")) for each in purposes.choices]
        self.picture = PictureBox("file" if prepared.media == "pdf" else "image")
        self.picture.show_image(prepared.image)
        self.picture.setMinimumSize(look().px(280), look().px(220))
        self.purpose = Field(_("What is it?"), Dropdown(answers, hint=_("Choose")), required=True)
        self.note = Field(_("Note"), TextBox())
        self.notice = NoticeSlot()
        self.save = Button(_("Put into her file"), "primary", size="form", on=self.submit)
        back = Button(_("Give up"), "quiet", size="form", on=self.given_up.emit)
        size = label(_("{size} will be kept.").format(size=show_size(len(prepared.content))), "second")
        words = _("The place and the telephone that a photo names are taken out of it.")
        if prepared.media == "pdf":
            words = _("A PDF is kept as it is.")
        form = column(
            label(_("A photo or paper for her file"), "card"),
            self.purpose,
            self.note,
            size,
            label(words, "second", wrap=True),
            self.notice,
            STRETCH,
            row(STRETCH, back, self.save, gap=12),
            gap=10,
        )
        form.setFixedWidth(look().px(360))
        body = row(self.picture, form, gap=20, grows=0)
        layout = QHBoxLayout(self)
        fill(layout, card(body, margins=16))
        self.setFocusProxy(self.purpose.control)

    def submit(self) -> None:
        """Keep it, or say what is missing."""
        purpose = self.purpose.control.value()
        if purpose is None:
            self.purpose.set_error(_("Choose what it is."))
            self.purpose.control.setFocus()
            return
        self.save.busy(_("Saving…"))
        self.wanted.emit(Paper(self.prepared.content, purpose, self.note.control.value()))

    def show_error(self, error: Exception) -> None:
        """It was not kept."""
        self.save.ready()
        self.notice.show_error(error)
