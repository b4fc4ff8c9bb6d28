"""A citizen says that something about a claim is wrong: a report for the organisation that stated it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from app.documents import formatting, sentences
from app.language import DUTCH, speaking
from app.ports.audit import Pseudonyms
from app.ports.clock import Clock
from app.ports.error_reports import (
    ErrorReportStore,
    KnownReport,
    Matter,
    NewReport,
    Phone,
    Reason,
)
from app.services import audit_facts
from app.services.audit import WritesAudit
from app.services.collection import CollectionView
from app.services.report_reference import reference_of
from claims.identity import Bsn
from claims.organisation import ContactKind, ContactOption
from claims.outcome import Source
from claims.overview import ReportedClaim, balance_to_show
from claims.record.claim_codec import ClaimCodec
from claims.strict_json import canonical_json
from sources.error_reports.report import ErrorReport

LONGEST_TEXT = 500
MOST_PER_DAY = 20  # of one citizen: an organisation must be able to read them
_FORM_KEY = re.compile(r"[0-9a-f]{32}")


class NothingToReport(Exception):
    """There is no such claim in what was gathered for this citizen, or nobody who takes a report about it."""


class TooManyReports(Exception):
    """This citizen reported as much as one may on one day."""


class ViewsCollections(Protocol):
    """Of the use case `app.services.collection.Collections`."""

    def view(self, collection_id: str, owner: str) -> CollectionView | None: ...


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """A claim on the overview of one session. `claim_id` as `claim_id_of`: it says nothing about claim or person."""

    collection_id: str
    owner: str
    claim_id: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What the citizen chose and wrote. `form_key`: 32 random hexadecimal digits of the form, so that sending it twice is one
    report. Raises ValueError for what the form does not offer, and for "something else" without a word."""

    reason: Reason
    text: str = field(repr=False)
    form_key: str = field(repr=False)

    def __post_init__(self) -> None:
        if not is_form_key(self.form_key):
            raise ValueError("form_key")
        if len(self.text) > LONGEST_TEXT or (self.reason is Reason.OTHER and not self.text):
            raise ValueError("text")


def is_form_key(unverified: str) -> bool:
    """Whether a form of ours may have brought this."""
    return _FORM_KEY.fullmatch(unverified) is not None


class ErrorReports:
    """One object per process; safe to share between threads. For people who log in for themselves only (decision 33).
    `receivers`: sources that take reports, and how long trying to deliver one goes on."""

    def __init__(
        self,
        store: ErrorReportStore,
        collections: ViewsCollections,
        pseudonyms: Pseudonyms,
        around: tuple[Clock, WritesAudit],
        receivers: Mapping[str, timedelta],
    ) -> None:
        self._store = store
        self._collections = collections
        self._pseudonyms = pseudonyms
        self._clock, self._audit = around
        self._receivers = receivers

    def receiver_of(self, claim: ReportedClaim) -> Source | None:
        """Who gets a report about this claim: the first that stated it and takes reports."""
        return next((source for source in claim.sources if source.source_id in self._receivers), None)

    def report(self, place: ClaimPlace, bsn: Bsn, wish: Wish) -> str:
        """Put a report in the outbox; the same form gives the same report. Returns its id.

        Raises NothingToReport, TooManyReports and StorageUnavailable."""
        view = self._collections.view(place.collection_id, place.owner)
        claim = None if view is None else find_claim(view, place.claim_id)
        source = None if claim is None else self.receiver_of(claim)
        if view is None or claim is None or source is None:
            raise NothingToReport
        report_id, known, now = _report_id(place, wish.form_key), self.of(bsn), self._clock.now()
        if any(one.report_id == report_id for one in known):
            return report_id
        if sum(one.reported_at > now - timedelta(days=1) for one in known) >= MOST_PER_DAY:
            raise TooManyReports
        message = ErrorReport(
            report_id=report_id,
            reference=reference_of(report_id),
            reported_at=now,
            bsn=bsn,
            claim_reference=claim.claim.reference,
            balance_cents=_cents(claim),
            as_of=view.overview.gathered_at,
            reason=wish.reason,
            text=wish.text,
        )
        self._audit.write(audit_facts.error_reported(bsn, message.reference))
        self._store.add(self._new(message, source, _matter(claim, source, wish.reason)))
        return report_id

    def of(self, bsn: Bsn) -> tuple[KnownReport, ...]:
        """Newest first. Raises StorageUnavailable."""
        return self._store.of_person(self._pseudonyms.each_of_citizen(bsn))

    def _new(self, message: ErrorReport, source: Source, matter: Matter) -> NewReport:
        return NewReport(
            report_id=message.report_id,
            reference=message.reference,
            subject=self._pseudonyms.of_citizen(message.bsn),
            source_id=source.source_id,
            matter=matter,
            content=message.as_json(),
            reported_at=message.reported_at,
            give_up_at=message.reported_at + self._receivers[source.source_id],
        )


