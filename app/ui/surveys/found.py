"""What the room of surveys reads: assignments, drafts, forms, in one look; who is left; what is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.actions import officers
from app.actions.desk import Desk, may_write, sight
from app.actions.officers import GONE, Colleague
from app.actions.surveying.taken import read_answers
from app.domain.progress import Progress
from app.domain.text import fold
from app.store import assignments, fillings, forms, submissions
from app.store.assignments import Assigned, Left
from app.store.fillings import About, Kept
from app.store.forms import Form
from app.store.opened import Opened
from app.store.submissions import Submitted
from app.survey.summary import Figure, summary


@dataclass(frozen=True)
class Errand:
    """An assignment as it is shown. `about`: what its form is of; `title`: of the form; `officer`: who goes.

    `whose`: her name, where it leads to one household or person.
    """

    assigned: Assigned
    title: str
    about: str
    whose: str
    officer: str

    @property
    def opened(self) -> Opened:
        """The assignment, ready to be edited."""
        return self.assigned.opened

    @property
    def id(self) -> str:
        """The assignment's."""
        return self.opened.record

    def value(self, name: str) -> str:
        """Of one of its fields; empty where it says nothing."""
        return str(self.opened.values.get(name) or "")


@dataclass(frozen=True)
class Found:
    """`forms`: every version here; `newer`: by draft, the version published in its form's place.

    `counts`: how many were handed in, by form; `may_assign`: whether she sends others; `sees_all`: whether
    more than her own hamlets are shown to her.
    """

    errands: Sequence[Errand]
    drafts: Sequence[Kept]
    newer: Mapping[str, str]
    forms: Sequence[Form]
    counts: Mapping[str, int]
    officers: Sequence[Colleague]
    may_assign: bool
    sees_all: bool

    @property
    def open_forms(self) -> list[Form]:
        """Those of which a filling may be begun."""
        return [each for each in self.forms if each.is_open]

    def draft_of(self, form: str, record: str) -> Kept | None:
        """Her draft for a household or person; none that corrects what was handed in."""
        hers = (each for each in self.drafts if each.form == form and each.about.record == record)
        return next((each for each in hers if not each.corrects), None)

    def name_of(self, officer: str) -> str:
        """An officer's name; empty for a stranger."""
        return next((each.name for each in self.officers if each.id == officer), "")

    def form(self, form: str) -> Form | None:
        """The version that is open, else any."""
        known = [each for each in self.forms if each.id == form]
        return next((each for each in known if each.is_open), known[-1] if known else None)


def look_up(progress: Progress, desk: Desk) -> Found:
    """Read it."""
    everybody = officers.look_up(progress, desk).officers
    with desk.vault.read() as connection:
        known, abouts = forms.known(connection), forms.abouts(connection)
        under_way = assignments.assigned(connection, abouts)
        whose = {each.opened.record: fillings.about_assigned(connection, each.opened) for each in under_way}
        drafts = fillings.every(connection)
        counts = submissions.counts(connection)
    titles = {each.id: each.title for each in sorted(known, key=lambda form: form.is_open)}
    names = {each.id: each.name for each in everybody}
    now = {each.id: each for each in known if each.is_open}

    def errand(each: Assigned) -> Errand:
        said = each.opened.values
        form, officer = str(said.get("form") or ""), str(said.get("officer") or "")
        title, hers = titles.get(form, form), whose[each.opened.record].name
        return Errand(each, title, abouts.get(form, ""), hers, names.get(officer, ""))

    newer = {
        each.id: now[each.form].version
        for each in drafts
        if each.form in now and now[each.form].sha256 != each.definition
    }
    return Found(
        [errand(each) for each in under_way],
        drafts,
        newer,
        known,
        counts,
        [each for each in everybody if each.key != GONE],
        may_write(desk, "assignment", "officer"),
        sight(desk).everybody,
    )


@dataclass(frozen=True)
class LeftLine:
    """Somebody who is left, with what the filter box looks for."""

    left: Left
    sought: str

    @property
    def about(self) -> About:
        """Whom a filling is begun for."""
        one = self.left
        return About(one.household, one.person, one.hamlet, one.name)


def look_left(_progress: Progress, desk: Desk, opened: Opened, about: str) -> list[LeftLine]:
    """Who of an assignment is left."""
    with desk.vault.read() as connection:
        found = assignments.left(connection, opened, about)
    return [LeftLine(each, fold(f"{each.name} {each.hamlet} {each.address}")) for each in found]


@dataclass(frozen=True)
class DoneLine:
    """A submission; whether another took its place; its officer's name."""

    submitted: Submitted
    is_replaced: bool
    officer: str
    sought: str


def look_done(_progress: Progress, desk: Desk, form: str, names: Mapping[str, str]) -> list[DoneLine]:
    """What was handed in of a form, the newest first."""
    with desk.vault.read() as connection:
        replaced = submissions.replaced(connection, form)
        found = list(submissions.of_form(connection, form))
    return [_done(each, replaced, names.get(each.officer, "")) for each in found]


def look_hamlets(_progress: Progress, desk: Desk, form: str, about: str) -> list[tuple[str, int, int]]:
    """How many are asked, and of how many, hamlet by hamlet."""
    with desk.vault.read() as connection:
        return assignments.by_hamlet(connection, form, about) if about else []


def look_answers(progress: Progress, desk: Desk, form: str) -> tuple[list[Figure], int]:
    """What the answers come to, and of how many submissions. The refusals of `read_answers` and `summary`."""
    answers = read_answers(progress, desk, form)
    return summary(answers.form, answers.taken), len(answers.taken)


def _done(each: Submitted, replaced: set[str], officer: str) -> DoneLine:
    return DoneLine(each, each.instance in replaced, officer, fold(f"{each.name} {each.hamlet} {officer}"))
