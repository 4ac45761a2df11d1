"""Earlier parcels, and what the centre said of each save, column by column."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from app.domain.text import show_amount
from app.store.outstanding import WaitingSet
from app.store.parcels import OUT, Parcel
from app.sync import incoming
from app.sync.enrolment import CENTRE
from app.sync.parts import LAPTOP, REQUEST, RESPONSE, TRANSFER
from app.ui.moments import show_moment
from app.ui.tables.columns import Cell, Column, MarkCell, cell_column
from app.ui.theme import Tone, look
from app.ui.values import show_reason, show_size
from app.words import counted
from app.words import gettext as _

# What was said of a save: its words, icon and tone (look.md, Verdict words).
VERDICTS: dict[str, tuple[str, str, Tone]] = {
    incoming.IN_FORCE: ("handed.in_force", "tick", "ok"),
    incoming.CONFLICT: ("handed.conflict", "triangle", "bad"),
    incoming.REFUSED: ("handed.refused", "cross", "bad"),
    incoming.OVERWRITTEN: ("handed.overwritten", "replaced", "neutral"),
    incoming.NOT_TAKEN: ("handed.not_taken", "ring", "warn"),
}


@dataclass(frozen=True)
class Said:
    """One save of this laptop and what became of it; `saved` is None where this register lacks the save."""

    number: int
    verdict: str
    saved: WaitingSet | None


def number_of(parcel: Parcel) -> str:
    """`0047`; those of others begin with a letter, for each side counts its own: centre, other laptop."""
    if parcel.way == OUT:
        return f"{parcel.number:04}"
    return f"{'T' if parcel.peer == CENTRE else 'M'}-{parcel.number:04}"


def moment_of(parcel: Parcel) -> str:
    """When it was made, as its maker's clock said."""
    return show_moment(datetime.fromisoformat(parcel.at))


def parcel_row(parcel: Parcel, answered: Collection[str]) -> dict[str, Cell]:
    """A parcel; `answered`: ids of those whose answer came."""
    errands = {REQUEST: _("To the centre"), RESPONSE: _("Answer of the centre")}
    if parcel.way != OUT:
        errands[TRANSFER] = _("Out of another commune")
    return {
        "number": number_of(parcel),
        "at": moment_of(parcel),
        "errand": errands.get(parcel.errand) or _(f"errand.{parcel.errand}"),
        "inside": inside(parcel),
        "size": show_size(parcel.size),
        "state": _state(parcel, answered),
    }


def inside(parcel: Parcel) -> str:
    """What was in it, in a few words."""
    counts = parcel.counts
    if parcel.errand == TRANSFER:
        count = counts.get("people", 0)
        if parcel.way != OUT:
            return counted("{count} person who comes", "{count} people who come", count)
        people = counted("{count} person who moves", "{count} people who move", count)
        return ", ".join(
            [
                people,
                counted("{count} save", "{count} saves", counts.get("sets", 0)),
            ]
        )
    if parcel.errand == LAPTOP and parcel.way == OUT:
        return _("the whole register, and what waits")
    if parcel.way == OUT:
        told = [counted("{count} save", "{count} saves", counts.get("sets", 0))]
        if counts.get("photos"):
            told.append(counted("{count} photo", "{count} photos", counts["photos"]))
        return ", ".join(told)
    told = [
        f"{show_amount(counts[verdict])} {_(words).lower()}"
        for verdict, (words, _icon, _tone) in VERDICTS.items()
        if counts.get(verdict)
    ]
    if counts.get("pulled"):
        told.append(_("{count} of others").format(count=show_amount(counts["pulled"])))
    return ", ".join(told) or _("nothing new")


def _state(parcel: Parcel, answered: Collection[str]) -> MarkCell:
    if parcel.way != OUT:
        return MarkCell(_("Taken in"), "tick", "ok")
    if parcel.errand == LAPTOP:
        return MarkCell(_("Written to the stick"), "tick", "ok")
    if parcel.id in answered:
        return MarkCell(_("Answered"), "tick", "ok")
    return MarkCell(_("Waits for its answer"), "clock", "warn")


def said_row(line: Said) -> dict[str, Cell]:
    """What the centre said of one save."""
    words, icon, tone = VERDICTS[line.verdict]
    saved = line.saved
    names = ", ".join(saved.names) if saved else ""
    return {
        "number": show_amount(line.number),
        "at": show_moment(saved.at) if saved else "",
        "who": names or (counted("{count} record", "{count} records", saved.records) if saved else ""),
        "why": show_reason(saved.reason) if saved else "",
        "verdict": MarkCell(_(words), icon, tone),
    }


def parcel_columns() -> tuple[Column, ...]:
    """Of earlier parcels; large text leaves out how large each was, so that its answer is in sight."""
    is_large = look().factor >= 1.5
    shown = (
        cell_column("number", _("Parcel"), 80),
        cell_column("at", _("When"), 150),
        cell_column("errand", _("Errand"), 170),
        cell_column("inside", _("What was in it"), 180 if is_large else 240, grows=True),
        cell_column("size", _("Size"), 90, "number"),
        cell_column("state", _("Answer"), 170),
    )
    return tuple(each for each in shown if each.name != "size") if is_large else shown


def said_columns() -> tuple[Column, ...]:
    """Of what the centre said."""
    return (
        cell_column("number", _("No."), 70, "number"),
        cell_column("at", _("Saved"), 150),
        cell_column("who", _("Concerns"), 200, grows=True),
        cell_column("why", _("What for"), 180),
        cell_column("verdict", _("At the centre"), 170),
    )
