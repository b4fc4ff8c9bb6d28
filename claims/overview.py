"""All outcomes for one person together: what the citizen sees and what is sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from claims.duplicates import ReportedClaim, reported_claims
from claims.financial_claim import ClaimStatus, FinancialClaim, Finding
from claims.money import ZERO, Money
from claims.organisation import Organisation
from claims.outcome import NotConnected, OutcomeKind, SourceAnswer, SourceOutcome
from claims.stated import (
    SETTLED,
    balance_to_show,
    contradicts_itself,
    creditor_key,
    is_settled,
    late_amount,
    owed,
    states_arrears,
)
from claims.totals import Total, add_up

__all__ = [  # with what is said about one claim, so that there is one place to import from
    "SETTLED",
    "OrganisationTotal",
    "Overview",
    "ReportedClaim",
    "balance_to_show",
    "contradicts_itself",
    "creditor_key",
    "is_late",
    "is_settled",
    "sort_by_urgency",
]


@dataclass(frozen=True, slots=True)
class OrganisationTotal:
    """The sum for one creditor."""

    creditor: Organisation
    claim_count: int
    balance: Total
    arrears: Total


@dataclass(frozen=True, slots=True)
class Overview:
    """`gathered_at` is the reference moment; one outcome per source that was asked or is listed. `findings` are
    about the overview as a whole; each answer and each claim has its own."""

    gathered_at: datetime
    outcomes: tuple[SourceOutcome, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def reported(self) -> tuple[ReportedClaim, ...]:
        """Every claim once, also when several sources report it; the outcomes keep what each of them said."""
        return reported_claims(self.outcomes)

    @property
    def claims(self) -> tuple[FinancialClaim, ...]:
        """The claims of `reported`, without their sources."""
        return tuple(one.claim for one in self.reported)

    @property
    def missing(self) -> tuple[SourceOutcome, ...]:
        """Sources that were asked and of which we have no answer to rely on."""
        return tuple(outcome for outcome in self.outcomes if outcome.kind is OutcomeKind.NO_ANSWER)

    @property
    def partial(self) -> tuple[SourceAnswer, ...]:
        """Sources that gave claims but say, or show, that there may be more."""
        return tuple(o for o in self.outcomes if isinstance(o, SourceAnswer) and o.claims and not o.is_full)

    @property
    def not_connected(self) -> tuple[NotConnected, ...]:
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, NotConnected))

    @property
    def connected_count(self) -> int:
        return len(self.outcomes) - len(self.not_connected)

    @property
    def all_answered(self) -> bool:
        """Every connected source gave a full answer. Without any connected source nothing was answered."""
        return self.connected_count > 0 and not self.missing and not self.partial

    @property
    def has_gaps(self) -> bool:
        return not self.all_answered

    @property
    def balance(self) -> Total:
        """What is still to be paid. Money that the citizen gets back does not lower it: see `overpaid`."""
        return _balance_total(self.reported, has_gaps=self.has_gaps)

    @property
    def arrears(self) -> Total:
        return _arrears_total(self.claims, has_gaps=self.has_gaps)

    @property
    def overpaid(self) -> Money:
        """Sum of the amounts that the citizen gets back, as a positive amount."""
        back = (balance_to_show(claim) for claim in self.claims if claim.is_overpaid)
        return sum((-amount for amount in back if amount), ZERO)

    @property
    def first_due(self) -> FinancialClaim | None:
        """The unsettled claim with the earliest date to pay, also when that date has passed."""
        dated = [c for c in self.claims if c.due_on is not None and not is_settled(c)]
        return min(dated, key=_due_key, default=None)

    @property
    def stated_names(self) -> tuple[tuple[str, str], ...]:
        """(source id, name) for every source that states a name."""
        return tuple(
            (o.source.source_id, o.stated_name)
            for o in self.outcomes
            if isinstance(o, SourceAnswer) and o.stated_name
        )

    @property
    def per_organisation(self) -> tuple[OrganisationTotal, ...]:
        """One sum per creditor, in the order in which creditors first appear."""
        groups: dict[tuple[str, str], list[ReportedClaim]] = {}
        for one in self.reported:
            groups.setdefault(creditor_key(one.claim.creditor), []).append(one)
        unsure = self._creditors_with_gaps()
        return tuple(_organisation_total(group, has_gaps=key in unsure) for key, group in groups.items())

    def _creditors_with_gaps(self) -> set[tuple[str, str]]:
        """Of whom a source gave claims, or that are a source themselves, that did not answer fully."""
        unsure = [o for o in self.outcomes if not o.is_full and not isinstance(o, NotConnected)]
        given = (c.creditor for o in unsure if isinstance(o, SourceAnswer) for c in o.claims)
        return {*map(creditor_key, given), *(creditor_key(o.source.organisation) for o in unsure)}


def _organisation_total(reported: list[ReportedClaim], *, has_gaps: bool) -> OrganisationTotal:
    claims = [one.claim for one in reported]
    balance = _balance_total(reported, has_gaps=has_gaps)
    return OrganisationTotal(
        claims[0].creditor, len(claims), balance, _arrears_total(claims, has_gaps=has_gaps)
    )


def sort_by_urgency(reported: Iterable[ReportedClaim], today: date) -> tuple[ReportedClaim, ...]:
    """Urgent first (stated threats, collector, date passed), then by next date to pay, settled ones last.
    Never by size: a small claim at a bailiff hurts more than a large one in a plan."""
    return tuple(sorted(reported, key=lambda one: (_rank(one.claim, today), *_due_key(one.claim))))


def _rank(claim: FinancialClaim, today: date) -> int:
    if is_settled(claim):
        return 9
    if claim.urgencies:
        return 0
    if claim.collector is not None or claim.status is ClaimStatus.TRANSFERRED:
        return 1
    if is_late(claim, today):
        return 2
    return 3 if claim.due_on is not None else 4


def is_late(claim: FinancialClaim, today: date) -> bool:
    """The source says so, or the last possible day to pay has passed on a claim that is simply open."""
    if claim.status in {ClaimStatus.OVERDUE, ClaimStatus.ARRANGEMENT_BROKEN}:
        return True
    if states_arrears(claim):
        return True
    return claim.status is ClaimStatus.OPEN and claim.due_on is not None and claim.due_on.latest < today


def _due_key(claim: FinancialClaim) -> tuple[date, str]:
    return (claim.due_on.earliest if claim.due_on else date.max, claim.reference)


def _balance_total(reported: Iterable[ReportedClaim], *, has_gaps: bool) -> Total:
    listed = list(reported)
    unsure = any(one.is_at_least for one in listed)
    return add_up((owed(one.claim) for one in listed), has_gaps=has_gaps or unsure)


def _arrears_total(claims: Iterable[FinancialClaim], *, has_gaps: bool) -> Total:
    open_claims = [claim for claim in claims if not is_settled(claim)]
    uncertain = any(c.arrears is not None and c.arrears.is_at_least for c in open_claims)
    return add_up(map(late_amount, open_claims), has_gaps=has_gaps or uncertain)
