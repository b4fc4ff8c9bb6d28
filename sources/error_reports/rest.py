"""The way `rest`: our own small interface at the organisation (docs/interfaces/meldingen.yaml), over the connection on which it
is asked for claims: the same TLS, certificates, keys and access tokens."""

from __future__ import annotations

from claims.strict_json import loads_strict
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.error_reports.names import IDEMPOTENCY_HEADER, PATH, REPORT_ID
from sources.error_reports.report import ErrorReport
from sources.errors import Misconfigured, SourceMalformed
from sources.ports import SourceEvents
from sources.transport.assemble import transport_of
from sources.transport.http import JSON_TYPES, Question

_TAKEN = frozenset({200, 201, 202})


class RestWay:
    """Is a `sources.error_reports.ways.ReportWay`."""

    def __init__(self, config: SourceConfig, events: SourceEvents) -> None:
        """Opens nothing. Raises Misconfigured."""
        if config.reports is None:
            raise Misconfigured("this source has no table reports")
        url = config.reports.url
        to = config if url is None else config.model_copy(update={"url": url})
        self._path = PATH if url is None else ""
        self._transport = transport_of(to, events)
        self._seconds = config.total_seconds

    def deliver(self, report: ErrorReport) -> None:
        """Taken only when the answer names the report: a friendly page of whatever stands in between is no receipt."""
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            IDEMPOTENCY_HEADER: report.report_id,
        }
        question = Question(report.as_json(), headers, JSON_TYPES, statuses=_TAKEN)
        reply = self._transport.post(self._path, question, Deadline.after(self._seconds))
        try:
            answer = loads_strict(reply.body, len(reply.body))
        except ValueError:
            raise SourceMalformed("the answer is not strict JSON") from None
        if not isinstance(answer, dict) or answer.get(REPORT_ID) != report.report_id:
            raise SourceMalformed("the answer does not say that this report was taken")
