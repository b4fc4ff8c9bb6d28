"""The test vectors of our FCID reference, chapter b.6 (reference moment 1 April 2026), and their properties."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.case_totals import add_up_case
from claims.events import Event
from claims.fcid.reader import read_document
from claims.financial_claim import Arrears, ClaimStatus, FinancialClaim
from claims.money import ZERO, Money
from tests.support import strategies
from tests.support.fcid import case, document, imposed, paid, remitted, to_pay, withdrawn

LATE, SOON = "2026-03-01", "2026-05-01"
LATE_REGISTERED = "2026-04-02T00:00:00Z"
NONE_LATE = Arrears(amount=ZERO)


def late(cents: int) -> Arrears:
    return Arrears(amount=Money(cents), obligation_keys=("b1",))


def only_claim(obj: dict[str, Any]) -> FinancialClaim:
    [claim] = read_document(obj).claims
    return claim


VECTORS = [
    ("1", "3", [imposed(10000)], (10000, 0), [], NONE_LATE),
    ("2", "3", [imposed(10000), to_pay(10000, SOON)], (10000, 0), [], NONE_LATE),
    ("3", "3", [imposed(10000), to_pay(10000, LATE)], (10000, 0), ["b1"], late(10000)),
    ("4", "3", [imposed(10000), to_pay(10000, LATE), paid(4000)], (10000, 4000), ["b1"], late(6000)),
    ("5", "3", [imposed(10000), to_pay(10000, LATE), withdrawn()], (10000, 0), [], NONE_LATE),
    ("6", "3", [imposed(10000), to_pay(10000, LATE), paid(10000)], (10000, 10000), [], NONE_LATE),
    (
        "7",
        "3",
        [imposed(10000), imposed(900, "v2", primaire_verplichting=False), paid(10900)],
        (10900, 10900),
        [],
        NONE_LATE,
    ),
    ("8", "4", [imposed(10000), remitted(2500)], (10000, 2500), [], NONE_LATE),
    (
        "9",
        "3",
        [imposed(10000), paid(10000, datumtijd_gebeurtenis=LATE_REGISTERED)],
        (10000, 0),
        [],
        NONE_LATE,
    ),
]


@pytest.mark.parametrize(("name", "version", "events", "sums", "listed", "arrears"), VECTORS)
def test_vector(
    name: str, version: str, events: list[Any], sums: tuple[int, int], listed: list[str], arrears: Arrears
) -> None:
    obliged, settled = sums
    obj = case(*events, obliged=obliged, settled=settled, version=version, achterstanden=listed)
    claim = only_claim(document(obj, version=version))
    totals = add_up_case(claim.events, claim.amounts.as_of)  # type: ignore[arg-type]
    assert (totals.obliged, totals.settled) == (Money(obliged), Money(settled))
    assert totals.is_known
    assert totals.balance == claim.amounts.balance == Money(obliged - settled)
    assert claim.arrears == arrears
    assert claim.findings == ()


def test_vector_8_in_the_other_reading_lowers_what_is_obliged() -> None:
    events = [imposed(10000), remitted(2500)]
    claim = only_claim(document(case(*events, obliged=7500, version="4"), version="4"))
    totals = add_up_case(claim.events, remission_lowers_obliged=True)
    assert (totals.obliged, totals.settled, totals.balance) == (Money(7500), ZERO, Money(7500))
    assert claim.findings == ()
    assert (claim.amounts.opening, claim.amounts.remitted) == (Money(10000), Money(2500))


def test_costs_and_interest_stand_apart_from_the_core() -> None:
    costs = imposed(900, "v2", primaire_verplichting=False, categorie="Administratiekosten")
    interest = imposed(50, "v3", primaire_verplichting=False, categorie="Rente")
    claim = only_claim(document(case(imposed(10000), costs, interest, obliged=10950)))
    amounts = claim.amounts
    assert (amounts.opening, amounts.costs, amounts.interest) == (Money(10000), Money(900), Money(50))


def test_a_second_tax_on_the_same_bill_is_not_costs() -> None:
    second = imposed(2860, "v2", primaire_verplichting=False, type="gm_rioolheffing")
    amounts = only_claim(document(case(imposed(10000), second, obliged=12860))).amounts
    assert (amounts.opening, amounts.costs) == (Money(12860), None)


def test_an_overpayment_stays_negative() -> None:
    claim = only_claim(document(case(imposed(10000), paid(12000), obliged=10000, settled=12000)))
    assert claim.amounts.balance == Money(-2000)
    assert claim.is_overpaid
    assert claim.status is ClaimStatus.PAID


@settings(deadline=None)
@given(
    st.lists(strategies.events, max_size=6),
    st.randoms(use_true_random=False),
    strategies.instants,
    st.booleans(),
)
def test_the_order_of_events_never_changes_totals(
    events: list[Event], random: Any, at: Any, lowers: bool
) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)
    for moment in (None, at):
        first = add_up_case(events, moment, remission_lowers_obliged=lowers)
        assert first == add_up_case(shuffled, moment, remission_lowers_obliged=lowers)


@settings(deadline=None)
@given(
    st.permutations(
        [imposed(10000), to_pay(5000, LATE), to_pay(5000, SOON, "b2"), paid(4000), withdrawn("b2")]
    )
)
def test_the_order_of_events_never_changes_the_claim(events: list[Any]) -> None:
    first = case(*sorted(events, key=str), obliged=10000, settled=4000, achterstanden=["b1"])
    second = case(*events, obliged=10000, settled=4000, achterstanden=["b1"])
    assert only_claim(document(first)) == only_claim(document(second))
