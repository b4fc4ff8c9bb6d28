"""What sources need from outside; `app.bootstrap` provides it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from claims.identity import Bsn
from sources.errors import Misconfigured
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
        """The delivery that counts, without anything about anybody. Raises a `sources.errors.SourceError`, Misconfigured
        when nobody can open it."""
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
class RememberedOrganisation:
    """Somebody whom a list that we took has named. `left_at` None: the newest of those lists names it still."""

    oin: str
    name: str
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldScheme:
    """The newest signed list that was taken, as it was signed; whoever uses it verifies the signature again.
    `fingerprint`: SHA-256, in hexadecimal, of what the list says apart from its times."""

    token: bytes
    version: int
    fingerprint: str
    issued_at: datetime
    taken_at: datetime
    organisations: tuple[RememberedOrganisation, ...]


@dataclass(frozen=True, slots=True)
class SchemeCheck:
    """The last time that somebody looked for a newer list. `problem`: a fixed phrase of ours, None when all was well."""

    at: datetime
    problem: str | None


class SchemeStore(Protocol):
    """The signed lists of organisations, by the name of their stanza; shared by all processes. Every method raises a
    `sources.errors.SourceError` when the store cannot be used."""

    def load(self, scheme: str) -> HeldScheme | None: ...

    def last_check(self, scheme: str) -> SchemeCheck | None: ...

    def replace(self, scheme: str, decide: Callable[[HeldScheme | None], HeldScheme]) -> HeldScheme:
        """Give `decide` what is held and hold what it returns, while no other process does the same. Whatever it raises
        changes nothing."""
        ...

    def note(self, scheme: str, check: SchemeCheck) -> None: ...


class NoSchemeStore:
    """For a program that takes no lists: an organisation from a list is a failure, never absent."""

    def load(self, scheme: str) -> HeldScheme | None:  # noqa: ARG002
        return None

    def last_check(self, scheme: str) -> SchemeCheck | None:  # noqa: ARG002
        return None

    def replace(self, scheme: str, decide: Callable[[HeldScheme | None], HeldScheme]) -> HeldScheme:  # noqa: ARG002
        raise Misconfigured("this program keeps no lists")

    def note(self, scheme: str, check: SchemeCheck) -> None:
        """There is nowhere to note it."""


@dataclass(frozen=True, slots=True)
class SourcePorts:
    """Everything that the registry may hand to an adapter."""

    clock: Clock
    batches: BatchStore = field(default_factory=NoBatchStore)
    events: SourceEvents = field(default_factory=NoEvents)
    schemes: SchemeStore = field(default_factory=NoSchemeStore)
