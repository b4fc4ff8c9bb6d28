"""What crosses the border between the service and its examining child: JSON only, one line each way.

To the child: a line with the job (limits, policy, size), then the file itself. From the child: the line `READY`
once it is limited and has loaded its libraries, then a line with the report. The parent never unpickles anything.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass

from signing.policy import TrustedOrganisation, TrustPolicy
from signing.report import SealReport

READY = b"ready\n"
_ENCODED = ("roots", "crls", "time_stamp_roots", "time_stamp_crls")
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one examination may use. `max_bytes`: larger files are refused unseen.

    Reading a sealed overview takes time in proportion to its size, hostile files are mostly small: so the processor
    time is `cpu_seconds`, and one second more per megabyte.
    """

    max_bytes: int = 10 * _MEGABYTE
    memory_bytes: int = 512 * _MEGABYTE
    cpu_seconds: int = 4
    wall_seconds: float = 20.0

    def cpu_seconds_for(self, size: int) -> int:
        """Processor time for a file of `size` bytes."""
        return self.cpu_seconds + size // _MEGABYTE


DEFAULT = Limits()


@dataclass(frozen=True)
class Job:
    """One examination: the child's limits, the trust policy and how many bytes of file follow."""

    limits: Limits
    policy: TrustPolicy
    size: int


def write_job(job: Job) -> bytes:
    """The job as one line."""
    organisations = [
        [one.name, one.organization_identifier, *(_encode(getattr(one, name)) for name in _ENCODED)]
        for one in job.policy.organisations
    ]
    limits = [getattr(job.limits, name) for name in Limits.__dataclass_fields__]
    return json.dumps([limits, organisations, job.size]).encode("ascii") + b"\n"


def read_job(line: bytes) -> Job:
    """The job back from its line."""
    limits, organisations, size = json.loads(line)
    trusted = (
        TrustedOrganisation(name, identifier, *map(_decode, encoded))
        for name, identifier, *encoded in organisations
    )
    return Job(Limits(*limits), TrustPolicy(frozenset(trusted)), size)


def write_report(report: SealReport) -> bytes:
    """The report as one line."""
    return json.dumps(report.to_members()).encode("ascii") + b"\n"


def read_report(line: bytes) -> SealReport:
    """The report back. Raises ValueError, KeyError or TypeError when it is not one."""
    return SealReport.from_members(json.loads(line))


def _encode(parts: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(part).decode("ascii") for part in parts]


def _decode(parts: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(part, validate=True) for part in parts)
