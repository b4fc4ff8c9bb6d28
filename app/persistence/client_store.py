"""Registered app back ends in the database. Public keys and texts only: nothing secret, nothing about a person."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select

from app.persistence.engine import Database, lock_name
from app.persistence.grant_rows import delete_grants
from app.persistence.tables import clients, grants
from app.ports.clients import Binding, Client, ClientAuthentication, ClientChanged, ClientExists, ClientKind
from app.ports.grants import Scope


class SqlClientStore:
    """Implements app.ports.clients.ClientStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, client_id: str) -> Client | None:
        with self._database.read() as connection:
            row = connection.execute(_plain().where(clients.c.client_id == client_id)).one_or_none()
        return None if row is None else _client(row)

    def all(self) -> tuple[Client, ...]:
        with self._database.read() as connection:
            found = [_client(row) for row in connection.execute(_plain()).all()]
        return tuple(sorted(found, key=lambda client: (client.name.casefold(), client.client_id)))

    def logo(self, client_id: str) -> bytes | None:
        if "\0" in client_id:  # an address can hold anything, and PostgreSQL refuses to look for this
            return None
        query = select(clients.c.logo).where(clients.c.client_id == client_id)
        with self._database.read() as connection:
            found: bytes | None = connection.execute(query).scalar_one_or_none()
        return found

    def add(self, client: Client, logo: bytes | None, *, replace: bool = False) -> None:
        with self._database.write() as connection:
            if _locked(connection, client.client_id) is not None:
                if not replace:
                    raise ClientExists
                _delete(connection, client.client_id)
            connection.execute(insert(clients).values(_values(client, logo)))

    def change(
        self, client: Client, logo: bytes | None, seen_at: datetime, *, ends_grants: bool = False
    ) -> None:
        with self._database.write() as connection:
            if _locked(connection, client.client_id) != seen_at:
                raise ClientChanged
            if ends_grants:
                delete_grants(connection, grants.c.client_id == client.client_id)
            _delete(connection, client.client_id)
            connection.execute(insert(clients).values(_values(client, logo)))

    def allowed_now(self, client_id: str, now: datetime) -> int:
        running = (grants.c.client_id == client_id) & (grants.c.expires_at > now)
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(grants).where(running)).scalar_one()

    def remove(self, client_id: str) -> bool:
        with self._database.write() as connection:
            delete_grants(connection, grants.c.client_id == client_id)
            removed = connection.execute(delete(clients).where(clients.c.client_id == client_id))
        return removed.rowcount == 1


def _locked(connection: Connection, client_id: str) -> datetime | None:
    """When the one with this id was registered; nobody else changes it until the transaction ends."""
    lock_name(connection, f"client:{client_id}")
    query = select(clients.c.registered_at).where(clients.c.client_id == client_id)
    found: datetime | None = connection.execute(query).scalar_one_or_none()
    return found


def _delete(connection: Connection, client_id: str) -> None:
    connection.execute(delete(clients).where(clients.c.client_id == client_id))


def _values(client: Client, logo: bytes | None) -> dict[str, Any]:
    return {
        "client_id": client.client_id,
        "registration": json.dumps(_members(client), ensure_ascii=False),
        "logo": logo,
        "registered_at": client.registered_at,
    }


def _plain() -> Any:
    columns = clients.c
    has_logo = columns.logo.is_not(None).label("has_logo")
    return select(columns.client_id, columns.registration, columns.registered_at, has_logo)


def _members(client: Client) -> dict[str, Any]:
    return {
        "name": client.name,
        "kind": client.kind,
        "authentication": client.authentication,
        "binding": client.binding,
        "jwks": client.jwks,
        "redirect_uris": client.redirect_uris,
        "scopes": sorted(client.scopes),
        "purpose": client.purpose,
        "oin": client.oin,
    }


def _client(row: Row[Any]) -> Client:
    stated = json.loads(row.registration)
    return Client(
        client_id=row.client_id,
        name=stated["name"],
        kind=ClientKind(stated["kind"]),
        authentication=ClientAuthentication(stated["authentication"]),
        binding=Binding(stated["binding"]),
        jwks=stated["jwks"],
        redirect_uris=tuple(stated["redirect_uris"]),
        scopes=frozenset(map(Scope, stated["scopes"])),
        purpose=stated["purpose"],
        oin=stated["oin"],
        registered_at=row.registered_at,
        has_logo=bool(row.has_logo),
    )
