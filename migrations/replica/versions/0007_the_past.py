"""Sets behind guarded fields that have not come yet after a first fill; where a copy was found to differ."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE TABLE awaited (seq INTEGER NOT NULL, record TEXT NOT NULL, "
    "PRIMARY KEY (seq, record)) WITHOUT ROWID",
    "CREATE TABLE diverged (no INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, "
    "field TEXT NOT NULL, seen BOOLEAN DEFAULT 0 NOT NULL, PRIMARY KEY (no))",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
