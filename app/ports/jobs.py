"""Background jobs: who may run one now, and when each last succeeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Lease:
    """One attempt to run a job. `holder` is random per attempt; after `until` another process may take over."""

    job: str
    holder: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class JobState:
    """`failed_at` is the last failure, also when the job succeeded since."""

    name: str
    succeeded_at: datetime | None
    failed_at: datetime | None


class JobLedger(Protocol):
    """Shared by every worker process. Raises StorageUnavailable from every method."""

    def acquire(self, lease: Lease, due_before: datetime) -> bool:
        """True when nobody holds the job and it did not succeed after `due_before`: the caller must run it now."""

    def renew(self, lease: Lease, until: datetime) -> bool:
        """Keep the job until then. False when it is not ours any more: it was let go, or somebody else took over."""

    def succeeded(self, lease: Lease, at: datetime) -> None:
        """Note the success and release the lease; ignored when somebody else took over."""

    def failed(self, lease: Lease, at: datetime) -> None:
        """Note the failure and release the lease; ignored when somebody else took over."""

    def moment(self) -> datetime | None:
        """What time it is by the clock of the database; None when that is the clock of this machine."""

    def states(self) -> tuple[JobState, ...]:
        """Every job that ever ran."""
