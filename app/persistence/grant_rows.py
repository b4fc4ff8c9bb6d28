"""Grants as rows: what is encrypted of them, and how they go."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select

from app.persistence.cipher import KeyRing, Place
from app.persistence.tables import collections, grants
from app.ports.consents import AuthorizationRequest, Grant, principal_members, principal_of
from app.ports.storage import StoredDataUnreadable


def seal_grant(keys: KeyRing, grant: Grant) -> bytes:
    members = {
        "owner": grant.owner,
        "principal": principal_members(grant.principal),
        "request": grant.request.members(),
    }
    return keys.encrypt(json.dumps(members).encode(), _place(grant.grant_id, grant.request.client_id))


def open_grant(keys: KeyRing, row: Row[Any]) -> Grant:
    """Raises StoredDataUnreadable."""
    plain = keys.decrypt(row.payload, _place(row.grant_id, row.client_id))
    try:
        members = json.loads(plain)
        request = AuthorizationRequest.of(members["request"])
        principal = principal_of(members["principal"])
        return Grant(row.grant_id, members["owner"], principal, request, row.given_at, row.expires_at)
    except (KeyError, TypeError, ValueError):
        raise StoredDataUnreadable(grants.name) from None


def delete_grants(connection: Connection, condition: ColumnElement[bool]) -> int:
    """With all that was collected for them; how many grants. Locks the rows first, as sessions do."""
    query = select(grants.c.grant_id, grants.c.owner_hash).where(condition).with_for_update()
    rows = connection.execute(query).all()
    for row in rows:
        connection.execute(delete(collections).where(collections.c.owner_hash == row.owner_hash))
        connection.execute(delete(grants).where(grants.c.grant_id == row.grant_id))
    return len(rows)


def _place(grant_id: str, client_id: str) -> Place:
    return Place(grants.name, grant_id, client_id)
