"""Archived copies: the handed-out file with document time-stamps behind it, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from signing.archive_section import ROOM
from signing.policy import TrustPolicy
from signing.report import CheckId, Finding, Outcome, SealReport
from signing.sealing.archive import archived
from signing.sealing.pdf import LongTermData
from signing.verifying.examination import examine_here
from simulators.time_stamps import StampProfile, TimeStampIssuer
from tests.support import tampering
from tests.support.pdf_builder import PAYLOAD, PdfPlan, build_pdf
from tests.support.seals import cms_at_any_time, days_ago
from tests.support.stamped import StampedTown, stamped_town


@pytest.fixture(scope="module")
def place() -> Iterator[StampedTown]:
    with stamped_town() as made:
        yield made


@pytest.fixture(scope="module")
def copy(place: StampedTown) -> bytes:
    return place.archived(place.pdf("B-LT"))


def failed(report: SealReport) -> CheckId:
    [check] = [check for check in report.checks if check.outcome is Outcome.FAILED]
    return check.id


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT"])
def test_a_copy_of_every_level_is_archived_and_can_be_renewed(place: StampedTown, level: str) -> None:
    data = place.pdf(level)
    for _ in range(3):
        data = place.archived(data)
        report = place.town.examine(data)
        assert (report.finding, report.level, report.payload) == (Finding.ARCHIVED, "B-LTA", PAYLOAD)
        assert report.proven_at is not None
        assert report.archived_at is not None
        assert report.archived_at >= report.proven_at


def test_the_original_stands_unchanged_in_front(place: StampedTown) -> None:
    original = place.pdf("B-LT")
    copy = place.archived(original)
    assert copy.startswith(original)
    assert original.count(b"%%EOF") == 1
    assert place.town.examine(original).finding is Finding.GENUINE


def test_no_bit_of_a_copy_can_be_flipped_unnoticed(place: StampedTown, copy: bytes) -> None:
    appended = copy.index(b"%%EOF\n") + 6
    room = copy.index(b"/Contents <", appended)
    places = [*range(0, appended, 1999), *range(appended, room, 97), *range(room, len(copy) - 700, 499)]
    for where in [*places, *range(len(copy) - 700, len(copy), 11)]:
        report = place.town.examine(tampering.flip_bit(copy, where, where % 8))
        assert report.finding in {Finding.ALTERED, Finding.UNTRUSTED, Finding.NOT_SEALED}, where


@pytest.mark.parametrize("tail", [b"\n", b"%", b"1 0 obj\n<<>>\nendobj\n"])
def test_nothing_may_follow_an_archived_copy(place: StampedTown, copy: bytes, tail: bytes) -> None:
    report = place.town.examine(copy + tail)
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.WHOLE_FILE)


@pytest.mark.parametrize("change", [tampering.white_box, tampering.change_title, tampering.save_again])
def test_a_copy_that_was_changed_afterwards_is_altered(place: StampedTown, copy: bytes, change: Any) -> None:
    assert place.town.examine(change(copy)).finding is Finding.ALTERED


def test_what_was_changed_before_archiving_is_altered(place: StampedTown) -> None:
    for changed in (tampering.white_box(place.pdf("B-T")), place.pdf("B-T").replace(b"12345", b"54321")):
        assert place.town.examine(place.archived(changed)).finding is Finding.ALTERED


def test_only_certificates_and_lists_may_be_put_in(place: StampedTown) -> None:
    hidden = LongTermData((b"a secret message",), ())
    report = place.town.examine(archived(place.pdf("B-T"), place.client, hidden))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.WHOLE_FILE)


def test_a_time_stamp_over_something_else_is_altered(place: StampedTown) -> None:
    class Other(type(place.client)):  # type: ignore[misc]
        def token(self, digest: bytes) -> bytes:
            return place.client.token(bytes(32))

    other = archived(place.pdf("B-T"), Other(place.client._authority), place.long_term)
    assert place.town.examine(other).finding is Finding.ALTERED


def test_a_stranger_cannot_make_archived_copies(place: StampedTown) -> None:
    report = place.town.examine(
        archived_at(place, place.pdf("B-LT"), datetime.now(UTC), TimeStampIssuer.create())
    )
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.MOMENT)


def test_without_time_stamp_authority_in_the_policy_a_copy_is_not_vouched_for(
    place: StampedTown, copy: bytes
) -> None:
    [trusted] = place.town.policy.organisations
    policy = TrustPolicy(frozenset({replace(trusted, time_stamp_roots=())}))
    assert examine_here(copy, policy, datetime.now(UTC)).finding is Finding.UNTRUSTED


def archived_at(place: StampedTown, data: bytes, at: datetime, by: TimeStampIssuer) -> bytes:
    return place.archived(data, place.client_at(at, by))


def test_renewing_in_time_keeps_the_proof_when_certificates_expire(place: StampedTown) -> None:
    """Seal certificate expired 10 days ago, the authority's first certificate yesterday; renewed in between."""
    old = place.town.with_seal(not_before=days_ago(30), not_after=days_ago(10))
    sealed_at = days_ago(20)
    pdf = build_pdf(PdfPlan(sealed_at=sealed_at), cms_at_any_time(old.key))
    first = place.town.tsa.with_profile(StampProfile(not_after=days_ago(1)))
    once = archived_at(place, pdf, sealed_at + timedelta(hours=1), first)
    assert place.town.examine(once).finding is Finding.EXPIRED_UNPROVEN
    renewed = archived_at(place, once, days_ago(5), place.town.tsa)
    report = place.town.examine(renewed)
    assert (report.finding, report.proven_at) == (Finding.ARCHIVED, sealed_at + timedelta(hours=1))
    too_late = archived_at(place, once, days_ago(0), place.town.tsa)
    assert place.town.examine(too_late).finding is Finding.EXPIRED_UNPROVEN


def test_time_stamps_run_forward(place: StampedTown) -> None:
    copy = archived_at(place, place.archived(place.pdf("B-B")), days_ago(1), place.town.tsa)
    report = place.town.examine(copy)
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.MOMENT)


def test_the_time_stamps_have_their_room(copy: bytes) -> None:
    assert copy.count(b"/Type /DocTimeStamp") == 1
    assert copy[copy.index(b"/DocTimeStamp") :].index(b">>>") > 2 * ROOM
