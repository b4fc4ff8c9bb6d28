"""Bring reports of citizens to the organisations: again and again until each is there, or its time is over.

A delivery whose answer is lost, or that is cut off by a crash, is done again under the same id: the receiver knows it by that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from app.ports.clock import Clock
from app.ports.error_reports import DueReport, ErrorReportStore, ReportFigures
from app.services import audit_facts
from app.services.audit import WritesAudit
from claims.outcome import FailureCause
from sources.error_reports.report import report_of
from sources.error_reports.ways import ReportWay
from sources.errors import SourceError, SourceUnavailable, TooSlow, cause_of

_log = structlog.stdlib.get_logger(__name__)
HELD_FOR = timedelta(minutes=5)  # longer than the longest delivery, token included
ONE_RUN = timedelta(minutes=4)  # then the other jobs of this worker have their turn
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
STUCK_AFTER = timedelta(hours=4)
UNREADABLE = "unreadable"
NO_WAY = FailureCause.MISCONFIGURED.value


class ReportDelivery:
    """For the worker. `ways` by source id."""

    def __init__(
        self, store: ErrorReportStore, ways: Mapping[str, ReportWay], around: tuple[Clock, WritesAudit]
    ) -> None:
        self._store = store
        self._ways = ways
        self._clock, self._audit = around

    def run(self, now: datetime) -> int:
        """Deliver what is due, for some minutes at most; how many were. A source that is out of reach is left alone until
        the next run. Raises StorageUnavailable."""
        done, away = 0, list[str]()
        while (moment := self._clock.now()) < now + ONE_RUN:
            due = self._store.take(moment, moment + HELD_FOR, away)
            if due is None:
                break
            error = self._try(due)
            if error is None:
                done += self._delivered(due)
                continue
            self._failed(due, error)
            if isinstance(error, SourceUnavailable | TooSlow):
                away.append(due.source_id)
        return done

    def _try(self, due: DueReport) -> Exception | None:
        way = self._ways.get(due.source_id)
        if due.content is None or way is None:
            return KeyError(due.source_id)
        try:
            way.deliver(report_of(due.content))
        except Exception as error:  # noqa: BLE001 -- one that breaks must not stop the others
            return error
        return None

    def _delivered(self, due: DueReport) -> bool:
        at = self._clock.now()
        _log.info("report_delivered", source=due.source_id, reference=due.reference, tries=due.tries + 1)
        settled = self._store.delivered(due, at)
        if settled:
            self._audit.try_write(audit_facts.report_delivered(due.subject, due.reference))
        return settled

    def _failed(self, due: DueReport, error: Exception) -> None:
        now, problem = self._clock.now(), self._problem(due, error)
        told = {"source": due.source_id, "reference": due.reference, "problem": problem}
        if due.content is not None and now < due.give_up_at:
            _log.warning("report_not_delivered", tries=due.tries + 1, **told)
            self._store.postpone(due, min(now + pause(due.tries), due.give_up_at), problem)
        elif self._store.given_up(due, now, problem):
            _log.error("report_given_up", tries=due.tries + 1, **told)
            self._audit.try_write(audit_facts.report_given_up(due.subject, due.reference))

    def _problem(self, due: DueReport, error: Exception) -> str:
        """A fixed word."""
        if due.content is None:
            return UNREADABLE
        if due.source_id not in self._ways:
            return NO_WAY
        if isinstance(error, SourceError):
            return cause_of(error).value
        _log.error("report_delivery_broke", source=due.source_id, exc_info=error)
        return FailureCause.INTERNAL.value


def pause(tries: int) -> timedelta:
    """Before the next try: a minute, two, four, and so on up to an hour."""
    return min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)


def is_stuck(figures: ReportFigures, now: datetime) -> bool:
    """Whether somebody must look: one waits long, or was given up since yesterday."""
    waits_long = figures.oldest_at is not None and figures.oldest_at < now - STUCK_AFTER
    return waits_long or (figures.given_up_at is not None and figures.given_up_at > now - timedelta(days=1))
