"""What the lists of Sync and handover show, line by line and column by column."""

from __future__ import annotations

from app.domain.reference import Reference
from app.domain.text import show_amount
from app.store import exchanges
from app.store.disputes import Dispute
from app.store.divergences import Found as Divergence
from app.store.exchanges import Exchange
from app.store.outstanding import WaitingSet
from app.store.pointed import Pointed
from app.ui.moments import show_moment
from app.ui.pointing import pointed_words
from app.ui.tables.columns import Cell, Column, MarkCell, cell_column
from app.ui.values import show_reason, show_size
from app.words import counted, explain_code
from app.words import gettext as _


def waiting_row(line: WaitingSet) -> dict[str, Cell]:
    """A save that waits to go."""
    names = ", ".join(line.names)
    return {
        "at": show_moment(line.at),
        "who": names or counted("{count} record", "{count} records", line.records),
        "why": show_reason(line.reason),
        "count": show_amount(line.records),
        "state": MarkCell(_("Waiting to go"), "ring"),
    }


def conflict_row(line: Dispute, pointed: Pointed, reference: Reference) -> dict[str, Cell]:
    """A conflict that waits for somebody; `pointed`: what values that name a record speak of."""
    stands, wanted = (
        pointed_words(pointed, line.kind, line.field, value, reference) for value in (line.stands, line.came)
    )
    return {
        "who": line.name or _("unknown person"),
        "field": _(f"field.{line.kind}.{line.field}"),
        "stands": stands,
        "wanted": wanted,
        "at": show_moment(line.came_by.at),
    }


def past_row(line: Exchange) -> dict[str, Cell]:
    """An exchange that was, or was tried."""
    said = {
        exchanges.DONE: _("Done"),
        exchanges.FILES: _("Photos and papers"),
        exchanges.FILLED: _("Register fetched"),
        exchanges.FILLED_ANEW: _("Register fetched anew: it was not the same as the centre's"),
        "sync.diverged": _("Not the same as the centre's register"),
    }
    good = line.outcome in exchanges.WENT_WELL and line.outcome != exchanges.FILLED_ANEW
    words = said.get(line.outcome) or explain_code(line.outcome)
    return {
        "at": show_moment(line.at),
        "outcome": MarkCell(words, "tick" if good else "triangle", "ok" if good else "warn"),
        "sent": show_amount(line.sent),
        "received": show_amount(line.received),
        "files": show_amount(line.files) if line.files else "",
        "size": f"{show_size(line.bytes_out)} / {show_size(line.bytes_in)}",
    }


def diverged_row(line: Divergence) -> dict[str, Cell]:
    """A place where this copy had differed."""
    return {
        "at": show_moment(line.at),
        "who": line.name or (_("kind.household") if line.kind == "household" else _("unknown person")),
        "kind": _(f"kind.{line.kind}"),
        "field": _(f"field.{line.kind}.{line.field.partition('/')[0]}"),
    }


def waiting_columns() -> tuple[Column, ...]:
    """Of what waits."""
    return (
        cell_column("at", _("Saved"), 150),
        cell_column("who", _("Concerns"), 200, grows=True),
        cell_column("why", _("What for"), 180),
        cell_column("count", _("Records"), 90, "number"),
        cell_column("state", _("State"), 150),
    )


def conflict_columns() -> tuple[Column, ...]:
    """Of conflicts."""
    return (
        cell_column("who", _("Person"), 160, grows=True),
        cell_column("field", _("Field"), 150),
        cell_column("stands", _("Stands"), 150),
        cell_column("wanted", _("The other wrote"), 150),
        cell_column("at", _("Written"), 150),
    )


def past_columns() -> tuple[Column, ...]:
    """Of the exchanges that were."""
    return (
        cell_column("at", _("When"), 150),
        cell_column("outcome", _("Result"), 190, grows=True),
        cell_column("sent", _("Sets sent"), 70, "number"),
        cell_column("received", _("Sets received"), 80, "number"),
        cell_column("files", _("Photos sent"), 90, "number"),
        cell_column("size", _("Size out / in"), 130, "number"),
    )


def diverged_columns() -> tuple[Column, ...]:
    """Of places where this copy had differed."""
    return (
        cell_column("at", _("When"), 150),
        cell_column("who", _("Person"), 200, grows=True),
        cell_column("kind", _("Part of the file"), 180),
        cell_column("field", _("Field"), 200),
    )
