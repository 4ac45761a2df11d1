"""A laptop's tables: records (generated from `domain.records`), change sets, what is local alone.

Record rows carry `no`, a small local number that lists and indexes speak of, `behind`
(which sets stand behind each cell, see `rows.py`) and, for persons, folded columns that
search and sorting read. The centre's are in `central_tables.py`; both ends share nothing but `domain`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

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
        # none | cash | proposed | approved (waits for the centre) | in_force: what the list filters by;
        # joined: shown as somebody else
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
Index("assignment_by_state", records["assignment"].c.state)
# What the list of who is left asks of each household or person in it.
for _subject in ("household", "person"):
    Index(
        f"visit_by_{_subject}",
        *(records["visit"].c[name] for name in (_subject, "form", "day")),
    )
    Index(
        f"submission_by_{_subject}",
        *(records["submission"].c[name] for name in (_subject, "form", "state")),
    )
# Covers who was asked and who is left: what was answered stays unread.
Index(
    "submission_by_form",
    *(
        records["submission"].c[name]
        for name in ("form", "state", "hamlet", "household", "person", "officer")
    ),
)
Index("submission_by_instance", records["submission"].c.instance)
Index("alias_by_survivor", records["alias"].c.survivor)
Index("seen_by_officer", records["seen"].c.officer, records["seen"].c.seq)

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

# Local only: people of this register who could be one, kept as they were last compared (`alike.py`).
alike = Table(
    "alike",
    replica,
    Column("first", Integer, primary_key=True),  # the lower `no`
    Column("second", Integer, primary_key=True),
    Column("pair", Text, nullable=False),  # id of what somebody may have judged of them
    Column("score", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("alike_by_second", alike.c.second)

# People whose likes have to be looked for again: written here, exchanged or imported since.
uncompared = Table(
    "uncompared",
    replica,
    Column("ticket", Integer, primary_key=True),
    Column("person", Integer, nullable=False),
)

# Sets behind guarded fields that have not come yet, with the records whose fields they are (see `past.py`).
awaited = Table(
    "awaited",
    replica,
    Column("seq", Integer, primary_key=True),
    Column("record", Text, primary_key=True),
    sqlite_with_rowid=False,
)

# Where this copy was found to differ from the centre's, until somebody has seen it (see `divergences.py`).
diverged = Table(
    "diverged",
    replica,
    Column("no", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("seen", Boolean, nullable=False, server_default=text("0")),
)

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

# Forms of surveys as the centre published them, by the digest of what is filled: a draft finishes on its own.
forms = Table(
    "forms",
    replica,
    Column("sha256", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("about", Text, nullable=False),  # household, person or nothing of the register
    Column("open", Boolean, nullable=False),  # published now: a filling may be begun
    Column("parcel", LargeBinary, nullable=False),
)

# Bundles that went on sticks and came on them: numbers of a pair, and what the handover minute says.
parcels = Table(
    "parcels",
    replica,
    Column("no", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("way", Text, nullable=False),  # out, in
    Column("errand", Text, nullable=False),
    Column("peer", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("counts", Text, nullable=False),  # JSON: of what, how many
)
