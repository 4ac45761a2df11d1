"""A list leaves the screen: on paper, as a PDF, as a workbook. Numbers stay masked; each way is audited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from app.actions.desk import Desk, require_way_out
from app.domain.progress import Progress
from app.domain.text import show_amount
from app.sheets import writer
from app.sheets.writer import Holds
from app.store import audit, queries
from app.store.queries import PersonRow
from app.ui.jobs import Bar, Jobs
from app.ui.notices import NoticeSlot
from app.ui.papers.flow import Made
from app.ui.papers.page import office_printer
from app.ui.papers.people_list import PeopleList, print_list, write_list
from app.ui.person.facts import ACCOUNT_MARKS, born, group_words, monthly
from app.ui.proving import asking
from app.words import gettext as _
from app.words import ngettext

_COLUMNS = ("name", "birth", "hamlet", "group_codes", "monthly_amount", "account_state")
_CHUNK = 500


@dataclass(frozen=True)
class Chosen:
    """Who leaves: by `no`, in the order of the screen, and in words."""

    nos: Sequence[int]
    words: str


class ListOut:
    """The ways out of a list, as a menu below a button; says in `notice` what became of it."""

    def __init__(self, owner: QWidget, jobs: Jobs, desk: Desk, notice: NoticeSlot, bar: Bar) -> None:
        self._owner, self._jobs, self._desk, self._notice, self._bar = owner, jobs, desk, notice, bar

    def open_menu(self, beside: QWidget, chosen: Chosen) -> None:
        """Print where there is a printer, or save."""
        menu = QMenu(beside)
        can_print = office_printer() is not None
        words = (
            ngettext("Print {count} person", "Print {count} people", len(chosen.nos))
            if can_print
            else _("Print: this laptop has no printer")
        )
        printing = menu.addAction(words.format(count=show_amount(len(chosen.nos))))
        printing.setEnabled(can_print)
        printing.triggered.connect(lambda: self._print(chosen))
        menu.addAction(_("Save as PDF…")).triggered.connect(lambda: self._save(chosen, "pdf", write_people))
        posted = menu.addAction(_("Save for the notice board (PDF)…"))
        posted.triggered.connect(lambda: self._save(chosen, "pdf", post_people))
        menu.addAction(_("Save as Excel…")).triggered.connect(
            lambda: self._save(chosen, "xlsx", export_people)
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(beside.mapToGlobal(QPoint(0, beside.height() + 4)))

    def _print(self, chosen: Chosen) -> None:
        printer = office_printer()
        if printer is not None:
            self._run(
                print_people,
                chosen,
                printer,
                ngettext(
                    "{count} person went to the printer.",
                    "{count} people went to the printer.",
                    len(chosen.nos),
                ),
            )

    def _save(self, chosen: Chosen, kind: str, write: Callable[..., int]) -> None:
        name = f"{_('list')}-{self._desk.clock.today():%Y%m%d}.{kind}"
        path, _kind = QFileDialog.getSaveFileName(self._owner, _("Save the list"), name, f"*.{kind}")
        if path:
            said = ngettext(
                "{count} person saved to {file}.", "{count} people saved to {file}.", len(chosen.nos)
            ).replace("{file}", Path(path).name)
            self._run(write, chosen, Path(path), said)

    def _run(self, work: Callable[..., int], chosen: Chosen, where: Path | QPrinter, said: str) -> None:
        self._jobs.run(
            self._owner,
            work,
            self._desk,
            chosen,
            where,
            done=lambda count: self._notice.say(
                said.replace("{count}", show_amount(count)), tone="ok", icon="tick"
            ),
            failed=asking(
                self._owner,
                _("Let the list leave the register"),
                again=lambda: self._run(work, chosen, where, said),
                otherwise=self._notice.show_error,
            ),
            bar=self._bar,
        )


def write_people(progress: Progress, desk: Desk, chosen: Chosen, path: Path) -> int:
    """The PDF of these people; returns how many."""
    people = _paper(progress, desk, chosen)
    write_list(people, path, progress)
    return _noted(desk, "export", len(people.rows))


def post_people(progress: Progress, desk: Desk, chosen: Chosen, path: Path) -> int:
    """A PDF that may hang where everybody reads: no numbers, no groups, no amounts."""
    people = replace(_paper(progress, desk, chosen), is_posted=True)
    write_list(people, path, progress)
    return _noted(desk, "export", len(people.rows))


def print_people(progress: Progress, desk: Desk, chosen: Chosen, printer: QPrinter) -> int:
    """The same on paper."""
    people = _paper(progress, desk, chosen)
    print_list(people, printer, progress)
    return _noted(desk, "print", len(people.rows))


def export_people(progress: Progress, desk: Desk, chosen: Chosen, path: Path) -> int:
    """A workbook of these people, amounts as numbers and dates as days; returns how many."""
    require_way_out(desk)
    columns = [
        writer.Column(_("No."), 6, Holds.NUMBER),
        writer.Column(_("Full name"), 28),
        writer.Column(_("Born"), 12, Holds.DATE),
        writer.Column(_("Hamlet"), 22),
        writer.Column(_("Group"), 30),
        writer.Column(_("A month, đ"), 14, Holds.AMOUNT),
        writer.Column(_("Account"), 16),
    ]
    rows = (
        (at, p.name, p.birth, p.hamlet, group_words(p.groups, desk.reference), p.amount or None, _account(p))
        for at, p in enumerate(_people(progress, desk, chosen), 1)
    )
    titles = [_("List of beneficiaries"), f"{desk.commune.name} · {chosen.words}"]
    return _noted(desk, "export", writer.write_list(path, titles, columns, rows, progress))


def _people(progress: Progress, desk: Desk, chosen: Chosen) -> Iterator[PersonRow]:
    """A few at a time, so that nothing else waits long for the register."""
    for start in range(0, len(chosen.nos), _CHUNK):
        with desk.vault.read() as connection:
            found = queries.person_rows(connection, chosen.nos[start : start + _CHUNK])
        yield from (person for person in found if person is not None)
        progress.step(min(start + _CHUNK, len(chosen.nos)), len(chosen.nos), "Writing the list")


def _paper(progress: Progress, desk: Desk, chosen: Chosen) -> PeopleList:
    require_way_out(desk)
    rows: list[tuple[str, ...]] = []
    total = 0
    for person in _people(progress, desk, chosen):
        groups = group_words(person.groups, desk.reference)
        rows.append(
            (person.name, born(person.birth), person.hamlet, groups, monthly(person), _account(person))
        )
        total += person.amount
    made = Made(desk.commune.name, desk.officer.name, desk.clock.now(), desk.training)
    return PeopleList(made, _("List of beneficiaries"), chosen.words, _COLUMNS, tuple(rows), total)


def _account(person: PersonRow) -> str:
    return _(ACCOUNT_MARKS[person.account][0])


def _noted(desk: Desk, act: str, count: int) -> int:
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, act, kind="person", detail=f"people={count}")
    return count
