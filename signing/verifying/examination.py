"""Examine one file in this very process: for the child process and for tests. Others use `sandbox.examine`."""

from datetime import datetime

from signing.policy import TrustPolicy
from signing.report import SealReport
from signing.verifying.jws import verify_json
from signing.verifying.look import kind_of
from signing.verifying.pdf import verify_pdf
from signing.verifying.without_look import not_sealed


def examine_here(data: bytes, policy: TrustPolicy, now: datetime) -> SealReport:
    """The report about a file of any kind; `now` is aware. Without limits on time and memory."""
    match kind_of(data):
        case "pdf":
            return verify_pdf(data, policy, now)
        case "json":
            return verify_json(data, policy, now)
    return not_sealed(data, "neither PDF nor JSON")
