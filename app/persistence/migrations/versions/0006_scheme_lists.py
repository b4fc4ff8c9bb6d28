"""Signed lists of organisations."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "scheme_lists",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("token", sa.LargeBinary),
        sa.Column("version", sa.BigInteger),
        sa.Column("fingerprint", sa.String(64)),
        sa.Column("issued_at", MOMENT),
        sa.Column("taken_at", MOMENT),
        sa.Column("organisations", sa.Text),
        sa.Column("checked_at", MOMENT),
        sa.Column("problem", sa.Text),
        sa.PrimaryKeyConstraint("name", name="pk_scheme_lists"),
    )
