"""A municipality that delivers files: the answer comes from the last whole delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from claims.financial_claim import FinancialClaim
from claims.identity import Bsn
from claims.outcome import Basis, BasisKind, PartialReason, Source, SourceAnswer
from sources.answers import moment_findings, too_old, without_repeats
from sources.batch.record import Record, unpack
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import Misconfigured, SourceUnavailable
from sources.ports import HeldRecords, SourcePorts


class BatchSource:
    connected = True

    def __init__(self, config: SourceConfig, ports: SourcePorts) -> None:
        self.source: Source = config.source
        self._settings = config.batch
        self._ports = ports

    @classmethod
    def build(cls, config: SourceConfig, ports: SourcePorts) -> BatchSource:
        return cls(config, ports)

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:  # noqa: ARG002  one look in our own database
        """Raises a SourceError; a source that never delivered is one, never "no claims"."""
        if self._settings is None:
            raise Misconfigured("the source has no settings for its files")
        held = self._ports.batches.find(self.source.source_id, bsn)
        if held is None:
            raise SourceUnavailable("there is no delivery")
        records = [unpack(stored) for stored in held.records]
        now = self._ports.clock.now()
        moments = [held.as_of, *(record.as_of for record in records if record.as_of)]
        basis = Basis(BasisKind.BATCH, min(moments))
        claims, findings = without_repeats(_dated(records, held.as_of))
        return SourceAnswer(
            source=self.source,
            answered_at=now,
            basis=basis,
            claims=claims,
            partial=tuple(sorted({*_gaps(held, records), *too_old(basis, now, self._settings.stale_after)})),
            stated_name=next((record.stated_name for record in records if record.stated_name), None),
            findings=(
                *dict.fromkeys(found for record in records for found in record.findings),
                *findings,
                *moment_findings(basis, now),
            ),
        )


def _gaps(held: HeldRecords, records: list[Record]) -> set[PartialReason]:
    """A record that was about nobody we could make out could be about this person."""
    gaps = {reason for record in records for reason in record.partial}
    return gaps | {PartialReason.CLAIM_UNREADABLE} if held.unplaced else gaps


def _dated(records: list[Record], as_of: datetime) -> list[FinancialClaim]:
    """The moment of the file holds for a claim that states none itself."""
    return [
        claim
        if claim.amounts.as_of is not None
        else replace(claim, amounts=replace(claim.amounts, as_of=record.as_of or as_of))
        for record in records
        for claim in record.claims
    ]
