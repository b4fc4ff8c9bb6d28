"""App back ends, what they ask, and what citizens allow them."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "clients",
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("registration", sa.Text, nullable=False),
        sa.Column("logo", sa.LargeBinary),
        sa.Column("registered_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("client_id", name="pk_clients"),
    )
    op.create_table(
        "pushed_requests",
        sa.Column("name_hash", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("name_hash", name="pk_pushed_requests"),
    )
    op.create_table(
        "grants",
        sa.Column("grant_id", sa.String(64), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("owner_hash", sa.String(64), nullable=False),
        sa.Column("person_hash", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("code_used_at", moment),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("grant_id", name="pk_grants"),
        sa.UniqueConstraint("code_hash", name="uq_grants_code_hash"),
    )
    op.create_table(
        "used_proofs",
        sa.Column("proof_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("proof_hash", name="pk_used_proofs"),
    )
    for table, column in (
        ("pushed_requests", "expires_at"),
        ("grants", "client_id"),
        ("grants", "person_hash"),
        ("grants", "expires_at"),
        ("used_proofs", "expires_at"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
