"""How a source is doing now, in one word, from the figures of the delivery monitor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.ports.monitor import Certificate, PeriodFigures, SourceFigures, added
from sources.events import ANSWERS, FAILURES, AskResult

# Longer ago, the last answer says little about now.
RECENT = timedelta(hours=24)
# Renewing a certificate of the government's PKI takes weeks.
RENEW_WITHIN = timedelta(days=42)


class SourceState(StrEnum):
    """In order of how much attention it needs."""

    LEFT_ALONE = "left_alone"  # some process does not ask it now: it failed again and again
    FAILS = "fails"
    PARTIAL = "partial"
    UNEVEN = "uneven"  # works now, but failed earlier today
    NEVER_ASKED = "never_asked"
    QUIET = "quiet"
    WORKS = "works"
    NOT_CONNECTED = "not_connected"


@dataclass(frozen=True, slots=True)
class Judgement:
    """`cause` and `at`: how and when the last question ended that says something about the source."""

    state: SourceState
    cause: AskResult | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How many questions got an answer, full or partial, of those that should have got one."""

    answered: int
    wanted: int

    @property
    def percent(self) -> int | None:
        """Rounded down: only all of them is 100. None without questions."""
        return 100 * self.answered // self.wanted if self.wanted else None


def share_answered(figures: PeriodFigures) -> Share:
    """What was cancelled, or not asked because the source has nothing on that person, does not count."""
    beside = figures.cancelled + figures.results.get(AskResult.NOT_IN_INDEX, 0)
    return Share(figures.answers, figures.questions - beside)


def of_last(figures: SourceFigures, days: int) -> PeriodFigures:
    """The newest `days` days together; 1 is today."""
    return added(day.figures for day in figures.days[:days])


def judge(figures: SourceFigures, now: datetime) -> Judgement:
    """The state of one source. A failure is never outshone by older answers."""
    if not figures.source.connected:
        return Judgement(SourceState.NOT_CONNECTED)
    told = {result: at for result, at in figures.last.items() if result in ANSWERS | FAILURES}
    # At the same moment the worse one counts.
    cause = max(told, key=lambda result: (told[result], result in FAILURES), default=None)
    at = None if cause is None else told[cause]
    return Judgement(_state(figures, cause, at, now), cause, at)


def _state(
    figures: SourceFigures, cause: AskResult | None, at: datetime | None, now: datetime
) -> SourceState:
    until = figures.circuit.open_until
    if figures.circuit.open_in and until is not None and until > now:
        return SourceState.LEFT_ALONE
    if cause is None or at is None:
        return SourceState.NEVER_ASKED
    if cause in FAILURES:
        return SourceState.FAILS
    if cause is AskResult.PARTIAL:
        return SourceState.PARTIAL
    if figures.days and figures.days[0].figures.failures:
        return SourceState.UNEVEN
    return SourceState.QUIET if now - at > RECENT else SourceState.WORKS


def expiring(certificates: Iterable[Certificate], now: datetime) -> tuple[Certificate, ...]:
    """Those that have expired or must be renewed now."""
    return tuple(one for one in certificates if one.expires_at - now < RENEW_WITHIN)
