"""Leases of background jobs: at most one process runs a job at a time, and a dead one blocks nobody for long."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, insert, or_, select, update

from app.persistence.engine import Database, lock_name, moment_of
from app.persistence.tables import jobs
from app.ports.clock import CLOCKS_MAY_DIFFER
from app.ports.jobs import JobState, Lease

_LONGEST = timedelta(minutes=10)  # what workers of the release before take at once, and do not renew


class SqlJobLedger:
    """Implements app.ports.jobs.JobLedger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire(self, lease: Lease, due_before: datetime) -> bool:
        """What was written down while the clock was ahead, and can not have been yet, counts for nothing."""
        too_late = lease.at + _LONGEST + 2 * CLOCKS_MAY_DIFFER
        free = or_(
            jobs.c.leased_until.is_(None), jobs.c.leased_until <= lease.at, jobs.c.leased_until > too_late
        )
        due = or_(
            jobs.c.succeeded_at.is_(None),
            jobs.c.succeeded_at <= due_before,
            jobs.c.succeeded_at > lease.at + 2 * CLOCKS_MAY_DIFFER,
        )
        taken = {"holder": lease.holder, "leased_until": lease.until}
        with self._database.write() as connection:
            lock_name(connection, f"jobs:{lease.job}")
            if connection.execute(select(jobs.c.name).where(jobs.c.name == lease.job)).one_or_none() is None:
                connection.execute(insert(jobs).values(name=lease.job))
            statement = update(jobs).where(jobs.c.name == lease.job, free, due).values(taken)
            return connection.execute(statement).rowcount == 1

    def renew(self, lease: Lease, until: datetime) -> bool:
        statement = update(jobs).where(_is_ours(lease)).values(leased_until=until)
        with self._database.write() as connection:
            return connection.execute(statement).rowcount == 1

    def succeeded(self, lease: Lease, at: datetime) -> None:
        self._release(lease, {"succeeded_at": at})

    def failed(self, lease: Lease, at: datetime) -> None:
        self._release(lease, {"failed_at": at})

    def moment(self) -> datetime | None:
        return moment_of(self._database)

    def states(self) -> tuple[JobState, ...]:
        query = select(jobs.c.name, jobs.c.succeeded_at, jobs.c.failed_at).order_by(jobs.c.name)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(JobState(row.name, row.succeeded_at, row.failed_at) for row in rows)

    def _release(self, lease: Lease, moment: dict[str, datetime]) -> None:
        statement = update(jobs).where(_is_ours(lease)).values(holder=None, leased_until=None, **moment)
        with self._database.write() as connection:
            connection.execute(statement)


def _is_ours(lease: Lease) -> ColumnElement[bool]:
    return (jobs.c.name == lease.job) & (jobs.c.holder == lease.holder)
