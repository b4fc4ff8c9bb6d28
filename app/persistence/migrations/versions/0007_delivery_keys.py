"""A key of its own for every delivery. Deliveries from before have none and are deleted: they must be imported again, and
until then their sources are "no answer", never "no claims"."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM batch_records")
    op.execute("DELETE FROM batch_deliveries")
    op.add_column("batch_deliveries", sa.Column("sealed_key", sa.LargeBinary))
