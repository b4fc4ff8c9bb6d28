"""What one source said at several moments: the newest full answer counts, and nothing that was ever said is lost.

A newer answer replaces an older one only when it is full. After a newer failure the older answer stays, marked as too old, so
that every total is "at least". See docs/decisions/0031-merging-overviews.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from claims.financial_claim import FinancialClaim
from claims.merged import EarlierClaim
from claims.outcome import NotConnected, PartialReason, SourceAnswer, SourceFailure, SourceOutcome
from claims.overview import creditor_key
from claims.record.writer import write_outcome
from claims.strict_json import canonical_json

_Identity = tuple[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Newest:
    """`outcome` is what counts now; the rest as in `Merged`."""

    outcome: SourceOutcome
    earlier: tuple[EarlierClaim, ...]
    gone: tuple[EarlierClaim, ...]
    answered_later: bool
    silent_since: bool


def moment(outcome: SourceOutcome) -> datetime:
    """When the source said this, or did not."""
    if isinstance(outcome, SourceAnswer):
        return outcome.answered_at
    return outcome.failed_at if isinstance(outcome, SourceFailure) else outcome.noted_at


def newest(outcomes: Iterable[SourceOutcome]) -> Newest:
    """Of one source, in any order. Raises ValueError without any outcome."""
    ordered = _in_order(outcomes)
    current, replaced = ordered[0], []
    for new in ordered[1:]:
        following = _after(current, new)
        if isinstance(current, SourceAnswer) and following.claims_replaced:
            replaced.append(current)
        current = following.outcome
    current = _not_of_before(current, ordered)
    earlier, gone = _left_over(current, replaced)
    is_full = isinstance(current, SourceAnswer) and current.is_full
    before = any(not one.is_full and not isinstance(one, NotConnected) for one in ordered[:-1])
    silent = isinstance(current, SourceAnswer) and not isinstance(ordered[-1], SourceAnswer)
    return Newest(current, earlier, gone, answered_later=is_full and before, silent_since=silent)


def _in_order(outcomes: Iterable[SourceOutcome]) -> list[SourceOutcome]:
    """Oldest first; equal ones once. Of one moment the text decides: the same whatever the order of the files."""
    different = {canonical_json(write_outcome(one)): one for one in outcomes}
    if not different:
        raise ValueError("a source said nothing at all")
    return [one for _, one in sorted(different.items(), key=lambda pair: (moment(pair[1]), pair[0]))]


@dataclass(frozen=True, slots=True)
class _Following:
    outcome: SourceOutcome
    claims_replaced: bool = False


def _after(current: SourceOutcome, new: SourceOutcome) -> _Following:
    if isinstance(new, SourceAnswer):
        if not isinstance(current, SourceAnswer):
            return _Following(new)
        return _Following(new if new.is_full else _with_what_it_lacks(new, current), claims_replaced=True)
    if isinstance(current, SourceAnswer):
        return _Following(_too_old(current))
    # That a source did not answer is a gap; that it is not connected is none, and must not close one.
    return _Following(current if isinstance(new, NotConnected) else new)


def _not_of_before(current: SourceOutcome, ordered: Sequence[SourceOutcome]) -> SourceOutcome:
    """Who spoke last may speak from an older file than somebody before: then nobody knows what is owed now."""
    if not isinstance(current, SourceAnswer) or not current.is_full:
        return current
    freshest_at = max(one.basis.at for one in ordered if isinstance(one, SourceAnswer))
    return _too_old(current) if current.basis.at < freshest_at else current


def _too_old(answer: SourceAnswer) -> SourceAnswer:
    if PartialReason.STALE in answer.partial:
        return answer
    return replace(answer, partial=(*answer.partial, PartialReason.STALE))


def _with_what_it_lacks(part: SourceAnswer, earlier: SourceAnswer) -> SourceAnswer:
    """A part of an answer says nothing about what is not in it."""
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
        findings=tuple(dict.fromkeys((*part.findings, *earlier.findings))),
    )


def _left_over(
    current: SourceOutcome, replaced: Sequence[SourceAnswer]
) -> tuple[tuple[EarlierClaim, ...], tuple[EarlierClaim, ...]]:
    """Earlier versions, and what is gone. A number that stood for more claims before than ever since may be of two debts:
    the others are gone, not versions."""
    claims = current.claims if isinstance(current, SourceAnswer) else ()
    since, told = Counter(map(_identity, claims)), set(claims)
    earlier: list[EarlierClaim] = []
    gone: list[EarlierClaim] = []
    for answer in reversed(replaced):
        before = Counter(map(_identity, answer.claims))
        for claim in answer.claims:
            if claim not in told:
                is_gone = before[_identity(claim)] > since[_identity(claim)]
                (gone if is_gone else earlier).append(EarlierClaim(answer.source, claim, answer.answered_at))
        told.update(answer.claims)
        since |= before
    return tuple(earlier), tuple(gone)


def _identity(claim: FinancialClaim) -> _Identity:
    return creditor_key(claim.creditor), claim.reference
