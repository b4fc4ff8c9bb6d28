"""What a citizen says is wrong about a claim: kept until the organisation has it, and for a while what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.ports.audit import Pseudonym
from sources.error_reports.names import Reason as Reason


class ReportState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Phone:
    """`hours` in plain Dutch words, or empty."""

    number: str
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What the citizen sees of their report later: about which claim, and whom to call. `objection_until` as it is shown, empty
    when the source does not say it. Never what they wrote: that goes to the organisation and is then deleted."""

    organisation: str
    title: str
    claim_reference: str
    reason: Reason
    call: str
    phones: tuple[Phone, ...] = ()
    objection_until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """`content`: the message for the organisation, with BSN and text. `give_up_at`: when trying to deliver it ends."""

    report_id: str
    reference: str
    subject: Pseudonym
    source_id: str
    matter: Matter
    content: bytes = field(repr=False)
    reported_at: datetime
    give_up_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReport:
    """`matter` None: it cannot be read any more. `ended_at`: when it was delivered or given up."""

    report_id: str
    reference: str
    source_id: str
    matter: Matter | None
    reported_at: datetime
    state: ReportState
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReport:
    """One report that whoever took it must try to deliver now, as `holder`. `tries`: before this one. `content` None: it cannot
    be read any more."""

    report_id: str
    reference: str
    subject: Pseudonym
    source_id: str
    content: bytes | None = field(repr=False)
    tries: int
    give_up_at: datetime
    holder: str


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Of one source. `oldest_at`: since when the oldest of those that wait, waits, and `problem` why it was not delivered yet (a
    fixed word). `given_up`: of the reports that are still known; the last at `given_up_at`."""

    source_id: str
    waiting: int = 0
    oldest_at: datetime | None = None
    problem: str = ""
    given_up: int = 0
    given_up_at: datetime | None = None


class ErrorReportStore(Protocol):
    """Every method raises StorageUnavailable."""

    def add(self, report: NewReport) -> bool:
        """False: this very report was there already, and nothing changed."""

    def of_person(self, subjects: Sequence[Pseudonym]) -> tuple[KnownReport, ...]:
        """Newest first, until they are purged."""

    def take(self, now: datetime, until: datetime, without: Sequence[str]) -> DueReport | None:
        """The report that is due longest, for one caller only until `until`; none of these sources."""

    def delivered(self, due: DueReport, at: datetime) -> bool:
        """Delete the content. False when somebody else took over meanwhile."""

    def given_up(self, due: DueReport, at: datetime, problem: str) -> bool:
        """The same, for what cannot be delivered."""

    def postpone(self, due: DueReport, next_try_at: datetime, problem: str) -> None:
        """Ignored when somebody else took over meanwhile."""

    def figures(self) -> tuple[ReportFigures, ...]:
        """Of every source with reports that wait or were given up."""

    def purge(self, now: datetime) -> int:
        """Forget what ended long ago. Returns how many reports."""
