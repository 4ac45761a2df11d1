"""What a value that points to another record says: an account, a household, a person, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.domain.accounts import mask_account
from app.domain.changes import Edit
from app.domain.records import Type, Value, field_of
from app.domain.reference import Reference
from app.store.households import household_head
from app.store.opened import open_records
from app.ui.values import show_value
from app.words import gettext as _

Key = tuple[str, str]  # kind, record id


@dataclass(frozen=True)
class Pointed:
    """Records by kind and id, and the heads of households."""

    values: Mapping[Key, Mapping[str, Value]] = field(default_factory=dict)
    heads: Mapping[str, str] = field(default_factory=dict)

    def show(self, kind: str, cell: str, value: Value, reference: Reference) -> str:
        """The words for a value of any cell; a record that is not known here says so."""
        declared = field_of(kind, cell)
        if value is None or declared is None or declared.type is not Type.REF or declared.refers is None:
            return show_value(kind, cell, value, reference)
        known = self.values.get((declared.refers, str(value)), {})
        if declared.refers == "account":
            return account_words(known, reference) if known else _("an account not known here")
        if declared.refers == "household":
            head = self.heads.get(str(value))
            return _("household of {head}").format(head=head) if head else _("a household")
        return str(known.get("name") or _("a record not known here"))


def account_words(values: Mapping[str, Value], reference: Reference) -> str:
    """`Agribank ••••••4471`."""
    provider = show_value("account", "provider", values.get("provider"), reference)
    return f"{provider} {mask_account(str(values.get('number') or ''))}".strip()


def references(cells: Iterable[tuple[str, str, Value]]) -> set[Key]:
    """The records that values of these cells (kind, field, value) point to."""
    found = set()
    for kind, cell, value in cells:
        declared = field_of(kind, cell)
        if value and declared is not None and declared.type is Type.REF and declared.refers is not None:
            found.add((declared.refers, str(value)))
    return found


def references_of(edits: Iterable[Edit]) -> set[Key]:
    """The records that edits point to."""
    return references((edit.kind, edit.field, edit.new) for edit in edits)


def read_pointed(connection: Connection, keys: Iterable[Key]) -> Pointed:
    """What these records say."""
    values = {key: opened.values for key, opened in open_records(connection, set(keys)).items()}
    houses = ((record, known) for (kind, record), known in values.items() if kind == "household")
    return Pointed(values, {record: household_head(connection, known) for record, known in houses})
