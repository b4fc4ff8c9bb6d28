"""A municipality whose social services answer over the digital client file (DKD), SuwiML Bijstandsregelingen."""

from __future__ import annotations

from datetime import datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from claims.financial_claim import Finding
from claims.identity import Bsn
from claims.outcome import Basis, BasisKind, Source, SourceAnswer
from sources.answers import moment_findings, too_old, without_repeats
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.dkd.client import DkdClient, DkdReply
from sources.dkd_settings import DkdSettings
from sources.errors import Misconfigured
from sources.events import CertificateRole
from sources.ports import SourcePorts
from sources.suwi.answer import ReadResponse, read_response
from sources.transport.assemble import transport_of
from sources.transport.xml_schema import SchemaReport

_DUTCH_TIME = ZoneInfo("Europe/Amsterdam")
_SCHEMA = ("Diensten", "Bijstandsregelingen", "v0500-b04", "BodyReaction.xsd")


class DkdSource:
    connected = True

    def __init__(self, config: SourceConfig, ports: SourcePorts) -> None:
        settings = config.dkd
        if settings is None or config.url is None:
            raise Misconfigured("protocol dkd needs its table and url")
        self.source: Source = config.source
        self._settings: DkdSettings = settings
        self._stale_after = config.stale_after
        self._seconds = config.total_seconds
        self._client = DkdClient(transport_of(config, ports.events), settings, config.url)
        self._clock, self._events = ports.clock, ports.events
        source = self.source
        self._rules = settings.reading_rules(source.source_id, source.organisation, source.contact)

    @classmethod
    def build(cls, config: SourceConfig, ports: SourcePorts) -> DkdSource:
        return cls(config, ports)

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        """Raises a SourceError; see the table in `docs/connecting-a-municipality.md`."""
        if (expires_at := self._client.signing_expires_at) is not None:
            self._events.certificate(self.source.source_id, CertificateRole.SIGNING, expires_at)
        reply = self._client.ask(bsn, self._clock.now(), deadline.within(self._seconds))
        now = self._clock.now()
        response = read_response(reply.body, bsn, self._rules, now.astimezone(_DUTCH_TIME).date())
        basis = _basis(response, now)
        claims, findings = without_repeats(response.client.claims)
        return SourceAnswer(
            source=self.source,
            answered_at=now,
            basis=basis,
            claims=claims,
            partial=(*response.partial, *too_old(basis, now, self._stale_after)),
            stated_name=response.client.stated_name,
            findings=(*response.findings, *findings, *moment_findings(basis, now), *self._odd(reply)),
        )

    def _odd(self, reply: DkdReply) -> tuple[Finding, ...]:
        """The strict report, apart from the lenient reading. The schema that we have is of v0500."""
        if self._settings.schema_folder is None or self._settings.version != "v0500":
            return reply.findings
        try:
            return reply.findings + self._schema.findings(reply.element)
        except Misconfigured:
            return (*reply.findings, Finding("schema_report_unavailable"))

    @cached_property
    def _schema(self) -> SchemaReport:
        folder = self._settings.schema_folder
        if folder is None:
            raise Misconfigured("no schema folder")
        return SchemaReport(folder.joinpath(*_SCHEMA))


def _basis(response: ReadResponse, now: datetime) -> Basis:
    """A file that was delivered is as old as its delivery; otherwise the municipality itself answered just now."""
    day = response.client.delivered_on
    if day is None:
        return Basis(BasisKind.LIVE, now)
    return Basis(BasisKind.BATCH, datetime.combine(day, time(), _DUTCH_TIME).astimezone(now.tzinfo))
