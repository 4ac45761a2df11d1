"""Households: founding one, and who belongs to it."""

from __future__ import annotations

from collections.abc import Mapping

from app.actions.desk import Desk, save
from app.actions.people import tidy
from app.domain.errors import Refusal
from app.domain.records import Value
from app.store.opened import Opened


def found_household(desk: Desk, person: Opened, values: Mapping[str, Value], reason: str) -> str:
    """A new household with this person its first member and, unless another is named, its head; its id."""
    record = desk.ids.new()
    head: dict[str, Value] = {} if values.get("head_name") else {"head": person.record}
    wanted: dict[str, Value] = {"state": "active", **head, **values}
    edits = Opened("household", record).edits(tidy("household", wanted))
    save(desk, reason, [*edits, *person.edits({"household": record})])
    return record


def join_household(desk: Desk, person: Opened, household: str | None, relation: str, reason: str) -> None:
    """Let a person belong to a household, or (None) to none. Refusal("record.reason") without a reason."""
    if not reason:
        raise Refusal("record.reason", field="reason")
    edits = person.edits(tidy("person", {"household": household, "relation": relation or None}))
    if edits:
        save(desk, reason, edits)
