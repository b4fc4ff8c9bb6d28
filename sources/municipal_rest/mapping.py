"""From one page of the municipal interface to claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from claims.checks import with_findings
from claims.events import in_order
from claims.financial_claim import FinancialClaim
from claims.identity import Bsn
from claims.instant import parse_instant
from claims.organisation import Organisation
from claims.outcome import Basis, BasisKind, PartialReason
from claims.record.names import CLAIM
from claims.record.reader import read_claim
from sources.answers import require_bearable, require_nobody_else, require_person, stated_text
from sources.errors import SourceMalformed

_EVENTS = CLAIM["events"]
_MEMBERS = frozenset({"bsn", "vorderingen", "volledig", "grondslag", "peilmoment", "naam", "vervolg"})
BASIS_WORDS = {"rechtstreeks": BasisKind.LIVE, "aangeleverd_bestand": BasisKind.BATCH}


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page, about the right person. `partial` empty: the source says that this is all there is."""

    basis: Basis
    claims: tuple[FinancialClaim, ...]
    partial: frozenset[PartialReason]
    stated_name: str | None


def read_page(page: Mapping[str, object], bsn: Bsn, default_creditor: Organisation) -> ReadPage:
    """Raises WrongPerson, SourceMalformed or TooLarge. One claim that cannot be read makes the page partial; the others stay."""
    _require_one_person(page, bsn)
    unverified_claims = page.get("vorderingen")
    full = page.get("volledig")
    if not isinstance(unverified_claims, list) or not isinstance(full, bool):
        raise SourceMalformed("vorderingen or volledig is missing or of the wrong kind")
    require_bearable(len(unverified_claims))
    basis = _read_basis(page)
    claims = [_read_claim(item, default_creditor, basis.at) for item in unverified_claims]
    readable = tuple(claim for claim in claims if claim is not None)
    partial = set() if full else {PartialReason.SOURCE_SAYS_SO}
    if len(readable) < len(claims) or any(_may_hide_claims(name, value) for name, value in page.items()):
        partial.add(PartialReason.CLAIM_UNREADABLE)
    return ReadPage(basis, readable, frozenset(partial), stated_text(page, "naam"))


def _may_hide_claims(name: str, value: object) -> bool:
    """Members of a source's own are skipped. But one of ours in other capitals ("Vervolg"), or a second list of claims
    beside ours, may be debts that we do not see."""
    plain = "".join(filter(str.isalnum, name)).casefold()
    if name in _MEMBERS or value is None:
        return False
    return plain in _MEMBERS or ("vordering" in plain and isinstance(value, list | dict) and bool(value))


def _require_one_person(page: Mapping[str, object], bsn: Bsn) -> None:
    """Before anything else: a page that cannot be read does not hide whose it is. The interface names the person once;
    a source that names one with a claim or an event too means it."""
    require_person(page.get("bsn"), bsn)
    claims = _list(page, "vorderingen")
    events = [event for claim in claims for event in _list(claim, _EVENTS)]
    for part in (page, *claims, *events):
        require_nobody_else(part, bsn)


def _list(unverified: object, name: str) -> list[object]:
    value = unverified.get(name) if isinstance(unverified, Mapping) else None
    return value if isinstance(value, list) else []


def _read_basis(page: Mapping[str, object]) -> Basis:
    kind, at = page.get("grondslag"), page.get("peilmoment")
    if not isinstance(at, str) or not isinstance(kind, str) or kind not in BASIS_WORDS:
        raise SourceMalformed("grondslag or peilmoment is missing or unknown")
    try:
        return Basis(BASIS_WORDS[kind], parse_instant(at))
    except ValueError:
        raise SourceMalformed("peilmoment is not a moment") from None


def _read_claim(item: object, default_creditor: Organisation, as_of: datetime) -> FinancialClaim | None:
    """None when it cannot be read. The moment of the answer holds for a claim that states none itself."""
    try:
        claim = read_claim(item, default_creditor=default_creditor)
    except ValueError:
        return None
    amounts = claim.amounts if claim.amounts.as_of is not None else replace(claim.amounts, as_of=as_of)
    return with_findings(replace(claim, amounts=amounts, events=in_order(claim.events)))
