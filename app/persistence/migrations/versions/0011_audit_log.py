"""The audit log. Triggers refuse changes, and deletion of anything but what a sealed checkpoint covers.

Whoever owns the tables can drop a trigger: these are against mistakes. Against ill will there is the chain of hashes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COVERED = "SELECT max(position) FROM audit_heads WHERE kind = 'checkpoint'"
_SQLITE = (
    "CREATE TRIGGER audit_log_keep BEFORE UPDATE ON audit_log "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    f"CREATE TRIGGER audit_log_hold BEFORE DELETE ON audit_log WHEN OLD.position > COALESCE(({_COVERED}), 0) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
_POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.position <= COALESCE(({_COVERED}), 0) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'the audit log is append-only';
    END $$
    """,
    "CREATE TRIGGER audit_log_keep BEFORE UPDATE OR DELETE ON audit_log "
    "FOR EACH ROW EXECUTE FUNCTION audit_log_refuse()",
    "CREATE TRIGGER audit_log_hold BEFORE TRUNCATE ON audit_log EXECUTE FUNCTION audit_log_refuse()",
)


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("result", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("object", sa.String(200), nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(32)),
        sa.Column("actor", sa.String(64)),
        sa.Column("subject", sa.String(64)),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trace_id", sa.String(32), nullable=False),
        sa.Column("span_id", sa.String(16), nullable=False),
        sa.Column("parent_span_id", sa.String(16)),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("row_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit_log"),
    )
    for name in ("subject", "object", "ended_at"):
        op.create_index(f"ix_audit_log_{name}", "audit_log", [name])
    op.create_table(
        "audit_heads",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("row_hash", sa.String(64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("position", "kind", name="pk_audit_heads"),
    )
    op.create_table(
        "audit_keys",
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_audit_keys"),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
