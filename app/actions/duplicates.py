"""People who could be one: comparing, proposing to join or to part them, saying that they are two.

Merging is a proposal that a second officer puts in force (design/security.md, The second pair of
eyes); saying that two are two is a decision of one, and reaches every laptop as the set it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.actions.desk import Desk
from app.domain.aliases import MERGE, UNMERGE, joining, pack, pair_id, parting, portions
from app.domain.changes import Atom, Edit, canonical, lone
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.records import Value
from app.store import alike, unit
from app.store.dossier import Joined
from app.store.merges import obstacle
from app.store.opened import Opened, open_record
from app.store.twins import Candidate, Couple


@dataclass(frozen=True)
class Merge:
    """One person to stay and one to go, as both were read; `taken`: ordinary fields of hers that stay."""

    survivor: Candidate
    other: Candidate
    taken: tuple[str, ...] = ()


def compare(progress: Progress, desk: Desk) -> bool:
    """Look for likes of whoever was written since the last look; whether anybody was."""
    with desk.vault.whole() as connection:
        found = alike.compare(connection, progress)
    if found is not None:
        with desk.vault.write() as connection:
            alike.keep(connection, found)
    return found is not None


def preferred(one: Candidate, other: Candidate) -> tuple[Candidate, Candidate, str]:
    """Who should stay, who should go, and why: paid, verified, richer or older, the first that tells."""
    measures = (
        ("paid", one.is_paid, other.is_paid),
        ("verified", one.verified, other.verified),
        ("richer", one.filled, other.filled),
    )
    for reason, hers, others in measures:
        if hers != others:
            return (one, other, reason) if hers > others else (other, one, reason)
    if one.since and other.since and one.since > other.since:
        return other, one, "older"
    return one, other, "older"


def propose(desk: Desk, merges: Sequence[Merge], reason: str) -> str:
    """Propose to join these pairs, in one save; what is taken from who goes is written at once.

    Refusal("record.reason"); ("duplicates.moved") when somebody wrote there since they were read,
    ("duplicates.proposed") when a pair waits already, ("duplicates.chain") when somebody would be
    joined who stands for another.
    """
    if not reason:
        raise Refusal("record.reason", field="reason")
    pairs = [(merge.survivor.seen, merge.other.seen) for merge in merges]
    with desk.vault.write() as connection:
        match obstacle(connection, pairs):
            case "moved":
                raise Refusal("duplicates.moved")
            case "proposed":
                raise Refusal("duplicates.proposed")
            case "chain":
                raise Refusal("duplicates.chain")
        atoms = [*lone(list(_taken(merges))), *lone(list(_proposals(desk, merges, reason)))]
        return unit.save(connection, desk.pen, reason, atoms).id


def _taken(merges: Sequence[Merge]) -> Iterator[Edit]:
    for merge in merges:
        seen = Opened("person", merge.survivor.record, merge.survivor.values, merge.survivor.seen.on)
        yield from seen.edits({name: merge.other.values.get(name) for name in merge.taken})


def _proposals(desk: Desk, merges: Sequence[Merge], reason: str) -> Iterator[Edit]:
    """One proposal for all of them, or as few as hold so many."""
    alone = merges[0].survivor.record if len(merges) == 1 else None
    for atoms in portions([joining(each.survivor.seen, each.other.seen, reason) for each in merges]):
        yield from _proposal(desk, MERGE, alone, atoms, reason)


def _proposal(desk: Desk, subject: str, person: str | None, atoms: Sequence[Atom], reason: str) -> list[Edit]:
    values: dict[str, Value] = {
        "person": person,
        "subject": subject,
        "wants": pack(atoms),
        "evidence": canonical({"reason": reason}).decode(),
        "proposer": desk.officer.id,
        "state": "open",
    }
    return Opened("proposal", desk.ids.new()).edits(values)


def batch(couples: Sequence[Couple]) -> list[Merge]:
    """One merge a couple; somebody who is in several is asked about alone."""
    merges, met = list[Merge](), set[str]()
    for couple in couples:
        survivor, other, _why = preferred(couple.one, couple.other)
        if not met & {survivor.record, other.record}:
            merges.append(Merge(survivor, other))
        met |= {survivor.record, other.record}
    return merges


def part(desk: Desk, person: str, joined: Joined, reason: str) -> str:
    """Propose to undo a merge; a second officer puts it in force, too. Refusal("record.reason")."""
    if not reason:
        raise Refusal("record.reason", field="reason")
    atom = parting(joined.opened.record, person, joined.alias.on, reason)
    with desk.vault.write() as connection:
        edits = _proposal(desk, UNMERGE, person, [atom], reason)
        return unit.save(connection, desk.pen, reason, lone(edits)).id


def judge(desk: Desk, people: tuple[str, str], *, are_two: bool, reason: str) -> str:
    """Say that these are two people, or that it is to be looked at again. Refusal("record.reason")."""
    if not reason:
        raise Refusal("record.reason", field="reason")
    person, other = sorted(people)
    with desk.vault.write() as connection:
        record = pair_id(person, other)
        opened = open_record(connection, "pair", record) or Opened("pair", record)
        verdict = alike.TWO_PEOPLE if are_two else "unsure"
        edits = opened.edits({"person": person, "other": other, "verdict": verdict, "why": reason})
        if not edits:
            raise Refusal("duplicates.judged")
        return unit.save(connection, desk.pen, reason, lone(edits)).id
