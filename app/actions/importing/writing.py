"""All of a review that is settled into the register: one transaction, one change set a person.

What stands is never written over but where the officer said so; accounts become proposals that
wait for a second officer; rows that still ask stay in the draft.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.actions import backups
from app.actions.desk import Desk
from app.actions.importing import keeping
from app.actions.importing.around import must_fill
from app.actions.importing.composing import compose, opened_keys, place
from app.actions.importing.facts import Fate, Review, Written
from app.actions.importing.reviewing import told, typing_of
from app.domain import reasons
from app.domain.changes import lone
from app.domain.errors import Refusal
from app.domain.progress import Progress
from app.store import drafts, meant, unit
from app.store.backups import IMPORT
from app.store.meant import Known
from app.store.opened import open_records

_SETS_AT_ONCE = 500  # between two looks at whether somebody pressed Cancel


def write(progress: Progress, desk: Desk, review: Review) -> Written:
    """Write what is settled, after a backup. The review looks at the register of before then: compare again.

    Cancelled, and every refusal, rolls all of it back. Refusal("import.moved") when somebody's record
    changed since the comparison (a sync came in between): compare again; ("import.nothing") when nothing
    is settled; ("import.fill_first") on a laptop that joined a commune and has not seen its people yet.
    """
    if must_fill(desk):
        raise Refusal("import.fill_first")
    ground = review.ground
    rows = [row for row in ground.rows if review.fate(row.key) in (Fate.NEW, Fate.FILLS)]
    if not rows:
        raise Refusal("import.nothing")
    backups.make_before(progress, desk, IMPORT)
    placed = place(ground, rows, typing_of(desk))
    numbers, names = told((row.person for row in rows if row.person is not None), ground.kept)
    nos = {ground.register.by_id[each.record].no for each in placed if each.record}
    batch = ground.kept.id or desk.ids.new()
    with desk.vault.write() as connection:
        _check_unmoved(ground.register, meant.meant(connection, numbers, names, nos))
        composed = compose(desk, ground, placed, open_records(connection, opened_keys(ground, placed)))
        for start in _steps(progress, len(composed.sets)):
            works = [lone(list(edits)) for edits in composed.sets[start : start + _SETS_AT_ONCE]]
            unit.save_all(connection, desk.pen, reasons.of_batch(reasons.IMPORT, batch), works)
        asked = review.count(Fate.ASKS)
        kept = replace(
            ground.kept,
            id=batch,
            records={**ground.kept.records, **composed.records},
            people=ground.kept.people + composed.people,
            open=asked,
        )
        drafts.put(connection, keeping.entries(kept, is_done=not asked))
        if asked and not drafts.is_kept(connection, keeping.book_subject(kept.file.digest)):
            packed = keeping.pack_book(ground.cells.book)
            drafts.keep(connection, keeping.book_subject(kept.file.digest), packed)
    known, skipped = review.count(Fate.KNOWN), review.count(Fate.SKIPPED)
    return Written(batch, composed.people, composed.updated, composed.accounts, asked, known, skipped)


def _steps(progress: Progress, count: int) -> Iterable[int]:
    for start in range(0, count, _SETS_AT_ONCE):
        progress.step(start, count, "Writing the people")
        yield start
    progress.step(count, count, "Writing the people")


def _check_unmoved(before: Known, now: Known) -> None:
    for record, person in now.by_id.items():
        if before.by_id.get(record) != person:
            raise Refusal("import.moved")
