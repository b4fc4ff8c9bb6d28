"""What sources need from outside; `app.bootstrap` provides it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from claims.identity import Bsn
from sources.events import AskedEvent, CertificateRole


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class DeliveryRefused(Exception):
    """A delivery that changes nothing. `str(error)` is one line of ours for the operator, without any content."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is known of a file once it was read to its end. `digest` is the SHA-256 of its content in hexadecimal,
    `as_of` the moment that its data are from, `unplaced` how many records were about nobody we could make out."""

    digest: str
    as_of: datetime
    delete_at: datetime
    unplaced: int


@dataclass(frozen=True, slots=True)
class HeldRecords:
    """What the delivery that counts holds about one person; `records` empty: it says nothing about this person."""

    as_of: datetime
    unplaced: int
    records: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class HeldDelivery:
    """The delivery of a source that counts: `records` of it were stored, `unplaced` were about nobody we could make out."""

    as_of: datetime
    records: int
    unplaced: int


class BatchStore(Protocol):
    """The last whole delivery of each source that delivers files."""

    def find(self, source_id: str, bsn: Bsn) -> HeldRecords | None:
        """None: this source has no delivery, so nothing is known. Raises a `sources.errors.SourceError`."""
        ...

    def age(self, source_id: str, now: datetime) -> timedelta | None:
        """How old the data of the delivery that counts are; None without one."""
        ...

    def held(self, source_id: str) -> HeldDelivery | None:
        """The delivery that counts, without anything about anybody. Raises a `sources.errors.SourceError`."""
        ...

    def replace(
        self,
        source_id: str,
        started_at: datetime,
        records: Iterable[tuple[Bsn, bytes]],
        finish: Callable[[], Delivery],
    ) -> None:
        """Stage all records, then let `finish` say what the delivery is, then make it the one that counts, in one
        transaction. Whatever is raised on the way changes nothing. Raises DeliveryRefused when this very delivery was
        taken before, or when one with newer data was."""
        ...


class NoBatchStore:
    """For a program that takes no deliveries: every source without delivery is a failure, never "no claims"."""

    def find(self, source_id: str, bsn: Bsn) -> HeldRecords | None:  # noqa: ARG002
        return None

    def age(self, source_id: str, now: datetime) -> timedelta | None:  # noqa: ARG002
        return None

    def held(self, source_id: str) -> HeldDelivery | None:  # noqa: ARG002
        return None

    def replace(
        self,
        source_id: str,  # noqa: ARG002
        started_at: datetime,  # noqa: ARG002
        records: Iterable[tuple[Bsn, bytes]],  # noqa: ARG002
        finish: Callable[[], Delivery],  # noqa: ARG002
    ) -> None:
        raise DeliveryRefused("this program keeps no deliveries")


class SourceEvents(Protocol):
    """Where the figures for the operator begin. Called from the threads that ask, so every method returns at once."""

    def asked(self, event: AskedEvent) -> None:
        """One question ended."""
        ...

    def circuit(self, source_id: str, open_seconds: float | None) -> None:
        """This process leaves a source alone for so many seconds from now; None: it may be asked."""
        ...

    def certificate(self, source_id: str, role: CertificateRole, expires_at: datetime) -> None:
        """A certificate was used just now."""
        ...


class NoEvents:
    """For a program that keeps no figures."""

    def asked(self, event: AskedEvent) -> None:
        pass

    def circuit(self, source_id: str, open_seconds: float | None) -> None:
        pass

    def certificate(self, source_id: str, role: CertificateRole, expires_at: datetime) -> None:
        pass


@dataclass(frozen=True, slots=True)
class SourcePorts:
    """Everything that the registry may hand to an adapter."""

    clock: Clock
    batches: BatchStore = field(default_factory=NoBatchStore)
    events: SourceEvents = field(default_factory=NoEvents)
