"""People who move to another commune, and what comes from one; communes that were merged into another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("commune", sa.Column("arrivals", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.add_column("commune", sa.Column("merged", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "departure",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("peer", sa.Text, nullable=False),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("departure_by_person", "departure", ["commune", "person"])
    op.create_table(
        "arrival",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("opened", sa.Boolean, nullable=False),
    )
    op.create_index("arrival_by_id", "arrival", ["commune", "id", "person"], unique=True)


def downgrade() -> None:
    op.drop_table("arrival")
    op.drop_table("departure")
    op.drop_column("commune", "merged")
    op.drop_column("commune", "arrivals")
