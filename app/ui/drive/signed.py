"""The paper that was just signed, photographed while the next person sits down; nobody waits for it."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.actions import attachments
from app.actions.accounts import Enrolled
from app.actions.attachments import Paper
from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store.queries import PersonRow
from app.ui.camera import PhotoPane
from app.ui.link import Link
from app.ui.notices import NoticeSlot
from app.ui.parts.boxes import fill
from app.ui.pictures import prepare
from app.ui.window import Window
from app.words import gettext as _


class SignedPaper(QFrame):
    """The camera, then a line that says what became of it."""

    def __init__(self, window: Window, desk: Desk, link: Link, her: PersonRow, made: Enrolled) -> None:
        super().__init__()
        self._window, self._desk, self._link, self._her, self._made = window, desk, link, her, made
        self.camera, self.notice = PhotoPane(), NoticeSlot()
        self.camera.taken.connect(self._keep)
        self.camera.failed.connect(self.notice.show_error)
        fill(QVBoxLayout(self), self.camera, self.notice)
        self.camera.toggle()

    def _keep(self, image: QImage) -> None:
        work = (self._desk, self._her.id, self._made.consent, image)
        self._window.jobs.run(
            self, keep_signed, *work, lane="write", done=self._kept, failed=self.notice.show_error
        )

    def _kept(self, _record: str) -> None:
        self._link.saved()
        words = _("The signed paper of {name} is kept.").format(name=self._her.name)
        self.notice.say(words, tone="ok", icon="tick")


def keep_signed(progress: Progress, desk: Desk, person: str, consent: str, image: QImage) -> str:
    """The photo, made small, in her file beside the consent that it bears out."""
    content = prepare(progress, image).content
    return attachments.attach(desk, person, Paper(content, "consent", about=consent))
