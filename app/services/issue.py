"""Freeze a collection and hand out sealed files of it.

All files of one frozen moment come from the same stored payload, whichever worker process makes them. A document is
in the register before anybody gets its bytes, and its own seal has been verified.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from app.documents import json as record
from app.documents.pdf_fonts import GlyphMissing
from app.documents.registry import FORMATS, Material
from app.language import DUTCH
from app.ports.audit import Trace
from app.ports.case_reference import CaseReference
from app.ports.clock import SEALING_CLOCKS_MAY_DIFFER, Clock, clocks_apart
from app.ports.collections import CollectionStore, StoredSnapshot
from app.ports.data_subject import DataSubject
from app.ports.register import DocumentRegister, RegisterEntry, SealedLevel
from app.ports.seals import JsonSeal, Seal, Seals
from app.ports.snapshot import Issuer, Snapshot
from app.services import audit_facts
from app.services.audit import WritesAudit, new_trace, part_of
from app.services.collection import view_of
from app.services.numbers import new_number
from app.services.register_digest import register_digest
from claims.overview import Overview
from claims.record.writer import write_outcome
from claims.strict_json import canonical_json
from signing.errors import KeyRevoked, NoTimeStamp
from signing.report import Finding, SealReport
from sources.spans import Fact, span

log = structlog.get_logger(__name__)

SEALED = frozenset({"pdf", "json"})


class NothingToIssue(Exception):
    """This owner has no such collection (any more)."""


class SealingFailed(Exception):
    """The seal that we made does not verify, or our key has been revoked: nothing is handed out."""


class NotPrintable(Exception):
    """A text holds a character that the PDF fonts lack. The JSON and the CSV of this snapshot can be had."""


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """`all_answered`: what is in it is whole."""

    filename: str
    media_type: str
    content: bytes
    number: str = ""
    all_answered: bool = False


@dataclass(frozen=True, slots=True)
class Occasion:
    """What led to a document: the case that a link spoke of, and the deed to which it belongs in the audit log."""

    case: CaseReference | None = None
    trace: Trace | None = None


PLAIN = Occasion()


@dataclass(frozen=True, slots=True)
class About:
    """Whom a document is about, and which case of theirs."""

    person: DataSubject
    case: CaseReference | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which file: "pdf", "json" or "csv". Only pages for people follow the language."""

    format_name: str
    language: str = DUTCH


@dataclass(frozen=True, slots=True)
class Sealing:
    """Who seals, with what, and how the result is verified before it leaves (in this process: it is our own file)."""

    issuer: Issuer
    pdf: Seals
    json: JsonSeal
    examine: Callable[[bytes], SealReport]


class KeepsForPaper(Protocol):
    """The use case `app.services.paper.Paper`."""

    def keep(self, snapshot: Snapshot, payload: bytes) -> None: ...


class Issue:
    def __init__(
        self,
        store: CollectionStore,
        register: DocumentRegister,
        sealing: Callable[[], Sealing],
        around: tuple[Clock, WritesAudit],
        paper: KeepsForPaper | None = None,
    ) -> None:
        """`sealing` is asked once per document: the key may become another one between two documents. `paper` None: nobody can
        look a printed document up."""
        self._store = store
        self._register = register
        self._sealing = sealing
        self._clock, self._audit = around
        self._paper = paper

    def issue(
        self,
        collection_id: str,
        owner: str,
        person: DataSubject,
        wanted: Wanted,
        case: CaseReference | None = None,
    ) -> IssuedFile:
        """One file of the collection as it stands, for the citizen to download.

        Nothing is handed out that is not in the audit log. Raises what `make` raises.
        """
        trace = new_trace()
        made = self.make(collection_id, owner, person, wanted, Occasion(case, trace))
        self._audit.write(
            audit_facts.document_downloaded(person, made.number, wanted.format_name, part_of(trace))
        )
        return made

    def make(
        self,
        collection_id: str,
        owner: str,
        person: DataSubject,
        wanted: Wanted,
        occasion: Occasion = PLAIN,
    ) -> IssuedFile:
        """The same for whoever writes down himself to whom it goes. Raises NothingToIssue, NotPrintable, SealingFailed,
        RegisterUnavailable and StorageUnavailable; KeyError for an unknown format."""
        format_name, sealing = wanted.format_name, self._sealing()
        document_format = FORMATS[format_name]
        trace, about = occasion.trace or new_trace(), About(person, occasion.case)
        with self._failures_counted(sealing.pdf.wanted_level):
            # Whatever the format: what is frozen now is sealed later.
            ahead = check_clock(self._register, self._clock)
            if format_name in SEALED:
                check_key(self._register, sealing.pdf.key_id, self._clock.now())
        snapshot, payload = self._freeze(collection_id, owner, about, sealing.issuer, ahead)
        if self._register.find(snapshot.number) is None:
            self._audit.write(audit_facts.document_made(person, snapshot.number, trace))
        digest = register_digest(payload, hides_code=self._paper is not None)
        self._register.add(
            RegisterEntry(snapshot.number, digest, sealing.pdf.key_id, snapshot.made_at, collection_id)
        )
        with self._failures_counted(sealing.pdf.wanted_level):
            content, seal = write_sealed(
                lambda seal: document_format.write(
                    Material(snapshot, payload, seal, sealing.json, wanted.language)
                ),
                sealing,
            )
            if format_name in SEALED:
                verify_own(sealing, content, payload)
        if format_name == "pdf":
            self._note_level(snapshot.number, seal, sealing.pdf.wanted_level)
            if self._paper is not None:
                self._paper.keep(snapshot, payload)
        name = document_format.file_name(snapshot.number, wanted.language)
        is_whole = snapshot.overview.all_answered
        return IssuedFile(name, document_format.media_type, content, snapshot.number, is_whole)

    def _freeze(
        self, collection_id: str, owner: str, about: About, issuer: Issuer, ahead: timedelta
    ) -> tuple[Snapshot, bytes]:
        """`ahead`: of the clock that all machines share, by which it is judged who is still being asked."""
        stored = self._store.load(collection_id, owner)
        if stored is None:
            raise NothingToIssue
        now = self._clock.now()
        overview = view_of(stored, now - ahead, show_after=0).overview
        overview = replace(overview, gathered_at=min(overview.gathered_at, now))
        fingerprint = _fingerprint(overview, about.case)
        kept = self._store.load_snapshot(collection_id, owner)
        if kept is None or kept.fingerprint != fingerprint:
            before = None if kept is None else record.read_payload(kept.payload).made_at
            taken = self._snapshot(about, overview, issuer, before)
            kept = self._keep_new(collection_id, owner, taken, fingerprint)
        snapshot = record.read_payload(kept.payload).snapshot(issuer)
        if (snapshot.bsn, snapshot.requested_by) != (about.person.bsn, _requested_by(about.person)):
            log.error("snapshot_of_another_person")  # one session is one person: this cannot be
            raise NothingToIssue
        return snapshot, kept.payload

    def _snapshot(
        self, about: About, overview: Overview, issuer: Issuer, before: datetime | None
    ) -> Snapshot:
        """`before`: the moment of the one that it takes the place of, perhaps by the clock of a machine that is ahead of
        ours, or within this second: this one is the newer of the two, also when the other is registered after it."""
        now, person = self._clock.now().replace(microsecond=0), about.person
        after = now if before is None else before + timedelta(seconds=1)
        if after - now <= 2 * SEALING_CLOCKS_MAY_DIFFER:  # else that clock was wrong
            now = max(now, after)
        number, nonce = new_number(now.year), secrets.token_hex(16)
        return Snapshot(number, nonce, now, person.bsn, overview, issuer, _requested_by(person), about.case)

    def _keep_new(
        self, collection_id: str, owner: str, snapshot: Snapshot, fingerprint: str
    ) -> StoredSnapshot:
        new = StoredSnapshot(snapshot.number, fingerprint, record.write_payload(snapshot))
        kept = self._store.keep_snapshot(collection_id, owner, new)
        if kept is None:
            raise NothingToIssue
        return kept

    @contextmanager
    def _failures_counted(self, wanted: str) -> Iterator[None]:
        try:
            yield
        except SealingFailed:
            self._register.note_not_sealed(wanted)
            raise

    def _note_level(self, number: str, seal: Seal, wanted: str) -> None:
        """The honest mark: pages and seal were made before anybody knew that there would be no time-stamp."""
        if seal.level != wanted:
            log.warning("sealed_below_wanted_level", level=seal.level, wanted=wanted)
        self._register.note_sealed(number, SealedLevel(seal.level, wanted))


