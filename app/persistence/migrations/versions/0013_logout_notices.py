"""What the log-in provider calls a session, so that it can end it, and the notices that it sent."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("sessions", "operator_sessions"):
        for name in ("sid_hash", "subject_hash"):
            op.add_column(table, sa.Column(name, sa.String(64)))
            op.create_index(f"ix_{table}_{name}", table, [name])
    op.create_table(
        "logout_notices",
        sa.Column("notice_hash", sa.String(64), nullable=False),
        sa.Column("sid_hash", sa.String(64)),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("notice_hash", name="pk_logout_notices"),
    )
    op.create_index("ix_logout_notices_sid_hash", "logout_notices", ["sid_hash"])
    op.create_index("ix_logout_notices_expires_at", "logout_notices", ["expires_at"])
