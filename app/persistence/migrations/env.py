"""Alembic runs this file; the connection comes from `upgrade`, never from a configuration file."""

from alembic import context

from app.persistence.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
