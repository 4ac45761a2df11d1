"""Whom a form is for: a household by its head, code or hamlet, a person by her name or number; or by card."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from app.actions.desk import Desk
from app.domain.dates import show
from app.domain.progress import Progress
from app.domain.text import fold
from app.store import fillings, households, queries, search
from app.store.fillings import About
from app.ui.forms.field import Field
from app.ui.forms.picking import Pick, PickBox
from app.ui.jobs import Jobs
from app.words import gettext as _

_FOUND_MOST = 8

Foldable = tuple[str, Pick]


def look_households(_progress: Progress, desk: Desk) -> list[Foldable]:
    """Those that stand, each with what it is found by, folded here: there may be 20,000."""
    with desk.vault.read() as connection:
        lines = households.households(connection)
    return [
        (
            fold(f"{line.head} {line.code} {line.hamlet}"),
            Pick(
                line.record,
                line.head or line.code or line.hamlet,
                " · ".join(part for part in (line.hamlet, line.code) if part),
            ),
        )
        for line in lines
    ]


def look_about(_progress: Progress, desk: Desk, subject: str, record: str) -> About | None:
    """Whose and where; None for one that she does not see."""
    with desk.vault.read() as connection:
        if subject == "household":
            return fillings.about_household(connection, record)
        return fillings.about_person(connection, record)


class WhomField(Field[PickBox]):
    """`picked(About)` for each that is taken; the box is empty again then."""

    picked = Signal(object)

    def __init__(self, jobs: Jobs, desk: Desk, subject: str, words: str) -> None:
        self._jobs, self._desk, self._subject = jobs, desk, subject
        self._households: Sequence[Foldable] = ()
        is_household = subject == "household"
        hint = _("Name of the head, code or hamlet") if is_household else _("Name, year, number")
        search_in = self._find_households if is_household else self._find_people
        box = PickBox(search_in, hint=hint, opens_empty=False)
        super().__init__(words, box, hint=_("Or scan her ID card"))
        box.changed.connect(self._take)
        if is_household:
            jobs.run(self, look_households, desk, title="households", done=self._know)

    def _know(self, found: Sequence[Foldable]) -> None:
        self._households = found

    def _find_households(self, text: str) -> list[Pick]:
        found = self._households
        for word in fold(text).split():
            found = [line for line in found if word in line[0]]
        return [pick for _told, pick in found[:_FOUND_MOST]]

    def _find_people(self, text: str) -> list[Pick]:
        """At most eight, by the index: what the window may ask while somebody types."""
        with self._desk.vault.page() as connection:
            nos = search.search(connection, text, limit=_FOUND_MOST).nos[:_FOUND_MOST]
            rows = queries.person_rows(connection, nos)
        return [
            Pick(row.id, row.name, " · ".join(part for part in (_born(row), row.hamlet) if part))
            for row in rows
            if row is not None
        ]

    def _take(self) -> None:
        record = self.control.value()
        if record is not None:
            work = (self._desk, self._subject, record)
            self._jobs.run(self, look_about, *work, title="about", done=self._pick)

    def _pick(self, about: About | None) -> None:
        self.control.set_value(None)
        if about is not None:
            self.picked.emit(about)


def _born(row: queries.PersonRow) -> str:
    return show(row.birth) if row.birth else ""
