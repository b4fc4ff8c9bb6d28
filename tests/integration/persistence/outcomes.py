"""Outcomes to store, with everything that must not show in a stolen database."""

from __future__ import annotations

from datetime import UTC, datetime

from claims.financial_claim import Amounts, ClaimStatus, FinancialClaim
from claims.identity import Oin
from claims.money import Money
from claims.organisation import Organisation
from claims.outcome import Basis, BasisKind, FailureCause, Source, SourceAnswer, SourceFailure

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NAME = "Wilhelmina van der Zonderlinge"
REFERENCE = "VORDERING-ZELDZAAM-77"
CENTS = 8_765_433


def source(source_id: str = "belastingen") -> Source:
    return Source(source_id, Organisation("Gemeente Voorbeeld", Oin("00000001900000010000")))


def answer(source_id: str = "belastingen", cents: int = CENTS) -> SourceAnswer:
    claim = FinancialClaim(
        reference=REFERENCE,
        creditor=source(source_id).organisation,
        amounts=Amounts(balance=Money(cents)),
        status=ClaimStatus.OPEN,
    )
    return SourceAnswer(
        source=source(source_id),
        answered_at=NOW,
        basis=Basis(BasisKind.LIVE, NOW),
        claims=(claim,),
        stated_name=NAME,
    )


def failure(source_id: str = "belastingen") -> SourceFailure:
    return SourceFailure(source=source(source_id), failed_at=NOW, cause=FailureCause.TOO_SLOW)
