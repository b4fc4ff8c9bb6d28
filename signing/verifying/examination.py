"""Examine one file in this very process: for the child process and for tests. Others use `sandbox.examine`."""

from datetime import datetime

from signing.policy import TrustPolicy
from signing.report import CheckId, Finding, SealReport
from signing.verifying.jws import verify_json
from signing.verifying.look import kind_of
from signing.verifying.pdf import verify_pdf
from signing.verifying.record import Record


def examine_here(data: bytes, policy: TrustPolicy, now: datetime) -> SealReport:
    """The report about a file of any kind; `now` is aware. Without limits on time and memory."""
    match kind_of(data):
        case "pdf":
            return verify_pdf(data, policy, now)
        case "json":
            return verify_json(data, policy, now)
    return not_sealed(data, "neither PDF nor JSON")


def not_sealed(data: bytes, reason: str) -> SealReport:
    """The report about something that nobody needs to look into."""
    return _without_look(data, Finding.NOT_SEALED, reason)


def unexamined(data: bytes, reason: str) -> SealReport:
    """The report when we could not do our work."""
    return _without_look(data, Finding.UNEXAMINED, reason)


def _without_look(data: bytes, finding: Finding, reason: str) -> SealReport:
    record = Record.of(data, kind_of(data))
    record.not_done(CheckId.READABLE, reason)
    return record.report(finding)
