"""The list of accounts in force leaves the screen: workbook, PDF, paper; after her password, and noted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from app.actions import lists
from app.actions.desk import Desk
from app.actions.lists import AccountList, Listed
from app.domain.dates import PartialDate, show
from app.domain.progress import Progress
from app.domain.records import Value
from app.domain.text import show_amount
from app.ui.jobs import Bar, Jobs
from app.ui.notices import NoticeSlot
from app.ui.papers import account_list
from app.ui.papers.account_list import AccountsPaper
from app.ui.papers.flow import Made
from app.ui.papers.page import office_printer
from app.ui.proving import asking
from app.words import counted, ngettext
from app.words import gettext as _

Write = Callable[[Progress, Desk, AccountList, Path], int]


class AccountsOut:
    """Says in `notice` what became of it."""

    def __init__(self, owner: QWidget, jobs: Jobs, desk: Desk, notice: NoticeSlot, bar: Bar) -> None:
        self._owner, self._jobs, self._desk, self._notice, self._bar = owner, jobs, desk, notice, bar

    def save(self, made: AccountList, kind: str) -> None:
        """Ask where, and write `xlsx` or `pdf` there."""
        name = f"{_('accounts')}-{made.made:%Y%m%d}.{kind}"
        path, _kind = QFileDialog.getSaveFileName(self._owner, _("Save the list"), name, f"*.{kind}")
        if path:
            self.write(made, Path(path))

    def write(self, made: AccountList, path: Path) -> None:
        """To this file, by its suffix."""
        write: Write = lists.write_accounts if path.suffix == ".xlsx" else _pdf
        words = ngettext(
            "{count} account saved to {file}.", "{count} accounts saved to {file}.", len(made.lines)
        )
        said = words.format(count=show_amount(len(made.lines)), file=path.name)
        self._run(lambda progress: write(progress, self._desk, made, path), said)

    def print(self, made: AccountList) -> None:
        """On the office's printer."""
        printer = office_printer()
        if printer is not None:
            said = counted("{count} account printed.", "{count} accounts printed.", len(made.lines))
            self._run(lambda progress: _print(progress, self._desk, made, printer), said)

    def _run(self, work: Callable[[Progress], int], said: str) -> None:
        warned = _("Account numbers stand in it in full: keep it as you keep cash.")
        self._jobs.run(
            self._owner,
            work,
            done=lambda _count: self._notice.say(said, warned, tone="ok", icon="tick"),
            failed=asking(
                self._owner,
                _("Let the list of accounts leave the register"),
                again=lambda: self._run(work, said),
                otherwise=self._notice.show_error,
            ),
            bar=self._bar,
        )


def _pdf(progress: Progress, desk: Desk, made: AccountList, path: Path) -> int:
    lists.issue(desk, made)
    account_list.write_accounts(paper_of(desk, made), path, progress)
    return len(made.lines)


def _print(progress: Progress, desk: Desk, made: AccountList, printer: QPrinter) -> int:
    lists.issue(desk, made)
    account_list.print_accounts(paper_of(desk, made), printer, progress)
    return len(made.lines)


def paper_of(desk: Desk, made: AccountList) -> AccountsPaper:
    """The list as it stands on paper."""
    stamp = Made(desk.commune.name, desk.officer.name, made.made, desk.training)
    return AccountsPaper(
        stamp,
        tuple(lists.titles(desk, made)[2:]),
        tuple(_row(desk, each) for each in made.lines),
        made.total,
    )


def _row(desk: Desk, each: Listed) -> tuple[str, ...]:
    who, cells = each.line.who, each.line.cells
    born = who.get("birth")
    return (
        _words(who.get("name")),
        show(PartialDate.parse(str(born))) if born else "",
        _words(who.get("personal_id")),
        lists.provider_name(desk, cells.get("provider")),
        _words(cells.get("number")),
        _words(cells.get("holder")),
        _words(cells.get("payee_name")),
        show_amount(each.line.amount) if each.line.amount else "",
        _officers(each),
        "; ".join(_(f"list.flag.{flag}") for flag in each.flags),
    )


def _officers(each: Listed) -> str:
    """`Lò Thị Hạnh ghi, Hà Văn Quyết duyệt 29/11/2026`."""
    words = _("{proposed} wrote, {approved} approved {day}")
    return words.format(proposed=each.proposed_by, approved=each.approved_by, day=f"{each.approved:%d/%m/%Y}")


def _words(value: Value) -> str:
    return str(value) if value is not None else ""
