"""What is shown of one source after it was asked twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from claims.financial_claim import Amounts, FinancialClaim
from claims.money import Money
from claims.organisation import Organisation
from claims.outcome import (
    Basis,
    BasisKind,
    FailureCause,
    PartialReason,
    Source,
    SourceAnswer,
    SourceFailure,
    most_telling,
)

NOW = datetime(2026, 4, 1, tzinfo=UTC)
TOWN = Organisation("Brugstad")
SOURCE = Source("a", TOWN)


def claim(reference: str, cents: int = 100) -> FinancialClaim:
    return FinancialClaim(reference=reference, creditor=TOWN, amounts=Amounts(balance=Money(cents)))


def answer(*claims: FinancialClaim, at: datetime = NOW, **fields: Any) -> SourceAnswer:
    return SourceAnswer(
        source=SOURCE, answered_at=at, basis=Basis(BasisKind.LIVE, at), claims=claims, **fields
    )


PART: dict[str, Any] = {"partial": (PartialReason.MORE_PAGES,)}
LATER = NOW + timedelta(minutes=1)


def references(outcome: object) -> list[str]:
    assert isinstance(outcome, SourceAnswer)
    return [one.reference for one in outcome.claims]


@pytest.mark.threat("T-03")
@pytest.mark.parametrize("before", [{}, PART])
def test_a_part_of_an_answer_does_not_hide_what_the_answer_before_it_had(before: dict[str, Any]) -> None:
    first = answer(claim("1"), claim("2"), claim("3"), **before)
    known = most_telling(answer(claim("2", 50), at=LATER, **PART), first)
    assert references(known) == ["2", "1", "3"]
    assert isinstance(known, SourceAnswer)
    assert not known.is_full
    assert known.basis.at == NOW
    assert known.claims[0].amounts.balance == Money(50)
    assert [finding.code for finding in known.findings] == ["earlier_claims_kept"]


def test_two_debts_under_one_number_stay_two() -> None:
    first = answer(claim("1", 100), claim("1", 200))
    known = most_telling(answer(claim("1", 100), at=LATER, **PART), first)
    assert isinstance(known, SourceAnswer)
    assert [one.amounts.balance for one in known.claims] == [Money(100), Money(200)]


def test_a_part_that_has_them_all_stands_alone() -> None:
    part = answer(claim("1", 50), claim("2"), at=LATER, **PART)
    assert most_telling(part, answer(claim("1"), **PART)) == part


def test_a_whole_answer_and_one_about_somebody_else_stand_alone() -> None:
    first = answer(claim("1"), **PART)
    for new in (
        answer(at=LATER),
        answer(claim("2"), at=LATER),
        SourceFailure(source=SOURCE, failed_at=LATER, cause=FailureCause.WRONG_PERSON),
    ):
        assert most_telling(new, first) == new
    nothing = replace(answer(at=LATER), **PART)
    down = SourceFailure(source=SOURCE, failed_at=LATER, cause=FailureCause.UNREACHABLE)
    assert most_telling(nothing, first) == most_telling(down, first) == first
