"""An import taken back whole: nothing is deleted, compensating sets are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from app.actions.desk import Desk
from app.actions.importing import keeping
from app.actions.importing.facts import Import
from app.domain.changes import ChangeSet, Edit, lone
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.domain.records import field_of
from app.domain.standing import RecordKey
from app.store import queries, unit
from app.store.meant import built_on
from app.store.opened import Opened, open_records


def undo(progress: Progress, desk: Desk, kept: Import) -> int:
    """Take back what was written of a workbook; how many people are closed as entered by mistake.

    Proposals are withdrawn, blanks that were filled are blank again unless they moved on since. One
    transaction: Cancelled rolls back. Refusal("import.built_on", records=…) when others wrote on them since.
    """
    with desk.vault.write() as connection:
        sets = [queries.change_set(connection, set_id) for set_id in kept.sets]
        others = built_on(connection, sets)
        if others:
            raise Refusal("import.built_on", records=others)
        closed = 0
        for done, found in enumerate(reversed(sets)):
            progress.step(done, len(sets), "Taking the import back")
            back = _back(connection, found)
            closed += sum(edit.kind == "person" and edit.field == "state" for edit in back)
            if back:
                unit.save(connection, desk.pen, "undo", lone(back))
        progress.step(len(sets), len(sets), "Taking the import back")
        _forget(connection, kept)
    return closed


def _back(connection: Connection, found: ChangeSet) -> list[Edit]:
    """What takes one set back; cells that moved on since are left alone."""
    edits = list(found.edits())
    opened = open_records(connection, {(edit.kind, edit.record) for edit in edits})
    begun = {(edit.kind, edit.record) for edit in edits if edit.field == "state" and edit.old is None}
    return [back for edit in edits for back in _one_back(edit, opened, (edit.kind, edit.record) in begun)]


def _one_back(edit: Edit, opened: Mapping[RecordKey, Opened], is_begun: bool) -> list[Edit]:
    now = opened.get((edit.kind, edit.record))
    declared = field_of(edit.kind, edit.field)
    if now is None or declared is None or now.values.get(edit.field) != edit.new:
        return []
    if is_begun:
        ended = "withdrawn" if edit.kind == "proposal" else "entered_by_mistake"
        return now.edits({"state": ended}) if edit.field == "state" else []
    return [] if declared.merge == "once" else now.edits({edit.field: edit.old})


def _forget(connection: Connection, kept: Import) -> None:
    """The answers stay with the draft, if there is one; nothing of it is written any more."""
    if keeping.has_book(connection, kept.file.digest):
        keeping.keep(connection, replace(kept, records={}, sets=(), people=0), is_done=False)
    else:
        keeping.drop(connection, kept.file.digest)
