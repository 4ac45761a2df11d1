"""What the centre said of sets it did not take, and those signed anew, as they were."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE changes ADD COLUMN why TEXT",
    """
    CREATE TABLE replaced (id BLOB NOT NULL, "by" BLOB, why TEXT NOT NULL, body BLOB NOT NULL, signature
    BLOB NOT NULL, PRIMARY KEY (id))
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
