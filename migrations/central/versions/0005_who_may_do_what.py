"""What an officer's right is bounded to; the programme data that the centre published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(JSONB(), "postgresql")
    op.add_column("officer", sa.Column("scope", json, nullable=False, server_default="[]"))
    op.create_table(
        "programme",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("published", sa.BigInteger, nullable=False),
        sa.Column("signed", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("programme")
    op.drop_column("officer", "scope")
