"""Deliveries of sources that send files."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "batch_deliveries",
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(200), nullable=False),
        sa.Column("current_of", sa.String(200)),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("as_of", MOMENT),
        sa.Column("delete_at", MOMENT),
        sa.Column("unplaced", sa.Integer),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_batch_deliveries"),
        sa.UniqueConstraint("current_of", name="uq_batch_deliveries_current_of"),
    )
    op.create_index("ix_batch_deliveries_source_id", "batch_deliveries", ["source_id"])
    op.create_table(
        "batch_records",
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("person_hash", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "position", name="pk_batch_records"),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["batch_deliveries.delivery_id"],
            name="fk_batch_records_delivery_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_batch_records_person", "batch_records", ["delivery_id", "person_hash"])
