"""The laptop's copy: records, journal, what waits, what was seen and done."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE accepted (kind TEXT NOT NULL, record TEXT NOT NULL, cells BLOB, PRIMARY KEY (kind,
    record)) WITHOUT ROWID
    """,
    """
    CREATE TABLE account (no INTEGER NOT NULL, id TEXT NOT NULL, person TEXT, kind TEXT, provider TEXT,
    number TEXT, holder TEXT, payee TEXT, payee_name TEXT, payee_id TEXT, payee_phone TEXT,
    payee_relation TEXT, payee_paper TEXT, payee_paper_date TEXT, payee_until TEXT, mismatch_reason
    TEXT, shared_reason TEXT, evidence TEXT, behind BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    "CREATE INDEX account_by_number ON account (number)",
    "CREATE INDEX account_by_person ON account (person)",
    """
    CREATE TABLE audit (no INTEGER NOT NULL, at TEXT NOT NULL, officer TEXT NOT NULL, act TEXT NOT NULL,
    kind TEXT DEFAULT '' NOT NULL, record TEXT DEFAULT '' NOT NULL, detail TEXT DEFAULT '' NOT NULL,
    previous BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (no))
    """,
    """
    CREATE TABLE changes (no INTEGER NOT NULL, id BLOB NOT NULL, seq INTEGER, device TEXT NOT NULL,
    number INTEGER NOT NULL, author TEXT NOT NULL, clock BIGINT NOT NULL, reason TEXT NOT NULL, body
    BLOB NOT NULL, signature BLOB NOT NULL, verdicts BLOB, PRIMARY KEY (no), UNIQUE (id), UNIQUE (seq))
    """,
    "CREATE INDEX changes_by_device ON changes (device, number)",
    "CREATE INDEX changes_waiting ON changes (no) WHERE seq IS NULL",
    """
    CREATE TABLE "conflict" (no INTEGER NOT NULL, id TEXT NOT NULL, subject TEXT, seq INTEGER, atom
    INTEGER, state TEXT, behind BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    """
    CREATE INDEX conflict_by_state ON "conflict" (state)
    """,
    """
    CREATE TABLE consent (no INTEGER NOT NULL, id TEXT NOT NULL, person TEXT, purpose TEXT, wording
    TEXT, given_by TEXT, sign TEXT, given TEXT, withdrawn TEXT, behind BLOB NOT NULL, PRIMARY KEY (no),
    UNIQUE (id))
    """,
    "CREATE INDEX consent_by_person ON consent (person)",
    "CREATE TABLE digest (kind TEXT NOT NULL, sum BLOB NOT NULL, PRIMARY KEY (kind))",
    """
    CREATE TABLE drafts (subject TEXT NOT NULL, body BLOB NOT NULL, at TEXT NOT NULL, PRIMARY KEY
    (subject))
    """,
    """
    CREATE TABLE entitlement (no INTEGER NOT NULL, id TEXT NOT NULL, person TEXT, "group" TEXT,
    coefficient TEXT, amount INTEGER, since TEXT, until TEXT, decision TEXT, decided TEXT, state TEXT,
    note TEXT, behind BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    "CREATE INDEX entitlement_by_person ON entitlement (person)",
    """
    CREATE TABLE exchanges (no INTEGER NOT NULL, at TEXT NOT NULL, outcome TEXT NOT NULL, sent INTEGER
    NOT NULL, received INTEGER NOT NULL, bytes_out INTEGER NOT NULL, bytes_in INTEGER NOT NULL, PRIMARY
    KEY (no))
    """,
    """
    CREATE TABLE household (no INTEGER NOT NULL, id TEXT NOT NULL, code TEXT, head TEXT, head_name TEXT,
    hamlet TEXT, address TEXT, poverty TEXT, poverty_year INTEGER, note TEXT, state TEXT, behind BLOB
    NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    """
    CREATE TABLE layouts (fingerprint TEXT NOT NULL, meanings BLOB NOT NULL, at TEXT NOT NULL, PRIMARY
    KEY (fingerprint))
    """,
    """
    CREATE TABLE name_order (label INTEGER NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (label),
    UNIQUE (person))
    """,
    """
    CREATE TABLE overwritten (lost INTEGER NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, field
    TEXT NOT NULL, "by" INTEGER NOT NULL, seen BOOLEAN DEFAULT 0 NOT NULL, PRIMARY KEY (lost, kind,
    record, field))
    """,
    """
    CREATE TABLE person (no INTEGER NOT NULL, id TEXT NOT NULL, name TEXT, name_typed TEXT, sex TEXT,
    birth TEXT, personal_id TEXT, old_id TEXT, id_issued TEXT, id_issuer TEXT, ethnicity TEXT, phone
    TEXT, phone_owner TEXT, hamlet TEXT, address TEXT, current_address TEXT, residence TEXT, household
    TEXT, relation TEXT, guardian TEXT, disability TEXT, vneid_level INTEGER, smartphone BOOLEAN, wish
    TEXT, wish_reason TEXT, needs TEXT, note TEXT, state TEXT, state_since TEXT, receiving_account TEXT,
    name_folded TEXT, name_key TEXT, account_state TEXT, group_codes TEXT,
    monthly_amount INTEGER, behind BLOB NOT NULL, PRIMARY KEY (no), UNIQUE (id))
    """,
    "CREATE INDEX person_by_birth ON person (birth, name_folded)",
    "CREATE INDEX person_by_household ON person (household)",
    "CREATE INDEX person_by_name ON person (name_key)",
    "CREATE INDEX person_by_old_id ON person (old_id)",
    "CREATE INDEX person_by_personal_id ON person (personal_id)",
    "CREATE INDEX person_counted ON person (state, hamlet, account_state, group_codes, monthly_amount)",
    "CREATE TABLE place (name TEXT NOT NULL, value BLOB, PRIMARY KEY (name))",
    """
    CREATE TABLE proposal (no INTEGER NOT NULL, id TEXT NOT NULL, person TEXT, subject TEXT, wants TEXT,
    evidence TEXT, proposer TEXT, state TEXT, answer TEXT, behind BLOB NOT NULL, PRIMARY KEY (no),
    UNIQUE (id))
    """,
    "CREATE INDEX proposal_by_person ON proposal (person)",
    "CREATE INDEX proposal_by_state ON proposal (state)",
    """
    CREATE TABLE spelling (missing TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (missing, word))
    WITHOUT ROWID
    """,
    """
    CREATE TABLE touched (record TEXT NOT NULL, change INTEGER NOT NULL, PRIMARY KEY (record, change))
    WITHOUT ROWID
    """,
    """
    CREATE VIRTUAL TABLE finding USING fts5(tokens, content='', contentless_delete=1, detail=none,
    tokenize='ascii')
    """,
    "INSERT INTO finding(finding, rank) VALUES ('pgsz', 1000)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
