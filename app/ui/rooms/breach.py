"""A breach of personal data: from when to when, what the log knows, and the report to be signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.actions import breach
from app.actions.breach import Report, Span
from app.actions.desk import Desk
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.sync.policy import held_policy
from app.ui.forms.field import Field, Form
from app.ui.forms.text import TextBox
from app.ui.link import Link
from app.ui.moments import show_moment
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.papers.breach_report import denied_words, facts_of, write_report
from app.ui.papers.flow import Made
from app.ui.parts.boxes import STRETCH, card, column, column_layout, label, row
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Facts, scroll
from app.ui.person.file import Names, known_names
from app.ui.proving import asking
from app.ui.room import Room
from app.ui.theme import look
from app.ui.window import Window
from app.words import gettext as _

_FORM = "%d/%m/%Y %H:%M"
_DAYS = 7
_DENIED_SHOWN = 50


class BreachRoom(Room):
    """Nothing is sent from here: the report goes to the specialised body as the office sends its letters."""

    section = "settings"
    help_page = "lo-du-lieu"

    def __init__(self, window: Window, desk: Desk, link: Link) -> None:
        super().__init__(window)
        self._desk = desk
        self.set_head(_("Breach of personal data"), back="settings")
        self.notice, self.bar, self.shown = NoticeSlot(), WorkBar(at_edge=True), Holder()
        self.report: Report | None = None
        hint = _("day/month/year hour:minute")
        self.since = Field(_("From when"), TextBox(), required=True, hint=hint)
        self.until = Field(_("To"), TextBox(), required=True, hint=hint)
        self.found = Field(_("Found out"), TextBox(), required=True, hint=_("the 72 hours count from here"))
        self.form = Form({"since": self.since, "until": self.until, "found": self.found}, columns=3)
        self.prepare = Button(_("Look in the log"), "primary", icon="search", size="form", on=self._prepare)
        self.save = Button(_("Save the report…"), icon="download", size="form", on=self._choose)
        told = _(
            "Lost laptop, wrong recipient, a stranger at the screen: the specialised body must hear of it"
        )
        law = _("within 72 hours of its discovery (Law 91/2025/QH15). Call the province first.")
        page = card(
            label(f"{told} {law}", wrap=True), self.form, row(self.prepare, self.save, STRETCH), gap=12
        )
        page.setMaximumWidth(look().px(860))
        body = scroll(column(self.notice, page, self.shown, STRETCH, gap=12, margins=(20, 16)))
        self.setLayout(column_layout(body, self.bar, grows=0))

    def enter(self, **_arguments: object) -> None:
        now = self._desk.clock.now()
        if not self.since.control.text():
            self.since.control.setText((now - timedelta(days=_DAYS)).strftime(_FORM))
            self.until.control.setText(now.strftime(_FORM))
            self.found.control.setText(now.strftime(_FORM))
        self.save.setEnabled(self.report is not None)

    def _span(self) -> Span | None:
        moments = []
        for field in (self.since, self.until, self.found):
            try:
                moments.append(datetime.strptime(field.control.text().strip(), _FORM).astimezone())
            except ValueError:
                field.set_error(_("Write it as {form}.").format(form=self._desk.clock.now().strftime(_FORM)))
                return None
        since, until, found = moments
        return Span(since, until.replace(second=59), found.replace(second=59))

    def _prepare(self) -> None:
        self.form.clear_errors()
        span = self._span()
        if span is None:
            return
        self.notice.clear()
        self.prepare.busy(_("Looking…"))
        self.shell.jobs.run(
            self,
            prepared,
            self._desk,
            span,
            title=_("Reading the log"),
            done=self._show,
            failed=asking(
                self,
                _("Prepare the report"),
                again=self._prepare,
                otherwise=self._failed,
                given_up=self.prepare.ready,
            ),
            bar=self.bar,
        )

    def _failed(self, error: Exception) -> None:
        self.prepare.ready()
        self.save.setEnabled(self.report is not None)
        if not (isinstance(error, Refusal) and self.form.show_error(error)):
            self.notice.show_error(error)

    def _show(self, found: tuple[Report, Names]) -> None:
        self.prepare.ready()
        report, names = found
        self.report = report
        self.save.setEnabled(True)
        due = report.due.astimezone().strftime(_FORM)
        words = _("The specialised body must have the report by {due}.").format(due=due)
        self.notice.say(words, tone="warn", icon="clock")
        facts = Facts(facts_of(report, _), label_width=268)
        refused = (
            [label(_("What the rules refused"), "card"), _denied(report, names)] if report.denied else []
        )
        page = card(label(_("What the log of this laptop knows"), "card"), facts, *refused)
        page.setMaximumWidth(look().px(860))
        self.shown.put(page)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Where the report goes"))
        if folder:
            self.save_into(Path(folder))

    def save_into(self, folder: Path) -> None:
        """Both files: the paper to be signed, and the figures for a machine."""
        self.shell.jobs.run(
            self,
            save_report,
            self._desk,
            self.report,
            folder,
            done=self._saved,
            failed=asking(
                self,
                _("Let the report leave the register"),
                again=lambda: self.save_into(folder),
                otherwise=self.notice.show_error,
            ),
        )

    def _saved(self, names: str) -> None:
        self.notice.say(_("Saved: {files}.").format(files=names), tone="ok", icon="tick")


def prepared(progress: Progress, desk: Desk, span: Span) -> tuple[Report, Names]:
    """The report, and what its officers are called."""
    report = breach.prepare(progress, desk, span)
    with desk.vault.read() as connection:
        return report, known_names(desk, held_policy(connection))


def _denied(report: Report, names: Names) -> Facts:
    """The newest of them; the paper has all."""
    lines: list[tuple[str, str | QWidget]] = []
    for one in reversed(report.denied[-_DENIED_SHOWN:]):
        tried, why = denied_words(one, _)
        when = show_moment(datetime.fromisoformat(one.at))
        lines.append((when, f"{names.officer(one.officer)}: {tried} ({why})"))
    return Facts(lines, label_width=268)


def save_report(progress: Progress, desk: Desk, report: Report, folder: Path) -> str:
    """The JSON and the PDF; their names. Refusal("proof.wanted")."""
    name = f"{_('breach')}-{report.span.found:%Y%m%d-%H%M}"
    with desk.vault.read() as connection:
        names = known_names(desk, held_policy(connection))
    made = Made(desk.commune.name, desk.officer.name, desk.clock.now(), desk.training)
    breach.write_for_machines(progress, desk, report, folder / f"{name}.json")
    write_report(report, names, made, folder / f"{name}.pdf")
    return f"{name}.pdf, {name}.json"
