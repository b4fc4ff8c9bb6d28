"""Seals with a time-stamp (B-T) and with long-term data in the same revision (B-LT): what they prove, and how strict."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509

from signing.errors import NoTimeStamp
from signing.policy import TrustedOrganisation, TrustPolicy
from signing.report import CheckId, Finding, Outcome, SealReport
from signing.sealing.pdf import LongTermData, PdfSeal
from signing.time_stamp import read_time_stamp
from signing.verifying.examination import examine_here
from simulators.time_stamps import Mood, StampProfile, TimeStampIssuer
from tests.support import tampering
from tests.support.pdf_builder import PAYLOAD, PdfPlan, build_at_level, build_pdf
from tests.support.seals import NAME, Town, cms_at_any_time, days_ago
from tests.support.stamped import StampedTown, stamped_town, token_of


@pytest.fixture(scope="module", params=["p256", "rsa3072"])
def any_place(request: pytest.FixtureRequest) -> Iterator[StampedTown]:
    with stamped_town(request.param) as made:
        yield made


@pytest.fixture(scope="module")
def place() -> Iterator[StampedTown]:
    with stamped_town() as made:
        yield made


def failed(report: SealReport) -> CheckId:
    [check] = [check for check in report.checks if check.outcome is Outcome.FAILED]
    return check.id


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT"])
def test_every_level_is_genuine_and_known(any_place: StampedTown, level: str) -> None:
    report = any_place.town.examine(any_place.pdf(level))
    assert (report.finding, report.level, report.payload) == (Finding.GENUINE, level, PAYLOAD)
    assert (report.proven_at is not None) == (level != "B-B")


def test_the_moment_is_proven_by_the_authority_and_not_by_the_file(place: StampedTown) -> None:
    stated = days_ago(0.02)
    report = place.town.examine(place.pdf("B-T", PdfPlan(sealed_at=stated)))
    assert report.sealed_at == stated
    assert report.proven_at is not None
    assert report.proven_at > stated
    [moment] = [check for check in report.checks if check.id is CheckId.MOMENT]
    assert moment.outcome is Outcome.OK


def test_a_moment_that_the_time_stamp_contradicts_is_not_believed(place: StampedTown) -> None:
    class Earlier(type(place.client)):  # type: ignore[misc]
        def token(self, digest: bytes) -> bytes:
            stamp = place.town.tsa.token(digest, days_ago(0.5))
            return respelled(stamp)

    seal = PdfSeal(place.town.key).with_time_stamp(Earlier(place.client._authority))
    report = place.town.examine(build_at_level(PdfPlan(), seal))
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.MOMENT)


@pytest.mark.parametrize("level", ["B-T", "B-LT"])
def test_a_time_stamp_shows_that_our_own_clock_is_years_behind(place: StampedTown, level: str) -> None:
    report = examine_here(place.pdf(level), place.town.policy, days_ago(700))
    assert (report.finding, failed(report)) == (Finding.AHEAD_OF_CLOCK, CheckId.CERTIFICATE)
    assert (report.ahead_of_clock, report.payload) == (True, None)


def test_a_time_stamp_shows_that_not_our_clock_is_wrong_but_the_file(place: StampedTown) -> None:
    report = place.town.examine(place.pdf("B-T", PdfPlan(sealed_at=days_ago(-0.2))))
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.CERTIFICATE)


def respelled(token: bytes) -> bytes:
    stamp = read_time_stamp(token)
    return stamp.spelled((stamp.leaf, *stamp.others))


def at_time(place: StampedTown, at: datetime, identity: TimeStampIssuer | None = None) -> Any:
    """A client whose authority lived at another moment."""

    class Past(type(place.client)):  # type: ignore[misc]
        def token(self, digest: bytes) -> bytes:
            return respelled((identity or place.town.tsa).token(digest, at))

    return Past(place.client._authority)


def sealed_long_ago(place: StampedTown, identity: TimeStampIssuer | None = None) -> bytes:
    """Sealed twenty days ago with a time-stamp, by a certificate that expired ten days ago."""
    old = place.town.with_seal(not_before=days_ago(30), not_after=days_ago(10))
    at = days_ago(20)
    seal = PdfSeal(old.key).with_time_stamp(at_time(place, at, identity))
    plan = PdfPlan(sealed_at=at, level=seal.level, reserved_size=seal.reserved_size)
    return build_pdf(plan, cms_at_any_time(old.key, at_time(place, at, identity)))


def test_an_expired_certificate_with_a_time_stamp_is_genuine_without_remark(place: StampedTown) -> None:
    report = place.town.examine(sealed_long_ago(place))
    assert (report.finding, report.proven_at) == (Finding.GENUINE, report.sealed_at)


def test_a_time_stamp_of_which_the_certificate_has_expired_proves_nothing_any_more(
    place: StampedTown,
) -> None:
    expired = place.town.tsa.with_profile(StampProfile(not_after=days_ago(1)))
    report = place.town.examine(sealed_long_ago(place, expired))
    assert (report.finding, report.proven_at) == (Finding.EXPIRED_UNPROVEN, None)


def test_a_time_stamp_of_a_revoked_certificate_proves_nothing(place: StampedTown) -> None:
    bad = place.town.tsa.with_profile(StampProfile())
    pdf = sealed_long_ago(place, bad)
    assert place.town.examine(pdf).finding is Finding.GENUINE
    bad.issuing.revoke(bad.identity.certificate, days_ago(1), x509.ReasonFlags.key_compromise)
    assert place.town.examine(pdf).finding is Finding.EXPIRED_UNPROVEN


def test_without_time_stamp_authority_in_the_policy_the_moment_stays_unproven(place: StampedTown) -> None:
    [trusted] = place.town.policy.organisations
    without = replace(trusted, time_stamp_roots=(), time_stamp_crls=())
    policy = TrustPolicy(frozenset({without}))
    now = datetime.now(UTC)
    report = examine_here(place.pdf("B-T"), policy, now)
    assert (report.finding, report.proven_at) == (Finding.GENUINE, None)
    assert examine_here(sealed_long_ago(place), policy, now).finding is Finding.EXPIRED_UNPROVEN


def test_a_time_stamp_of_a_stranger_is_not_ours(place: StampedTown) -> None:
    stranger = TimeStampIssuer.create()
    seal = PdfSeal(place.town.key).with_time_stamp(at_time(place, days_ago(0), stranger))
    report = place.town.examine(build_at_level(PdfPlan(), seal))
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.MOMENT)


def test_a_key_revoked_after_the_proven_moment_changes_nothing_and_before_it_everything() -> None:
    with stamped_town() as own:
        revoked_at = days_ago(0) + timedelta(minutes=1)
        pdf = own.pdf("B-T")
        copy = own.archived(own.pdf("B-B"))
        own.town.authority.revoke(own.town.identity, revoked_at)
        for file, finding in ((pdf, Finding.GENUINE), (copy, Finding.ARCHIVED)):
            report = own.town.examine(file)
            assert (report.finding, report.revoked_at) == (finding, revoked_at)
        assert own.town.examine(own.pdf("B-B")).finding is Finding.KEY_REVOKED
    with stamped_town() as own:
        own.town.authority.revoke(own.town.identity, days_ago(0.01))
        backdated = own.pdf("B-T", PdfPlan(sealed_at=days_ago(0.5)))
        report = own.town.examine(backdated)
        assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.REVOCATION)


def test_lists_in_the_file_say_that_it_was_not_revoked_when_ours_are_gone(place: StampedTown) -> None:
    [trusted] = place.town.policy.organisations
    policy = TrustPolicy(frozenset({replace(trusted, crls=(), time_stamp_crls=())}))
    for level, outcome in (("B-T", Outcome.NOT_DONE), ("B-LT", Outcome.OK)):
        report = examine_here(place.pdf(level), policy, datetime.now(UTC))
        [revocation] = [check for check in report.checks if check.id is CheckId.REVOCATION]
        assert revocation.outcome is outcome


# Strictness: every byte counts.


@pytest.mark.parametrize("level", ["B-T", "B-LT"])
def test_no_bit_can_be_flipped_unnoticed(place: StampedTown, level: str) -> None:
    pdf = place.pdf(level)
    start, end = tampering.cms_range(pdf)
    places = [*range(0, start, 211), *range(end, len(pdf), 997), *range(end, end + 40)]
    for where in places:
        report = place.town.examine(tampering.flip_bit(pdf, where, where % 8))
        assert report.finding in {Finding.ALTERED, Finding.NOT_SEALED}, where


def test_no_byte_of_the_cms_with_its_time_stamp_can_be_changed_unnoticed(place: StampedTown) -> None:
    pdf = place.pdf("B-T")
    start, end = tampering.cms_range(pdf)
    for where in range(start, end, 53):
        changed = pdf[:where] + (b"1" if pdf[where : where + 1] == b"0" else b"0") + pdf[where + 1 :]
        finding = place.town.examine(changed).finding
        assert finding in {Finding.ALTERED, Finding.UNTRUSTED}, where - start


def test_a_time_stamp_cannot_be_taken_out(place: StampedTown) -> None:
    bare = PdfSeal(place.town.key)
    seal = place.seal("B-T")
    plan = PdfPlan(level=seal.level, reserved_size=seal.reserved_size)
    report = place.town.examine(build_pdf(plan, bare.cms))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


def test_a_time_stamp_cannot_be_added(place: StampedTown) -> None:
    seal = place.seal("B-T")
    report = place.town.examine(build_pdf(PdfPlan(reserved_size=seal.reserved_size), seal.cms))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


@pytest.mark.parametrize("level", ["B-B", "B-T", None])
def test_long_term_data_belong_to_a_time_stamp_and_the_stated_level(
    place: StampedTown, level: str | None
) -> None:
    seal = PdfSeal(place.town.key) if level in ("B-B", None) else place.seal("B-T")
    plan = PdfPlan(level=level, reserved_size=seal.reserved_size, long_term=place.long_term)
    report = place.town.examine(build_pdf(plan, seal.cms))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


def test_the_time_stamp_of_another_document_does_not_fit(place: StampedTown) -> None:
    seal = place.seal("B-T")
    other = token_of(seal.cms(bytes(32)))
    report = place.town.examine(_with_token(place, lambda _: other))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.UNCHANGED)


def _more_certificates(town: Town) -> Callable[[bytes], bytes]:
    def change(token: bytes) -> bytes:
        stamp = read_time_stamp(token)
        return stamp.spelled((stamp.leaf, *stamp.others, town.authority.seal_root_der()))

    return change


def test_a_time_stamp_has_one_spelling(place: StampedTown) -> None:
    for change in (_more_certificates(place.town), lambda token: token[:1] + _long_length(token)):
        assert place.town.examine(_with_token(place, change)).finding is Finding.ALTERED


def _long_length(token: bytes) -> bytes:
    """The outer length with a leading zero."""
    return b"\x83\x00" + token[2:]


def _with_token(place: StampedTown, change: Callable[[bytes], bytes]) -> bytes:
    class Changed(type(place.client)):  # type: ignore[misc]
        def token(self, digest: bytes) -> bytes:
            return change(place.client.token(digest))

    seal = PdfSeal(place.town.key).with_time_stamp(Changed(place.client._authority))
    return build_at_level(PdfPlan(), seal)


# Falling back.


def test_a_seal_without_its_time_stamp_is_refused_and_the_lower_level_works(place: StampedTown) -> None:
    seal = place.seal("B-T")
    place.services.mood = Mood.REFUSING
    try:
        with pytest.raises(NoTimeStamp):
            build_at_level(PdfPlan(), seal)
        assert place.town.examine(place.pdf("B-B")).level == "B-B"
    finally:
        place.services.mood = Mood.SOUND
        place.client._resume_at = 0.0


def test_another_certificate_than_that_of_the_long_term_data_is_refused(place: StampedTown) -> None:
    seal = PdfSeal(place.town.key).with_time_stamp(place.client, LongTermData((b"other",)))
    with pytest.raises(NoTimeStamp, match="another certificate"):
        seal.cms(bytes(32))


@pytest.mark.parametrize("level", ["B-T", "B-LT"])
def test_every_seal_fits_in_its_room(any_place: StampedTown, level: str) -> None:
    seal = any_place.seal(level)
    assert len(seal.cms(bytes(32))) <= seal.reserved_size == PdfSeal(any_place.town.key).reserved_size + 9000


def test_the_policy_names_whose_time_stamps_count() -> None:
    trusted = TrustedOrganisation(NAME, "NTRNL-1", (b"root",))
    assert trusted.time_stamp_roots == ()
