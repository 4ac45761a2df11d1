"""An officer whose password is lost gets a new key; her former certificate stays, to read what it signed.

An invitation may be for one officer's new key alone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_key",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("officer", sa.Text, primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("certificate", sa.LargeBinary, nullable=False),
        sa.Column("replaced", sa.BigInteger, nullable=False),
    )
    op.add_column("invitation", sa.Column("officer", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("invitation", "officer")
    op.drop_table("former_key")
