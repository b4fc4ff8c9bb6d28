"""What an operator may know of our dealings with a source: moments, classes and rule names, never content.

No record here names a citizen, and none holds a text of a source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from claims.outcome import BasisKind, FailureCause, SourceAnswer, SourceFailure

_RULE_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
OTHER_RULE = "other"


class AskResult(StrEnum):
    """How one question ended. The values of `claims.outcome.FailureCause` are values here too."""

    CLAIMS = "claims"
    NO_CLAIMS = "no_claims"
    PARTIAL = "partial"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    REFUSED = "refused"
    SOURCE_ERROR = "source_error"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    WRONG_PERSON = "wrong_person"
    MISCONFIGURED = "misconfigured"
    INTERNAL = "internal"
    CIRCUIT_OPEN = "circuit_open"
    NO_ROOM = "no_room"
    NOT_IN_INDEX = "not_in_index"
    CANCELLED = "cancelled"


ANSWERS = frozenset({AskResult.CLAIMS, AskResult.NO_CLAIMS, AskResult.PARTIAL})
# The source was not asked: we leave it alone, have no thread for it, or know that it has nothing on this person.
NOT_ASKED = frozenset({AskResult.CIRCUIT_OPEN, AskResult.NO_ROOM, AskResult.NOT_IN_INDEX})
# Nobody waited for the answer any more: that says nothing about the source.
FAILURES = frozenset(AskResult) - ANSWERS - NOT_ASKED - {AskResult.CANCELLED}


class CertificateRole(StrEnum):
    """Whose certificate: the server's of the source, ours as a client of it, or ours for signing messages to it."""

    SERVER = "server"
    CLIENT = "client"
    SIGNING = "signing"


@dataclass(frozen=True, slots=True)
class AskedEvent:
    """One question to one source, reported once. `seconds` is the time it took, None unless the source was asked and
    ended in an answer or a failure. `findings` are the rules that the answer broke, each named once."""

    source_id: str
    asked_at: datetime
    result: AskResult
    seconds: float | None = None
    findings: frozenset[str] = frozenset()


def result_of(outcome: SourceAnswer | SourceFailure) -> AskResult:
    """The class of an outcome."""
    if isinstance(outcome, SourceFailure):
        return result_of_cause(outcome.cause)
    if not outcome.is_full:
        return AskResult.PARTIAL
    if outcome.claims:
        return AskResult.CLAIMS
    return AskResult.NOT_IN_INDEX if outcome.basis.kind is BasisKind.INDEX else AskResult.NO_CLAIMS


def result_of_cause(cause: FailureCause) -> AskResult:
    return AskResult(cause.value)


def rules_broken(answer: SourceAnswer) -> frozenset[str]:
    """The kinds of finding in an answer. A name that is not in the form of ours is not repeated."""
    claims = (finding for claim in answer.claims for finding in claim.findings)
    codes = {finding.code for finding in (*answer.findings, *claims)}
    return frozenset(code if _RULE_NAME.fullmatch(code) else OTHER_RULE for code in codes)
