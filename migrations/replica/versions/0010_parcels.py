"""Bundles that went on sticks and came on them."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE parcels (no INTEGER NOT NULL, id TEXT NOT NULL, way TEXT NOT NULL, errand TEXT NOT NULL,
    peer TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, digest TEXT NOT NULL,
    size INTEGER NOT NULL, counts TEXT NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
