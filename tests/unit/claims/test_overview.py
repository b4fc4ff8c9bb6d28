"""What the citizen is told about everything together."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.checks import claim_findings
from claims.financial_claim import (
    Amounts,
    Arrears,
    ClaimStatus,
    Collector,
    FinancialClaim,
    Finding,
    Urgency,
    UrgencyKind,
)
from claims.identity import Oin
from claims.money import ZERO, Money
from claims.names import name_findings, names_differ
from claims.organisation import Organisation
from claims.outcome import (
    Basis,
    BasisKind,
    FailureCause,
    NotConnected,
    OutcomeKind,
    PartialReason,
    Source,
    SourceAnswer,
    SourceFailure,
)
from claims.overview import Overview, balance_to_show, contradicts_itself, sort_by_urgency
from claims.partial_date import PartialDate
from claims.totals import Total
from tests.support import strategies

NOW = datetime(2026, 4, 1, tzinfo=UTC)
TODAY = date(2026, 4, 1)
TOWN = Organisation("Brugstad", Oin("00000001999999990000"))


def claim(cents: int | None, **fields: Any) -> FinancialClaim:
    plain: dict[str, Any] = {
        "reference": "Z-1",
        "creditor": TOWN,
        "status": ClaimStatus.OPEN,
        "arrears": Arrears(amount=ZERO),
    }
    return FinancialClaim(
        **{**plain, **fields}, amounts=Amounts(balance=None if cents is None else Money(cents))
    )


def answer(
    *claims: FinancialClaim, name: str | None = None, source: str = "a", **fields: Any
) -> SourceAnswer:
    return SourceAnswer(
        source=Source(source, TOWN),
        answered_at=NOW,
        basis=Basis(BasisKind.LIVE, NOW),
        claims=claims,
        stated_name=name,
        **fields,
    )


DOWN = SourceFailure(source=Source("b", Organisation("Ander")), failed_at=NOW, cause=FailureCause.UNREACHABLE)
LATER = NotConnected(source=Source("c", Organisation("Later")), noted_at=NOW)


def overview(*outcomes: Any) -> Overview:
    return Overview(NOW, outcomes)


def test_a_source_that_failed_makes_the_total_at_least_and_is_missing() -> None:
    seen = overview(answer(claim(100)), DOWN)
    assert seen.balance == Total(Money(100), is_at_least=True)
    assert seen.missing == (DOWN,)
    assert not seen.all_answered


def test_only_failures_is_not_nothing() -> None:
    assert overview(DOWN).balance == Total(None, is_at_least=True)
    assert overview().balance == Total(None, is_at_least=True)


def test_a_source_that_is_not_connected_yet_is_no_gap() -> None:
    seen = overview(answer(), LATER)
    assert seen.all_answered
    assert seen.balance == Total(ZERO, is_at_least=False)


def test_a_partial_answer_without_claims_is_no_answer() -> None:
    partial = answer(partial=(PartialReason.STALE,))
    assert partial.kind is OutcomeKind.NO_ANSWER
    assert overview(partial).missing == (partial,)


def test_money_back_does_not_lower_what_is_owed() -> None:
    seen = overview(answer(claim(100), claim(-40)))
    assert seen.balance.amount == Money(100)
    assert seen.overpaid == Money(40)


def test_a_claim_handed_over_with_nothing_left_here_is_owed_elsewhere() -> None:
    seen = overview(answer(claim(100), claim(0, status=ClaimStatus.TRANSFERRED)))
    assert seen.balance == Total(Money(100), is_at_least=True, unknown_count=1)


def test_a_claim_of_which_nothing_is_known_about_lateness_makes_arrears_at_least() -> None:
    seen = overview(answer(claim(100, arrears=Arrears(amount=Money(50))), claim(100, arrears=None)))
    assert seen.arrears == Total(Money(50), is_at_least=True, unknown_count=1)


def test_money_back_is_never_late() -> None:
    seen = overview(answer(claim(-100, arrears=None, due_on=PartialDate(2026, 5, 1))))
    assert seen.arrears == Total(ZERO, is_at_least=False)
    assert seen.first_due is None


def test_arrears_of_a_settled_claim_do_not_count() -> None:
    late = Arrears(amount=Money(50))
    assert overview(answer(claim(0, status=ClaimStatus.PAID, arrears=late))).arrears.amount == ZERO


@pytest.mark.parametrize("status", [ClaimStatus.PAID, ClaimStatus.REMITTED])
def test_paid_beside_a_balance_hides_neither_what_is_late_nor_the_date(status: ClaimStatus) -> None:
    odd = claim(1000, status=status, arrears=Arrears(amount=Money(500)), due_on=PartialDate(2026, 5, 1))
    seen = overview(answer(odd))
    assert (seen.balance.amount, seen.arrears.amount, seen.first_due) == (Money(1000), Money(500), odd)
    assert contradicts_itself(odd)


@pytest.mark.parametrize("cents", [0, -100])
def test_late_beside_nothing_to_pay_is_an_unknown_amount_and_not_money_back(cents: int) -> None:
    seen = overview(answer(claim(cents, arrears=Arrears(amount=Money(300)))))
    assert seen.balance == Total(None, is_at_least=True, unknown_count=1)
    assert (seen.arrears.amount, seen.overpaid) == (Money(300), ZERO)


ASKED = (
    {"status": ClaimStatus.OVERDUE},
    {"status": ClaimStatus.ARRANGEMENT_BROKEN},
    {"due_amount": Money(5_000), "due_on": PartialDate(2026, 5, 1)},
)


@pytest.mark.threat("T-03")
@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("cents", [0, -5_000])
def test_a_claim_on_which_money_is_asked_never_counts_as_nothing(cents: int, asked: dict[str, Any]) -> None:
    """A system that sends zero for "not filled in", or debts with a minus sign."""
    odd = claim(cents, **{"arrears": None, **asked})
    seen = overview(answer(odd))
    assert seen.balance == Total(None, is_at_least=True, unknown_count=1)
    assert seen.overpaid == ZERO
    assert contradicts_itself(odd)
    assert [finding.code for finding in claim_findings(odd)] == ["status_or_arrears_differ"]


def test_less_than_nothing_late_never_lowers_what_is_late_elsewhere() -> None:
    late, odd = claim(500, arrears=Arrears(amount=Money(500))), claim(9, arrears=Arrears(amount=Money(-500)))
    assert overview(answer(late, odd)).arrears == Total(Money(500), is_at_least=True, unknown_count=1)
    assert contradicts_itself(odd)


def test_nothing_late_here_says_nothing_about_a_claim_that_was_handed_over() -> None:
    seen = overview(answer(claim(0, status=ClaimStatus.TRANSFERRED)))
    assert seen.arrears == Total(None, is_at_least=True, unknown_count=1)
    assert balance_to_show(seen.claims[0]) is None


def test_the_first_date_to_pay_may_have_passed() -> None:
    early = claim(1, due_on=PartialDate(2026, 3, 1), reference="early")
    paid = claim(0, due_on=PartialDate(2025, 1, 1), status=ClaimStatus.PAID)
    assert overview(answer(claim(1, due_on=PartialDate(2026, 5, 1)), early, paid)).first_due == early


def test_each_creditor_has_its_own_sum() -> None:
    other = Organisation("Ander")
    seen = overview(answer(claim(100), claim(50), claim(7, creditor=other)), DOWN)
    sums = {total.creditor.name: (total.claim_count, total.balance) for total in seen.per_organisation}
    assert sums["Brugstad"] == (2, Total(Money(150), is_at_least=False))
    assert sums["Ander"] == (1, Total(Money(7), is_at_least=True))


def test_urgent_claims_come_first_whatever_their_size() -> None:
    threat = claim(1, urgencies=(Urgency(kind=UrgencyKind.EVICTION),), reference="threat")
    bailiff = claim(2, collector=Collector(name="Deurwaarder"), reference="bailiff")
    late = claim(3, status=ClaimStatus.OVERDUE, reference="late")
    dated = claim(10**6, due_on=PartialDate(2026, 5, 1), reference="dated")
    plain, settled = claim(10**7, reference="plain"), claim(0, status=ClaimStatus.PAID, reference="settled")
    seen = overview(answer(settled, plain, dated, late, bailiff, threat)).reported
    assert [one.claim.reference for one in sort_by_urgency(seen, TODAY)] == [
        "threat",
        "bailiff",
        "late",
        "dated",
        "plain",
        "settled",
    ]


def test_differing_names_are_told_per_source_and_never_merged() -> None:
    seen = overview(answer(name="J. de Vries"), answer(name="J. Jansen", source="b"))
    assert names_differ(seen)
    assert name_findings(seen) == (Finding("stated_name_differs", "a"), Finding("stated_name_differs", "b"))
    assert "Vries" not in repr(name_findings(seen))


def test_capitals_and_spaces_do_not_make_another_name() -> None:
    assert name_findings(overview(answer(name="J. de Vries"), answer(name="j.  DE VRIES ", source="b"))) == ()


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(strategies.overviews, st.randoms(use_true_random=False))
def test_the_order_of_sources_claims_and_events_never_changes_totals(seen: Overview, random: Any) -> None:
    def mixed(items: Any) -> Any:
        shuffled = list(items)
        random.shuffle(shuffled)
        return tuple(shuffled)

    def turned(outcome: Any) -> Any:
        if not isinstance(outcome, SourceAnswer):
            return outcome
        return replace(outcome, claims=mixed(replace(c, events=mixed(c.events)) for c in outcome.claims))

    other = replace(seen, outcomes=mixed(turned(outcome) for outcome in seen.outcomes))
    assert (other.balance, other.arrears, other.overpaid) == (seen.balance, seen.arrears, seen.overpaid)
