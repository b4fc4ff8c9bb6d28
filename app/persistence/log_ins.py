"""Rows that end with a log-in: how the log-in provider's names for it are kept beside them, and which rows a notice is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from app.persistence.engine import lock_name
from app.persistence.session_names import SessionNames, to_store
from app.persistence.tables import logout_notices
from app.ports.login import LogoutNotice, ProviderSession


def provider_columns(names: SessionNames, known_as: ProviderSession | None) -> Mapping[str, str | None]:
    """What the provider calls this log-in and this person."""
    if known_as is None:
        return {"sid_hash": None, "subject_hash": None}
    return {
        "sid_hash": to_store(names.of_provider("sid", known_as.issuer, known_as.sid)),
        "subject_hash": to_store(names.of_provider("subject", known_as.issuer, known_as.subject)),
    }


def meant_by(table: Table, names: SessionNames, notice: LogoutNotice) -> ColumnElement[bool]:
    """OpenID Connect Back-Channel Logout 1.0, 2.5 to 2.7: without `sid` every log-in of the subject; with both, the subject
    must be right too. A log-in of which no `sid` is known ends by its subject."""
    columns = table.c
    subject = columns.subject_hash.in_(names.of_provider("subject", notice.issuer, notice.subject))
    if notice.sid is None:
        return subject
    sid = columns.sid_hash.in_(names.of_provider("sid", notice.issuer, notice.sid))
    if notice.subject is None:
        return sid
    return and_(subject, or_(sid, columns.sid_hash.is_(None)))


def has_ended(connection: Connection, names: SessionNames, known_as: ProviderSession | None) -> bool:
    """The notice may come in the moment between the log-in and the row."""
    if known_as is None or known_as.sid is None:
        return False
    lock_log_in(connection, known_as.issuer, known_as.sid)
    hashes = names.of_provider("sid", known_as.issuer, known_as.sid)
    query: Any = select(logout_notices.c.notice_hash).where(logout_notices.c.sid_hash.in_(hashes)).limit(1)
    return connection.execute(query).one_or_none() is not None


def lock_log_in(connection: Connection, issuer: str, sid: str | None) -> None:
    lock_name(connection, f"logout:{issuer}:{sid}")
