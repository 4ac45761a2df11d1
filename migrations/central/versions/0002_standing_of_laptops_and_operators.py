"""When and why a laptop was revoked, how far it has read; operators of the centre and their deeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only additions, each with a default: the service of before goes on working meanwhile."""
    op.add_column("device", sa.Column("cursor", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.add_column("device", sa.Column("revoked", sa.BigInteger))
    op.add_column("device", sa.Column("reason", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "operator",
        sa.Column("operator", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("session", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("wrong", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("wait_until", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "deed",
        sa.Column("no", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("operator", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False, server_default=""),
        sa.Column("subject", sa.Text, nullable=False, server_default=""),
        sa.Column("detail", sa.Text, nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_table("deed")
    op.drop_table("operator")
    for column in ("reason", "revoked", "cursor"):
        op.drop_column("device", column)
