"""Facts to compare with printed overviews, for at most thirty days."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_facts",
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name_hash", name="pk_paper_facts"),
    )
    op.create_index("ix_paper_facts_expires_at", "paper_facts", ["expires_at"])
