"""Checks tell what is odd and never change a value."""

from dataclasses import replace

import pytest

from claims.checks import build_up_difference, claim_findings, is_valid_iban, with_findings
from claims.events import PaymentObligationImposed
from claims.financial_claim import Amounts, FinancialClaim, Finding
from claims.money import ZERO, Money
from claims.organisation import Organisation, PaymentDetails

BUILT_UP = Amounts(
    opening=Money(1000),
    costs=Money(90),
    interest=Money(10),
    paid=Money(300),
    remitted=Money(100),
    balance=Money(700),
)
CLAIM = FinancialClaim(reference="Z-1", creditor=Organisation("Brugstad"), amounts=BUILT_UP)


def test_a_build_up_that_adds_up() -> None:
    assert build_up_difference(CLAIM) == ZERO
    assert claim_findings(CLAIM) == ()


def test_a_build_up_that_does_not_add_up_is_told() -> None:
    odd = replace(CLAIM, amounts=replace(BUILT_UP, balance=Money(750)))
    assert build_up_difference(odd) == Money(50)
    assert claim_findings(odd) == (Finding("build_up_differs"),)


@pytest.mark.parametrize(
    ("balance", "left_out", "is_odd"),
    [
        (650, {"paid": None}, False),
        (650, {"costs": None, "interest": None}, False),
        (550, {"costs": None, "interest": None}, True),
        (2000, {"paid": None}, True),
        (2000, {"costs": None}, False),
        (2000, {"interest": None}, False),
    ],
)
def test_a_part_that_is_not_stated_may_explain_a_difference(
    balance: int, left_out: dict[str, None], is_odd: bool
) -> None:
    """Social services state what a claim began with and what is left, and never what was paid."""
    claim = replace(CLAIM, amounts=replace(BUILT_UP, balance=Money(balance), **left_out))
    assert (claim_findings(claim) == (Finding("build_up_differs"),)) is is_odd


@pytest.mark.parametrize("gone", ["opening", "balance"])
def test_without_opening_or_balance_there_is_nothing_to_compare(gone: str) -> None:
    unknown = replace(CLAIM, amounts=replace(BUILT_UP, **{gone: None}))
    assert build_up_difference(unknown) is None


@pytest.mark.parametrize("iban", ["NL91ABNA0417164300", "nl91 abna 0417 1643 00", "BE68539007547034"])
def test_good_ibans(iban: str) -> None:
    assert is_valid_iban(iban)


@pytest.mark.parametrize(
    "iban", ["", "NL91ABNA0417164301", "91ABNA0417164300NL", "NL91", "NL91ABNA04171643٠0", "x" * 99]
)
def test_bad_ibans(iban: str) -> None:
    assert not is_valid_iban(iban)


def test_a_wrong_iban_is_a_finding_and_stays() -> None:
    for odd in (
        replace(CLAIM, payment=PaymentDetails(iban="NL91ABNA0417164301")),
        replace(CLAIM, events=(PaymentObligationImposed(key="b", amount=None, iban="fout"),)),
    ):
        told = with_findings(odd)
        assert told.findings == (Finding("iban_check_digits"),)
        assert replace(told, findings=()) == odd
        assert with_findings(told) == told
