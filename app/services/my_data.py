"""What a citizen may see of the audit log: everything about themselves, and nothing about anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.ports.audit import AuditEntry, AuditLog, AuditRow, Event, Pseudonyms
from claims.identity import Bsn

MOST_ROWS = 10_000
_SHOWN = frozenset(
    {
        Event.LOGGED_IN,
        Event.LOGGED_OUT,
        Event.SESSION_ENDED,
        Event.COLLECTION_STARTED,
        Event.DOCUMENT_MADE,
        Event.DOCUMENT_DOWNLOADED,
        Event.DOCUMENT_VERIFIED,
        Event.DOCUMENT_REVOKED,
        Event.CONSENT_GIVEN,
        Event.CONSENT_REFUSED,
        Event.CONSENT_WITHDRAWN,
        Event.TOKEN_ISSUED,
        Event.TOKEN_REVOKED,
    }
)


@dataclass(frozen=True, slots=True)
class AskedOne:
    """A source that was asked; `outcome` as in `audit_facts.source_answered`, empty when nobody knows how it ended."""

    source_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done. `by_subject` False: somebody else did it. `sources`: who were asked."""

    at: datetime
    event: Event
    object: str
    detail: str
    by_subject: bool
    sources: tuple[AskedOne, ...] = ()


@dataclass(frozen=True, slots=True)
class Deeds:
    """Newest first. `is_complete` False: there may be more, that we cannot show now."""

    deeds: tuple[Deed, ...]
    is_complete: bool


class MyData:
    """One object per process; safe to share between threads."""

    def __init__(self, log: AuditLog, pseudonyms: Pseudonyms) -> None:
        self._log = log
        self._pseudonyms = pseudonyms

    def of(self, citizen: Bsn) -> Deeds:
        """Raises StorageUnavailable."""
        known = self._pseudonyms.each_of_citizen(citizen)
        rows = self._log.about(known, MOST_ROWS)
        has_all_keys = self._log.used_keys() <= self._pseudonyms.key_ids
        everything = _newest_first([*rows, *self._revocations(rows)])
        return Deeds(_deeds(everything), has_all_keys and len(rows) < MOST_ROWS)

    def _revocations(self, rows: Iterable[AuditRow]) -> tuple[AuditRow, ...]:
        """They are about a document: whose it is only its other rows tell."""
        entries = (row.entry for row in rows)
        made = {entry.object for entry in entries if entry and entry.event is Event.DOCUMENT_MADE}
        return self._log.on_objects(Event.DOCUMENT_REVOKED, sorted(made)) if made else ()


def _newest_first(rows: Iterable[AuditRow]) -> list[AuditEntry]:
    ordered = sorted(rows, key=lambda row: row.position, reverse=True)
    return [row.entry for row in ordered if row.entry is not None]


def _deeds(entries: Sequence[AuditEntry]) -> tuple[Deed, ...]:
    asked: dict[str, dict[str, str]] = {}
    for entry in reversed(entries):
        if entry.event in (Event.SOURCE_ASKED, Event.SOURCE_ANSWERED):
            asked.setdefault(entry.trace.parent_span_id or "", {})[entry.object] = entry.detail
    return tuple(
        Deed(
            entry.ended_at,
            entry.event,
            entry.object,
            entry.detail,
            entry.actor is not None and entry.actor == entry.subject,
            _sources(entry, asked),
        )
        for entry in entries
        if entry.event in _SHOWN
    )


def _sources(entry: AuditEntry, asked: Mapping[str, Mapping[str, str]]) -> tuple[AskedOne, ...]:
    if entry.event is not Event.COLLECTION_STARTED:
        return ()
    return tuple(AskedOne(*pair) for pair in asked.get(entry.trace.span_id, {}).items())
