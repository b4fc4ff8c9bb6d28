"""Requests, grants and used proofs of app back ends: hashed names, encrypted contents, gone within minutes."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.persistence.cipher import KeyRing, Place, digest
from app.persistence.engine import Database
from app.persistence.grant_rows import delete_grants, open_grant, seal_grant
from app.persistence.log_ins import has_ended, provider_columns
from app.persistence.session_names import SessionNames, to_store
from app.persistence.tables import grants, pushed_requests, sessions, used_proofs
from app.ports.consents import AuthorizationRequest, CodeUsedBefore, Grant
from app.ports.storage import StoredDataUnreadable
from claims.identity import Bsn


class SqlGrantStore:
    """Implements app.ports.consents.GrantStore."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys
        self._persons = SessionNames(keys, grants.name)
        self._log_ins = SessionNames(keys, sessions.name)  # one notice ends both

    def push(self, name: str, request: AuthorizationRequest, expires_at: datetime) -> None:
        name_hash = digest(name)
        plain = json.dumps(request.members()).encode()
        row = {
            "name_hash": name_hash,
            "payload": self._keys.encrypt(plain, _place(name_hash)),
            "expires_at": expires_at,
        }
        with self._database.write() as connection:
            connection.execute(insert(pushed_requests).values(row))

    def take_pushed(self, name: str, client_id: str, now: datetime) -> AuthorizationRequest | None:
        name_hash = digest(name)
        same = pushed_requests.c.name_hash == name_hash
        with self._database.write() as connection:
            row = connection.execute(select(pushed_requests).where(same).with_for_update()).one_or_none()
            if row is None or row.expires_at <= now:
                return None
            request = self._open_request(row)
            if request is None or request.client_id != client_id:
                return None  # it stays for whose it is
            connection.execute(delete(pushed_requests).where(same))
        return request

    def create(self, grant: Grant, code: str) -> None:
        with self._database.write() as connection:
            if not has_ended(connection, self._log_ins, grant.principal.provider_session):
                connection.execute(insert(grants).values(self._row(grant, code)))

    def admit(self, grant: Grant, kind: str, name: str, until: datetime) -> bool:
        same = grants.c.grant_id == grant.grant_id
        with self._database.write() as connection:
            if self._use(connection, kind, name, until):
                no_code = secrets.token_urlsafe(32)  # nobody gets one
                connection.execute(insert(grants).values(self._row(grant, no_code)))
                return True
            return connection.execute(select(grants.c.grant_id).where(same)).one_or_none() is not None

    def redeem(self, code: str, now: datetime) -> Grant | None:
        query = select(grants).where(grants.c.code_hash == digest(code)).with_for_update()
        with self._database.write() as connection:
            row = connection.execute(query).one_or_none()
            if row is None or row.expires_at <= now:
                return None
            grant = self._open(row)
            same = grants.c.grant_id == row.grant_id
            was_used = row.code_used_at is not None
            if grant is None or was_used:
                delete_grants(connection, same)
            else:
                connection.execute(update(grants).where(same).values(code_used_at=now))
        if grant is not None and was_used:
            raise CodeUsedBefore(grant)
        return grant

    def extend(self, grant_id: str, expires_at: datetime) -> bool:
        statement = update(grants).where(grants.c.grant_id == grant_id).values(expires_at=expires_at)
        with self._database.write() as connection:
            return connection.execute(statement).rowcount == 1

    def load(self, grant_id: str, now: datetime) -> Grant | None:
        found = self._living(grants.c.grant_id == grant_id, now)
        return found[0] if found else None

    def delete(self, grant_id: str) -> bool:
        with self._database.write() as connection:
            return delete_grants(connection, grants.c.grant_id == grant_id) == 1

    def of_citizen(self, citizen: Bsn, now: datetime) -> tuple[Grant, ...]:
        return self._living(grants.c.person_hash.in_(self._persons.of_person(citizen.digits)), now)

    def is_first_use(self, kind: str, name: str, expires_at: datetime) -> bool:
        with self._database.write() as connection:
            return self._use(connection, kind, name, expires_at)

    def was_used(self, kind: str, name: str) -> bool:
        query = select(used_proofs.c.expires_at).where(used_proofs.c.proof_hash == _proof(kind, name))
        with self._database.read() as connection:
            return connection.execute(query).one_or_none() is not None

    def purge(self, now: datetime) -> int:
        with self._database.write() as connection:
            connection.execute(delete(used_proofs).where(used_proofs.c.expires_at <= now))
            pushed = connection.execute(delete(pushed_requests).where(pushed_requests.c.expires_at <= now))
            return delete_grants(connection, grants.c.expires_at <= now) + pushed.rowcount

    def _use(self, connection: Connection, kind: str, name: str, expires_at: datetime) -> bool:
        """In one statement, so that of two at once only one is the first."""
        is_sqlite = self._database.engine.dialect.name == "sqlite"
        row = {"proof_hash": _proof(kind, name), "expires_at": expires_at}
        first = (sqlite.insert if is_sqlite else postgresql.insert)(used_proofs).values(row)
        done = connection.execute(first.on_conflict_do_nothing().returning(used_proofs.c.proof_hash))
        return done.one_or_none() is not None

    def _row(self, grant: Grant, code: str) -> dict[str, Any]:
        return {
            "grant_id": grant.grant_id,
            "client_id": grant.request.client_id,
            "owner_hash": digest(grant.owner),
            "person_hash": to_store(self._persons.of_person(grant.principal.bsn.digits)),
            "code_hash": digest(code),
            "payload": seal_grant(self._keys, grant),
            "given_at": grant.given_at,
            "expires_at": grant.expires_at,
            **provider_columns(self._log_ins, grant.principal.provider_session),
        }

    def _living(self, condition: ColumnElement[bool], now: datetime) -> tuple[Grant, ...]:
        query = select(grants).where(condition, grants.c.expires_at > now).order_by(grants.c.given_at.desc())
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(grant for grant in map(self._open, rows) if grant is not None)

    def _open_request(self, row: Row[Any]) -> AuthorizationRequest | None:
        try:
            return AuthorizationRequest.of(json.loads(self._keys.decrypt(row.payload, _place(row.name_hash))))
        except (StoredDataUnreadable, KeyError, TypeError, ValueError):
            return None

    def _open(self, row: Row[Any]) -> Grant | None:
        """One that cannot be decrypted any more is no grant: the app asks again."""
        try:
            return open_grant(self._keys, row)
        except StoredDataUnreadable:
            return None


def _proof(kind: str, name: str) -> str:
    return digest(f"{kind}\n{name}")


def _place(name_hash: str) -> Place:
    return Place(pushed_requests.name, name_hash, "")
