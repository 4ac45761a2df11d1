"""Attachments, which of them lie on this laptop, and how many an exchange sent."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE attachment (
    no INTEGER NOT NULL, id TEXT NOT NULL, person TEXT, about TEXT, purpose TEXT, sha256 TEXT, size INTEGER,
    media TEXT, taken TEXT, note TEXT, state TEXT, behind BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    "CREATE INDEX attachment_by_person ON attachment (person)",
    "CREATE INDEX attachment_by_sha256 ON attachment (sha256)",
    "CREATE TABLE files (sha256 TEXT NOT NULL, sent BOOLEAN NOT NULL, PRIMARY KEY (sha256)) WITHOUT ROWID",
    "CREATE INDEX files_waiting ON files (sha256) WHERE sent IS 0",
    "ALTER TABLE exchanges ADD COLUMN files INTEGER DEFAULT 0 NOT NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
