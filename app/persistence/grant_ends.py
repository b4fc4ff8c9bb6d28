"""What citizens allowed apps ends with the log-in in which they allowed it (docs/decisions/0036-apps-and-the-session.md)."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from app.persistence.cipher import KeyRing
from app.persistence.grant_rows import delete_grants, open_grant
from app.persistence.log_ins import meant_by
from app.persistence.session_names import SessionNames
from app.persistence.tables import grants, sessions
from app.ports.login import LogoutNotice
from app.ports.sessions import Ended, EndedSession
from app.ports.storage import StoredDataUnreadable


class GrantEnds:
    """Within the transaction in which the sessions of citizens end."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._log_ins = SessionNames(keys, sessions.name)
        self._persons = SessionNames(keys, grants.name)

    def by_notice(self, connection: Connection, notice: LogoutNotice) -> Ended:
        return self.where(connection, meant_by(grants, self._log_ins, notice))

    def of_person(self, connection: Connection, person: str) -> Ended:
        return self.where(connection, grants.c.person_hash.in_(self._persons.of_person(person)))

    def where(self, connection: Connection, condition: ColumnElement[bool]) -> Ended:
        rows = connection.execute(select(grants).where(condition).with_for_update()).all()
        delete_grants(connection, grants.c.grant_id.in_([row.grant_id for row in rows]))
        return tuple(map(self._ended, rows))

    def _ended(self, row: Row[Any]) -> EndedSession:
        """As a session that ended, with what the audit log must know."""
        try:
            grant = open_grant(self._keys, row)
        except StoredDataUnreadable:
            return EndedSession(b"", row.given_at, row.given_at)
        told = {"bsn": grant.principal.bsn.digits, "client_id": row.client_id}
        return EndedSession(json.dumps({"ended_grant": told}).encode(), row.given_at, row.given_at)
