"""Overviews that citizens share by a code."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "shares",
        sa.Column("share_id", sa.String(64), nullable=False),
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("subject_key_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("with_whom", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("shared_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("openings_left", sa.Integer, nullable=False),
        sa.Column("ended_at", moment),
        sa.PrimaryKeyConstraint("share_id", name="pk_shares"),
        sa.UniqueConstraint("name_hash", name="uq_shares_name_hash"),
    )
    op.create_index("ix_shares_subject", "shares", ["subject"])
    op.create_index("ix_shares_expires_at", "shares", ["expires_at"])
    op.create_table(
        "share_openings",
        sa.Column("opening_id", sa.String(64), nullable=False),
        sa.Column("share_id", sa.String(64), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("opened_by", sa.LargeBinary, nullable=False),
        sa.Column("ticket_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("opening_id", name="pk_share_openings"),
        sa.ForeignKeyConstraint(
            ["share_id"], ["shares.share_id"], ondelete="CASCADE", name="fk_share_openings_share_id"
        ),
    )
    op.create_index("ix_share_openings_share_id", "share_openings", ["share_id"])
