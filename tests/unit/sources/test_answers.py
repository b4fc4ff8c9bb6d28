"""Rules that hold for every protocol."""

from datetime import timedelta

from claims.outcome import Basis, BasisKind, PartialReason
from sources.answers import moment_findings, too_old, without_repeats
from tests.unit.sources.fakes import NOON, a_claim

TWO_DAYS = timedelta(days=2)


def batch(age: timedelta) -> Basis:
    return Basis(BasisKind.BATCH, NOON - age)


def test_old_data_make_an_answer_partial() -> None:
    assert too_old(batch(timedelta(days=2, seconds=1)), NOON, TWO_DAYS) == (PartialReason.STALE,)
    assert too_old(batch(TWO_DAYS), NOON, TWO_DAYS) == ()


def test_data_from_the_future_are_a_finding_but_for_small_differences_of_clocks() -> None:
    assert [f.code for f in moment_findings(batch(-timedelta(minutes=6)), NOON)] == ["moment_in_future"]
    assert moment_findings(batch(-timedelta(minutes=4)), NOON) == ()


def test_an_exact_repeat_counts_once() -> None:
    claims, findings = without_repeats([a_claim("1"), a_claim("2"), a_claim("1")])
    assert [claim.reference for claim in claims] == ["1", "2"]
    assert [finding.code for finding in findings] == ["repeated_claim"]


def test_claims_that_differ_under_one_reference_are_all_kept() -> None:
    claims, findings = without_repeats([a_claim("1", 100), a_claim("1", 200), a_claim("1", None)])
    assert len(claims) == 3
    assert [finding.code for finding in findings] == ["reference_used_twice"]


def test_many_different_claims_under_one_reference_cost_no_more_than_others() -> None:
    """Comparing each with each would take far longer than a test may."""
    claims, _ = without_repeats(a_claim("1", cents) for cents in range(40_000))
    assert len(claims) == 40_000
