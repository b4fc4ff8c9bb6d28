"""Sums must never pretend to know more than the sources said."""

from claims.money import ZERO, Money
from claims.totals import Total, add_up


def test_a_gap_makes_the_sum_at_least() -> None:
    assert add_up([Money(100)], has_gaps=True) == Total(Money(100), is_at_least=True)


def test_unknown_is_never_zero() -> None:
    assert add_up([None], has_gaps=False) == Total(None, is_at_least=True, unknown_count=1)
    assert add_up([], has_gaps=True) == Total(None, is_at_least=True)


def test_nothing_owed_and_no_gaps_is_zero() -> None:
    assert add_up([], has_gaps=False) == Total(ZERO, is_at_least=False)
