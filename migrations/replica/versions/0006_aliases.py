"""People joined by alias, pairs that somebody judged, and who could be one person with whom."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE alias (no INTEGER NOT NULL, id TEXT NOT NULL, survivor TEXT, why TEXT, behind BLOB NOT
    NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    "CREATE INDEX alias_by_survivor ON alias (survivor)",
    """
    CREATE TABLE pair (no INTEGER NOT NULL, id TEXT NOT NULL, person TEXT, other TEXT, verdict TEXT, why
    TEXT, behind BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    """
    CREATE TABLE alike (first INTEGER NOT NULL, second INTEGER NOT NULL, pair TEXT NOT NULL, score INTEGER NOT
    NULL, reasons TEXT NOT NULL, PRIMARY KEY (first, second)) WITHOUT ROWID
    """,
    "CREATE INDEX alike_by_second ON alike (second)",
    """
    CREATE TABLE uncompared (ticket INTEGER NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (ticket))
    """,
    "CREATE INDEX person_by_phone ON person (phone)",
    "INSERT INTO uncompared (person) SELECT no FROM person",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
