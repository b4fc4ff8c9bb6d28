"""A claim that two sources report: shown once, added once, and never smaller than the highest of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from claims.organisation import Organisation, PaymentDetails
from claims.outcome import Basis, BasisKind, Source, SourceAnswer
from claims.overview import Overview, creditor_key, is_settled
from claims.partial_date import PartialDate
from claims.record.reader import read_overview
from claims.record.writer import write_overview
from claims.totals import Total

NOW = datetime(2026, 4, 1, tzinfo=UTC)
TOWN = Organisation("Brugstad", Oin("00000001999999990000"))
OTHER = Organisation("Ander", Oin("00000001999999990001"))


def claim(cents: int | None, **fields: Any) -> FinancialClaim:
    plain: dict[str, Any] = {"reference": "Z-1", "creditor": TOWN, "status": ClaimStatus.OPEN}
    balance = None if cents is None else Money(cents)
    return FinancialClaim(
        **{**plain, "arrears": Arrears(amount=ZERO), **fields}, amounts=Amounts(balance=balance)
    )


def answer(source: str, *claims: FinancialClaim) -> SourceAnswer:
    return SourceAnswer(
        source=Source(source, Organisation(source)),
        answered_at=NOW,
        basis=Basis(BasisKind.LIVE, NOW),
        claims=claims,
    )


def seen(*per_source: FinancialClaim) -> Overview:
    return Overview(NOW, tuple(answer(f"s{number}", one) for number, one in enumerate(per_source)))


def codes(overview: Overview) -> list[str]:
    return [finding.code for each in overview.claims for finding in each.findings]


def test_the_same_claim_of_two_sources_counts_once_and_names_both() -> None:
    overview = seen(claim(100), claim(100))
    assert overview.balance == Total(Money(100), is_at_least=False)
    assert [source.source_id for source in overview.reported[0].sources] == ["s0", "s1"]
    assert overview.per_organisation[0].claim_count == len(overview.claims) == 1
    assert codes(overview) == []


def test_the_highest_known_balance_counts_and_the_difference_is_told() -> None:
    for overview in (seen(claim(70), claim(100)), seen(claim(100), claim(70))):
        assert overview.balance == Total(Money(100), is_at_least=False)
        assert codes(overview) == ["sources_differ"]


def test_an_unknown_balance_makes_a_known_one_at_least_and_is_never_hidden_by_nothing() -> None:
    assert seen(claim(None), claim(100)).balance == Total(Money(100), is_at_least=True)
    assert seen(claim(None), claim(100)).per_organisation[0].balance.is_at_least
    assert seen(claim(None), claim(0, status=ClaimStatus.PAID)).balance == Total(None, True, 1)


def test_one_source_that_calls_it_paid_does_not_settle_what_another_calls_open() -> None:
    merged = seen(claim(0, status=ClaimStatus.PAID), claim(100)).claims[0]
    assert not is_settled(merged)
    assert merged.status is ClaimStatus.OPEN


def test_threats_bailiff_arrears_and_the_first_date_come_from_every_source() -> None:
    threat = Urgency(kind=UrgencyKind.SEIZURE)
    high = claim(100, due_on=PartialDate(2026, 6, 1))
    low = claim(
        60,
        urgencies=(threat,),
        collector=Collector(name="Deurwaarder"),
        arrears=Arrears(amount=Money(40)),
        due_on=PartialDate(2026, 5, 1),
    )
    merged = seen(high, low).claims[0]
    assert merged.amounts.balance == Money(100)
    assert merged.urgencies == (threat,)
    assert merged.collector == Collector(name="Deurwaarder")
    assert merged.arrears == Arrears(amount=Money(40))
    assert merged.due_on == PartialDate(2026, 5, 1)


def test_the_same_reference_at_another_creditor_is_another_claim() -> None:
    by_name = Organisation("Brugstad")
    for creditor in (OTHER, by_name):
        overview = seen(claim(100), claim(100, creditor=creditor))
        assert overview.balance.amount == Money(200)
        assert not any(one.is_shared for one in overview.reported)


def test_two_departments_that_number_their_own_cases_have_two_claims() -> None:
    departments = [replace(TOWN, department=name) for name in ("Belastingen", "Sociaal domein")]
    overview = seen(*(claim(100, creditor=one) for one in departments))
    assert overview.balance.amount == Money(200)
    assert codes(overview) == ["duplicate_reference"] * 2


@pytest.mark.threat("T-04")
def test_two_kinds_of_debt_with_one_number_are_two_claims() -> None:
    """Two systems of one town that both count from one: the smaller debt must not vanish behind the larger one."""
    kinds = ("gm.parkeerbelasting", "gm.leenbijstand")
    overview = seen(*(claim(100 + n, kind_id=kind) for n, kind in enumerate(kinds)))
    assert overview.balance.amount == Money(201)
    assert codes(overview) == ["duplicate_reference"] * 2
    for other in (None, "GM.Parkeerbelasting"):
        same = seen(claim(100, kind_id=kinds[0]), claim(100, kind_id=other))
        assert same.balance.amount == Money(100)


def test_two_accounts_to_pay_one_claim_on_are_told() -> None:
    """Whose account is shown depends on who states the highest amount; the reader must know that there is another."""
    own, other = (PaymentDetails(iban=iban) for iban in ("NL91 ABNA 0417 1643 00", "NL69INGB0123456789"))
    compact = PaymentDetails(iban="NL91ABNA0417164300")
    assert codes(seen(claim(100, payment=own), claim(100, payment=other))) == ["sources_differ"]
    for no_other in (own, compact, None, PaymentDetails(reference="1")):
        assert codes(seen(claim(100, payment=own), claim(100, payment=no_other))) == []


def test_when_one_source_uses_the_reference_twice_nothing_is_merged() -> None:
    outcomes = (answer("a", claim(100), claim(50)), answer("b", claim(50)))
    assert Overview(NOW, outcomes).balance.amount == Money(200)
    assert Overview(NOW, outcomes[:1]).balance.amount == Money(150)


def test_the_record_keeps_what_each_source_said_and_names_what_was_counted_once() -> None:
    overview = seen(claim(70), claim(100))
    written = write_overview(overview)
    assert read_overview(written) == overview
    assert [len(outcome["vorderingen"]) for outcome in written["bronnen"]] == [1, 1]
    shared = [(one["kenmerk"], one["bronnen"]) for one in written["dubbel_gemeld"]]
    assert shared == [("Z-1", ["s0", "s1"])]
    assert written["totalen"]["aantal"] == 1


claims = st.builds(
    claim,
    st.none() | st.integers(-50, 100),
    reference=st.sampled_from(["Z-1", "Z-2"]),
    creditor=st.sampled_from([TOWN, OTHER, Organisation("Brugstad"), replace(TOWN, department="Zorg")]),
    status=st.sampled_from(ClaimStatus),
    kind_id=st.sampled_from([None, "gm.parkeerbelasting", "gm.leenbijstand"]),
    arrears=st.none()
    | st.builds(Arrears, amount=st.none() | st.integers(-5, 60).map(Money), is_at_least=st.booleans()),
    due_on=st.none() | st.builds(PartialDate, st.just(2026), st.integers(1, 12)),
)
many = st.lists(st.lists(claims, max_size=3), min_size=1, max_size=4)


def built(per_source: Sequence[Sequence[FinancialClaim]]) -> Overview:
    return Overview(NOW, tuple(answer(f"s{number}", *each) for number, each in enumerate(per_source)))


def cents(total: Total) -> int:
    return total.amount.cents if total.amount else 0


@given(many, claims)
def test_one_more_source_that_reports_a_claim_never_lowers_what_is_owed(
    per_source: list[list[FinancialClaim]], more: FinancialClaim
) -> None:
    before, after = built(per_source), built([*per_source, [more]])
    assert cents(after.balance) >= cents(before.balance)
    assert cents(after.arrears) >= cents(before.arrears)
    assert after.balance.is_at_least >= before.balance.is_at_least


@given(many)
def test_a_full_copy_of_a_source_changes_no_total(per_source: list[list[FinancialClaim]]) -> None:
    """As long as that source uses each reference once: else nobody can tell what is a copy of what."""
    once = [list({(creditor_key(c.creditor), c.reference): c for c in each}.values()) for each in per_source]
    before = built(once[:1])
    after = built([once[0], once[0]])
    assert (after.balance, after.arrears, after.overpaid) == (before.balance, before.arrears, before.overpaid)


@given(many, st.randoms())
def test_the_order_of_the_sources_never_changes_a_total(
    per_source: list[list[FinancialClaim]], random: Any
) -> None:
    overview = built(per_source)
    outcomes = list(overview.outcomes)
    random.shuffle(outcomes)
    other = Overview(NOW, tuple(outcomes))
    assert (other.balance, other.arrears) == (overview.balance, overview.arrears)
    assert sums(other) == sums(overview)


def sums(overview: Overview) -> dict[tuple[str, str], tuple[int, Total, Total]]:
    return {
        creditor_key(one.creditor): (one.claim_count, one.balance, one.arrears)
        for one in overview.per_organisation
    }


@given(many)
def test_every_claim_of_every_source_is_seen_under_its_reference(
    per_source: list[list[FinancialClaim]],
) -> None:
    overview = built(per_source)
    shown = {(creditor_key(c.creditor), c.reference) for c in overview.claims}
    assert shown == {(creditor_key(c.creditor), c.reference) for each in per_source for c in each}
    for one in overview.reported:
        added = [
            f for f in one.claim.findings if f in (Finding("sources_differ"), Finding("duplicate_reference"))
        ]
        assert len(added) <= 1
