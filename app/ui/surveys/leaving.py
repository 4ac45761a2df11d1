"""The answers of a form leave the screen: as Excel, as CSV, as files that an ODK Central takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from app.actions import survey_out
from app.actions.desk import Desk
from app.actions.survey_out import Asked
from app.actions.surveying.taken import fetch_file, read_answers
from app.domain.progress import Progress
from app.domain.text import show_amount
from app.ui.jobs import Bar, Jobs
from app.ui.notices import NoticeSlot
from app.ui.proving import asking
from app.words import gettext as _
from app.words import ngettext

Way = Callable[[Progress, Desk, str, Path], tuple[int, int]]


def as_workbook(progress: Progress, desk: Desk, form: str, path: Path) -> tuple[int, int]:
    """How many submissions are in it; no file is missing. The refusals of `survey_out.write_workbook`."""
    answers = read_answers(progress, desk, form)
    return survey_out.write_workbook(progress, desk, Asked(answers.form, answers.taken), path), 0


def as_separated(progress: Progress, desk: Desk, form: str, folder: Path) -> tuple[int, int]:
    """The same as CSV."""
    answers = read_answers(progress, desk, form)
    return survey_out.write_separated(progress, desk, Asked(answers.form, answers.taken), folder), 0


def as_openrosa(progress: Progress, desk: Desk, form: str, folder: Path) -> tuple[int, int]:
    """The same as OpenRosa, with how many photos are not on this laptop."""
    answers = read_answers(progress, desk, form)
    asked = Asked(answers.form, answers.taken)
    out = survey_out.write_openrosa(progress, desk, asked, partial(fetch_file, desk), folder)
    return out.count, len(out.missing)


class AnswersOut:
    """The ways out, as a menu below a button; says in `notice` what became of it."""

    def __init__(self, owner: QWidget, jobs: Jobs, desk: Desk, notice: NoticeSlot, bar: Bar) -> None:
        self._owner, self._jobs, self._desk, self._notice, self._bar = owner, jobs, desk, notice, bar

    def open_menu(self, beside: QWidget, form: str) -> None:
        """Which way."""
        menu = QMenu(beside)
        menu.addAction(_("Save as Excel…")).triggered.connect(lambda: self._to_file(form))
        menu.addAction(_("Save as CSV (a folder)…")).triggered.connect(
            lambda: self._to_folder(form, as_separated, "csv")
        )
        menu.addAction(_("Save for ODK Central (a folder)…")).triggered.connect(
            lambda: self._to_folder(form, as_openrosa, "openrosa")
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(beside.mapToGlobal(QPoint(0, beside.height() + 4)))

    def _name(self, form: str) -> str:
        return f"{form}-{self._desk.clock.now():%Y%m%d-%H%M}"

    def _to_file(self, form: str) -> None:
        name = f"{self._name(form)}.xlsx"
        path, _kind = QFileDialog.getSaveFileName(self._owner, _("Save the answers"), name, "*.xlsx")
        if path:
            self._run(as_workbook, form, Path(path))

    def _to_folder(self, form: str, way: Way, kind: str) -> None:
        chosen = QFileDialog.getExistingDirectory(self._owner, _("In which folder"))
        if chosen:
            self._run(way, form, Path(chosen, f"{self._name(form)}-{kind}"))

    def _run(self, way: Way, form: str, path: Path) -> None:
        self._notice.clear()
        self._jobs.run(
            self._owner,
            way,
            self._desk,
            form,
            path,
            title=_("Writing the answers"),
            done=partial(self._say, path),
            failed=asking(
                self._owner,
                _("Let the answers leave the register"),
                again=lambda: self._run(way, form, path),
                otherwise=self._notice.show_error,
            ),
            bar=self._bar,
        )

    def _say(self, path: Path, out: tuple[int, int]) -> None:
        count, missing = out
        words = ngettext("{count} submission saved to {file}.", "{count} submissions saved to {file}.", count)
        rest = ""
        if missing:
            told = _("Photos that are not on this laptop: {count}; fetch them from the centre first.")
            rest = told.format(count=show_amount(missing))
        said = words.replace("{count}", show_amount(count)).replace("{file}", path.name)
        self._notice.say(said, rest, tone="warn" if missing else "ok", icon="" if missing else "tick")
