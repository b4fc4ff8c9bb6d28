"""Levels of seals, and the revocation data for long-term seals."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("level", sa.String(8)))
    op.add_column("documents", sa.Column("wanted_level", sa.String(8)))
    op.create_table(
        "seal_counts",
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("wanted_level", sa.String(8), nullable=False),
        sa.Column("documents", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("level", "wanted_level", name="pk_seal_counts"),
    )
    op.create_table(
        "seal_material",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_seal_material"),
    )
