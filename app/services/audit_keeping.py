"""What the worker does with the audit log: seal its last row, look it over, and delete what was kept long enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from app.ports.audit import (
    NO_ROW_BEFORE,
    ActorKind,
    AuditLog,
    AuditRow,
    ChainEnd,
    Event,
    HeadKind,
    Result,
    SealedHead,
)
from app.ports.seals import JsonSeal
from app.services.audit import Fact, WritesAudit
from app.services.audit_check import ProblemKind, Read, check, is_sound
from app.services.audit_statement import Statement

_log = structlog.stdlib.get_logger(__name__)

_WHOLE_LOG = "audit_log"


class ChainBroken(Exception):
    """The rows since the last head are not what they should be: nothing is sealed before somebody has looked."""


@dataclass(frozen=True, slots=True)
class AuditKeeper:
    """`seal` gives what seals now; it may raise: then nothing happens, and the job failed."""

    log: AuditLog
    audit: WritesAudit
    seal: Callable[[], JsonSeal]
    read: Read

    def seal_head(self, now: datetime) -> int:
        """Seal the last row, when there is one that was not. Raises ChainBroken rather than vouch for what is wrong."""
        newest, end = self.log.newest_head(), self.log.end()
        if end is None or (newest is not None and newest.end == end):
            return 0
        head = self._sealed(HeadKind.HEAD, self._end_of_sound_rows(newest), now)
        self.log.keep_head(head)
        _log.info("audit_head_sealed", position=head.end.position, hash=head.end.row_hash)
        return 1

    def check_and_purge(self, now: datetime, keep: timedelta) -> int:
        """Look over the whole log, and write down how that ended; then delete the rows that were kept for `keep`, as far as
        they are sealed. How many. A broken log is no failed job, which would be looked over again at once."""
        broken = self._broken(now)
        self.audit.write(_checked(broken))
        if broken is not None:
            return 0
        old, newest = self.log.end_of_old(now - keep), self.log.newest_head()
        if old is None or newest is None or newest.end.position < old.position:
            return 0
        deleted = self.log.purge(self._sealed(HeadKind.CHECKPOINT, old, now))
        _log.info("audit_log_purged", position=old.position, rows=deleted)
        self.audit.write(Fact(event=Event.LOG_PURGED, actor=ActorKind.SYSTEM, object=f"1-{old.position}"))
        return deleted

    def _broken(self, now: datetime) -> ProblemKind | None:
        """What is wrong first. Rows that wait for their seal are not: the other job tells."""
        with self.log.view() as view:
            report = check(view, self.read, now)
        broken = [one for one in report.problems if one.kind is not ProblemKind.NOT_SEALED]
        for problem in broken:
            _log.critical("audit_chain_broken", kind=str(problem.kind), position=problem.position)
        _log.info("audit_log_checked", rows=report.rows, sealed_upto=report.sealed_upto)
        return broken[0].kind if broken else None

    def _sealed(self, kind: HeadKind, end: ChainEnd, now: datetime) -> SealedHead:
        at = now.astimezone(UTC).replace(microsecond=0)
        return SealedHead(kind, end, at, self.seal().seal(Statement(kind, end, at).to_payload(), at))

    def _end_of_sound_rows(self, newest: SealedHead | None) -> ChainEnd:
        """The last row, when all since the newest head follow from it; what is before was looked at then."""
        start = end = newest.end if newest is not None else ChainEnd(0, NO_ROW_BEFORE)
        with self.log.view() as view:
            for row in view.rows(start.position):
                if not is_sound(row, end):
                    _log.critical("audit_chain_broken", position=row.position)
                    raise ChainBroken
                end = ChainEnd(row.position, row.row_hash)
        if end == start:
            _log.critical("audit_chain_broken", position=start.position)
            raise ChainBroken
        return end


def was_intact(log: AuditLog) -> bool:
    """How the last look at the whole log ended; True before the first one."""
    return all(row.entry is not None and row.entry.result is Result.OK for row in _last_check(log))


def was_looked_over(log: AuditLog) -> bool:
    """Whether there was a last look at the whole log: a day after the first start there is."""
    return bool(_last_check(log))


def _last_check(log: AuditLog) -> tuple[AuditRow, ...]:
    return log.on_objects(Event.LOG_CHECKED, [_WHOLE_LOG])[:1]


def _checked(broken: ProblemKind | None) -> Fact:
    return Fact(
        event=Event.LOG_CHECKED,
        actor=ActorKind.SYSTEM,
        object=_WHOLE_LOG,
        result=Result.OK if broken is None else Result.FAILED,
        detail="" if broken is None else str(broken),
    )
