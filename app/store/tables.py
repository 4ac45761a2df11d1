"""Every table: records (generated from `domain.records`), changes, local-only, central-only.

Record rows carry `no`, a small local number that lists and indexes speak of, `behind`
(which sets stand behind each cell, see `rows.py`) and, for persons, folded columns that
search and sorting read. Both ends share nothing but `domain`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

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
        Column("account_state", Text),  # none | cash | proposed | in_force: what the list filters by
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

changes = Table(
    "changes",
    replica,
    Column("no", Integer, primary_key=True),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("seq", Integer, unique=True),  # NULL while it waits: the outbox
    Column("device", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("clock", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("verdicts", LargeBinary),
    Column("why", Text),  # what the centre last said of a set it did not take
)
Index("changes_waiting", changes.c.no, sqlite_where=changes.c.seq.is_(None))
Index("changes_by_device", changes.c.device, changes.c.number)

# Which sets touched a record: its history without reading every body.
touched = Table(
    "touched",
    replica,
    Column("record", Text, primary_key=True),
    Column("change", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

# Sets that can never be taken, as they were signed; `by` is the set signed anew in its place, if any.
replaced = Table(
    "replaced",
    replica,
    Column("id", LargeBinary, primary_key=True),
    Column("by", LargeBinary),
    Column("why", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

# Local only: what the journal says beneath edits that wait; `cells` NULL: no such record.
accepted = Table(
    "accepted",
    replica,
    Column("kind", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("cells", LargeBinary),
    sqlite_with_rowid=False,
)

# Ordinary values that did not stand, until their author has seen it.
overwritten = Table(
    "overwritten",
    replica,
    Column("lost", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("by", Integer, nullable=False),
    Column("seen", Boolean, nullable=False, server_default=text("0")),
)

# Sets that the centre refused in whole or in part, until somebody has seen it.
refused = Table(
    "refused",
    replica,
    Column("seq", Integer, primary_key=True),
    Column("seen", Boolean, nullable=False, server_default=text("0")),
)

# One row a fact: commune, device, cursor, head, policy … (see `unit.py`).
place = Table(
    "place",
    replica,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary),
)

digest = Table(
    "digest",
    replica,
    Column("kind", Text, primary_key=True),
    Column("sum", LargeBinary, nullable=False),
)

# Local chained log: who saw and did what (see `audit.py`).
audit = Table(
    "audit",
    replica,
    Column("no", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default=""),
    Column("record", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

# Unfinished work that keeps itself: a form, an import under review, a drive.
drafts = Table(
    "drafts",
    replica,
    Column("subject", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
)

# People in the order of their names: labels ascend with `name_key`, gaps between them are
# wide enough for newcomers. Rows of the index `finding` are these labels (see `search.py`).
name_order = Table(
    "name_order",
    replica,
    Column("label", Integer, primary_key=True),
    Column("person", Integer, nullable=False, unique=True),
)

# Words of names and hamlets, each under every form with at most one letter missing: typos.
spelling = Table(
    "spelling",
    replica,
    Column("missing", Text, primary_key=True),
    Column("word", Text, primary_key=True),
    sqlite_with_rowid=False,
)

# What columns mean in a workbook layout, as the officer corrected it.
layouts = Table(
    "layouts",
    replica,
    Column("fingerprint", Text, primary_key=True),
    Column("meanings", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
)

# Blocks of a snapshot that have come, until the last is here (see `filling.py`).
filling = Table(
    "filling",
    replica,
    Column("no", Integer, primary_key=True),
    Column("block", LargeBinary, nullable=False),
)

# Attachments whose bytes are on this laptop, whole (see `files.py`); `sent`: the centre has them too.
files = Table(
    "files",
    replica,
    Column("sha256", Text, primary_key=True),
    Column("sent", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
Index("files_waiting", files.c.sha256, sqlite_where=files.c.sent.is_(False))

# Each exchange with the centre: what went, what came, what failed and why.
exchanges = Table(
    "exchanges",
    replica,
    Column("no", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # done, files, or the error's code
    Column("sent", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    Column("bytes_out", Integer, nullable=False),
    Column("bytes_in", Integer, nullable=False),
    Column("files", Integer, nullable=False, server_default=text("0")),  # attachments sent, whole
)

central = MetaData()
_json = JSON().with_variant(JSONB(), "postgresql")


def _central(name: str, *columns: Column[object]) -> Table:
    """Every key begins with the commune: each transaction stays within one (architecture.md, 11)."""
    own = Column("commune", Text, primary_key=True)
    owner = () if name == "commune" else (ForeignKeyConstraint(["commune"], ["commune.commune"]),)
    return Table(name, central, own, *columns, *owner)


commune = _central(
    "commune",
    Column("name", Text, nullable=False),
    Column("training", Boolean, nullable=False),
    Column("seq", Integer, nullable=False, server_default=text("0")),
    Column("head", LargeBinary, nullable=False),
    Column("digests", _json, nullable=False),  # kind → hexadecimal sum
    Column("policy", Integer, nullable=False, server_default=text("0")),  # its version
)

journal = _central(
    "journal",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", LargeBinary, nullable=False),
    Column("device", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("verdicts", LargeBinary, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("received", BigInteger, nullable=False),
)
Index("journal_by_id", journal.c.commune, journal.c.id, unique=True)
Index("journal_by_device", journal.c.commune, journal.c.device, journal.c.number, unique=True)

standing = _central(
    "standing",
    Column("kind", Text, primary_key=True),
    Column("record", Text, primary_key=True),
    Column("cells", _json, nullable=False),  # field → [value, [seqs behind], clock]
)

# Sets that came and were not taken, with the reason: kept, never dropped.
aside = _central(
    "aside",
    Column("id", LargeBinary, primary_key=True),
    Column("device", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("previous", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
Index("aside_by_device", aside.c.commune, aside.c.device, aside.c.number)

# What stands at one seq, ready to be sent: signed header, and blocks of at most 64 kB.
snapshot = _central(
    "snapshot",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("header", LargeBinary, nullable=False),
    Column("form", Integer, nullable=False, server_default="1"),  # how its blocks are written
)
snapshot_block = _central(
    "snapshot_block",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("block", LargeBinary, nullable=False),
)

# Bytes of attachments that the journal cites, in pieces, the first `pieces` of them come.
deposit = _central(
    "deposit",
    Column("sha256", LargeBinary, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("whole", Boolean, nullable=False),  # all here, and their hash is right
)
deposit_piece = _central(
    "deposit_piece",
    Column("sha256", LargeBinary, primary_key=True),
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("piece", LargeBinary, nullable=False),
)

device = _central(
    "device",
    Column("device", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("label", Text, nullable=False),
    Column("standing", Text, nullable=False),  # active, or revoked
    Column("enrolled", BigInteger, nullable=False),
    Column("last_contact", BigInteger),
    Column("last_request", Integer, nullable=False, server_default=text("0")),
    Column("cursor", Integer, nullable=False, server_default=text("0")),  # how far it has read
    Column("revoked", BigInteger),
    Column("reason", Text, nullable=False, server_default=""),
)

officer = _central(
    "officer",
    Column("officer", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("roles", _json, nullable=False),
    Column("standing", Text, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
)

invitation = _central(
    "invitation",
    Column("secret", LargeBinary, primary_key=True),  # SHA-256 of the one-time secret
    Column("expires", BigInteger, nullable=False),
    Column("used_by", Text),
)

# Of the centre as a whole, small, and in no exchange: who runs it, and what they did.
operator = Table(
    "operator",
    central,
    Column("operator", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("password", Text, nullable=False),  # as Argon2id writes it
    Column("standing", Text, nullable=False),
    Column("session", Integer, nullable=False, server_default=text("0")),  # moved on: signed out everywhere
    Column("wrong", Integer, nullable=False, server_default=text("0")),
    Column("wait_until", BigInteger, nullable=False, server_default=text("0")),
)

deed = Table(
    "deed",
    central,
    Column("no", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("operator", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("about", Text, nullable=False, server_default=""),  # the commune; empty for the centre itself
    Column("subject", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
)
