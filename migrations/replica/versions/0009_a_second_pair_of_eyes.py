"""What a second officer was shown and agreed to."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE proposal ADD COLUMN agreed TEXT")
