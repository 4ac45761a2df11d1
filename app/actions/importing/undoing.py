"""An import taken back whole, on whichever laptop: nothing is deleted, compensating sets are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.actions.approvals import turned_down
from app.actions.desk import Desk
from app.actions.importing import keeping
from app.actions.importing.facts import Import
from app.domain import reasons
from app.domain.changes import ChangeSet, Edit, lone
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.proposals import PROPOSAL, WITHDRAWN
from app.domain.records import field_of
from app.domain.standing import RecordKey
from app.store import drafts, imports, unit
from app.store.opened import Opened, open_records

_SETS_AT_ONCE = 500


def undo(progress: Progress, desk: Desk, batch: str) -> int:
    """Take back what an import wrote; how many people are closed as entered by mistake.

    Proposals are withdrawn, blanks that were filled are blank again unless they moved on since. One
    transaction: Cancelled rolls back. Refusal("import.built_on", records=…) when others built on it since,
    ("import.withdrawn") when it was taken back already, ("import.gone") when nothing of it is here.
    """
    with desk.vault.write() as connection:
        sets = imports.sets_of(connection, batch)
        if not sets:
            raise Refusal("import.gone")
        if imports.is_withdrawn(connection, batch):
            raise Refusal("import.withdrawn")
        others = imports.built_on(connection, sets)
        if others:
            raise Refusal("import.built_on", records=others)
        keys = {(edit.kind, edit.record) for found in sets for edit in found.edits()}
        backs = _backs(desk, sets, open_records(connection, keys))
        reason = reasons.of_batch(reasons.WITHDRAW, batch)
        for start in range(0, len(backs), _SETS_AT_ONCE):
            progress.step(start, len(backs), "Taking the import back")
            works = [lone(back) for back in backs[start : start + _SETS_AT_ONCE]]
            unit.save_all(connection, desk.pen, reason, works)
        progress.step(len(backs), len(backs), "Taking the import back")
        for state in (keeping.OPEN, keeping.DONE):
            for _subject, body in drafts.kept_under(connection, state):
                drafts.put(connection, _forgotten(keeping.read(body), batch))
    return sum(edit.kind == "person" and edit.field == "state" for back in backs for edit in back)


def _backs(desk: Desk, sets: Sequence[ChangeSet], opened: Mapping[RecordKey, Opened]) -> list[list[Edit]]:
    """What takes each set back, the last one first; cells that moved on since are left alone."""
    whole: dict[tuple[str, str, str], tuple[int, Edit]] = {}
    for at, found in enumerate(sets):
        for edit in found.edits():
            place, first = whole.get(edit.cell, (at, edit))
            whole[edit.cell] = place, replace(first, new=edit.new)
    begun = {
        (edit.kind, edit.record) for _at, edit in whole.values() if edit.field == "state" and edit.old is None
    }
    backs: list[list[Edit]] = [[] for _ in sets]
    for at, edit in whole.values():
        backs[at] += _back(desk, edit, opened, (edit.kind, edit.record) in begun)
    return [back for back in reversed(backs) if back]


def _back(desk: Desk, edit: Edit, opened: Mapping[RecordKey, Opened], is_begun: bool) -> list[Edit]:
    now = opened.get((edit.kind, edit.record))
    declared = field_of(edit.kind, edit.field)
    if now is None or declared is None or now.values.get(edit.field) != edit.new:
        return []
    if is_begun:
        ended = turned_down(desk, now) if edit.kind == PROPOSAL else "entered_by_mistake"
        return now.edits({"state": ended}) if edit.field == "state" else []
    if edit.kind == PROPOSAL and not _is_her_own_taken_back(desk, now):
        return []  # another's that was refused stays so, and why
    return [] if declared.merge == "once" else now.edits({edit.field: edit.old})


def _is_her_own_taken_back(desk: Desk, proposal: Opened) -> bool:
    """Whether she may let a proposal wait again: the centre takes that from its proposer alone."""
    return proposal.values.get("state") == WITHDRAWN == turned_down(desk, proposal)


def _forgotten(kept: Import | None, batch: str) -> Mapping[str, bytes | None]:
    """The answers stay with a draft that still has its workbook; nothing of it is written any more."""
    if kept is None or kept.id != batch:
        return {}
    if not kept.open:
        return keeping.nothing(kept.file.digest)
    return keeping.entries(replace(kept, id="", records={}, people=0), is_done=False)
