"""In which log-in a citizen allowed an app something, so that it ends with that log-in."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None
_COLUMNS = ("sid_hash", "subject_hash")


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("grants", sa.Column(column, sa.String(64)))
        op.create_index(f"ix_grants_{column}", "grants", [column])
