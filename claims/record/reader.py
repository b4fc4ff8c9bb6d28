"""From our own record, or a `vordering` of a municipality, to our models.

Values are read strictly: a wrong value raises RecordError, whose text holds no values. Members and words that we
do not know are reported as findings, so that a newer record can still be read and a municipality sees its typing
errors.
"""

from __future__ import annotations

from claims.financial_claim import FinancialClaim
from claims.organisation import Organisation
from claims.outcome import SourceOutcome
from claims.overview import Overview
from claims.record.claim_codec import ClaimCodec
from claims.record.codec import Place, RecordError
from claims.record.outcome_codec import OutcomeCodec
from claims.record.overview_codec import OverviewCodec

__all__ = ["RecordError", "read_claim", "read_outcome", "read_overview"]


def read_claim(obj: object, default_creditor: Organisation | None = None) -> FinancialClaim:
    """Read one `vordering`. Required are `kenmerk`, `saldo` (null: not known) and, unless there is a
    `default_creditor`, `schuldeiser`. Raises RecordError."""
    return ClaimCodec(default_creditor).read(obj, Place())


def read_outcome(obj: object) -> SourceOutcome:
    """Read one source of an `overzicht`. Raises RecordError."""
    return OutcomeCodec().read(obj, Place())


def read_overview(obj: object) -> Overview:
    """Read an `overzicht`. Totals and completeness are worked out again. Raises RecordError."""
    return OverviewCodec().read(obj, Place())
