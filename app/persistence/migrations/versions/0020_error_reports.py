"""What citizens say is wrong about a claim, until the organisation has it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "error_reports",
        sa.Column("report_id", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("subject_key_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("matter", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("reported_at", moment, nullable=False),
        sa.Column("give_up_at", moment, nullable=False),
        sa.Column("next_try_at", moment),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("problem", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(64)),
        sa.Column("held_until", moment),
        sa.Column("delivered_at", moment),
        sa.Column("given_up_at", moment),
        sa.PrimaryKeyConstraint("report_id", name="pk_error_reports"),
    )
    op.create_index("ix_error_reports_subject", "error_reports", ["subject"])
    op.create_index("ix_error_reports_next_try_at", "error_reports", ["next_try_at"])
