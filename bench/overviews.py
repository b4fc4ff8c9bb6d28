"""Overviews of any size. Every round gets other names and amounts, as every citizen does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.documents import pdf, pdf_claims
from app.documents import pdf_first_page as first
from app.documents.json import write_payload
from app.documents.pdf_layout import Sheet
from app.ports.seals import Seal
from app.ports.snapshot import Snapshot
from bench.sizes import Paper
from claims.financial_claim import FinancialClaim
from claims.money import Money
from claims.outcome import SourceOutcome
from signing.control_code import control_code
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
    draw: pdf.Draw

    def write(self, seal: Seal) -> bytes:
        """The sealed PDF."""
        return pdf.write(self.snapshot, self.payload, seal, self.draw)


def material(paper: Paper, variant: int) -> Material:
    """`variant` makes it another citizen's: other references, titles and amounts, about the same length."""
    snapshot = replace(
        made_up.snapshot(outcomes(paper.claims, variant)),
        number=f"BK-2026-{variant:010}",
        nonce=f"{variant:032x}",
        made_at=datetime.now(UTC).replace(microsecond=0),
    )
    draw = draw_one_page if paper.is_one_page else pdf.draw_contents
    return Material(snapshot, write_payload(snapshot), draw)


def draw_one_page(sheet: Sheet, snapshot: Snapshot, payload: bytes) -> None:
    """The first page of the product with the sums of all claims, and nothing behind it: no document that we hand out.

    The shortest one has three pages; this is here because others tell what one page costs. Tags, footer, QR code, the
    attached record with every claim, metadata and seal are the product's own.
    """
    root, overview, code = sheet.tags.root, snapshot.overview, control_code(payload)
    first.draw_sender(sheet, root, snapshot, code)
    first.draw_completeness(sheet, root, snapshot)
    first.draw_key_figures(sheet, root, snapshot)
    first.draw_check_box(sheet, root, snapshot, code)
    pdf_claims.draw_totals(sheet, root, overview)


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
