"""All that the conflict screen shows, read in one view of the register, away from the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.actions import conflicts
from app.actions.desk import Desk
from app.domain.authority import Authority, Pick
from app.domain.progress import Progress
from app.domain.records import Type, Value, field_of
from app.store import dossier
from app.store.contest import Contest, DecidedContest, decided_since, open_contests
from app.store.households import household_head
from app.store.opened import open_records
from app.store.queries import PersonRow
from app.sync.policy import Policy, held_policy
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
    """Questions, decisions of this month, who is who, and what references point to: (kind, id) → values."""

    asked: Sequence[Asked]
    decided: Sequence[DecidedContest]
    names: Names
    pointed: Mapping[tuple[str, str], Mapping[str, Value]]
    heads: Mapping[str, str]


@dataclass(frozen=True)
class Rest:
    """The rest of the record that a conflict is about; None for what is nobody's."""

    person: PersonRow | None
    household: str


def read_found(_progress: Progress, desk: Desk) -> Found:
    """Everything that waits for a decision, and what was decided since the month began."""
    with desk.vault.read() as connection:
        return found_in(connection, desk)


def found_in(connection: Connection, desk: Desk) -> Found:
    """The same, within a view of the register that is open."""
    month = desk.clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    contests = open_contests(connection)
    decided = decided_since(connection, month)
    policy = held_policy(connection)
    pointed = {key: opened.values for key, opened in open_records(connection, _references(contests)).items()}
    heads = {
        record: household_head(connection, values)
        for (kind, record), values in pointed.items()
        if kind == "household"
    }
    names = known_names(desk, policy)
    return Found([_asked(desk, each, policy, names) for each in contests], decided, names, pointed, heads)


def read_rest(_progress: Progress, desk: Desk, contest: Contest) -> Rest:
    """Who it is about, as she stands in the register now."""
    with desk.vault.read() as connection:
        person = dossier.person(connection, contest.person) if contest.person else None
        if person is None:
            return Rest(None, "")
        household = person.household
        head = household_head(connection, household.opened.values) if household else ""
        return Rest(person.row, head)


def _asked(desk: Desk, contest: Contest, policy: Policy | None, names: Names) -> Asked:
    authority = conflicts.authority_of(desk, contest)
    authors = {side.by.author for side in (contest.stands, contest.came) if side.by is not None}
    members = policy.officers.items() if policy else ()
    others = tuple(
        names.officer(known)
        for known, member in members
        if member.is_active
        and known != desk.officer.id
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


def _references(contests: Iterable[Contest]) -> set[tuple[str, str]]:
    """Records that contested values point to: an account, a household."""
    found = set()
    for contest in contests:
        for at, cell in enumerate(contest.cells):
            field = field_of(cell.kind, cell.field)
            if field is None or field.type is not Type.REF or field.refers is None:
                continue
            for side in (contest.stands, contest.came):
                version = side.versions[at]
                found |= {(field.refers, str(value)) for value in (version.value, version.seen) if value}
    return found
