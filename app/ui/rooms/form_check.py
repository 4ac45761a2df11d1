"""A form's author looks her XLSForm over, tries it, and packs it for the province to publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog

from app.actions.desk import Desk
from app.actions.surveys import check_form, write_packed
from app.domain.errors import Trouble
from app.domain.progress import Progress
from app.survey.findings import Finding
from app.survey.publish import Checked
from app.survey.session import Session
from app.sync.forms import Parcel
from app.ui.forming.findings import errors_first, finding_columns, finding_line
from app.ui.forming.trying import Trial, begin_trial
from app.ui.forming.verdict import SUFFIX, facts, lacks, suggested, verdict
from app.ui.jobs import Job
from app.ui.link import Link
from app.ui.notices import NoticeSlot, WorkBar
from app.ui.parts.boxes import column, column_layout, footer, label, row_layout
from app.ui.parts.buttons import Button
from app.ui.parts.holder import Holder
from app.ui.parts.panes import Empty, Facts, Pane, section
from app.ui.room import Room
from app.ui.tables.table import Table
from app.ui.window import Window
from app.words import gettext as _


@dataclass(frozen=True)
class Looked:
    """A workbook looked over. `stamp`: when it was saved, and how long it was."""

    path: Path
    stamp: tuple[int, int]
    checked: Checked


class FormCheckRoom(Room):
    """Nothing of the register is read or written; a trial is kept nowhere."""

    section = "settings"
    help_page = "bieu-mau"

    def __init__(self, window: Window, desk: Desk, _link: Link) -> None:
        super().__init__(window)
        self._desk = desk
        self.trial: Trial | None = None
        self.looked: Looked | None = None
        self.path: Path | None = None
        self._job: Job | None = None
        self._found: dict[str, Finding] = {}
        self.again = Button(_("Check again"), icon="sync", key="F5", on=self.check_again)
        self.choose = Button(_("Choose a workbook…"), icon="folder", on=self._choose)
        self.set_head(_("Check a form"), actions=[self.again, self.choose])
        self.notice, self.bar, self.empty = NoticeSlot(), WorkBar(), Holder()
        self.table = Table(finding_columns(), self._fetch)
        self.table.followed.connect(self._follow)
        self.pane = Pane()
        self.attempt = Button(_("Try filling it in"), icon="pencil", size="form", on=self._try)
        self.pack = Button(
            _("Pack for publishing…"), "primary", icon="download", size="form", on=self._ask_where
        )
        self.hint = label("", "second", wrap=True)
        self._lay_out()
        self.setAcceptDrops(True)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Open), self, self._choose)
        QShortcut(QKeySequence("F5"), self, self.check_again)
        self._show()

    def _lay_out(self) -> None:
        self._card = column(self.table, margins=1, role="card")
        inside = (self.notice, self.bar, self.empty, self._card)
        left = column(*inside, gap=12, margins=(20, 16), grows=len(inside) - 1)
        self.foot = footer(self.hint, self.attempt, self.pack, grows=0)
        body = row_layout(left, self.pane, gap=0, grows=0)
        self.setLayout(column_layout(body, self.foot, grows=0))

    def enter(self, **arguments: object) -> None:
        """`path`: a workbook to look over at once."""
        path = arguments.get("path")
        if isinstance(path, Path):
            self.check(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self._come_with(Path(files[0]))

    def _choose(self) -> None:
        title, folder = _("Choose a workbook…"), str(self.path.parent) if self.path else ""
        path, _kind = QFileDialog.getOpenFileName(self, title, folder, "XLSForm (*.xlsx)")
        if path:
            self._come_with(Path(path))

    def _come_with(self, path: Path) -> None:
        """Through the window, which comes back with it when its rooms are built anew."""
        self.shell.go("form-check", path=path)

    def check_again(self) -> None:
        """After she mended and saved it."""
        if self.path is not None:
            self.check(self.path)

    def check(self, path: Path) -> None:
        """Look a workbook over; what was found in it before stands until then."""
        if self._job is not None:
            self._job.drop()
        if path != self.path:
            self.path, self.looked = path, None
            self._show()
        self.notice.clear()
        self.again.busy(_("Checking…"))
        self.pack.forbid(_("Checking…"))
        self._job = self.shell.jobs.run(
            self,
            _look,
            path,
            title=_("Checking the form"),
            done=self._take,
            failed=self._failed,
            bar=self.bar,
        )

    def _take(self, looked: Looked) -> None:
        self._job, self.looked = None, looked
        self._show()
        self.table.setFocus()

    def _failed(self, error: Exception) -> None:
        """Not looked over: what stood here is of a workbook that is another one by now, or is not there."""
        self._job, self.looked = None, None
        self._show()
        self.notice.show_error(error)

    def _show(self) -> None:
        """All of it, of what was looked over last."""
        checked = self.looked.checked if self.looked else None
        self.again.ready()
        if self.path is None:
            self.again.forbid(_("Choose a workbook first."))
        self.set_head(_("Check a form"), self.path.name if self.path else "", back="settings")
        found = errors_first(checked.findings) if checked else []
        self._found = {str(place): each for place, each in enumerate(found)}
        self.table.set_ids(list(self._found))
        self._card.setVisible(bool(self._found))
        self.empty.put(self._nothing(checked) if not self._found else None)
        self.pane.setVisible(checked is not None)
        self.foot.setVisible(checked is not None)
        self.table.go_to_first()
        self._follow("0")
        if checked is not None:
            said = verdict(checked)
            self.notice.say(said.happened, said.todo, tone=said.tone)
        self._allow()

    def _nothing(self, checked: Checked | None) -> Empty:
        if checked is not None:
            return Empty(_("Nothing to mend and no advice."), icon="tick")
        more = _(
            "An XLSForm in Excel (.xlsx), with the lists that it asks beside it; or drop it here. "
            "The file itself is never changed."
        )
        first = Button(_("Choose a workbook…"), "primary", icon="folder", size="form", on=self._choose)
        why = _("Choose the workbook in which the form is written.")
        return Empty(why, first, icon="checklist", more=more)

    def _allow(self) -> None:
        checked = self.looked.checked if self.looked else None
        why = lacks(checked)
        for button in (self.attempt, self.pack):
            button.forbid(why) if why else button.allow()
        self.hint.setText(
            why or _("What is packed holds the questions and their lists, and nobody's answers.")
        )

    def _fetch(self, ids: Sequence[str]) -> list[object]:
        return [finding_line(self._found[each]) for each in ids]

    def _follow(self, key: str) -> None:
        """The sentence whole, which a line of the table may cut off."""
        if self.looked is None:
            return
        parts = [section(_("This form"), Facts(facts(self.looked.checked), label_width=120))]
        chosen = self._found.get(key)
        if chosen is not None:
            line = finding_line(chosen)
            said = label(line.said, wrap=True)
            parts.insert(0, section(line.place or _("The whole form"), said))
        self.pane.show_parts(*parts)

    def _try(self) -> None:
        if self.looked is not None and not lacks(self.looked.checked):
            work = (begin_trial, self._desk, self.looked.checked)
            self.shell.jobs.run(self, *work, title="trial", done=self._show_trial, failed=self._not_tried)

    def _show_trial(self, session: Session) -> None:
        self.trial = Trial(session, self._desk, self.shell.jobs)
        self.trial.ended.connect(self.shell.uncover)
        self.shell.cover(self.trial)

    def _not_tried(self, error: Exception) -> None:
        self.notice.show_error(error)

    def _ask_where(self) -> None:
        looked = self.looked
        if looked is None:
            return
        beside = str(looked.path.parent / suggested(looked.checked))
        path, _kind = QFileDialog.getSaveFileName(self, _("Pack for publishing…"), beside, f"*{SUFFIX}")
        if path:
            self.pack_to(Path(path))

    def pack_to(self, file: Path) -> None:
        """Write what a centre publishes; of a workbook that was saved since, nothing."""
        if self.looked is None:
            return
        self.notice.clear()
        self.pack.busy(_("Packing…"))
        self.shell.jobs.run(
            self,
            _pack,
            self.looked,
            file if file.suffix else file.with_suffix(SUFFIX),
            title=_("Packing the form"),
            lane="stick",
            done=self._packed,
            failed=self._unpacked,
            bar=self.bar,
        )

    def _packed(self, packed: tuple[Path, Parcel] | None) -> None:
        self.pack.ready()
        self._allow()
        if packed is None:
            self.check_again()
            return
        file, parcel = packed
        words = _("{title}, version {version}, is packed into {file}.")
        todo = _(
            "Give this file to the province's IT, who publish it on the centre's page “Forms”, "
            "or by the command: soansinh central form publish {file}"
        )
        said = words.format(title=parcel.title, version=parcel.version, file=file.name)
        self.notice.say(said, todo.format(file=file.name), tone="ok", icon="tick")

    def _unpacked(self, error: Exception) -> None:
        self.pack.ready()
        self._allow()
        self.notice.show_error(error)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError as error:
        raise Trouble("file.unreadable", reason=error.strerror or "") from error
    return found.st_mtime_ns, found.st_size


def _look(progress: Progress, path: Path) -> Looked:
    stamp = _stamp(path)  # before: what is saved while it is read is a later one
    return Looked(path, stamp, check_form(path, progress))


def _pack(progress: Progress, looked: Looked, file: Path) -> tuple[Path, Parcel] | None:
    """None where the workbook was saved after it was looked over: nobody has seen what it says now."""
    if _stamp(looked.path) != looked.stamp:
        return None
    return file, write_packed(progress, looked.checked, file)
