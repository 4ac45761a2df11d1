"""Where a filling's answers go: a draft after each, a photo before the draft that names it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from app.actions.desk import Desk
from app.actions.surveying.filling import Filling, keep, keep_photo, photo
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.survey.pages import Count
from app.ui.jobs import Jobs
from app.words import explain


class Keeper(QObject):
    """`kept` when a draft stands on the disk, `failed` with a sentence when it does not."""

    kept = Signal(datetime)
    failed = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, filling: Filling) -> None:
        super().__init__()
        self._desk, self._jobs, self._filling = desk, jobs, filling
        self.progress: Callable[[], Count] | None = None

    def keep(self, draft: bytes, page: str) -> None:
        """Keep a draft, and the page that is shown."""
        count = self.progress() if self.progress else None
        done = (count.answered, count.asked) if count else (0, 0)
        kept = self._filling.kept_now(page, *done, content=draft)
        self._jobs.run(
            self, keep, self._desk, kept, lane="write", title="draft", done=self._is_kept, failed=self._is_not
        )

    def keep_file(self, _progress: Progress, content: bytes, _name: str) -> str:
        """Seal these bytes for good. A job."""
        return keep_photo(self._desk, self._filling, content)

    def file(self, name: str) -> bytes | None:
        """The bytes behind an answer; None when they are not here. Asked in a job."""
        try:
            return photo(self._desk, name)
        except Trouble:
            return None

    def _is_kept(self, _nothing: object) -> None:
        self.kept.emit(self._desk.clock.now())

    def _is_not(self, error: Exception) -> None:
        self.failed.emit(explain(error).at_field)