def claim_id_of(collection_id: str, claim: ReportedClaim) -> str:
    """The same for the same claim of one collection; says nothing without that collection's random id. Of all that is said of
    the claim: a creditor may use one reference for two debts, and both are shown."""
    sources = sorted(source.source_id for source in claim.sources)
    said = canonical_json(ClaimCodec().write(claim.claim)).decode()
    return hashlib.sha256("\n".join((collection_id, *sources, said)).encode()).hexdigest()[:32]


def find_claim(view: CollectionView, claim_id: str) -> ReportedClaim | None:
    """The claim of this collection that is so called."""
    found = (one for one in view.overview.reported if claim_id_of(view.collection_id, one) == claim_id)
    return next(found, None)


@speaking(DUTCH)  # as it is kept
def is_about(known: KnownReport, claim: ReportedClaim) -> bool:
    """Whether this report was made about this claim. A reference alone does not tell: one source may have it for two creditors,
    or one creditor for two debts, and who reads that it was reported does not report it."""
    if known.matter is None or all(source.source_id != known.source_id for source in claim.sources):
        return False
    stated = (claim.claim.reference, _title(claim), whom_to_call(claim)[0])
    return stated == (known.matter.claim_reference, known.matter.title, known.matter.call)


def whom_to_call(claim: ReportedClaim) -> tuple[str, tuple[Phone, ...]]:
    """The creditor, who decides whether it is right, also when a collector has the case; with the telephones that the claim
    states, else those of its sources. May be without any."""
    phones = _phones(claim.claim.contact)
    for source in claim.sources:
        phones = phones or _phones(source.contact)
    return formatting.organisation(claim.claim.creditor), phones


def _phones(options: tuple[ContactOption, ...]) -> tuple[Phone, ...]:
    return tuple(
        Phone(option.value, option.hours or "") for option in options if option.kind is ContactKind.PHONE
    )


@speaking(DUTCH)  # kept, and compared with what was kept
def _title(claim: ReportedClaim) -> str:
    return sentences.claim_title(claim.claim)


@speaking(DUTCH)  # shown later, in whatever language
def _matter(claim: ReportedClaim, source: Source, reason: Reason) -> Matter:
    until, (call, phones) = claim.claim.objection_until_on, whom_to_call(claim)
    return Matter(
        organisation=formatting.organisation(source.organisation),
        title=_title(claim),
        claim_reference=claim.claim.reference,
        reason=reason,
        call=call,
        phones=phones,
        objection_until="" if until is None else formatting.day(until),
    )


def _cents(claim: ReportedClaim) -> int | None:
    balance = balance_to_show(claim.claim)
    return None if balance is None else balance.cents


def _report_id(place: ClaimPlace, form_key: str) -> str:
    """Nobody can make that of another: the owner is the random handle of a session."""
    parts = (place.owner, place.collection_id, place.claim_id, form_key)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