def check_clock(register: DocumentRegister, clock: Clock) -> timedelta:
    """A seal states its moment, and whoever verifies it believes none that has yet to come. The register has the clock that all
    processes share: a process that is far from it does not seal. Returns how far ours is ahead of it. Raises SealingFailed and
    RegisterUnavailable."""
    apart = clocks_apart(register.moment, clock)
    if abs(apart) > SEALING_CLOCKS_MAY_DIFFER:
        log.error("clock_differs_from_database", seconds=round(apart.total_seconds()))
        raise SealingFailed
    return apart


def check_key(register: DocumentRegister, key_id: str, now: datetime) -> None:
    """Nobody would believe a seal with a revoked key: better none than one that turns out to be worth nothing. Our clock may be
    behind that of whoever revoked it. Raises SealingFailed."""
    revocation = register.key_revocation(key_id)
    if revocation is not None and revocation.since <= now + SEALING_CLOCKS_MAY_DIFFER:
        log.error("sealing_key_is_revoked", since=revocation.since.isoformat())
        raise SealingFailed


def write_sealed(write: Callable[[Seal], bytes], sealing: Sealing) -> tuple[bytes, Seal]:
    """The file and the seal that it got. Without time-stamp it is written again, so that it states its level. Raises
    SealingFailed and NotPrintable."""
    try:
        for seal in sealing.pdf.attempts():
            try:
                with span("seal") as one:
                    one.note(Fact.LEVEL, seal.level)
                    return _printed(write, seal), seal
            except NoTimeStamp as missing:
                log.warning("no_time_stamp", level=seal.level, reason=str(missing))
    except KeyRevoked as revoked:
        log.error("own_certificate_revoked", reason=str(revoked))
    raise SealingFailed


def verify_own(sealing: Sealing, content: bytes, payload: bytes) -> None:
    """Raises SealingFailed unless this file of ours verifies and holds this payload."""
    with span("verify own seal") as one:
        report = sealing.examine(content)
        one.note(Fact.FINDING, report.finding.name.lower())
    if report.finding is not Finding.GENUINE or report.payload != payload:
        log.error("own_seal_does_not_verify", finding=report.finding.name)
        raise SealingFailed


def _printed(write: Callable[[Seal], bytes], seal: Seal) -> bytes:
    try:
        return write(seal)
    except GlyphMissing as missing:
        log.warning("not_printable", reason=str(missing))
        raise NotPrintable from None


def _requested_by(person: DataSubject) -> str | None:
    """As much of the representative's number as a document may hold."""
    return None if person.representative is None else person.representative.bsn.last_three


def _fingerprint(overview: Overview, case: CaseReference | None) -> str:
    """Of all that may differ between two documents of one collection."""
    said = [write_outcome(o) for o in overview.outcomes]
    return hashlib.sha256(canonical_json(said if case is None else [*said, case.text])).hexdigest()
