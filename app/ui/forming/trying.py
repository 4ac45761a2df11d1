"""A form filled in by its author before anybody else has it: everything as it will be, and nothing kept."""

from __future__ import annotations

import secrets

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from app.actions import surveys
from app.actions.desk import Desk
from app.domain import attachments as attaching
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.survey.publish import Checked
from app.survey.session import Session
from app.survey.submission import finalise
from app.ui.jobs import Jobs
from app.ui.notices import Notice, NoticeSlot
from app.ui.parts.boxes import column_layout, row
from app.ui.parts.buttons import Button
from app.ui.survey.runner import Runner
from app.words import gettext as _


class Nowhere:
    """Where the answers of a trial go; photos stay as long as it is shown."""

    def __init__(self) -> None:
        self._files = dict[str, bytes]()

    def keep(self, _draft: bytes, _page: str) -> None:
        """Nothing is kept."""

    def keep_file(self, _progress: Progress, content: bytes, name: str) -> str:
        """Until the trial is over; what will not be kept is not kept here either. As `attachments.check`."""
        attaching.check(content)
        made = f"{secrets.token_hex(8)}-{name}"
        self._files[made] = content
        return made

    def file(self, name: str) -> bytes | None:
        """What was chosen a moment ago."""
        return self._files.get(name)


class Trial(QFrame):
    """`ended` when the author has seen enough."""

    ended = Signal()

    def __init__(self, session: Session, desk: Desk, jobs: Jobs) -> None:
        super().__init__()
        title = session.form.title or session.form.id
        told = Notice(_("A trial: nothing is kept, nothing reaches the register."), icon="info")
        self.close_button = Button(_("End the trial"), icon="cross", on=self.ended.emit)
        self.notice = NoticeSlot()
        self._session = session
        self.runner = Runner(
            session,
            Nowhere(),
            jobs=jobs,
            title=title,
            about=_("Trial"),
            prefilled={},
            clock=desk.clock.today,
        )
        self.runner.left.connect(self.ended)
        self.runner.handed_in.connect(self._finish)
        head = row(told, self.close_button, gap=12, margins=(20, 8), grows=1)
        self.setLayout(column_layout(head, self.notice, self.runner, grows=2))

    def _finish(self) -> None:
        try:
            found = finalise(self._session)
        except Refusal as refused:
            self.notice.show_error(refused)
            return
        said = _("It would be handed in: {bytes} bytes. Nothing was kept.").format(bytes=len(found.xml))
        self.notice.say(said, tone="ok", icon="tick")


def begin_trial(_progress: Progress, desk: Desk, checked: Checked) -> Session:
    """Read the form, away from the window."""
    return surveys.begin_trial(desk, checked)
