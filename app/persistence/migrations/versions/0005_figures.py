"""Figures of the delivery monitor."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_counts("source_results", "result", sa.String(32), "questions")
    create_counts("source_findings", "rule", sa.String(64), "answers")
    create_counts("source_durations", "up_to_ms", sa.Integer(), "questions", "total_ms")
    op.create_table(
        "source_moments",
        sa.Column("source_id", sa.String(200), nullable=False),
        sa.Column("result", sa.String(32), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "result", name="pk_source_moments"),
    )
    op.create_table(
        "source_certificates",
        sa.Column("source_id", sa.String(200), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "role", name="pk_source_certificates"),
    )
    create_processes()


def create_counts(name: str, key: str, kind: sa.types.TypeEngine[Any], *numbers: str) -> None:
    """One row per source, day and key."""
    op.create_table(
        name,
        sa.Column("source_id", sa.String(200), nullable=False),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column(key, kind, nullable=False),
        *(sa.Column(number, sa.BigInteger, nullable=False) for number in numbers),
        sa.PrimaryKeyConstraint("source_id", "asked_on", key, name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_asked_on", name, ["asked_on"])


def create_processes() -> None:
    op.create_table(
        "asking_processes",
        sa.Column("process_id", sa.String(64), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("process_id", name="pk_asking_processes"),
    )
    op.create_table(
        "open_circuits",
        sa.Column("process_id", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(200), nullable=False),
        sa.Column("open_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("process_id", "source_id", name="pk_open_circuits"),
        sa.ForeignKeyConstraint(
            ["process_id"],
            ["asking_processes.process_id"],
            name="fk_open_circuits_process_id",
            ondelete="CASCADE",
        ),
    )
