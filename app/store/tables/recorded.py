"""The tables of records, generated from `domain.records`.

Record rows carry `no`, a small local number that lists and indexes speak of, `behind`
(which sets stand behind each cell, see `rows.py`) and, for persons, folded columns that
search and sorting read.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from app.domain.records import KINDS, Field, Kind, Type

_COLUMN_TYPES = {Type.MONEY: Integer, Type.WHOLE: Integer, Type.FLAG: Boolean}

replica = MetaData()


def _column(field: Field) -> Column[object]:
    return Column(field.name, _COLUMN_TYPES.get(field.type, Text)())


def _record_table(kind: Kind, *derived: Column[object]) -> Table:
    return Table(
        kind.name,
        replica,
        Column("no", Integer, primary_key=True),
        Column("id", Text, nullable=False, unique=True),
        *map(_column, kind.fields),
        *derived,
        Column("behind", LargeBinary, nullable=False),
    )


_DERIVED = {
    "person": (
        Column("name_folded", Text),  # text.fold(name): FTS folds tones but never đ
        Column("name_key", Text),  # text.sort_key(name): SQLite knows no Vietnamese order
        # none | cash | proposed | in_force: what the list filters by; joined: shown as somebody else
        Column("account_state", Text),
        Column("group_codes", Text),  # codes of active entitlements, in order, between commas
        Column("monthly_amount", Integer),  # sum of active entitlements, đồng
    ),
}

records: dict[str, Table] = {
    name: _record_table(kind, *_DERIVED.get(name, ())) for name, kind in KINDS.items()
}

COUNTED = ("state", "hamlet", "account_state", "group_codes", "monthly_amount")

Index("person_by_name", records["person"].c.name_key)
Index("person_by_personal_id", records["person"].c.personal_id)
Index("person_by_old_id", records["person"].c.old_id)
Index("person_by_phone", records["person"].c.phone)
Index("person_by_household", records["person"].c.household)
Index("person_by_birth", records["person"].c.birth, records["person"].c.name_folded)
# Covers every count a list shows: wide rows stay unread (`queries.tally`).
Index("person_counted", *(records["person"].c[name] for name in COUNTED))
Index("entitlement_by_person", records["entitlement"].c.person)
Index("account_by_person", records["account"].c.person)
Index("account_by_number", records["account"].c.number)
Index("consent_by_person", records["consent"].c.person)
Index("proposal_by_person", records["proposal"].c.person)
Index("proposal_by_state", records["proposal"].c.state)
Index("attachment_by_person", records["attachment"].c.person)
Index("attachment_by_sha256", records["attachment"].c.sha256)
Index("conflict_by_state", records["conflict"].c.state)
Index("alias_by_survivor", records["alias"].c.survivor)
