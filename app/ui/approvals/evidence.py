"""What an account stands on, side by side: the code or what was typed, the slip, who wrote it.

A code is a number, so it stays an icon until it is asked for; a photo opens in place. The page lets
nothing be signed before what is here was opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QHideEvent, QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.actions import attachments, people
from app.actions.desk import Desk
from app.domain.attachments import Cited
from app.domain.progress import Progress
from app.store.attachments import Attachment
from app.ui.approvals import wording
from app.ui.approvals.found import AccountCase
from app.ui.forms.masked import MaskedValue
from app.ui.jobs import Jobs
from app.ui.notices import IconLabel, NoticeSlot
from app.ui.parts.boxes import STRETCH, card, column, column_layout, fill, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.chips import Mark
from app.ui.parts.holder import Holder
from app.ui.person.tiles import PictureBox, name_of
from app.ui.pictures import decode
from app.ui.proving import asking
from app.ui.theme import look
from app.ui.values import show_size
from app.words import gettext as _

_TILE, _LARGE = QSize(64, 64), 420


class Evidence(QFrame):
    """Three cards, and the photo that was opened below them; `opened` when one was, noted in `seen`."""

    opened = Signal()

    def __init__(self, jobs: Jobs, desk: Desk, case: AccountCase, seen: set[str]) -> None:
        super().__init__()
        self._seen = seen
        self._jobs, self._desk, self._case = jobs, desk, case
        self.notice, self.large = NoticeSlot(), Holder()
        cards = [self._code(), self._slip(), self._who()]
        if look().factor < 1.5:
            side_by_side = QHBoxLayout()
            fill(side_by_side, *cards, gap=12)
            for at in range(len(cards)):
                side_by_side.setStretch(at, 1)
            self.setLayout(column_layout(side_by_side, self.notice, self.large, gap=8))
        else:  # large text leaves no room beside
            self.setLayout(column_layout(*cards, self.notice, self.large, gap=8))

    @property
    def left(self) -> int:
        """How many photos of it she has not opened since she came to the queue."""
        shown = {each.opened.record for each in self._case.photos if _can_be_shown(each)}
        return len(shown - self._seen)

    def _code(self) -> QFrame:
        account = self._case.account
        number = MaskedValue(
            wording.masked_number(account),
            partial(people.reveal, self._desk, "account", account.record, "number"),
        )
        lines = [
            label(wording.how_words(account), "card", wrap=True),
            label(wording.read_words(self._case, self._desk.reference), "second", wrap=True),
            number,
        ]
        return _card("qr" if account.values.get("evidence") == "vietqr" else "bank", lines)

    def _slip(self) -> QFrame:
        lines: list[QWidget] = [label(_("Slip and papers"), "card", wrap=True)]
        lines += [label(words, "second", wrap=True) for words in wording.consent_words(self._case)]
        lines += [self._photo(each) for each in self._case.photos]
        if not self._case.photos:
            lines.append(label(_("No photo of the slip is kept."), "second", wrap=True))
        return _card("image" if self._case.photos else "file", lines)

    def _photo(self, attachment: Attachment) -> QWidget:
        words = name_of(attachment.opened.values)
        if _can_be_shown(attachment):
            see = Button(_("See: {paper}").format(paper=words), "link", icon="image")
            see.clicked.connect(lambda: self._open(attachment, see))
            return row(see, STRETCH)
        where = _("on the centre, open her papers to fetch it")
        if attachment.is_here:
            where = _("PDF {size}, to be read from a copy saved in her papers").format(
                size=show_size(attachment.cited.size)
            )
        return label(f"{words}: {where}", "second", wrap=True)

    def _who(self) -> QFrame:
        case = self._case
        lines: list[QWidget] = [
            label(_("Written by"), "card"),
            label(case.names.by(case.asked.by) if case.asked.by else "–", "second", wrap=True),
        ]
        if case.signed is not None:
            words = _("signature right, key certified") if case.signed else _("the signature is not hers")
            mark = Mark(words, "tick", "ok") if case.signed else Mark(words, "triangle", "bad")
            lines.append(row(mark, STRETCH))
        else:
            lines.append(label(_("her key is not known here"), "second", wrap=True))
        lines.append(label(wording.load_words(case.of_hers), "second", wrap=True))
        return _card("person", lines)

    def _open(self, attachment: Attachment, button: Button) -> None:
        button.busy(_("Opening…"))
        self._jobs.run(
            self,
            _looked_at,
            self._desk,
            attachment.cited,
            lane="write",
            title="photo",
            done=partial(self._show, attachment, button),
            failed=asking(
                self,
                _("See the paper large"),
                again=partial(self._open, attachment, button),
                otherwise=partial(self._not_shown, button),
                given_up=button.ready,
            ),
        )

    def _show(self, attachment: Attachment, button: Button, image: QImage) -> None:
        button.ready()
        self.notice.clear()
        picture = PictureBox()
        picture.show_image(image)
        picture.setFixedHeight(look().px(_LARGE))
        away = Button(_("Put away"), "quiet", icon="cross", on=lambda: self.large.put(None))
        head = row(label(name_of(attachment.opened.values), "card"), STRETCH, away)
        self.large.put(card(head, picture, gap=8, margins=12))
        away.setFocus()
        self._seen.add(attachment.opened.record)
        self.opened.emit()

    def _not_shown(self, button: Button, error: Exception) -> None:
        button.ready()
        self.notice.show_error(error)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.large.put(None)


def _card(icon: str, lines: Sequence[QWidget]) -> QFrame:
    tile = row(IconLabel(icon, 28, "ink3"), margins=(18, 18), role="sunk")
    tile.setFixedSize(look().px(_TILE.width()), look().px(_TILE.height()))
    return row(
        column(tile, STRETCH), column(*lines, STRETCH, gap=2), gap=12, margins=12, role="card", grows=1
    )


def _can_be_shown(attachment: Attachment) -> bool:
    return attachment.is_here and attachment.opened.values.get("media") != "pdf"


def _looked_at(_progress: Progress, desk: Desk, cited: Cited) -> QImage:
    return decode(attachments.look_at(desk, cited))
