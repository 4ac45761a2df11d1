"""What a survey's proposal says of one person or household, beside what the register holds of them now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.domain.dates import PartialDate
from app.domain.progress import Progress
from app.domain.proposals import PROPOSAL, SURVEY, wanted_cells
from app.domain.records import KINDS, Value
from app.store import likeness, submissions
from app.store.households import household_heads
from app.store.opened import Opened, open_records
from app.store.queries import PersonRow, person_rows

_PLAIN = ("sex", "personal_id", "old_id", "phone", "hamlet", "household")


@dataclass(frozen=True)
class Heard:
    """By cell what stands now, what the survey found, and what whoever surveyed saw there.

    `kind`: person or household; `is_new`: the register has no such record; `household`: whose household she
    would belong to; `twins`: people of the register whom somebody new could be, the likeliest first;
    `title`: of the form, at that time.
    """

    submission: str
    title: str
    kind: str
    record: str
    is_new: bool
    name: str
    hamlet: str
    wants: Mapping[str, Value]
    stands: Mapping[str, Value]
    seen: Mapping[str, Value]
    household: str = ""
    twins: tuple[PersonRow, ...] = ()

    @property
    def fields(self) -> list[str]:
        """What would change, each once, in the register's order; that somebody new is there goes unsaid."""
        found = {cell.partition("/")[0] for cell in self.wants}
        if self.is_new and self.wants.get("state") == "active":
            found.discard("state")
        return [field.name for field in KINDS[self.kind].fields if field.name in found]

    @property
    def moved(self) -> list[str]:
        """Fields that hold something else now than whoever surveyed saw."""
        moved = {
            cell.partition("/")[0] for cell in self.wants if self.stands.get(cell) != self.seen.get(cell)
        }
        return [name for name in self.fields if name in moved]


def heard(connection: Connection, proposals: Sequence[Opened]) -> dict[str, Heard]:
    """Of those that are a survey's, by proposal, without twins; words that say no such thing are left out."""
    of_surveys = {each.record: each for each in proposals if each.values.get("subject") == SURVEY}
    said = {key: list(wanted_cells(str(each.values.get("wants") or ""))) for key, each in of_surveys.items()}
    about = {key: (edits[0].kind, edits[0].record) for key, edits in said.items() if edits}
    wants = {key: {edit.field: edit.new for edit in said[key]} for key in about}
    homes = {key: ("household", str(home)) for key in about if (home := wants[key].get("household"))}
    opened = open_records(connection, sorted({*about.values(), *homes.values()}))
    stands = {key: opened[at].values if (at := about[key]) in opened else {} for key in about}
    houses = [key for key in about if about[key][0] == "household"]
    heads = _heads(connection, {key: {**stands[key], **wants[key]} for key in houses})
    whose = _heads(connection, {key: opened[home].values for key, home in homes.items() if home in opened})
    return {
        key: _heard(of_surveys[key], about[key], wants[key], stands[key], heads.get(key), whose.get(key, ""))
        for key in about
    }


def of_submission(connection: Connection, record: str) -> list[tuple[Opened, Heard]]:
    """What a filling proposed, waiting or answered, with what each would change."""
    keys = [(PROPOSAL, each) for each in submissions.proposals_of(connection, record, answered=True)]
    found = open_records(connection, keys)
    opened = [found[key] for key in keys if key in found]
    said = heard(connection, opened)
    return [(each, said[each.record]) for each in opened if each.record in said]


def _heard(
    proposal: Opened,
    about: tuple[str, str],
    wants: Mapping[str, Value],
    stands: Mapping[str, Value],
    head: str | None,
    household: str,
) -> Heard:
    evidence, said = _evidence(proposal), {**stands, **wants}
    seen = evidence.get("seen")
    return Heard(
        str(evidence.get("submission") or ""),
        str(evidence.get("title") or evidence.get("form") or ""),
        *about,
        not stands,
        str(said.get("name") or "") if head is None else head,
        str(said.get("hamlet") or ""),
        wants,
        {cell: stands.get(cell) for cell in wants},
        seen if isinstance(seen, dict) else {},
        household,
    )


def _heads(connection: Connection, households: Mapping[str, Mapping[str, Value]]) -> dict[str, str]:
    return dict(zip(households, household_heads(connection, list(households.values())), strict=True))


def _evidence(proposal: Opened) -> Mapping[str, object]:
    try:
        found = json.loads(str(proposal.values.get("evidence")))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def with_twins(connection: Connection, found: Mapping[str, Heard]) -> dict[str, Heard]:
    """The same with whom somebody new could be: one walk of the register for all of them."""
    new = [key for key, each in found.items() if each.is_new and each.kind == "person" and each.name]
    if not new:
        return dict(found)
    likes = likeness.likes(connection, [_facts(found[key]) for key in new], Progress())
    nos = sorted({like.no for each in likes for like in each})
    known = {row.no: row for row in person_rows(connection, nos) if row}
    twins: dict[str, Sequence[PersonRow]] = {
        key: [known[like.no] for like in each if like.no in known]
        for key, each in zip(new, likes, strict=True)
    }
    return {key: replace(each, twins=tuple(twins.get(key, ()))) for key, each in found.items()}


def _facts(new: Heard) -> likeness.Facts:
    sex, personal_id, old_id, phone, hamlet, household = (
        str(value) if (value := new.wants.get(name)) else None for name in _PLAIN
    )
    born = _birth(new.wants.get("birth"))
    return likeness.Facts(new.name, born, sex, personal_id, old_id, phone, hamlet, household)


def _birth(said: Value) -> PartialDate | None:
    try:
        return PartialDate.parse(str(said)) if said else None
    except ValueError:  # no day of any calendar
        return None
