"""Several overviews of one person together: nothing disappears, and what is not known stays not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.financial_claim import Amounts, Arrears, ClaimStatus, FinancialClaim
from claims.identity import Bsn, Oin
from claims.merge import merge
from claims.merged import DifferentPersons, GivenOverview, Merged, MergedFile, PersonUnknown
from claims.money import ZERO, Money
from claims.organisation import Organisation
from claims.outcome import (
    Basis,
    BasisKind,
    FailureCause,
    NotConnected,
    PartialReason,
    Source,
    SourceAnswer,
    SourceFailure,
    SourceOutcome,
)
from claims.overview import Overview, creditor_key
from claims.stated import owed
from claims.totals import Total
from tests.support import strategies

NOW = datetime(2026, 4, 1, tzinfo=UTC)
BSN = Bsn("999993549")
TOWN = Organisation("Brugstad", Oin("00000001999999990000"))
OTHER = Organisation("Ander", Oin("00000001999999990001"))


def claim(cents: int | None, reference: str = "Z-1", **fields: Any) -> FinancialClaim:
    plain: dict[str, Any] = {"creditor": TOWN, "status": ClaimStatus.OPEN, "arrears": Arrears(amount=ZERO)}
    balance = None if cents is None else Money(cents)
    return FinancialClaim(reference=reference, **{**plain, **fields}, amounts=Amounts(balance=balance))


def answer(day: int, *claims: FinancialClaim, source: str = "a", **fields: Any) -> SourceAnswer:
    at = NOW + timedelta(days=day)
    return SourceAnswer(
        source=Source(source, TOWN), answered_at=at, basis=Basis(BasisKind.LIVE, at), claims=claims, **fields
    )


def down(day: int, source: str = "a") -> SourceFailure:
    at = NOW + timedelta(days=day)
    return SourceFailure(source=Source(source, TOWN), failed_at=at, cause=FailureCause.UNREACHABLE)


def unconnected(day: int, source: str = "a") -> NotConnected:
    return NotConnected(source=Source(source, TOWN), noted_at=NOW + timedelta(days=day))


def file(
    day: int, *outcomes: SourceOutcome, bsn: Bsn | None = BSN, issuer: str = "Brugstad"
) -> GivenOverview:
    at = NOW + timedelta(days=day)
    about = MergedFile(f"BK-2026-{day:010}", issuer, f"code {day}", at, (f"{day:064}",))
    return GivenOverview(about, bsn, Overview(at, outcomes))


def together(*files: GivenOverview) -> Merged:
    return merge(files)


def all_claims(files: Sequence[GivenOverview]) -> set[FinancialClaim]:
    outcomes = (outcome for one in files for outcome in one.overview.outcomes)
    return {said for outcome in outcomes if isinstance(outcome, SourceAnswer) for said in outcome.claims}


def shown_claims(merged: Merged) -> set[FinancialClaim]:
    answers = (outcome for outcome in merged.overview.outcomes if isinstance(outcome, SourceAnswer))
    current = {said for one in answers for said in one.claims}
    return current | {one.claim for one in (*merged.earlier, *merged.gone)}


def test_a_newer_version_of_a_debt_replaces_the_older_one_which_stays_to_be_seen() -> None:
    merged = together(file(0, answer(0, claim(10_000))), file(5, answer(5, claim(8_000))))
    assert merged.balance == Total(Money(8_000), is_at_least=False)
    assert [(one.claim.amounts.balance, one.said_at) for one in merged.earlier] == [(Money(10_000), NOW)]
    assert not merged.gone


def test_a_source_that_was_missing_and_answers_in_a_newer_file_leaves_no_gap() -> None:
    merged = together(file(0, down(0)), file(5, answer(5, claim(8_000))))
    assert merged.balance == Total(Money(8_000), is_at_least=False)
    assert merged.answered_later == {"a"}


def test_a_source_that_answered_and_is_missing_in_a_newer_file_keeps_its_claims_and_makes_the_total_at_least() -> (
    None
):
    merged = together(file(0, answer(0, claim(10_000))), file(5, down(5)))
    assert merged.balance == Total(Money(10_000), is_at_least=True)
    assert merged.silent_since == {"a"}
    (outcome,) = merged.overview.outcomes
    assert isinstance(outcome, SourceAnswer)
    assert outcome.answered_at == NOW
    assert outcome.partial == (PartialReason.STALE,)


def test_an_old_answer_of_nothing_and_a_newer_failure_is_no_answer() -> None:
    merged = together(file(0, answer(0)), file(5, down(5)))
    assert len(merged.overview.missing) == 1
    assert merged.balance == Total(None, is_at_least=True)


def test_a_source_that_is_missing_in_every_file_stays_a_gap_whatever_others_answer() -> None:
    merged = together(file(0, down(0, "b"), answer(0, claim(100))), file(5, answer(5, claim(100))))
    assert merged.balance == Total(Money(100), is_at_least=True)


@pytest.mark.parametrize("order", [(0, 5), (5, 0)])
def test_that_a_source_is_not_connected_closes_no_gap(order: tuple[int, int]) -> None:
    merged = together(file(0, down(order[0])), file(5, unconnected(order[1])))
    assert len(merged.overview.missing) == 1


def test_a_claim_that_a_newer_full_answer_lacks_is_shown_not_added_and_makes_the_total_at_least() -> None:
    merged = together(
        file(0, answer(0, claim(10_000), claim(5_000, "Z-2"))), file(5, answer(5, claim(8_000)))
    )
    assert merged.balance == Total(Money(8_000), is_at_least=True)
    assert [one.claim.reference for one in merged.gone] == ["Z-2"]
    assert merged.balance_with_gone == Total(Money(13_000), is_at_least=False)


def test_a_claim_that_was_paid_and_is_not_named_any_more_makes_nothing_uncertain() -> None:
    paid = claim(0, "Z-2", status=ClaimStatus.PAID)
    merged = together(file(0, answer(0, claim(10_000), paid)), file(5, answer(5, claim(8_000))))
    assert merged.balance == Total(Money(8_000), is_at_least=False)
    assert [one.claim for one in merged.gone] == [paid]


def test_a_claim_that_comes_back_is_not_gone() -> None:
    files = (
        file(0, answer(0, claim(100))),
        file(1, answer(1)),
        file(2, answer(2, claim(90))),
    )
    merged = together(*files)
    assert not merged.gone
    assert merged.balance == Total(Money(90), is_at_least=False)


def test_nothing_left_to_pay_and_a_claim_that_is_gone_is_an_unknown_total_never_zero() -> None:
    merged = together(file(0, answer(0, claim(100))), file(5, answer(5)))
    assert merged.balance == Total(None, is_at_least=True)


def test_a_partial_newer_answer_takes_no_claim_away() -> None:
    part = answer(5, claim(8_000), partial=(PartialReason.MORE_PAGES,))
    merged = together(file(0, answer(0, claim(10_000), claim(5_000, "Z-2"))), file(5, part))
    assert merged.balance == Total(Money(13_000), is_at_least=True)
    assert not merged.gone
    assert [one.claim.amounts.balance for one in merged.earlier] == [Money(10_000)]


def test_two_claims_under_one_number_are_not_taken_for_versions_of_one() -> None:
    twice = (claim(100), claim(200, title="Iets anders"))
    merged = together(file(0, answer(0, *twice)), file(5, answer(5, claim(100))))
    assert [one.claim for one in merged.gone] == [twice[1]]


def test_a_debt_that_two_sources_report_is_counted_once_and_shown_side_by_side() -> None:
    mine, theirs = answer(0, claim(100), source="a"), answer(5, claim(80), source="b")
    merged = together(file(0, mine), file(5, theirs, issuer="Ander"))
    (reported,) = merged.overview.reported
    assert len(reported.sources) == 2
    assert merged.balance.amount == Money(100)


def test_two_systems_that_have_the_same_name_in_two_installations_stay_two_sources() -> None:
    theirs = replace(answer(5, claim(80, creditor=OTHER)), source=Source("a", OTHER))
    merged = together(file(0, answer(0, claim(100))), file(5, theirs, issuer="Ander"))
    ids = [outcome.source.source_id for outcome in merged.overview.outcomes]
    assert len(set(ids)) == 2
    assert merged.balance == Total(Money(180), is_at_least=False)


def test_one_overview_as_pdf_and_as_json_is_one_overview_with_two_digests() -> None:
    once = file(0, answer(0, claim(100)))
    again = replace(once, file=replace(once.file, digests=("f" * 64,)))
    (found,) = together(once, again).files
    assert found.digests == ("0" * 64, "f" * 64)


def test_overviews_of_two_persons_are_refused_together() -> None:
    with pytest.raises(DifferentPersons):
        together(file(0, answer(0)), file(1, answer(1), bsn=Bsn("999998493")))


def test_an_overview_of_nobody_known_is_refused() -> None:
    with pytest.raises(PersonUnknown):
        together(file(0, answer(0)), file(1, answer(1), bsn=None))


def test_there_is_no_merging_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        together()


_claims = st.builds(
    claim,
    st.none() | st.integers(-300, 5_000),
    st.sampled_from(["Z-1", "Z-2", "Z-3"]),
    creditor=st.sampled_from([TOWN, OTHER]),
    status=st.sampled_from(ClaimStatus),
)
_days = st.integers(0, 4)
_ids = st.sampled_from(["a", "b"])
_outcomes = st.one_of(
    st.builds(
        lambda day, claims, source, partial: answer(day, *claims, source=source, partial=partial),
        _days,
        st.lists(_claims, max_size=3),
        _ids,
        st.sampled_from([(), (), (PartialReason.MORE_PAGES,)]),
    ),
    st.builds(down, _days, _ids),
    st.builds(unconnected, _days, _ids),
)
_files = st.lists(
    st.builds(
        lambda day, outcomes: file(day, *{one.source.source_id: one for one in outcomes}.values()),
        _days,
        st.lists(_outcomes, max_size=2),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.file.number,
)


@given(_files, st.randoms())
def test_the_order_of_the_files_does_not_matter_and_each_may_be_given_again(
    files: list[GivenOverview], chance: Any
) -> None:
    mixed = [*files, chance.choice(files)]
    chance.shuffle(mixed)
    assert merge(mixed) == merge(files)


@given(_files)
def test_no_claim_disappears(files: list[GivenOverview]) -> None:
    assert all_claims(files) == shown_claims(merge(files))


@given(_files)
def test_the_total_is_never_smaller_than_what_is_shown_or_says_so(files: list[GivenOverview]) -> None:
    merged = merge(files)
    parts = [owed(one) for one in merged.overview.claims]
    known = sum((part for part in parts if part is not None), ZERO)
    assert (merged.balance.amount or ZERO) >= known
    missing = None in parts or any(owed(one.claim) != ZERO for one in merged.gone)
    assert merged.balance.is_at_least or not (missing or merged.overview.has_gaps)
    most = merged.balance_with_gone
    assert (most.amount or ZERO) >= (merged.balance.amount or ZERO)


@given(_files)
def test_a_creditor_of_whom_anybody_ever_said_something_is_in_the_result(files: list[GivenOverview]) -> None:
    shown = {creditor_key(one.creditor) for one in shown_claims(merge(files))}
    assert shown == {creditor_key(one.creditor) for one in all_claims(files)}


@given(_files)
def test_a_source_that_never_answered_in_full_is_still_a_gap(files: list[GivenOverview]) -> None:
    outcomes = [outcome for one in files for outcome in one.overview.outcomes]
    asked = [one for one in outcomes if not isinstance(one, NotConnected)]
    never = {one.source.source_id for one in asked} - {one.source.source_id for one in asked if one.is_full}
    assert merge(files).overview.has_gaps or not never


@settings(max_examples=30)
@given(strategies.overviews)
def test_one_overview_alone_says_what_it_said(overview: Overview) -> None:
    sources = [one.source.source_id for one in overview.outcomes]
    about = MergedFile("BK-2026-0000000000", "Brugstad", "code", NOW)
    merged = merge([GivenOverview(about, BSN, overview)])
    if len(set(sources)) == len(sources):
        assert merged.balance == overview.balance
        assert sorted(map(repr, merged.overview.outcomes)) == sorted(map(repr, overview.outcomes))
    assert all_claims([GivenOverview(about, BSN, overview)]) == shown_claims(merged)


@pytest.mark.threat("T-03")
def test_the_sum_of_a_creditor_is_at_least_too_when_a_claim_of_theirs_is_gone() -> None:
    elsewhere = claim(700, "C", creditor=OTHER)
    merged = together(
        file(0, answer(0, claim(50_000, "A", arrears=Arrears(amount=Money(900))), claim(10_000, "B"))),
        file(5, answer(5, claim(10_000, "B"), elsewhere)),
    )
    gone_from, other = merged.per_organisation
    assert (gone_from.balance, gone_from.arrears) == (Total(Money(10_000), True), Total(None, True))
    assert (other.balance, other.arrears) == (Total(Money(700), False), Total(ZERO, False))


@pytest.mark.threat("T-03")
@pytest.mark.parametrize("newer", [(), (claim(10_000),)])
def test_an_answer_of_later_from_an_older_file_is_at_least(newer: tuple[FinancialClaim, ...]) -> None:
    """One organisation asks the source itself, another has its delivery of last month."""
    old_file = replace(answer(1, *newer), basis=Basis(BasisKind.BATCH, NOW - timedelta(days=30)))
    files = (file(0, answer(0, claim(50_000))), file(1, old_file, issuer="Elders"))
    merged = together(*files)
    assert merged.balance.is_at_least
    assert not merged.overview.all_answered
    assert together(*files, file(2, answer(2, *newer))).overview.all_answered


def test_a_claim_that_another_source_names_now_is_not_owed_twice() -> None:
    merged = together(
        file(0, answer(0, claim(50_000)), answer(0, source="b")),
        file(5, answer(5), answer(5, claim(50_000), source="b")),
    )
    assert merged.balance.amount == Money(50_000)
    assert merged.balance_with_gone.amount == Money(50_000)
    assert [one.claim.amounts.balance for one in merged.earlier] == [Money(50_000)]
    assert merged.gone == ()


def test_of_two_gone_claims_with_one_name_none_is_taken_for_the_one_that_is_named_elsewhere() -> None:
    merged = together(
        file(0, answer(0, claim(50_000), claim(30_000)), answer(0, source="b")),
        file(5, answer(5), answer(5, claim(50_000), source="b")),
    )
    assert len(merged.gone) == 2
    assert merged.balance.is_at_least
