"""What an officer has seen of what came back to her, on whichever laptop she saw it."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE seen (no INTEGER NOT NULL, id TEXT NOT NULL, officer TEXT, seq INTEGER, cell TEXT, behind
    BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    "CREATE INDEX seen_by_officer ON seen (officer, seq)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
