"""Purging the audit log on PostgreSQL without the right to delete from it: a function of the owner, which the triggers of 0011
bind as well. `pg_temp` comes last, or a temporary table could stand in for the log."""

from alembic import op
from sqlalchemy import text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    schema = connection.dialect.identifier_preparer.quote(
        connection.execute(text("SELECT current_schema()")).scalar_one()
    )
    op.execute(
        f"""
        CREATE FUNCTION audit_log_purge(upto bigint) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
        DECLARE deleted bigint;
        BEGIN
            DELETE FROM audit_log WHERE position <= upto;
            GET DIAGNOSTICS deleted = ROW_COUNT;
            RETURN deleted;
        END $$
        """  # noqa: S608  # nosec B608 -- the name of our own schema, quoted
    )
    op.execute("REVOKE ALL ON FUNCTION audit_log_purge(bigint) FROM PUBLIC")
