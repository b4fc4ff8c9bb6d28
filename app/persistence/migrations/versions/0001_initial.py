"""Sessions, collections, documents and jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sessions()
    _collections()
    _documents()
    _jobs()


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id_hash", sa.String(64), nullable=False),
        sa.Column("owner_hash", sa.String(64), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_created_at", "sessions", ["created_at"])
    op.create_index("ix_sessions_seen_at", "sessions", ["seen_at"])


def _collections() -> None:
    op.create_table(
        "collections",
        sa.Column("collection_id", sa.String(64), nullable=False),
        sa.Column("owner_hash", sa.String(64), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("snapshot", sa.LargeBinary),
        sa.PrimaryKeyConstraint("collection_id", name="pk_collections"),
    )
    op.create_index("ix_collections_owner_hash", "collections", ["owner_hash"])
    op.create_index("ix_collections_started_at", "collections", ["started_at"])
    op.create_table(
        "collection_sources",
        sa.Column("collection_id", sa.String(64), nullable=False),
        sa.Column("source_id", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("deadline_at", MOMENT, nullable=False),
        sa.Column("source", sa.LargeBinary, nullable=False),
        sa.Column("outcome", sa.LargeBinary),
        sa.PrimaryKeyConstraint("collection_id", "source_id", name="pk_collection_sources"),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.collection_id"],
            name="fk_collection_sources_collection_id",
            ondelete="CASCADE",
        ),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("payload_digest", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("collection_id", sa.String(64), nullable=False),
        sa.Column("superseded_by", sa.String(40)),
        sa.Column("revoked_at", MOMENT),
        sa.Column("revoked_reason", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_documents"),
    )
    op.create_index("ix_documents_collection_id", "documents", ["collection_id"])


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("holder", sa.String(64)),
        sa.Column("leased_until", MOMENT),
        sa.Column("succeeded_at", MOMENT),
        sa.Column("failed_at", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_jobs"),
    )
