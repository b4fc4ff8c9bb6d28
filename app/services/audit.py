"""Write down what was done. Whoever does something about a person calls this first, or before handing anything out."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from app.ports.audit import (
    ActorKind,
    AuditEntry,
    AuditLog,
    Event,
    Origin,
    Pseudonym,
    Pseudonyms,
    Result,
    Trace,
)
from app.ports.clock import Clock
from app.ports.storage import StorageUnavailable
from app.tracing import new_trace_id
from claims.identity import Bsn

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was done, before persons become pseudonyms.

    `citizen`: about whom; the actor too when `actor` is CITIZEN, unless `acting` names who acted for them. `subject`: instead
    of `citizen`, where only the pseudonym is known. `account`: of an employee or an operator. `started_at` None: it took no
    time; `ended_at` None: just now. `trace` None: on its own.
    """

    event: Event
    actor: ActorKind
    citizen: Bsn | None = None
    subject: Pseudonym | None = None
    acting: Bsn | None = None
    account: str | None = None
    object: str = ""
    result: Result = Result.OK
    detail: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    trace: Trace | None = None


class WritesAudit(Protocol):
    """The use case below, as others see it."""

    def write(self, *facts: Fact) -> None:
        """Raises StorageUnavailable when they are not on disk: then do not go on."""

    def rows(self, *facts: Fact) -> tuple[AuditEntry, ...]:
        """For a store that writes them together with what they tell of, all or nothing. Raises StorageUnavailable."""

    def try_write(self, *facts: Fact) -> None:
        """For what happened already and cannot be undone: a failure is an error in the log of the service."""


class Audit:
    """Implements WritesAudit; one object per program. Safe to share between threads."""

    def __init__(self, log: AuditLog, pseudonyms: Pseudonyms, clock: Clock, origin: Origin) -> None:
        self._log = log
        self._pseudonyms = pseudonyms
        self._clock = clock
        self._origin = origin

    def write(self, *facts: Fact) -> None:
        with alarmed(*(fact.event for fact in facts)):
            self._log.append(self.rows(*facts))

    def rows(self, *facts: Fact) -> tuple[AuditEntry, ...]:
        now = self._clock.now()
        return tuple(self._entry(fact, now) for fact in facts)

    def try_write(self, *facts: Fact) -> None:
        """Once more when the database was busy."""
        for is_last in (False, True):
            try:
                self.write(*facts)
                return
            except StorageUnavailable:
                if is_last:
                    return

    def _entry(self, fact: Fact, now: datetime) -> AuditEntry:
        subject = fact.subject if fact.citizen is None else self._pseudonyms.of_citizen(fact.citizen)
        actor = self._actor(fact, subject)
        key = subject or actor
        return AuditEntry(
            event=fact.event,
            result=fact.result,
            origin=self._origin,
            actor_kind=fact.actor,
            started_at=fact.started_at or now,
            ended_at=fact.ended_at or now,
            trace=fact.trace or new_trace(),
            object=fact.object,
            detail=fact.detail,
            key_id=None if key is None else key.key_id,
            actor=None if actor is None else actor.value,
            subject=None if subject is None else subject.value,
        )

    def _actor(self, fact: Fact, subject: Pseudonym | None) -> Pseudonym | None:
        if fact.account is not None:
            return self._account(fact.account, subject)
        if fact.acting is not None:
            return self._pseudonyms.of_citizen(fact.acting)
        return subject if fact.actor is ActorKind.CITIZEN else None

    def _account(self, account: str, subject: Pseudonym | None) -> Pseudonym:
        """Under the key of the subject, because a row names one key; what was stored may be from before a rotation."""
        newest = self._pseudonyms.of_account(account)
        if subject is None or subject.key_id == newest.key_id:
            return newest
        each = self._pseudonyms.each_of_account(account)
        return next((one for one in each if one.key_id == subject.key_id), newest)


@contextmanager
def alarmed(*events: Event) -> Iterator[None]:
    """Around whatever writes rows: when they are not on disk, an operator must hear of it."""
    try:
        yield
    except StorageUnavailable as error:
        _log.error("audit_row_not_written", events=list(map(str, events)), kind=str(error))
        raise


def new_trace() -> Trace:
    """A trace of the request in which we are, when its log lines carry one; else a new one."""
    of_request = structlog.contextvars.get_contextvars().get("trace_id")
    trace_id = of_request if isinstance(of_request, str) else new_trace_id()
    return Trace(trace_id, secrets.token_hex(8))


def part_of(trace: Trace) -> Trace:
    """Of one action within another."""
    return replace(trace, span_id=secrets.token_hex(8), parent_span_id=trace.span_id)
