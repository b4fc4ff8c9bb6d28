"""From our models to our own record: plain dictionaries, lists, strings, integers and booleans."""

from __future__ import annotations

from typing import Any

from claims.financial_claim import FinancialClaim
from claims.outcome import SourceOutcome
from claims.overview import Overview
from claims.record.claim_codec import ClaimCodec
from claims.record.outcome_codec import OutcomeCodec
from claims.record.overview_codec import OverviewCodec


def write_claim(claim: FinancialClaim) -> dict[str, Any]:
    """The object `vordering`. Nothing of the model is lost. Raises ValueError for a date-time without a zone."""
    return ClaimCodec().write(claim)


def write_outcome(outcome: SourceOutcome) -> dict[str, Any]:
    """One source with its claims, or with the class of cause why there is no answer."""
    return OutcomeCodec().write(outcome)


def write_overview(overview: Overview) -> dict[str, Any]:
    """The object `overzicht`. What is not in the overview, and the document around it, is for app/documents."""
    return OverviewCodec().write(overview)
