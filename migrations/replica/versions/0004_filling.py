"""Blocks of a snapshot that have come, until the last is here."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = ("CREATE TABLE filling (no INTEGER NOT NULL, block BLOB NOT NULL, PRIMARY KEY (no))",)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
