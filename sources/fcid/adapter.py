"""An organisation that supplies Financial Claims Information Documents, version 3 or 4.1."""

from __future__ import annotations

from claims.fcid.names import NAMES, FcidVersion
from claims.identity import Bsn
from claims.outcome import Basis, BasisKind, Source, SourceAnswer
from sources.answers import moment_findings, too_old, without_repeats
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.fcid.client import ask_document
from sources.fcid.mapping import read_answer, supplier_findings
from sources.ports import SourcePorts
from sources.transport.assemble import transport_of

VERSIONS = {"3": FcidVersion.V3, "4.1": FcidVersion.V4_1}


class FcidSource:
    connected = True

    def __init__(self, config: SourceConfig, ports: SourcePorts) -> None:
        self.source: Source = config.source
        self._wire_version = NAMES[VERSIONS[config.fcid_version]].wire_version
        self._stale_after = config.stale_after
        self._seconds = config.total_seconds
        self._transport = transport_of(config, ports.events)
        self._clock = ports.clock

    @classmethod
    def build(cls, config: SourceConfig, ports: SourcePorts) -> FcidSource:
        return cls(config, ports)

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        """One document as an answer. A document states no name and, in version 3, nothing about its completeness.
        Raises a SourceError."""
        unverified = ask_document(self._transport, bsn, self._wire_version, deadline.within(self._seconds))
        document = read_answer(unverified, bsn, self.source.organisation)
        now = self._clock.now()
        basis = Basis(BasisKind.LIVE, document.created_at)
        claims, findings = without_repeats(document.claims)
        supplier = supplier_findings(document, self.source.organisation)
        return SourceAnswer(
            source=self.source,
            answered_at=now,
            basis=basis,
            claims=claims,
            partial=(*document.partial, *too_old(basis, now, self._stale_after)),
            findings=(*document.findings, *findings, *supplier, *moment_findings(basis, now)),
        )
