"""What the register has of a row, field by field: shown right under the row as it stands in the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.actions.importing.comparing import Beside, compare
from app.actions.importing.facts import Candidate, Ground, Match, Row
from app.actions.importing.points import held_by, settled_of, who
from app.actions.importing.settling import Typing
from app.actions.importing.shown import shown_said
from app.domain.reference import Reference
from app.store.meant import Person

_RIGHT = ("group", "coefficient", "amount", "since", "until", "decision", "decided")


@dataclass(frozen=True)
class Stands:
    """What stands, in words, by field; which fields the workbook says otherwise, and which it would fill."""

    name: str
    fields: Mapping[str, str]
    differs: frozenset[str]
    fills: frozenset[str]
    is_register: bool  # not a row further up in the workbook


def stands_of(ground: Ground, row: Row, typing: Typing, chosen: Candidate | None = None) -> Stands | None:
    """Whom the row is, or the one she could be; None when it is nobody yet."""
    if row.person is None:
        return None
    settled = settled_of(ground, row, typing)
    found = who(ground, row, settled) if chosen is None else Match(record=chosen.record, row=chosen.row)
    held = held_by(ground, found, typing)
    if held is None:
        return None
    beside = compare(settled, held)
    return Stands(
        held.name,
        _fields(held, beside, typing.reference),
        frozenset({*beside.differs, *beside.right_differs, *(("account",) if beside.other_account else ())}),
        frozenset({*beside.fills, *beside.right_fills}),
        is_register=bool(found.record),
    )


def _fields(held: Person, beside: Beside, reference: Reference) -> dict[str, str]:
    fields = {name: shown_said(name, value, reference) for name, value in held.values.items()}
    right = beside.right or (held.rights[0] if held.rights else None)
    if right is not None:
        fields |= {
            name: shown_said(name, right.values[name], reference) for name in _RIGHT if name in right.values
        }
    by_code = reference.providers.by_code
    accounts = [
        f"{number} {by_code[provider].short_name if provider in by_code else ''}".strip()
        for provider, number in sorted(held.accounts)
    ]
    if accounts:
        fields["account"] = "; ".join(accounts)
    return fields
