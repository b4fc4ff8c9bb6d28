"""The newest signed list of organisations of each stanza, and everybody whom any of its lists named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from app.persistence.engine import Database, lock_name
from app.persistence.tables import scheme_lists as lists
from app.ports.storage import StorageUnavailable
from sources.errors import SourceUnavailable
from sources.ports import HeldScheme, RememberedOrganisation, SchemeCheck


class SqlSchemeStore:
    """Implements sources.ports.SchemeStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, scheme: str) -> HeldScheme | None:
        with _as_source_errors(), self._database.read() as connection:
            return _held(_row(connection, scheme))

    def last_check(self, scheme: str) -> SchemeCheck | None:
        with _as_source_errors(), self._database.read() as connection:
            row = _row(connection, scheme)
        return None if row is None or row.checked_at is None else SchemeCheck(row.checked_at, row.problem)

    def replace(self, scheme: str, decide: Callable[[HeldScheme | None], HeldScheme]) -> HeldScheme:
        with _as_source_errors(), self._database.write() as connection:
            lock_name(connection, f"scheme:{scheme}")
            held = decide(_held(_row(connection, scheme)))
            _save(connection, scheme, _values(held))
        return held

    def note(self, scheme: str, check: SchemeCheck) -> None:
        with _as_source_errors(), self._database.write() as connection:
            lock_name(connection, f"scheme:{scheme}")
            _save(connection, scheme, {"checked_at": check.at, "problem": check.problem})


def _row(connection: Connection, scheme: str) -> Row[Any] | None:
    return connection.execute(select(lists).where(lists.c.name == scheme)).one_or_none()


def _save(connection: Connection, scheme: str, values: dict[str, object]) -> None:
    if _row(connection, scheme) is None:
        connection.execute(insert(lists).values(name=scheme))
    connection.execute(update(lists).where(lists.c.name == scheme).values(values))


def _held(row: Row[Any] | None) -> HeldScheme | None:
    if row is None or row.token is None:
        return None
    return HeldScheme(
        token=row.token,
        version=row.version,
        fingerprint=row.fingerprint,
        issued_at=row.issued_at,
        taken_at=row.taken_at,
        organisations=tuple(_remembered(entry) for entry in json.loads(row.organisations)),
    )


def _values(held: HeldScheme) -> dict[str, object]:
    return {
        "token": held.token,
        "version": held.version,
        "fingerprint": held.fingerprint,
        "issued_at": held.issued_at,
        "taken_at": held.taken_at,
        "organisations": json.dumps([_entry(one) for one in held.organisations]),
    }


def _entry(one: RememberedOrganisation) -> dict[str, str]:
    left = {"left_at": one.left_at.isoformat()} if one.left_at else {}
    return {"oin": one.oin, "name": one.name, **left}


def _remembered(entry: dict[str, str]) -> RememberedOrganisation:
    left_at = datetime.fromisoformat(entry["left_at"]) if "left_at" in entry else None
    return RememberedOrganisation(entry["oin"], entry["name"], left_at)


@contextmanager
def _as_source_errors() -> Iterator[None]:
    try:
        yield
    except StorageUnavailable as error:
        raise SourceUnavailable("the store of lists cannot be used now") from error
