"""Overviews that are shared with a registered organisation: found and opened with keys of that organisation only."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select

from app.persistence.cipher import KeyRing, digest
from app.persistence.engine import Database
from app.persistence.organisation_vault import OrganisationLock, OrganisationVault
from app.persistence.share_store import TICKET_LASTS, as_row, found_share, living_shares
from app.persistence.tables import share_openings, shares
from app.ports.shares import FoundShare, ListedShare, NewShare
from app.ports.storage import StoredDataUnreadable


class SqlOrganisationShareStore:
    """Implements app.ports.shares.OrganisationShareStore."""

    def __init__(self, database: Database, keys: KeyRing, vault: OrganisationVault) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault

    def create(self, organisation_id: str, known_as: str, share: NewShare) -> None:
        locks = self._vault.locks(organisation_id)
        if not locks:
            raise KeyError(organisation_id)
        row = {
            **as_row(share, self._keys),
            "name_hash": secrets.token_hex(32),  # where a code is looked for: none opens it
            "organisation_hash": locks[0].name_hash,
            "content": locks[0].close(share.files, share.share_id),
            "known_as": locks[0].close_words(known_as, share.share_id),
        }
        with self._database.write() as connection:
            connection.execute(insert(shares).values(row))

    def listed(self, organisation_id: str, now: datetime) -> tuple[ListedShare, ...]:
        query = living_shares(now, self._theirs(organisation_id), shares.c.openings_left > 0)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(shares.c.shared_at.desc(), shares.c.share_id)).all()
        return tuple(
            ListedShare(
                row.share_id,
                _known_as(self._lock(organisation_id, row), row),
                row.number,
                row.shared_at,
                row.expires_at,
                row.openings_left,
            )
            for row in rows
        )

    def find(self, organisation_id: str, share_id: str, now: datetime) -> FoundShare | None:
        with self._database.read() as connection:
            row = self._row(connection, organisation_id, share_id, now)
        if row is None or row.openings_left <= 0:
            return None
        return found_share(self._lock(organisation_id, row), row)

    def find_again(
        self, organisation_id: str, share_id: str, ticket: str, now: datetime
    ) -> FoundShare | None:
        mine = select(share_openings.c.opening_id).where(
            share_openings.c.share_id == share_id,
            share_openings.c.ticket_hash == digest(ticket),
            share_openings.c.opened_at > now - TICKET_LASTS,
        )
        with self._database.read() as connection:
            row = self._row(connection, organisation_id, share_id, now)
            if row is None or connection.execute(mine).first() is None:
                return None
        return found_share(self._lock(organisation_id, row), row)

    def _row(
        self, connection: Connection, organisation_id: str, share_id: str, now: datetime
    ) -> Row[Any] | None:
        if not share_id.isalnum():  # an address can hold anything, also what PostgreSQL refuses to look for
            return None
        theirs = (shares.c.share_id == share_id, self._theirs(organisation_id))
        return connection.execute(living_shares(now, *theirs)).one_or_none()

    def _theirs(self, organisation_id: str) -> ColumnElement[bool]:
        names = [lock.name_hash for lock in self._vault.locks(organisation_id)]
        return shares.c.organisation_hash.in_(names)

    def _lock(self, organisation_id: str, row: Row[Any]) -> OrganisationLock:
        """The one with whose name the row was found."""
        locks = self._vault.locks(organisation_id)
        return next(lock for lock in locks if lock.name_hash == row.organisation_hash)


def _known_as(lock: OrganisationLock, row: Row[Any]) -> str:
    """Of a row that somebody put in the place of another the rest is still worth showing."""
    try:
        return lock.read_words(row.known_as or b"", row.share_id)
    except StoredDataUnreadable:
        return ""
