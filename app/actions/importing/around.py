"""What an officer finds before she chooses a workbook: drafts, earlier imports, and whether to fill first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.actions.desk import Desk
from app.actions.importing import keeping
from app.actions.importing.facts import Import
from app.domain.progress import Progress
from app.store import drafts, exchanges, imports, place
from app.store.imports import Past
from app.sync import enrolment


@dataclass(frozen=True)
class Around:
    """The newest first; `own`: by import id, what this laptop knows of a past one."""

    unfinished: tuple[Import, ...]
    past: tuple[Past, ...]
    own: Mapping[str, Import]
    must_fill: bool


def look_around(_progress: Progress, desk: Desk) -> Around:
    """Read all of it."""
    with desk.vault.read() as connection:
        left = [body for _subject, body in drafts.kept_under(connection, keeping.OPEN)]
        done = [body for _subject, body in drafts.kept_under(connection, keeping.DONE)]
        past = imports.past(connection)
    unfinished = tuple(filter(None, map(keeping.read, left)))
    finished = filter(None, map(keeping.read, done))
    own = {kept.id: kept for kept in (*unfinished, *finished) if kept.id}
    return Around(unfinished, tuple(past), own, must_fill(desk))


def must_fill(desk: Desk) -> bool:
    """Whether the laptop joined a commune and has never seen its people: an import would double them."""
    with desk.vault.read() as connection:
        has_filled = place.cursor(connection) > 0 or any(
            each.outcome == exchanges.DONE for each in exchanges.recent(connection)
        )
        return enrolment.is_enrolled(connection) and not has_filled
