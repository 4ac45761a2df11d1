"""What the handover minute says of a parcel: the same lines at either end, whoever prints it.

Only what the signed manifest says, and what the centre's answer says of the laptop's saves; both ends
have these from the same bytes. Labels are keys (`minute.number`): each end speaks its own language.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from app.domain.text import show_amount
from app.store.parcels import OUT, Parcel
from app.sync import incoming
from app.sync.enrolment import CENTRE
from app.sync.parts import RESPONSE, TRANSFER, Part

_VIETNAM = timezone(timedelta(hours=7))
_SAID = (incoming.IN_FORCE, incoming.CONFLICT, incoming.REFUSED, incoming.OVERWRITTEN, incoming.NOT_TAKEN)
_DIGEST_GROUP = 8


@dataclass(frozen=True)
class Minute:
    """One parcel: from and to whom, its lines as key and value; the values that are themselves keys apart."""

    parcel: str
    giver: str
    receiver: str
    lines: tuple[tuple[str, str], ...]
    keys: frozenset[str] = frozenset({"minute.errand"})


def minute_of(parcel: Parcel, here: str) -> Minute:
    """The minute of a parcel that went or came; `here`: this end as manifests name it."""
    giver, receiver = (here, parcel.peer) if parcel.way == OUT else (parcel.peer, here)
    counts = parcel.counts
    lines = [
        ("minute.number", f"{parcel.number:04}"),
        ("minute.errand", f"minute.errand.{parcel.errand}"),
        ("minute.from", giver),
        ("minute.to", receiver),
        ("minute.at", show_moment(parcel.at)),
    ]
    if parcel.errand == TRANSFER:
        lines.append(("minute.people", show_amount(counts.get("people", 0))))
    if receiver == CENTRE:
        lines.append(("minute.saves", show_amount(counts.get("sets", 0))))
        lines.append(("minute.pieces", show_amount(counts.get(Part.PIECE.word, 0))))
    elif counts.get(Part.SNAPSHOT.word):  # the whole register: what became of each save lies in its past
        lines.append(("minute.blocks", show_amount(counts.get(Part.BLOCK.word, 0))))
    elif parcel.errand == RESPONSE:
        lines += [(f"minute.{word}", show_amount(counts.get(word, 0))) for word in _SAID]
        lines.append(("minute.held", show_amount(counts.get(Part.HELD.word, 0))))
    lines += [
        ("minute.parts", show_amount(sum(counts.get(part.word, 0) for part in Part))),
        ("minute.size", show_amount(parcel.size)),
        ("minute.id", parcel.id),
        ("minute.digest", _grouped(parcel.digest)),
    ]
    return Minute(parcel.id, giver, receiver, tuple(lines))


def is_centre(end: str) -> bool:
    """Whether an end is the centre's; any other is a laptop: `03874/m2f…`."""
    return end == CENTRE


def show_moment(at: str) -> str:
    """A moment in UTC as Viet Nam's clocks show it, whatever the machine's zone."""
    return datetime.fromisoformat(at).astimezone(_VIETNAM).strftime("%d/%m/%Y %H:%M:%S")


def _grouped(digest: str) -> str:
    return " ".join(digest[start : start + _DIGEST_GROUP] for start in range(0, len(digest), _DIGEST_GROUP))
