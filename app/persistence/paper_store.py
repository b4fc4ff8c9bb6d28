"""Facts to compare with paper: found and opened with the printed control code only.

The code has 80 random bits, so the derivation may be cheaper than that of a short code (OWASP's least for Argon2id). The secret
of the installation makes the rows worthless to whoever has the database alone.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from app.persistence.cipher import Place
from app.persistence.code_vault import CodeVault, Price
from app.persistence.engine import Database, lock_name
from app.persistence.tables_of_others import paper_facts
from app.ports.audit import Pseudonym
from app.ports.paper import PaperExpired, PaperFacts, SourceCounts
from app.ports.storage import StoredDataUnreadable
from claims.instant import format_instant, parse_instant
from claims.money import Money
from claims.totals import Total

KNOWN_AFTER_END = timedelta(days=30)
# Every row is as long as every other: how many digits a total has is a fact too.
_LENGTH = 1024
_PURPOSE = b"blauwe-knop paper v1"
_PRICE = Price(memory_kib=19 * 1024, passes=2)


def paper_vault(secret: bytes) -> CodeVault:
    """Raises ValueError for a secret that is too short."""
    return CodeVault(secret, _PURPOSE, _PRICE)


class SqlPaperStore:
    """Implements app.ports.paper.PaperStore."""

    def __init__(self, database: Database, vault: CodeVault) -> None:
        self._database = database
        self._vault = vault

    def keep(self, code: str, facts: PaperFacts, expires_at: datetime) -> None:
        keys = self._vault.keys(code)
        content = keys.ring.encrypt(_written(facts), _place(keys.name_hash))
        row = {"name_hash": keys.name_hash, "content": content, "expires_at": expires_at}
        known = select(paper_facts.c.name_hash).where(paper_facts.c.name_hash == keys.name_hash)
        with self._database.write() as connection:
            lock_name(connection, f"paper:{keys.name_hash}")
            if connection.execute(known).one_or_none() is None:
                connection.execute(insert(paper_facts).values(row))

    def find(self, code: str, now: datetime) -> PaperFacts | PaperExpired | None:
        keys = self._vault.keys_tried(code)
        query = select(paper_facts).where(paper_facts.c.name_hash == keys.name_hash)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if row.content is None or row.expires_at <= now:
            return PaperExpired()
        try:
            return _read(keys.ring.decrypt(row.content, _place(keys.name_hash)))
        except StoredDataUnreadable:  # somebody put it in the place of another
            return None

    def purge(self, now: datetime) -> int:
        return purge_paper(self._database, now)


def purge_paper(database: Database, now: datetime) -> int:
    """As `PaperStore.purge`; needs no key, so that what was stored goes too where [paper] was taken away."""
    is_over = (paper_facts.c.content.is_not(None), paper_facts.c.expires_at <= now)
    gone = paper_facts.c.expires_at <= now - KNOWN_AFTER_END
    with database.write() as connection:
        ended = connection.execute(update(paper_facts).where(*is_over).values(content=None)).rowcount
        return ended + connection.execute(delete(paper_facts).where(gone)).rowcount


def _place(name_hash: str) -> Place:
    return Place("paper_facts", name_hash, "")


def _written(facts: PaperFacts) -> bytes:
    balance, sources = facts.balance, facts.sources
    members = {
        "number": facts.number,
        "made_at": format_instant(facts.made_at),
        "organisation": facts.organisation,
        "claim_count": facts.claim_count,
        "balance": [
            None if balance.amount is None else balance.amount.cents,
            balance.is_at_least,
            balance.unknown_count,
        ],
        "sources": [sources.asked, sources.full, sources.not_asked, sources.not_connected],
        "subject": [facts.subject.key_id, facts.subject.value],
    }
    return json.dumps(members).encode().ljust(_LENGTH)


def _read(plain: bytes) -> PaperFacts:
    members: dict[str, Any] = json.loads(plain)
    cents, is_at_least, unknown_count = members["balance"]
    return PaperFacts(
        number=members["number"],
        made_at=parse_instant(members["made_at"]),
        organisation=members["organisation"],
        claim_count=members["claim_count"],
        balance=Total(None if cents is None else Money(cents), is_at_least, unknown_count),
        sources=SourceCounts(*members["sources"]),
        subject=Pseudonym(*members["subject"]),
    )
