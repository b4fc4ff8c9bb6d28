"""A report crosses a process border and must not be mistaken for a boolean."""

import pickle

import pytest

from signing.report import CheckId, Finding, Outcome, SealReport
from signing.verifying.wire import Job, Limits, read_job, read_report, write_job, write_report
from tests.support.seals import Town


def test_it_is_neither_true_nor_false(town: Town) -> None:
    report = town.examine(town.pdf())
    with pytest.raises(TypeError):
        bool(report)


@pytest.mark.parametrize("make", ["pdf", "json"])
def test_it_survives_the_border(town: Town, make: str) -> None:
    report = town.examine(getattr(town, make)())
    assert report.payload
    assert read_report(write_report(report)) == report
    assert pickle.loads(pickle.dumps(report)) == report


def test_a_poor_report_survives_the_border_too() -> None:
    report = SealReport(Finding.NOT_SEALED, "00")
    assert read_report(write_report(report)) == report


def test_the_policy_survives_the_border(town: Town) -> None:
    job = Job(Limits(), town.policy, 7)
    assert read_job(write_job(job)) == job


def test_every_check_is_listed_once_and_in_order(town: Town) -> None:
    for data in (town.pdf(), town.json(), b"", b"%PDF-1.7", b"{}"):
        report = town.examine(data)
        assert [check.id for check in report.checks] == list(CheckId)
        assert [check.number for check in report.checks] == list(range(1, len(CheckId) + 1))


def test_a_bad_finding_has_exactly_one_failed_check_and_no_payload(town: Town) -> None:
    report = town.examine(town.pdf()[:-1])
    assert [check.outcome for check in report.checks].count(Outcome.FAILED) == 1
    assert report.payload is None


def test_the_payload_does_not_appear_in_its_text(town: Town) -> None:
    assert "BK-2026" not in repr(town.examine(town.json()))
