"""All that the conflict screen shows, read in one view of the register, away from the window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from app.actions import conflicts
from app.actions.desk import Desk
from app.domain.authority import Authority, Pick
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import dossier
from app.store.contest import Contest, DecidedContest, decided_since, open_contests
from app.store.households import household_head
from app.store.pointed import Pointed, read_pointed, references
from app.store.queries import PersonRow
from app.sync.policy import Member, held_policy, standing_officers
from app.ui.person.file import Names, known_names


@dataclass(frozen=True)
class Asked:
    """One question with whose word counts, which side that is, and who may decide.

    `others`: officers of this commune who may, by name, the one at the desk left out.
    """

    contest: Contest
    authority: Authority
    preferred: Pick | None
    is_entitled: bool
    others: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Questions, decisions of this month, who is who, and what references point to."""

    asked: Sequence[Asked]
    decided: Sequence[DecidedContest]
    names: Names
    pointed: Pointed


@dataclass(frozen=True)
class Rest:
    """The rest of the record that a conflict is about; None for what is nobody's."""

    person: PersonRow | None
    household: str


def read_found(_progress: Progress, desk: Desk) -> Found:
    """Everything that waits for a decision, and what was decided since the month began."""
    month = desk.clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    with desk.vault.read() as connection:
        contests = open_contests(connection)
        decided = decided_since(connection, month)
        told = [
            *chain.from_iterable(map(_told, contests)),
            *((it.kind, it.field, it.value) for it in decided),
        ]
        pointed = read_pointed(connection, references(told))
        policy, standing = held_policy(connection), standing_officers(connection)
    names = known_names(desk, policy)
    return Found([_asked(desk, each, standing, names) for each in contests], decided, names, pointed)


def _told(contest: Contest) -> Iterator[tuple[str, str, Value]]:
    """Every value that either side says, or had seen."""
    for at, cell in enumerate(contest.cells):
        for version in (contest.stands.versions[at], contest.came.versions[at]):
            yield from ((cell.kind, cell.field, value) for value in (version.value, version.seen))


def read_rest(_progress: Progress, desk: Desk, contest: Contest) -> Rest:
    """Who it is about, as she stands in the register now."""
    with desk.vault.read() as connection:
        person = dossier.person(connection, contest.person) if contest.person else None
        if person is None:
            return Rest(None, "")
        household = person.household
        head = household_head(connection, household.opened.values) if household else ""
        return Rest(person.row, head)


def _asked(desk: Desk, contest: Contest, standing: Mapping[str, Member], names: Names) -> Asked:
    authority = conflicts.authority_of(desk, contest)
    authors = {side.by.author for side in (contest.stands, contest.came) if side.by is not None}
    others = tuple(
        names.officer(known)
        for known, member in standing.items()
        if known != desk.officer.id
        and set(member.certificate.roles) & set(authority.deciders)
        and not (authority.apart and known in authors)
    )
    return Asked(
        contest,
        authority,
        conflicts.preferred(desk, contest),
        conflicts.is_entitled(desk, contest),
        others,
    )
