"""What every protocol does with an answer before it may call it one."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from claims.financial_claim import FinancialClaim, Finding
from claims.identity import Bsn, names_somebody_else
from claims.outcome import Basis, PartialReason
from sources.errors import TooLarge, WrongPerson

_CLOCKS_MAY_DIFFER = timedelta(minutes=5)

# Nobody has so many; a hostile source could name two hundred thousand, and every look at a page would take a minute.
MOST_CLAIMS = 20_000


def require_bearable(count: int) -> None:
    """Raises TooLarge for more claims on one person than we show."""
    if count > MOST_CLAIMS:
        raise TooLarge("the answer has too many claims")


def require_person(unverified_bsn: object, bsn: Bsn) -> None:
    """Raises WrongPerson unless the answer names exactly the person whom we asked about."""
    if not isinstance(unverified_bsn, str):
        raise WrongPerson("the answer does not say about whom it is")
    if not hmac.compare_digest(unverified_bsn.encode(), bsn.digits.encode()):
        raise WrongPerson("the answer is about another person")


def require_nobody_else(unverified: object, bsn: Bsn) -> None:
    """Raises WrongPerson when this object names a person, and it is not the one whom we asked about."""
    if names_somebody_else(unverified, bsn):
        raise WrongPerson("part of the answer is about another person")


def stated_text(answer: Mapping[str, object], name: str) -> str | None:
    """An optional text; anything else than a text that says something counts as not stated."""
    value = answer.get(name)
    return value.strip() or None if isinstance(value, str) else None


def too_old(basis: Basis, now: datetime, stale_after: timedelta) -> tuple[PartialReason, ...]:
    """STALE when the data are older than the settings allow: newer claims may be missing."""
    return (PartialReason.STALE,) if now - basis.at > stale_after else ()


def moment_findings(basis: Basis, now: datetime) -> tuple[Finding, ...]:
    """Data from the future cannot be trusted to be fresh; the clocks may differ a little."""
    return (Finding("moment_in_future"),) if basis.at - now > _CLOCKS_MAY_DIFFER else ()


def without_repeats(
    claims: Iterable[FinancialClaim],
) -> tuple[tuple[FinancialClaim, ...], tuple[Finding, ...]]:
    """Leave out exact repeats, which would count twice. Claims that share a reference but differ are all kept:
    we cannot know which one is right. Both are findings. Raises TooLarge for more than MOST_CLAIMS."""
    kept: dict[
        tuple[str, str], dict[FinancialClaim, None]
    ] = {}  # of dictionaries, as sets that keep their order
    codes: set[str] = set()
    for claim in claims:
        same_reference = kept.setdefault((claim.creditor.name, claim.reference), {})
        if claim in same_reference:
            codes.add("repeated_claim")
            continue
        if same_reference:
            codes.add("reference_used_twice")
        same_reference[claim] = None
    require_bearable(sum(map(len, kept.values())))
    findings = tuple(Finding(code) for code in sorted(codes))
    return tuple(claim for group in kept.values() for claim in group), findings
