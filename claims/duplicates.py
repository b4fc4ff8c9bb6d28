"""Claims that several sources report: shown and added once, with every source named. The rule and its reasons stand in
docs/decisions/0009-duplicate-claims.md; in short: never add twice, and when in doubt never hide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from claims.financial_claim import Arrears, FinancialClaim, Finding
from claims.money import ZERO, Money
from claims.outcome import Source, SourceAnswer, SourceOutcome
from claims.stated import balance_to_show, creditor_key, is_settled, late_amount, states_arrears

_Group = list[tuple[Source, FinancialClaim]]


@dataclass(frozen=True, slots=True)
class ReportedClaim:
    """One claim to show and to add, and the sources that report it. `is_at_least`: one of them does not know the
    amount, so the balance of the other may be too low."""

    claim: FinancialClaim
    sources: tuple[Source, ...]
    is_at_least: bool = False

    @property
    def is_shared(self) -> bool:
        return len(self.sources) > 1


def reported_claims(outcomes: Iterable[SourceOutcome]) -> tuple[ReportedClaim, ...]:
    """Every claim once, in the order in which claims first appear. Nothing in the outcomes changes."""
    groups: dict[tuple[tuple[str, str], str], _Group] = {}
    for outcome in outcomes:
        for claim in outcome.claims if isinstance(outcome, SourceAnswer) else ():
            key = (creditor_key(claim.creditor), claim.reference)
            groups.setdefault(key, []).append((outcome.source, claim))
    return tuple(one for group in groups.values() for one in _seen_once(group))


def _seen_once(group: _Group) -> Iterator[ReportedClaim]:
    sources = {source.source_id for source, _ in group}
    if len(sources) == 1:
        yield from (ReportedClaim(claim, (source,)) for source, claim in group)
    elif len(sources) == len(group) and _can_be_one(group):
        yield _merged(group)
    else:
        for source, claim in group:
            yield ReportedClaim(_noted(claim, "duplicate_reference"), (source,))


def _can_be_one(group: _Group) -> bool:
    """Departments number their own cases, and so do the systems for each kind of debt: two departments, or two kinds,
    that are named and differ have two claims, not one."""
    departments = _stated(claim.creditor.department for _, claim in group)
    kinds = _stated(claim.kind_id for _, claim in group)
    return len(departments) <= 1 and len(kinds) <= 1


def _stated(texts: Iterable[str | None]) -> set[str]:
    return {"".join(text.split()).casefold() for text in texts if text}


def _merged(group: _Group) -> ReportedClaim:
    """The amounts of the source that states the highest balance; warnings and dates of all."""
    ordered = sorted(group, key=lambda pair: (_weight(pair[1]), pair[0].source_id), reverse=True)
    claims = [claim for _, claim in ordered]
    merged = _with_warnings_of_all(claims)
    accounts = _stated(claim.payment.iban for claim in claims if claim.payment)
    if len(set(map(_compared, claims))) > 1 or len(accounts) > 1:
        merged = _noted(merged, "sources_differ")
    unsure = balance_to_show(merged) is not None and any(balance_to_show(c) is None for c in claims)
    return ReportedClaim(merged, tuple(source for source, _ in group), unsure)


def _weight(claim: FinancialClaim) -> tuple[int, int, bool]:
    """Owed goes before not known, and that before nothing owed: an answer of nothing must not hide a debt."""
    shown = balance_to_show(claim)
    if shown is None:
        return 1, 0, not is_settled(claim)
    return (2 if shown > ZERO else 0), shown.cents if shown > ZERO else 0, not is_settled(claim)


def _with_warnings_of_all(claims: Sequence[FinancialClaim]) -> FinancialClaim:
    """`claims[0]` leads. A claim that one source calls settled and another does not is not settled."""
    lead = claims[0]
    unsettled = [claim for claim in claims if not is_settled(claim)] or list(claims)
    status = lead if lead in unsettled else unsettled[0]
    due = min(unsettled, key=lambda claim: claim.due_on.earliest if claim.due_on else date.max)
    return replace(
        lead,
        status=status.status,
        status_since_on=status.status_since_on,
        arrears=_highest_arrears(unsettled),
        due_on=due.due_on,
        due_amount=due.due_amount,
        urgencies=tuple(dict.fromkeys(urgency for claim in claims for urgency in claim.urgencies)),
        collector=next((claim.collector for claim in claims if claim.collector), None),
    )


def _highest_arrears(claims: Sequence[FinancialClaim]) -> Arrears | None:
    """The highest known amount, "at least" when another source does not know; not known before nothing late."""
    top = max(claims, key=lambda claim: late_amount(claim) or ZERO)
    vague = [claim for claim in claims if late_amount(claim) is None]
    if top.arrears is not None and (late_amount(top) or ZERO) > ZERO:
        at_least = bool(vague) or any(
            claim.arrears is not None and claim.arrears.is_at_least for claim in claims
        )
        return replace(top.arrears, is_at_least=at_least)
    return next(iter(sorted(vague, key=states_arrears, reverse=True)), top).arrears


def _compared(claim: FinancialClaim) -> tuple[object, ...]:
    """What must be the same at both sources for no remark."""
    late: Money | None = late_amount(claim)
    return balance_to_show(claim), claim.status, late, claim.due_on


def _noted(claim: FinancialClaim, code: str) -> FinancialClaim:
    return replace(claim, findings=(*claim.findings, Finding(code)))
