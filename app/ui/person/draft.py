"""What was typed into a form and not saved yet, kept in the vault with the record as its author saw it."""

from __future__ import annotations

from typing import Any

import msgspec

from app.actions.desk import Desk, draft_of
from app.domain.progress import Progress
from app.store import drafts
from app.store.opened import Opened


class Kept(msgspec.Struct, frozen=True):
    """A draft: the record as its author saw it, and exactly what stands in the boxes."""

    kind: str
    record: str
    values: dict[str, str | int | bool | None]
    on: dict[str, int | str | None]
    typed: dict[str, Any]
    reason: str

    @property
    def opened(self) -> Opened:
        """The record as it was opened when the draft began."""
        return Opened(self.kind, self.record, self.values, self.on)


def read_kept(body: bytes | None) -> Kept | None:
    """A draft out of the vault; None for nothing, or for the form of an older program."""
    return drafts.unpacked(body, Kept)


def keep_draft(_progress: Progress, desk: Desk, subject: str, body: bytes | None) -> None:
    """Keep what was typed; None forgets it."""
    with desk.vault.write() as connection:
        drafts.put(connection, {draft_of(desk, subject): body})
