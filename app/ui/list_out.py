"""A list leaves the screen: as a PDF to print or post. Numbers stay masked; every export is audited."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.actions.desk import Desk
from app.domain.progress import Progress
from app.store import audit, queries
from app.ui.jobs import Bar, Jobs
from app.ui.notices import NoticeSlot
from app.ui.papers.flow import Made
from app.ui.papers.people_list import PeopleList, write_list
from app.ui.person.facts import ACCOUNT_MARKS, born, group_words, monthly
from app.words import gettext as _

_COLUMNS = ("name", "birth", "hamlet", "group_codes", "monthly_amount", "account_state")
_CHUNK = 500


def save_list(  # noqa: PLR0913 - what it prints, for whom, and where it says so
    owner: QWidget, jobs: Jobs, desk: Desk, nos: Sequence[int], chosen: str, notice: NoticeSlot, bar: Bar
) -> None:
    """Ask where, then write the PDF in the background."""
    title = _("Save the list")
    name = _("list") + f"-{desk.clock.today():%Y%m%d}.pdf"
    path, _kind = QFileDialog.getSaveFileName(owner, title, name, "PDF (*.pdf)")
    if not path:
        return

    def done(count: int) -> None:
        words = _("{count} people saved to {file}.").format(count=count, file=Path(path).name)
        notice.say(words, tone="ok", icon="tick")

    jobs.run(
        owner,
        write_people,
        desk,
        tuple(nos),
        chosen,
        Path(path),
        done=done,
        failed=notice.show_error,
        bar=bar,
    )


def write_people(progress: Progress, desk: Desk, nos: Sequence[int], chosen: str, path: Path) -> int:
    """The PDF of these people; returns how many."""
    rows: list[tuple[str, ...]] = []
    total = 0
    for start in range(0, len(nos), _CHUNK):
        with desk.vault.read() as connection:
            found = queries.person_rows(connection, nos[start : start + _CHUNK])
        for person in found:
            if person is not None:
                groups = group_words(person.groups, desk.reference)
                account = _(ACCOUNT_MARKS[person.account][0])
                shown = (person.name, born(person.birth), person.hamlet, groups, monthly(person), account)
                rows.append(shown)
                total += person.amount
        progress.step(len(rows), len(nos), "Writing the list")
    made = Made(desk.commune.name, desk.officer.name, desk.clock.now(), desk.training)
    write_list(
        PeopleList(made, _("List of beneficiaries"), chosen, _COLUMNS, tuple(rows), total), path, progress
    )
    with desk.vault.write() as connection:
        audit.note(connection, desk.officer.id, "export", kind="person", detail=f"people={len(rows)}")
    return len(rows)
