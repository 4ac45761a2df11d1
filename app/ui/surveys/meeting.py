"""A card that is scanned: whom of those who are left it means, by herself or by her household."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.actions import cards
from app.actions.desk import Desk
from app.domain.progress import Progress
from app.domain.text import fold
from app.store import assignments, fillings
from app.store.fillings import About
from app.store.queries import PersonRow
from app.ui.surveys.found import Errand, LeftLine


@dataclass(frozen=True)
class Hit:
    """An assignment in which she waits."""

    errand: Errand
    line: LeftLine


@dataclass(frozen=True)
class Meeting:
    """`person`: whom the card means for certain; `others`: how many more it may mean; `name`: on the card."""

    person: PersonRow | None
    hits: Sequence[Hit] = ()
    others: int = 0
    name: str = ""


def meet_left(progress: Progress, desk: Desk, scanned: str, errands: Sequence[Errand]) -> Meeting:
    """Who of these assignments is meant. The refusals of `cards.meet`."""
    met = cards.meet(progress, desk, scanned)
    name = met.card.name if met.card else ""
    if not met.is_certain:
        return Meeting(None, others=len(met.people), name=name)
    person, hits = met.people[0], []
    with desk.vault.read() as connection:
        for errand in errands:
            subject = assignments.subject_of(errand.opened, errand.about)
            record = person.household if subject == "household" else person.id
            found = assignments.left_one(connection, errand.opened, errand.about, record) if record else None
            if found is not None:
                hits.append(Hit(errand, LeftLine(found, fold(found.name))))
    return Meeting(person, hits, name=name)


def whom(_progress: Progress, desk: Desk, subject: str, person: PersonRow) -> About | None:
    """Whom a filling would be of: herself, or her household; None where she belongs to none."""
    with desk.vault.read() as connection:
        if subject == "household":
            return fillings.about_household(connection, person.household) if person.household else None
        return fillings.about_person(connection, person.id)
