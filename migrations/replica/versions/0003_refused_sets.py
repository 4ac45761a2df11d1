"""Sets that the centre refused in whole or in part, until somebody has seen it."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE TABLE refused (seq INTEGER NOT NULL, seen BOOLEAN DEFAULT 0 NOT NULL, PRIMARY KEY (seq))",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
