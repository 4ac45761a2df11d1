"""Which roles an officer is to have, asked of the centre."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE appointment (no INTEGER NOT NULL, id TEXT NOT NULL, officer TEXT, wants TEXT, why TEXT,
    asker TEXT, behind BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
