"""Results of the counsellor's desk: encrypted under a ticket that stands in one browser's cookie and nowhere else.

The row is found by a SHA-256 over the ticket, and opened with a key derived from it (HKDF in `KeyRing`). A ticket is 256
random bits, so neither tells anything about the other.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import zlib
from datetime import datetime

from sqlalchemy import delete, insert, select

from app.persistence.cipher import KeyRing, Place, digest
from app.persistence.engine import Database
from app.persistence.tables_of_others import desk_results
from app.ports.desk import KeptResult
from app.ports.storage import StoredDataUnreadable

_BYTES = 32
_KEY_ID = "ticket"


class SqlDeskStore:
    """Implements app.ports.desk.DeskStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, content: bytes, expires_at: datetime) -> str:
        ticket = secrets.token_urlsafe(_BYTES)
        name, ring = _name(ticket), _ring(ticket)
        row = {
            "name_hash": name,
            "content": ring.encrypt(zlib.compress(content), _place(name)),
            "expires_at": expires_at,
        }
        with self._database.write() as connection:
            connection.execute(insert(desk_results).values(row))
        return ticket

    def find(self, ticket: str, now: datetime) -> KeptResult | None:
        try:
            name, ring = _name(ticket), _ring(ticket)
        except ValueError:
            return None
        mine = (desk_results.c.name_hash == name, desk_results.c.expires_at > now)
        with self._database.read() as connection:
            row = connection.execute(select(desk_results).where(*mine)).one_or_none()
        try:
            return None if row is None else _opened(row.content, ring, name, row.expires_at)
        except StoredDataUnreadable:
            return None

    def forget(self, ticket: str) -> bool:
        mine = delete(desk_results).where(desk_results.c.name_hash == _name(ticket))
        with self._database.write() as connection:
            return connection.execute(mine).rowcount > 0

    def purge(self, now: datetime) -> int:
        with self._database.write() as connection:
            return connection.execute(delete(desk_results).where(desk_results.c.expires_at <= now)).rowcount


def _opened(stored: bytes, ring: KeyRing, name: str, expires_at: datetime) -> KeptResult:
    return KeptResult(zlib.decompress(ring.decrypt(stored, _place(name))), expires_at)


def _name(ticket: str) -> str:
    return digest(f"desk {ticket}")


def _ring(ticket: str) -> KeyRing:
    """Raises ValueError for what cannot be a ticket."""
    try:
        key = base64.urlsafe_b64decode(f"{ticket}=")
    except (binascii.Error, ValueError):
        raise ValueError("not a ticket") from None
    return KeyRing([(_KEY_ID, key)])


def _place(name: str) -> Place:
    return Place("desk_results", name, "")
