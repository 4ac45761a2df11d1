"""What the stick's screen shows of the register, read in one view of it, away from the window."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.actions import handover, moving
from app.actions.desk import Desk
from app.actions.handover import Looked
from app.domain.hybrid_clock import milliseconds
from app.domain.progress import Progress
from app.store import outbox, place
from app.store.outstanding import saves_of
from app.store.parcels import OUT, Parcel
from app.sync.admitting import Coming
from app.sync.incoming import Answered
from app.sync.outgoing import Going, enrolling
from app.sync.parts import REQUEST, TRANSFER
from app.sync.succession import Heir
from app.sync.transfer import Late
from app.ui.handover.columns import Said

_SHOWN = 500


@dataclass(frozen=True)
class Overview:
    """What would go now, what went and came; `asks`: the next one asks to be enrolled.

    `heirs`: the commune's other laptops, to which the register could be handed on; `coming`, `late`: who
    comes from other communes, and what a merged one handed in late.
    """

    going: Going
    asks: bool
    heirs: Sequence[Heir]
    parcels: Sequence[Parcel]
    answered: Collection[str]
    coming: Sequence[Coming] = ()
    late: Sequence[Late] = ()


@dataclass(frozen=True)
class Checked:
    """A bundle that was checked, and this laptop's saves that it speaks of."""

    looked: Looked
    said: Sequence[Said]


def look_over(progress: Progress, desk: Desk) -> Overview:
    """What the register says before anything is done; no stick is asked: one may hang."""
    with desk.vault.whole() as connection:
        asks, oldest = enrolling(connection) is not None, outbox.oldest(connection)
    parcels = handover.parcels_of(progress, desk)
    since = None if oldest is None else datetime.fromtimestamp(milliseconds(oldest) // 1000, UTC)
    # Everything that was saved before the parcel was made has its answer, whichever way that came.
    answered = {
        each.id
        for each in parcels
        if each.way == OUT
        and each.errand in (REQUEST, TRANSFER)
        and (since is None or since > datetime.fromisoformat(each.at))
    }
    going, heirs = handover.what_goes(progress, desk), handover.heirs(progress, desk)
    coming, late = moving.who_came(progress, desk)
    return Overview(going, asks, heirs, parcels, answered, coming, late)


def said_of(desk: Desk, told: Answered) -> list[Said]:
    """This laptop's saves that an answer speaks of, the newest first."""
    numbers = sorted(told.own, reverse=True)[:_SHOWN]
    with desk.vault.read() as connection:
        saves = saves_of(connection, place.here(connection).device, numbers)
    return [Said(number, told.own[number], saves.get(number)) for number in numbers]
