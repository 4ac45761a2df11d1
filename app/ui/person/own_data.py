"""Her own data, given on request: on paper for her, and as a file that another register can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.actions import own_data
from app.actions.desk import Desk
from app.actions.own_data import Held, OwnData
from app.actions.surveying.reading import Reading
from app.domain.progress import Progress
from app.domain.records import KINDS, Type, field_of
from app.domain.reference import Reference
from app.sync.policy import held_policy
from app.ui.jobs import Jobs
from app.ui.moments import show_moment, show_written
from app.ui.notices import NoticeSlot
from app.ui.papers.flow import Column, Made
from app.ui.papers.person_sheet import Facts, Ledger, PersonSheet, write_person
from app.ui.person.events import why_words
from app.ui.person.file import Names, known_names
from app.ui.proving import asking
from app.ui.survey.answer_words import answer_words, heading_words
from app.ui.values import show_value
from app.words import gettext as _


def give(owner: QWidget, jobs: Jobs, desk: Desk, person: str, notice: NoticeSlot) -> None:
    """Ask where, write both, say so; her password is asked for when it was typed too long ago."""
    folder = QFileDialog.getExistingDirectory(owner, _("Where her own data go"))
    if folder:
        give_into(owner, jobs, desk, (person, Path(folder)), notice)


def give_into(owner: QWidget, jobs: Jobs, desk: Desk, what: tuple[str, Path], notice: NoticeSlot) -> None:
    """Both files into a folder."""
    jobs.run(
        owner,
        write_both,
        desk,
        *what,
        title=_("Her own data"),
        done=lambda names: notice.say(_("Saved: {files}.").format(files=names), tone="ok", icon="tick"),
        failed=asking(
            owner,
            _("Let her own data leave the register"),
            again=lambda: give_into(owner, jobs, desk, what, notice),
            otherwise=notice.show_error,
        ),
    )


def write_both(progress: Progress, desk: Desk, person: str, folder: Path) -> str:
    """The PDF and the JSON, named by the day alone; their names. The refusals of `own_data.gather`."""
    name = f"{_('own-data')}-{desk.clock.now():%Y%m%d-%H%M%S}"
    data = own_data.write_for_machines(progress, desk, person, folder / f"{name}.json")
    write_person(sheet_of(desk, data), folder / f"{name}.pdf")
    own_data.note_given(desk, data, "pdf")
    return f"{name}.pdf, {name}.json"


def sheet_of(desk: Desk, data: OwnData) -> PersonSheet:
    """All of it on paper, her numbers whole."""
    with desk.vault.read() as connection:
        names = known_names(desk, held_policy(connection))
    parts = [
        _survey(data.surveys[one.record]) if one.record in data.surveys else _record(one, desk.reference)
        for one in data.records
    ]
    made = Made(desk.commune.name, desk.officer.name, data.made, desk.training)
    below = _("All that the register holds about her, on {moment}").format(moment=show_moment(data.made))
    return PersonSheet(made, data.name, below, [*parts, _history(data, names, desk), _looks(data, names)])


def _record(held: Held, reference: Reference) -> Facts:
    order = {field.name: at for at, field in enumerate(KINDS[held.kind].fields)}
    cells = sorted(held.values, key=lambda cell: (order.get(cell.partition("/")[0], 99), cell))
    shown = [cell for cell in cells if _is_told(held.kind, cell)]
    rows = [
        (_field(held.kind, cell), _whole(held.kind, cell, held.values[cell], reference)) for cell in shown
    ]
    return Facts(_(f"kind.{held.kind}"), tuple(rows))


def _survey(reading: Reading) -> Ledger:
    """Question by question, her numbers whole."""
    title = f"{_('kind.submission')}: {reading.title} · {show_written(reading.submitted.finished)}"
    rows = [
        (heading_words(line), "") if line.is_heading else (line.label, answer_words(line))
        for line in reading.lines
    ]
    heads = (_("Question"), _("Answer"))
    return Ledger(title, tuple(map(Column, heads)), tuple(rows), _("nothing answered"))


def _is_told(kind: str, cell: str) -> bool:
    field = field_of(kind, cell)
    return field is not None and field.type not in (Type.REF, Type.DIGEST)


def _field(kind: str, cell: str) -> str:
    name, _slash, member = cell.partition("/")
    words = _(f"field.{kind}.{name}")
    return f"{words}: {_(f'choice.{kind}.{name}.{member}')}" if member else words


def _whole(kind: str, cell: str, value: object, reference: Reference) -> str:
    """As people read it; what is masked elsewhere stands whole here."""
    field = field_of(kind, cell)
    if field is not None and field.type is Type.MEMBERS:
        return _("yes") if value else _("no")
    if field is not None and field.masked and field.type is Type.DIGITS and value is not None:
        return str(value)
    show: Callable[..., str] = show_value
    return show(kind, cell, value, reference)


def _history(data: OwnData, names: Names, desk: Desk) -> Ledger:
    rows = []
    for line in data.lines:
        if _is_told(line.kind, line.field):
            new = _whole(line.kind, line.field, line.new, desk.reference)
            old = _whole(line.kind, line.field, line.old, desk.reference) if line.old is not None else ""
            change = f"{old} → {new}" if old else new
            who = f"{names.officer(line.hand.author)}, {why_words(line.hand.reason)}"
            rows.append((show_moment(line.hand.at), _field(line.kind, line.field), change, who))
    heads = (_("When"), _("Field"), _("Change"), _("Who and why"))
    return Ledger(_("History"), tuple(map(Column, heads)), tuple(rows), _("nothing written"))


def _looks(data: OwnData, names: Names) -> Ledger:
    rows = [(utc_words(one.at), names.officer(one.officer), _(f"act.{one.act}")) for one in data.looks]
    heads = (_("When (UTC)"), _("Who"), _("What"))
    nobody = _("nobody, by the log of this laptop")
    return Ledger(_("Who looked"), tuple(map(Column, heads)), tuple(rows), nobody)


def utc_words(at: str) -> str:
    """A moment of the log as people read it."""
    return at.replace("T", " ").rstrip("Z")
