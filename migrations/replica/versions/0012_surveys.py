"""Forms of surveys, who goes where with them, and what was handed in."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE household RENAME TO household_before",
    """
    CREATE TABLE household (no INTEGER NOT NULL, id TEXT NOT NULL, code TEXT, head TEXT, head_name TEXT,
    hamlet TEXT, address TEXT, poverty TEXT, poverty_year INTEGER, b1_score INTEGER, b2_score INTEGER,
    note TEXT, state TEXT, behind BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    """
    INSERT INTO household (no, id, code, head, head_name, hamlet, address, poverty, poverty_year, note, state,
    behind) SELECT no, id, code, head, head_name, hamlet, address, poverty, poverty_year, note, state, behind
    FROM household_before
    """,
    "DROP TABLE household_before",
    """
    CREATE TABLE assignment (no INTEGER NOT NULL, id TEXT NOT NULL, form TEXT, household TEXT, person TEXT,
    hamlet TEXT, officer TEXT, due TEXT, note TEXT, state TEXT, behind BLOB NOT NULL, PRIMARY KEY (no),
    UNIQUE (id))
    """,
    """
    CREATE TABLE visit (no INTEGER NOT NULL, id TEXT NOT NULL, form TEXT, household TEXT, person TEXT,
    hamlet TEXT, officer TEXT, outcome TEXT, day TEXT, again TEXT, note TEXT, behind BLOB NOT NULL,
    PRIMARY KEY (no), UNIQUE (id))
    """,
    """
    CREATE TABLE submission (no INTEGER NOT NULL, id TEXT NOT NULL, form TEXT, version TEXT, definition TEXT,
    instance TEXT, corrects TEXT, household TEXT, person TEXT, hamlet TEXT, officer TEXT, finished TEXT,
    content TEXT, sha256 TEXT, state TEXT, behind BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    """
    CREATE TABLE forms (sha256 TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, title TEXT NOT NULL,
    about TEXT NOT NULL, open BOOLEAN NOT NULL, parcel BLOB NOT NULL, PRIMARY KEY (sha256))
    """,
    "CREATE INDEX assignment_by_state ON assignment (state)",
    "CREATE INDEX visit_by_household ON visit (household, form, day)",
    "CREATE INDEX visit_by_person ON visit (person, form, day)",
    """
    CREATE INDEX submission_by_form ON submission (form, state, hamlet, household, person, officer)
    """,
    "CREATE INDEX submission_by_household ON submission (household, form, state)",
    "CREATE INDEX submission_by_person ON submission (person, form, state)",
    "CREATE INDEX submission_by_instance ON submission (instance)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
