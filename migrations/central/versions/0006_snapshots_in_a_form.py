"""A snapshot says in which form its blocks are written: those of an older program are built again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("snapshot", sa.Column("form", sa.Integer, nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("snapshot", "form")
