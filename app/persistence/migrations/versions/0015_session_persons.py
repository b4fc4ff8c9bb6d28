"""Whose session it is, so that a person can see and end their own, and an operator those of one person."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("sessions", "operator_sessions"):
        op.add_column(table, sa.Column("person_hash", sa.String(64)))
        op.create_index(f"ix_{table}_person_hash", table, ["person_hash"])
