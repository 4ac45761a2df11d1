"""The centre's book: communes, their journals, what stands, whom they know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "commune",
        sa.Column("commune", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("training", sa.Boolean, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.Column("digests", json, nullable=False),
        sa.Column("policy", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "journal",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("verdicts", sa.LargeBinary, nullable=False),
        sa.Column("head", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
    )
    op.create_index("journal_by_id", "journal", ["commune", "id"], unique=True)
    op.create_index("journal_by_device", "journal", ["commune", "device", "number"], unique=True)
    op.create_table(
        "standing",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("record", sa.Text, primary_key=True),
        sa.Column("cells", json, nullable=False),
    )
    op.create_table(
        "aside",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("id", sa.LargeBinary, primary_key=True),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
    )
    op.create_index("aside_by_device", "aside", ["commune", "device", "number"])
    _who_is_known()


def _who_is_known() -> None:
    op.create_table(
        "device",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("enrolled", sa.BigInteger, nullable=False),
        sa.Column("last_contact", sa.BigInteger),
        sa.Column("last_request", sa.Integer, nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "officer",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("officer", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("roles", json, nullable=False),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("certificate", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "invitation",
        sa.Column("commune", sa.Text, sa.ForeignKey("commune.commune"), primary_key=True),
        sa.Column("secret", sa.LargeBinary, primary_key=True),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("used_by", sa.Text),
    )


def downgrade() -> None:
    for table in ("invitation", "officer", "device", "aside", "standing", "journal", "commune"):
        op.drop_table(table)
