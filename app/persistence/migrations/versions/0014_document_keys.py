"""Every key that sealed files of a document: after a rotation the same document can be downloaded under another key."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    keys = op.create_table(
        "document_keys",
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", "key_id", name="pk_document_keys"),
    )
    op.create_index("ix_document_keys_key_id", "document_keys", ["key_id"])
    documents = sa.table("documents", sa.column("number"), sa.column("key_id"))
    op.execute(
        keys.insert().from_select(["number", "key_id"], sa.select(documents.c.number, documents.c.key_id))
    )
