"""All that the page of duplicates shows, read in one view of the register, away from the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.actions import duplicates
from app.actions.desk import Desk
from app.actions.duplicates import Merge
from app.domain.progress import Progress
from app.store import alike, merges, twins
from app.store.alike import Like
from app.store.merges import Judged, Merging
from app.store.twins import Twins
from app.sync.policy import held_policy
from app.ui.person.file import Names, known_names

LISTED_MOST = 300  # nobody looks through more at once; the rest follows as these are dealt with


@dataclass(frozen=True)
class Found:
    """Pairs to look at one by one (`more` are not listed), the batch, what waits, who is two."""

    pairs: Sequence[Like]
    more: int
    batch: Sequence[Merge]
    waiting: Sequence[Merging]
    judged: Sequence[Judged]
    names: Names

    @property
    def open(self) -> int:
        """How many pairs ask something."""
        return len(self.pairs) + self.more + len(self.batch)


def read_found(progress: Progress, desk: Desk) -> Found:
    """Compare whoever was written since, then read everything."""
    duplicates.compare(progress, desk)
    with desk.vault.read() as connection:
        likes = alike.open_pairs(connection)
        couples = twins.couples(connection, likes)
        batch = duplicates.batch(couples)
        waiting, judged = merges.open_merges(connection), merges.judged_two(connection)
        names = known_names(desk, held_policy(connection))
    at_once = {frozenset((merge.survivor.record, merge.other.record)) for merge in batch}
    alone = [like for like in likes if frozenset((like.first, like.second)) not in at_once]
    return Found(alone[:LISTED_MOST], max(len(alone) - LISTED_MOST, 0), batch, waiting, judged, names)


def read_pair(_progress: Progress, desk: Desk, like: Like) -> Twins | None:
    """Both people whole; None when they are no pair any more."""
    with desk.vault.read() as connection:
        return twins.twins(connection, like)
