"""Overviews shared with organisations whose employees log in, and the sessions of those employees."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("shares", sa.Column("organisation_hash", sa.String(64)))
    op.add_column("shares", sa.Column("known_as", sa.LargeBinary))
    op.create_index("ix_shares_organisation_hash", "shares", ["organisation_hash"])
    op.create_table(
        "counsellor_sessions",
        sa.Column("id_hash", sa.String(64), nullable=False),
        sa.Column("owner_hash", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("sid_hash", sa.String(64)),
        sa.Column("subject_hash", sa.String(64)),
        sa.Column("person_hash", sa.String(64)),
        sa.PrimaryKeyConstraint("id_hash", name="pk_counsellor_sessions"),
    )
    for name in ("created_at", "seen_at", "sid_hash", "subject_hash", "person_hash"):
        op.create_index(f"ix_counsellor_sessions_{name}", "counsellor_sessions", [name])
