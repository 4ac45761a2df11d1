"""Bundles that came on sticks and went on them: numbers of a pair, and what the handover minute says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parcel",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("way", "errand", "peer")),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("at", "digest")),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("counts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    )
    op.create_index("parcel_by_peer", "parcel", ["commune", "peer", "number"])


def downgrade() -> None:
    op.drop_table("parcel")
