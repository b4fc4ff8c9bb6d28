"""How a source is doing, in one word."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.ports.monitor import Certificate, Circuit, PeriodFigures
from app.services.source_state import SourceState, expiring, judge, of_last, share_answered
from sources.events import ANSWERS, FAILURES, AskResult, CertificateRole
from tests.support.monitor_figures import period, source_figures
from tests.support.web_claims import NOW

HOUR = timedelta(hours=1)


def state(**changes: Any) -> SourceState:
    return judge(source_figures(**changes), NOW).state


def test_a_recent_full_answer_means_that_it_works() -> None:
    assert state(newest=(period(claims=3),)) is SourceState.WORKS
    assert state(last={AskResult.NO_CLAIMS: NOW - timedelta(hours=23)}) is SourceState.WORKS


def test_an_old_answer_says_nothing_about_now() -> None:
    assert state(last={AskResult.CLAIMS: NOW - timedelta(hours=25)}) is SourceState.QUIET


def test_without_any_question_nothing_is_known() -> None:
    assert state() is SourceState.NEVER_ASKED
    assert state(last={AskResult.CANCELLED: NOW}) is SourceState.NEVER_ASKED
    assert state(last={AskResult.NOT_IN_INDEX: NOW}) is SourceState.NEVER_ASKED


@pytest.mark.parametrize("failure", sorted(FAILURES))
def test_any_failure_after_the_last_answer_counts_however_long_ago(failure: AskResult) -> None:
    last = {AskResult.CLAIMS: NOW - 100 * HOUR, failure: NOW - 99 * HOUR}
    judgement = judge(source_figures(last=last), NOW)
    assert (judgement.state, judgement.cause, judgement.at) == (SourceState.FAILS, failure, NOW - 99 * HOUR)


@pytest.mark.parametrize("answer", sorted(ANSWERS))
def test_at_the_same_moment_the_failure_counts(answer: AskResult) -> None:
    assert state(last={answer: NOW, AskResult.TOO_SLOW: NOW}) is SourceState.FAILS
    assert state(last={AskResult.TOO_SLOW: NOW, answer: NOW}) is SourceState.FAILS


def test_an_answer_after_a_failure_today_is_not_simply_well() -> None:
    last = {AskResult.TOO_SLOW: NOW - HOUR, AskResult.CLAIMS: NOW}
    assert state(newest=(period(too_slow=1, claims=1),), last=last) is SourceState.UNEVEN
    assert state(newest=(period(claims=1), period(too_slow=1)), last=last) is SourceState.WORKS


def test_a_partial_answer_is_told() -> None:
    assert state(last={AskResult.PARTIAL: NOW, AskResult.CLAIMS: NOW - HOUR}) is SourceState.PARTIAL


@pytest.mark.parametrize(("until", "expected"), [(HOUR, SourceState.LEFT_ALONE), (-HOUR, SourceState.FAILS)])
def test_an_open_circuit_goes_before_everything(until: timedelta, expected: SourceState) -> None:
    circuit = Circuit(1, 2, NOW + until)
    assert state(last={AskResult.UNREACHABLE: NOW}, circuit=circuit) is expected


def test_a_source_that_is_not_connected_is_not_judged() -> None:
    figures = source_figures(last={AskResult.TOO_SLOW: NOW})
    figures = replace(figures, source=replace(figures.source, connected=False))
    assert judge(figures, NOW).state is SourceState.NOT_CONNECTED


@pytest.mark.parametrize(
    ("figures", "answered", "wanted", "percent"),
    [
        (PeriodFigures(), 0, 0, None),
        (period(cancelled=4, not_in_index=3), 0, 0, None),
        (period(claims=2, no_claims=1, partial=1), 4, 4, 100),
        (period(claims=199, too_slow=1), 199, 200, 99),
        (period(claims=999, circuit_open=1), 999, 1000, 99),
        (period(no_room=5), 0, 5, 0),
        (period(claims=1, cancelled=9, not_in_index=5), 1, 1, 100),
    ],
)
def test_the_share_counts_what_should_have_been_answered(
    figures: PeriodFigures, answered: int, wanted: int, percent: int | None
) -> None:
    share = share_answered(figures)
    assert (share.answered, share.wanted, share.percent) == (answered, wanted, percent)


def test_days_are_added_from_today_back() -> None:
    figures = source_figures(newest=(period(claims=1), period(claims=2), period(claims=4)))
    assert [of_last(figures, days).answers for days in (1, 2, 7)] == [1, 3, 7]


@pytest.mark.parametrize(
    ("left", "soon"), [(timedelta(days=41), True), (timedelta(days=43), False), (-HOUR, True)]
)
def test_a_certificate_is_named_in_time_to_renew_it(left: timedelta, soon: bool) -> None:
    def certificate(end: datetime) -> Certificate:
        return Certificate(CertificateRole.SERVER, end, NOW)

    assert bool(expiring([certificate(NOW + left)], NOW)) is soon
