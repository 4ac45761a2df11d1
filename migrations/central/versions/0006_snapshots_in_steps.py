"""Blocks are written anew: what was kept in the older form is built again when somebody asks."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("snapshot_block", "snapshot"):
        op.execute(f"DELETE FROM {table}")


def downgrade() -> None:
    """Whoever asks builds in the older form again."""
    upgrade()
