"""What the centre keeps; every key begins with the commune, but for small tables of the centre's own."""

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
    Column("arrivals", Integer, nullable=False, server_default=text("0")),  # what came from other communes
    Column("merged", Text, nullable=False, server_default=""),  # which commune goes on, from when
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
    Column("scope", _json, nullable=False, server_default="[]"),  # a surveyor's hamlets, a service's kinds
    Column("expires", BigInteger, nullable=False, server_default=text("0")),  # of her certificate; 0: never
)

# Bundles that came on sticks and went on them.
parcel = _central(
    "parcel",
    Column("id", Text, primary_key=True),
    Column("way", Text, nullable=False),  # in, out
    Column("errand", Text, nullable=False),
    Column("peer", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("counts", _json, nullable=False),  # of what, how many
)
Index("parcel_by_peer", parcel.c.commune, parcel.c.peer, parcel.c.number)

invitation = _central(
    "invitation",
    Column("secret", LargeBinary, primary_key=True),  # SHA-256 of the one-time secret
    Column("expires", BigInteger, nullable=False),
    Column("used_by", Text),
    Column("officer", Text, nullable=False, server_default=""),  # whose new key comes with it
)

# Keys that officers had before a lost password: what they signed is read for ever.
former_key = _central(
    "former_key",
    Column("officer", Text, primary_key=True),
    Column("key", LargeBinary, primary_key=True),
    Column("certificate", LargeBinary, nullable=False),
    Column("replaced", BigInteger, nullable=False),
)

# What goes to another commune: who moved by the set with this id; a set that came late, of nobody by name.
departure = _central(
    "departure",
    Column("id", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("peer", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, handed, arrived
)
Index("departure_by_person", departure.c.commune, departure.c.person)

# What comes from other communes, as the centre signed it, until an officer here opened it.
arrival = _central(
    "arrival",
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("opened", Boolean, nullable=False),
)
Index("arrival_by_id", arrival.c.commune, arrival.c.id, arrival.c.person, unique=True)

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

# Programme data in the place of those that ship with the program: the same for every commune.
programme = Table(
    "programme",
    central,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("published", BigInteger, nullable=False),
    Column("signed", LargeBinary, nullable=False),  # by the policy key
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
