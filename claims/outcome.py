"""How asking one source ended. "No claims" can come only from a full answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from claims.financial_claim import FinancialClaim, Finding
from claims.organisation import ContactOption, Organisation
from claims.stated import creditor_key


class OutcomeKind(StrEnum):
    CLAIMS = "claims"
    NO_CLAIMS = "no_claims"
    NO_ANSWER = "no_answer"
    NOT_CONNECTED = "not_connected"


class FailureCause(StrEnum):
    """Class of cause of "no answer"; the detail stands in the operator's log only."""

    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    REFUSED = "refused"
    SOURCE_ERROR = "source_error"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    WRONG_PERSON = "wrong_person"
    MISCONFIGURED = "misconfigured"
    INTERNAL = "internal"


class PartialReason(StrEnum):
    """Why an answer is not full."""

    SOURCE_SAYS_SO = "source_says_so"
    SOURCE_WARNED = "source_warned"
    CLAIM_UNREADABLE = "claim_unreadable"
    STALE = "stale"
    MORE_PAGES = "more_pages"


class BasisKind(StrEnum):
    LIVE = "live"
    BATCH = "batch"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Basis:
    """On what an answer rests, and from which moment that is."""

    kind: BasisKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """A source as the citizen meets it. `source_id` is the stanza name in sources.toml."""

    source_id: str
    organisation: Organisation
    contact: tuple[ContactOption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAnswer:
    """The source answered about the right person. `partial` empty means: full.

    `stated_name` is the name that this source has for the citizen; it is never merged with another source's.
    """

    source: Source
    answered_at: datetime
    basis: Basis
    claims: tuple[FinancialClaim, ...] = ()
    partial: tuple[PartialReason, ...] = ()
    stated_name: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def is_full(self) -> bool:
        return not self.partial

    @property
    def kind(self) -> OutcomeKind:
        """A partial answer without a single claim is no answer: there may be claims that we do not see."""
        if self.claims:
            return OutcomeKind.CLAIMS
        return OutcomeKind.NO_CLAIMS if self.is_full else OutcomeKind.NO_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFailure:
    source: Source
    failed_at: datetime
    cause: FailureCause
    is_full: bool = field(default=False, init=False)
    kind: OutcomeKind = field(default=OutcomeKind.NO_ANSWER, init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotConnected:
    """An organisation that belongs in the list but cannot be asked yet."""

    source: Source
    noted_at: datetime
    is_full: bool = field(default=False, init=False)
    kind: OutcomeKind = field(default=OutcomeKind.NOT_CONNECTED, init=False)


SourceOutcome = SourceAnswer | SourceFailure | NotConnected


def most_telling(new: SourceOutcome, earlier: SourceAnswer | None) -> SourceOutcome:
    """A second question that fails, or is answered in part, must not hide the claims that the first one gave. An answer
    about somebody else makes us trust neither."""
    wrong_person = isinstance(new, SourceFailure) and new.cause is FailureCause.WRONG_PERSON
    if earlier is None or wrong_person:
        return new
    if isinstance(new, SourceAnswer) and new.claims and not new.is_full:
        return _with_what_it_lacks(new, earlier)
    return earlier if new.kind is OutcomeKind.NO_ANSWER else new


def _with_what_it_lacks(part: SourceAnswer, earlier: SourceAnswer) -> SourceAnswer:
    """Of a reference under which a part of an answer has fewer claims than the answer before it, those stay too."""
    now, before = Counter(map(_identity, part.claims)), Counter(map(_identity, earlier.claims))
    said = set(part.claims)
    kept = [c for c in earlier.claims if now[_identity(c)] < before[_identity(c)] and c not in said]
    if not kept:
        return part
    return replace(
        part,
        claims=(*part.claims, *kept),
        basis=min(part.basis, earlier.basis, key=lambda basis: basis.at),
        stated_name=part.stated_name or earlier.stated_name,
        findings=tuple(dict.fromkeys((*part.findings, *earlier.findings, Finding("earlier_claims_kept")))),
    )


def _identity(claim: FinancialClaim) -> tuple[tuple[str, str], str]:
    return creditor_key(claim.creditor), claim.reference
