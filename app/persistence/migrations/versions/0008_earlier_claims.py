"""What a source said before it was asked again, kept until it says something better."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("collection_sources", sa.Column("earlier", sa.LargeBinary))
