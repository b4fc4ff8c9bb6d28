"""What a citizen may see of the audit log: everything about themselves, and what they did on behalf of others.

Whoever is logged in as a representative sees only what they did themselves on behalf of that one person: an authorisation to see
debts is none to see who else looked, or what that person did.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from app.ports.audit import ActorKind, AuditEntry, AuditLog, AuditRow, Event, Pseudonyms
from app.ports.data_subject import DataSubject

MOST_ROWS = 10_000
_SHOWN_DIGITS = 8
_SHOWN = frozenset(
    {
        Event.LOGGED_IN,
        Event.LOGGED_OUT,
        Event.SESSION_ENDED,
        Event.COLLECTION_STARTED,
        Event.DOCUMENT_MADE,
        Event.DOCUMENT_DOWNLOADED,
        Event.DOCUMENT_VERIFIED,
        Event.PAPER_LOOKED_UP,
        Event.DOCUMENT_REVOKED,
        Event.CONSENT_GIVEN,
        Event.CONSENT_REFUSED,
        Event.CONSENT_WITHDRAWN,
        Event.TOKEN_ISSUED,
        Event.TOKEN_TAKEN,
        Event.TOKEN_REVOKED,
        Event.OVERVIEW_READ,
        Event.DOCUMENT_SHARED,
        Event.SHARE_OPENED,
        Event.SHARE_ENDED,
        Event.ERROR_REPORTED,
        Event.REPORT_DELIVERED,
        Event.REPORT_GIVEN_UP,
        Event.SUMMARY_MADE,
    }
)


@dataclass(frozen=True, slots=True)
class AskedOne:
    """A source that was asked; `outcome` as in `audit_facts.source_answered`, empty when nobody knows how it ended."""

    source_id: str
    outcome: str


class Doer(Enum):
    """Who did something, seen from whoever looks."""

    READER = auto()
    READER_FOR_ANOTHER = auto()
    REPRESENTATIVE = auto()
    """Somebody else, on behalf of the reader."""
    OTHER = auto()
    """Nobody who logged in as a citizen: a visitor, an operator, this service."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done. `sources`: who were asked about the reader. `employee`: of a counselling organisation, the first
    digits of the pseudonym: who it is, only that organisation and we can find out, but it is the same for the same person."""

    at: datetime
    event: Event
    object: str
    detail: str
    by: Doer
    sources: tuple[AskedOne, ...] = ()
    employee: str = ""


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

    def of(self, person: DataSubject) -> Deeds:
        """For who is logged in, in that role. Raises StorageUnavailable."""
        known = self._pseudonyms.each_of_citizen(person.who_logged_in)
        rows = self._log.about(self._pseudonyms.each_of_citizen(person.bsn), MOST_ROWS)
        theirs = self._log.done_for_others(known, MOST_ROWS) if person.representative is None else ()
        deeds = _deeds(
            _newest_first([*rows, *theirs, *self._revocations(rows)]), {one.value for one in known}
        )
        if person.representative is not None:
            deeds = tuple(deed for deed in deeds if deed.by is Doer.READER_FOR_ANOTHER)
        has_all_keys = self._log.used_keys() <= self._pseudonyms.key_ids
        return Deeds(deeds, has_all_keys and max(len(rows), len(theirs)) < MOST_ROWS)

    def _revocations(self, rows: Iterable[AuditRow]) -> tuple[AuditRow, ...]:
        """They are about a document: whose it is only its other rows tell."""
        entries = (row.entry for row in rows)
        made = {entry.object for entry in entries if entry and entry.event is Event.DOCUMENT_MADE}
        return self._log.on_objects(Event.DOCUMENT_REVOKED, sorted(made)) if made else ()


def _newest_first(rows: Iterable[AuditRow]) -> list[AuditEntry]:
    ordered = sorted(rows, key=lambda row: row.position, reverse=True)
    return [row.entry for row in ordered if row.entry is not None]


def _deeds(entries: Sequence[AuditEntry], reader: Collection[str]) -> tuple[Deed, ...]:
    """`reader`: the pseudonyms of whoever looks."""
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
            _doer(entry, reader),
            _sources(entry, asked) if _doer(entry, reader) is not Doer.READER_FOR_ANOTHER else (),
            (entry.actor or "")[:_SHOWN_DIGITS] if entry.actor_kind is ActorKind.COUNSELLOR else "",
        )
        for entry in entries
        if entry.event in _SHOWN
    )


def _doer(entry: AuditEntry, reader: Collection[str]) -> Doer:
    if entry.actor is None or entry.actor_kind not in (ActorKind.CITIZEN, ActorKind.SYSTEM):
        return Doer.OTHER
    if entry.actor not in reader:
        return Doer.REPRESENTATIVE
    return Doer.READER if entry.subject in reader else Doer.READER_FOR_ANOTHER


def _sources(entry: AuditEntry, asked: Mapping[str, Mapping[str, str]]) -> tuple[AskedOne, ...]:
    if entry.event is not Event.COLLECTION_STARTED:
        return ()
    return tuple(AskedOne(*pair) for pair in asked.get(entry.trace.span_id, {}).items())
