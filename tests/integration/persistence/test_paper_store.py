"""Facts to compare with paper: opened by the printed code alone, and gone in time."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.persistence.engine import Database
from app.persistence.paper_store import (
    KNOWN_AFTER_END,
    SqlPaperStore,
    _read,
    _written,
    paper_vault,
    purge_paper,
)
from app.persistence.tables_of_others import paper_facts
from app.ports.audit import Pseudonym
from app.ports.paper import PaperExpired, PaperFacts, SourceCounts
from claims.money import Money
from claims.totals import Total

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
END = NOW + timedelta(days=30)
CODE, OTHER = "3F7K-9QWE-0ZTB-A1C2", "3F7K-9QWE-0ZTB-A1C3"
FACTS = PaperFacts(
    number="BK-2026-0123456789",
    made_at=NOW,
    organisation="Gemeente Voorbeeldstad",
    claim_count=7,
    balance=Total(Money(8765433), True, 2),
    sources=SourceCounts(4, 3, 1, 2),
    subject=Pseudonym("p1", "a" * 64),
)
SECRET = os.urandom(32)


@pytest.fixture
def store(database: Database) -> SqlPaperStore:
    return SqlPaperStore(database, paper_vault(SECRET))


@pytest.mark.threat("T-47")
def test_only_the_code_with_the_secret_opens_it(store: SqlPaperStore, database: Database) -> None:
    store.keep(CODE, FACTS, END)
    assert store.find(CODE, NOW) == FACTS
    assert store.find(OTHER, NOW) is None
    assert SqlPaperStore(database, paper_vault(os.urandom(32))).find(CODE, NOW) is None


def test_a_total_that_is_not_known_stays_unknown(store: SqlPaperStore) -> None:
    unknown = PaperFacts(
        FACTS.number, NOW, FACTS.organisation, 0, Total(None, True), FACTS.sources, FACTS.subject
    )
    store.keep(CODE, unknown, END)
    assert store.find(CODE, NOW) == unknown


def test_what_was_kept_before_organisations_were_counted_says_nothing_about_them(
    store: SqlPaperStore,
) -> None:
    plain = json.loads(_written(FACTS))
    plain["sources"] = plain["sources"][:3]
    assert _read(json.dumps(plain).encode()).sources == SourceCounts(4, 3, 1, None)


def test_another_download_of_the_same_document_makes_it_last_no_longer(
    store: SqlPaperStore, database: Database
) -> None:
    store.keep(CODE, FACTS, END)
    store.keep(CODE, FACTS, END + timedelta(days=1))
    with database.read() as connection:
        assert connection.execute(select(paper_facts.c.expires_at)).scalar_one() == END


@pytest.mark.threat("T-47")
def test_the_facts_go_at_their_end_and_the_rest_a_month_later(
    store: SqlPaperStore, database: Database
) -> None:
    store.keep(CODE, FACTS, END)
    assert store.find(CODE, END - timedelta(seconds=1)) == FACTS
    assert store.find(CODE, END) == PaperExpired()
    assert purge_paper(database, END - timedelta(seconds=1)) == 0
    assert purge_paper(database, END) == 1
    with database.read() as connection:
        assert connection.execute(select(paper_facts.c.content)).scalar_one() is None
    assert store.find(CODE, END) == PaperExpired()
    assert purge_paper(database, END + KNOWN_AFTER_END) == 1
    assert store.find(CODE, END) is None


@pytest.mark.threat("T-47")
def test_a_row_in_the_place_of_another_opens_nothing(store: SqlPaperStore, database: Database) -> None:
    store.keep(CODE, FACTS, END)
    store.keep(OTHER, FACTS, END)
    with database.write() as connection:
        contents = connection.execute(select(paper_facts.c.content)).scalars().all()
        for row, content in zip(
            connection.execute(select(paper_facts)).all(), reversed(contents), strict=True
        ):
            connection.execute(
                paper_facts.update().where(paper_facts.c.name_hash == row.name_hash).values(content=content)
            )
    assert (store.find(CODE, NOW), store.find(OTHER, NOW)) == (None, None)


@pytest.mark.threat("T-47")
def test_the_length_of_a_row_tells_nothing_of_the_amount(store: SqlPaperStore, database: Database) -> None:
    little = replace(FACTS, balance=Total(Money(0), False), claim_count=0)
    store.keep(CODE, FACTS, END)
    store.keep(OTHER, little, END)
    with database.read() as connection:
        contents = connection.execute(select(paper_facts.c.content)).scalars().all()
    assert len({len(content) for content in contents}) == 1
    assert store.find(OTHER, NOW) == little


def test_a_secret_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        paper_vault(b"x" * 31)
