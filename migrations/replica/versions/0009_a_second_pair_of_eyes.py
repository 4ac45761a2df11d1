"""What a second officer was shown and agreed to."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE proposal RENAME TO proposal_before",
    """
    CREATE TABLE proposal (no INTEGER NOT NULL, id TEXT NOT NULL, person TEXT, subject TEXT, wants TEXT,
    evidence TEXT, proposer TEXT, state TEXT, answer TEXT, agreed TEXT, behind BLOB NOT NULL,
    PRIMARY KEY (no), UNIQUE (id))
    """,
    """
    INSERT INTO proposal (no, id, person, subject, wants, evidence, proposer, state, answer, behind)
    SELECT no, id, person, subject, wants, evidence, proposer, state, answer, behind FROM proposal_before
    """,
    "DROP TABLE proposal_before",
    "CREATE INDEX proposal_by_person ON proposal (person)",
    "CREATE INDEX proposal_by_state ON proposal (state)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
