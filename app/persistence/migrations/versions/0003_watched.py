"""Who waits for a collection: a page that said so, until when, and whether asking was given up or resumed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("watched_until", "given_up_at", "resumed_at"):
        op.add_column("collections", sa.Column(name, MOMENT))
