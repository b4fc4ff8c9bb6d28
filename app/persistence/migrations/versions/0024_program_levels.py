"""Which programs still work with this database, so that those of the release before stay ready while the new ones start."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    levels = op.create_table(
        "program_levels",
        sa.Column("oldest_level", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("oldest_level", name="pk_program_levels"),
    )
    op.bulk_insert(levels, [{"oldest_level": "0023"}])
