"""A list leaves the screen: as a PDF to print or an Excel file to go on with.

Numbers stay masked; every export is audited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.actions.desk import Desk
from app.domain.progress import Progress
from app.sheets import writer
from app.sheets.writer import Column, Holds
from app.store import audit, queries
from app.store.queries import PersonRow
from app.ui.jobs import Bar, Jobs
from app.ui.notices import NoticeSlot
from app.ui.papers.flow import Made
from app.ui.papers.people_list import PeopleList, write_list
from app.ui.person_facts import ACCOUNT_MARKS, born, group_words, monthly
from app.words import gettext as _

_COLUMNS = ("name", "birth", "hamlet", "group_codes", "monthly_amount", "account_state")
_WIDTHS = {
    "name": 28,
    "birth": 13,
    "hamlet": 20,
    "group_codes": 26,
    "monthly_amount": 14,
    "account_state": 16,
}
_HOLDS = {"birth": Holds.DATE, "monthly_amount": Holds.AMOUNT}
_PDF, _EXCEL = "PDF (*.pdf)", "Excel (*.xlsx)"
_CHUNK = 500


def save_list(  # noqa: PLR0913 - what it prints, for whom, and where it says so
    owner: QWidget, jobs: Jobs, desk: Desk, nos: Sequence[int], chosen: str, notice: NoticeSlot, bar: Bar
) -> None:
    """Ask where and as what, then write it in the background."""
    title = _("Save the list")
    name = _("list") + f"-{desk.clock.today():%Y%m%d}.pdf"
    typed, kind = QFileDialog.getSaveFileName(owner, title, name, f"{_PDF};;{_EXCEL}")
    if not typed:
        return
    path = _named(Path(typed), kind)

    def done(count: int) -> None:
        words = _("{count} people saved to {file}.").format(count=count, file=path.name)
        notice.say(words, tone="ok", icon="tick")

    jobs.run(
        owner, write_people, desk, tuple(nos), chosen, path, done=done, failed=notice.show_error, bar=bar
    )


def _named(path: Path, kind: str) -> Path:
    """The file as the chosen kind is called, whatever ending was left from the other."""
    ending = ".xlsx" if kind == _EXCEL else ".pdf"
    return (
        path.with_suffix(ending)
        if path.suffix.lower() in (".pdf", ".xlsx", "")
        else path.with_name(path.name + ending)
    )


def write_people(progress: Progress, desk: Desk, nos: Sequence[int], chosen: str, path: Path) -> int:
    """These people as a PDF or, by the file's ending, a workbook; returns how many."""
    people = list(_people(progress, desk, nos))
    if path.suffix.lower() == ".xlsx":
        _write_workbook(progress, desk, people, chosen, path)
    else:
        made = Made(desk.commune.name, desk.officer.name, desk.clock.now(), desk.training)
        rows = tuple(_words(person, desk) for person in people)
        total = sum(person.amount for person in people)
        write_list(
            PeopleList(made, _("List of beneficiaries"), chosen, _COLUMNS, rows, total), path, progress
        )
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "export", kind="person", detail=f"people={len(people)}")
    return len(people)


def _people(progress: Progress, desk: Desk, nos: Sequence[int]) -> Iterator[PersonRow]:
    for start in range(0, len(nos), _CHUNK):
        progress.step(start, len(nos), "Writing the list")
        with desk.vault.read() as connection:
            found = queries.person_rows(connection, nos[start : start + _CHUNK])
        yield from (person for person in found if person is not None)


def _words(person: PersonRow, desk: Desk) -> tuple[str, ...]:
    groups = group_words(person.groups, desk.reference)
    account = _(ACCOUNT_MARKS[person.account][0])
    return person.name, born(person.birth), person.hamlet, groups, monthly(person), account


def _write_workbook(
    progress: Progress, desk: Desk, people: Sequence[PersonRow], chosen: str, path: Path
) -> None:
    """Dates and amounts as Excel counts them; what begins like a formula stays text."""
    columns = [Column(_("No."), 6, Holds.NUMBER)]
    columns += [
        Column(_(f"column.person.{name}"), _WIDTHS[name], _HOLDS.get(name, Holds.TEXT)) for name in _COLUMNS
    ]
    rows = []
    for at, person in enumerate(people, 1):
        name, _born, hamlet, groups, _monthly, account = _words(person, desk)
        rows.append((at, name, person.birth, hamlet or None, groups or None, person.amount or None, account))
    written = _("Written {day} by {officer}").format(
        day=f"{desk.clock.today():%d/%m/%Y}", officer=desk.officer.name
    )
    titles = [_("List of beneficiaries"), desk.commune.name, *([chosen] if chosen else []), written]
    if desk.training:
        titles.insert(1, _("TRAINING"))
    writer.write_list(path, titles, columns, rows, progress)
