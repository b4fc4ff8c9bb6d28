"""Overviews of any size. Every round gets other names and amounts, as every citizen does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.documents.json import write_payload
from app.ports.snapshot import Snapshot
from claims.financial_claim import FinancialClaim
from claims.money import Money
from claims.outcome import SourceOutcome
from tests.support import snapshots as made_up

_KINDS = (made_up.tax_claim, made_up.refund_claim, made_up.parking_claim, made_up.benefit_claim)
_SOURCES = (
    (made_up.TAXES, "belastingen"),
    (made_up.PARKING, "parkeren"),
    (made_up.BENEFITS, "sociaal"),
    (made_up.WATER, "waterschap"),
    (made_up.BANK, "kredietbank"),
)


@dataclass(frozen=True, slots=True)
class Material:
    """A frozen moment with its record: what a document is made from."""

    snapshot: Snapshot
    payload: bytes


def material(claim_count: int, variant: int) -> Material:
    """`variant` makes it another citizen's: other references, titles and amounts, about the same length."""
    snapshot = replace(
        made_up.snapshot(outcomes(claim_count, variant)),
        number=f"BK-2026-{variant:010}",
        nonce=f"{variant:032x}",
        made_at=datetime.now(UTC).replace(microsecond=0),
    )
    return Material(snapshot, write_payload(snapshot))


def outcomes(claim_count: int, variant: int = 0) -> tuple[SourceOutcome, ...]:
    """Five full answers over which the claims are spread; the kinds of claims take turns."""
    claims = [_claim(number, variant) for number in range(claim_count)]
    return tuple(
        made_up.answer(organisation, source_id, *claims[place :: len(_SOURCES)])
        for place, (organisation, source_id) in enumerate(_SOURCES)
    )


def _claim(number: int, variant: int) -> FinancialClaim:
    claim = _KINDS[number % len(_KINDS)]()
    amounts = replace(claim.amounts, balance=Money(1000 + 37 * number + 11 * variant))
    reference = f"{variant:03}-{number:05}-{claim.reference}"
    return replace(claim, reference=reference, title=f"{claim.title} {variant}/{number}", amounts=amounts)
