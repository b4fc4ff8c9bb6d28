"""Which rights the role of the running programs gets (PostgreSQL); tables and their shape belong to another role, the owner.

Whoever takes over a program can then neither change the audit log nor drop its triggers (BIO2, DigiD norm U/WA.05; ASVS 5.0,
13.2.2). Fewer rights than this and some work of the programs fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import Connection, text

from app.persistence.engine import lock_name, open_database
from app.persistence.tables import metadata

_ALL = "SELECT, INSERT, UPDATE, DELETE"
_LESS: Mapping[str, str] = MappingProxyType(
    {
        "audit_log": "SELECT, INSERT",
        "audit_heads": "SELECT, INSERT, DELETE",
        "audit_keys": "SELECT, INSERT, DELETE",
        "documents": "SELECT, INSERT, UPDATE",
        "document_keys": "SELECT, INSERT",
        "revoked_keys": "SELECT, INSERT, UPDATE",
        "alembic_version": "SELECT",
        "program_levels": "SELECT",
    }
)
_KNOWS_MAINTAIN = 170_000  # the number of PostgreSQL 17


def grant(url: str, role: str) -> None:
    """Give `role` what it needs, and take from it what it had more; once after each upgrade, as the owner of the tables.
    Raises StorageUnavailable, or ValueError when `role` is the owner itself."""
    database = open_database(url)
    try:
        with database.write() as connection:
            lock_name(connection, "migrations")
            if connection.execute(text("SELECT current_user = :role"), {"role": role}).scalar():
                raise ValueError(
                    "the owner of the tables and the user in the settings are one role: nothing to grant"
                )
            for statement in _statements(connection, role):
                connection.execute(text(statement))
    finally:
        database.close()


def _statements(connection: Connection, role: str) -> list[str]:
    name = connection.dialect.identifier_preparer.quote(role)
    schema = connection.dialect.identifier_preparer.quote(
        connection.execute(text("SELECT current_schema()")).scalar_one()
    )
    rights = {**dict.fromkeys(metadata.tables, _ALL), **_LESS}
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}",
        f"REVOKE ALL ON SCHEMA {schema} FROM {name}",
        f"GRANT USAGE ON SCHEMA {schema} TO {name}",
        *(f"GRANT {words} ON {schema}.{table} TO {name}" for table, words in rights.items()),
        f"GRANT EXECUTE ON FUNCTION {schema}.audit_log_purge(bigint) TO {name}",
    ]
    version = connection.connection.dbapi_connection.info.server_version  # type: ignore[union-attr]
    if version >= _KNOWS_MAINTAIN:  # to write the table anew after a rotation of keys
        statements.append(f"GRANT MAINTAIN ON {schema}.batch_deliveries TO {name}")
    return statements
