"""Every row of the verdict table that a PDF alone can decide, with the attack that belongs to it."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pikepdf
import pytest
from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from cryptography import x509

from signing.policy import TrustedOrganisation, TrustPolicy
from signing.report import CheckId, Finding, Outcome, SealReport
from signing.sealing.pdf import PdfSeal
from signing.verifying.examination import examine_here
from simulators.authority import DEMO_IDENTIFIER, Authority
from tests.support import tampering
from tests.support.pdf_builder import PAYLOAD, PdfPlan, build_changed, build_pdf
from tests.support.seals import NAME, Town, cms_at_any_time, days_ago, key_of


def failed(report: SealReport) -> CheckId:
    [check] = [check for check in report.checks if check.outcome is Outcome.FAILED]
    return check.id


def test_a_sealed_pdf_is_genuine_and_gives_its_record(town: Town) -> None:
    moment = datetime.now(UTC).replace(microsecond=0)
    report = town.examine(town.pdf(PdfPlan(sealed_at=moment)))
    assert report.finding is Finding.GENUINE
    assert report.kind == "pdf"
    assert (report.organisation, report.organization_identifier) == (NAME, DEMO_IDENTIFIER)
    assert report.payload == PAYLOAD
    assert report.sealed_at == moment
    assert report.proven_at is None
    assert report.key_id == PdfSeal(town.key).key_id
    not_done = {check.id for check in report.checks if check.outcome is Outcome.NOT_DONE}
    assert not_done == {CheckId.MOMENT, CheckId.CONFINED}


def test_an_rsa_seal_is_genuine_too(rsa_town: Town) -> None:
    assert rsa_town.examine(rsa_town.pdf()).finding is Finding.GENUINE


def test_a_long_file_is_genuine_too(town: Town) -> None:
    assert town.examine(town.pdf(PdfPlan(junk_pages=500))).finding is Finding.GENUINE


# Row 2: not a sealed overview at all.


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"%PDF-1.7\n" + bytes(range(256)) * 40,
        b"\xff\xd8\xff\xe0" + bytes(1000),
        b"<html>schuldenoverzicht</html>",
    ],
)
def test_other_bytes_are_no_sealed_overview(town: Town, data: bytes) -> None:
    assert town.examine(data).finding is Finding.NOT_SEALED


def test_a_pdf_without_seal_is_no_sealed_overview(town: Town) -> None:
    assert town.examine(build_pdf(PdfPlan(), None)).finding is Finding.NOT_SEALED


def test_a_print_of_the_overview_to_a_new_pdf_is_no_sealed_overview(town: Town) -> None:
    assert town.examine(tampering.without_signature(town.pdf())).finding is Finding.NOT_SEALED


def test_an_encrypted_pdf_is_no_sealed_overview(town: Town) -> None:
    unsealed = build_pdf(PdfPlan(), None)
    encrypted = tampering.save_again(unsealed, pikepdf.Encryption(owner="a", user="b"))
    report = town.examine(encrypted)
    assert report.finding is Finding.NOT_SEALED
    assert failed(report) is CheckId.READABLE


# Row 3: altered.


def test_no_bit_of_the_file_can_be_flipped_unnoticed(town: Town) -> None:
    pdf = town.pdf()
    room = pdf.index(b"/Contents <") + 11 + 2 * len(PdfSeal(town.key).cms(bytes(32))) + 80
    outside = [*range(0, room, 61), *range(pdf.index(b">", room) - 8, len(pdf), 7)]
    for place in outside:
        report = town.examine(tampering.flip_bit(pdf, place, place % 8))
        assert report.finding is Finding.ALTERED, place


def test_no_byte_of_the_header_can_be_damaged_unnoticed(town: Town) -> None:
    pdf = town.pdf()
    for place in range(5):
        assert town.examine(tampering.flip_bit(pdf, place)).finding is Finding.ALTERED


def test_no_byte_of_the_cms_can_be_changed_unnoticed(town: Town) -> None:
    pdf = town.pdf()
    start, end = tampering.cms_range(pdf)
    for place in range(start, end, 37):
        changed = pdf[:place] + (b"1" if pdf[place : place + 1] == b"0" else b"0") + pdf[place + 1 :]
        assert town.examine(changed).finding is Finding.ALTERED, place - start


def test_the_room_behind_the_cms_holds_nothing(town: Town) -> None:
    pdf = town.pdf()
    _, end = tampering.cms_range(pdf)
    hidden = pdf[: end + 100] + b"41" + pdf[end + 102 :]
    report = town.examine(hidden)
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.WHOLE_FILE)


def test_the_digits_of_the_cms_have_one_spelling(town: Town) -> None:
    pdf = town.pdf()
    start, end = tampering.cms_range(pdf)
    place = next(place for place in range(start, end) if pdf[place : place + 1] in b"abcdef")
    assert town.examine(tampering.flip_bit(pdf, place, 5)).finding is Finding.ALTERED
    upper = pdf[:start] + pdf[start:end].upper() + pdf[end:]
    assert town.examine(upper).finding is Finding.GENUINE


@pytest.mark.parametrize("change", [tampering.white_box, tampering.change_title])
def test_an_incremental_update_is_a_change(town: Town, change: Callable[[bytes], bytes]) -> None:
    report = town.examine(change(town.pdf()))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.WHOLE_FILE)


@pytest.mark.parametrize("tail", [b"\n", b"\0", b"% hello", b"%PDF-1.7\n%%EOF\n"])
def test_nothing_may_follow_the_file(town: Town, tail: bytes) -> None:
    assert town.examine(town.pdf() + tail).finding is Finding.ALTERED


def test_nothing_may_precede_the_file(town: Town) -> None:
    assert town.examine(b"\n" + town.pdf()).finding is Finding.ALTERED


def test_a_truncated_file_is_altered(town: Town) -> None:
    pdf = town.pdf()
    for size in (len(pdf) - 1, len(pdf) - 300, len(pdf) // 2, pdf.index(b"/Contents <")):
        assert town.examine(pdf[:size]).finding is Finding.ALTERED, size


def test_a_swapped_attachment_is_altered(town: Town) -> None:
    pdf = town.pdf()
    assert town.examine(pdf.replace(b"12345", b"99999")).finding is Finding.ALTERED


def test_a_file_that_was_saved_again_is_altered(town: Town) -> None:
    assert town.examine(tampering.save_again(town.pdf())).finding is Finding.ALTERED


def test_a_seal_that_was_taken_out_of_the_form_leaves_remains(town: Town) -> None:
    report = town.examine(town.pdf().replace(b"/AcroForm", b"/AcroFoam"))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.ONE_SEAL)


def test_a_seal_in_a_second_revision_is_altered(town: Town) -> None:
    report = town.examine(tampering.sign_again(build_pdf(PdfPlan(), None), town.identity, "Zegel"))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.WHOLE_FILE)


def test_two_signatures_are_altered_whoever_made_the_second(town: Town) -> None:
    for identity in (town.identity, Authority.create().issue_seal("Vreemd", "NTRNL-1")):
        open_for_signing = town.pdf(PdfPlan(permission=2))
        report = town.examine(tampering.sign_again(open_for_signing, identity))
        assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.ONE_SEAL)


@pytest.mark.parametrize(
    ("plan", "check"),
    [
        (PdfPlan(field_name="Zegel2"), CheckId.FORM),
        (PdfPlan(permission=2), CheckId.FORM),
        (PdfPlan(permission=3), CheckId.FORM),
        (PdfPlan(permission=None), CheckId.FORM),
        (PdfPlan(certifies=False), CheckId.FORM),
        (PdfPlan(sub_filter="adbe.pkcs7.detached"), CheckId.FORM),
        (PdfPlan(attachments=()), CheckId.CONTENT),
        (PdfPlan(attachments=("anders.json",)), CheckId.CONTENT),
        (PdfPlan(attachments=("schuldenoverzicht.json", "schuldenoverzicht.json")), CheckId.CONTENT),
        (PdfPlan(attachments=("schuldenoverzicht.json", "bijlage.json")), CheckId.CONTENT),
        (PdfPlan(other_embedded="/UF 9 0 R"), CheckId.CONTENT),
        (PdfPlan(other_name="anders.json"), CheckId.CONTENT),
        (PdfPlan(payload=b'{"nummer":1,"nummer":2}'), CheckId.CONTENT),
        (PdfPlan(payload=b"[1]"), CheckId.CONTENT),
        (PdfPlan(payload=b"{"), CheckId.CONTENT),
        (PdfPlan(printed_code="AAAA-AAAA-AAAA-AAAA"), CheckId.CONTROL_CODE),
        (PdfPlan(printed_code=""), CheckId.CONTROL_CODE),
    ],
)
def test_a_seal_of_ours_in_another_form_is_altered(town: Town, plan: PdfPlan, check: CheckId) -> None:
    report = town.examine(town.pdf(plan))
    assert (report.finding, failed(report)) == (Finding.ALTERED, check)
    assert report.payload is None


def test_an_extra_certificate_in_the_cms_is_altered(town: Town) -> None:
    chain = (*town.key.chain, Authority.create().seal_root.certificate)
    key = key_of(town.identity)
    sealed_with_one_more = PdfSeal(type(key)(town.identity.private_key, key.certificate, chain))
    sealed_with_one_more._fixed_attributes = PdfSeal(key)._fixed_attributes
    report = town.examine(build_pdf(PdfPlan(), sealed_with_one_more.cms))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


def _padded(seal: bytes) -> bytes:
    """Four zeros more inside the outer element."""
    return seal[:2] + (int.from_bytes(seal[2:4], "big") + 4).to_bytes(2, "big") + seal[4:] + bytes(4)


def _long_length(seal: bytes) -> bytes:
    """The outer length with a leading zero."""
    return b"\x30\x83\x00" + seal[2:]


def _signer_in_capitals(seal: bytes) -> bytes:
    """The last mention of the issuer, which is the signer's name, in capitals."""
    before, name, after = seal.rpartition(b"Simulatie Zegel CA")
    return before + name.upper() + after


@pytest.mark.parametrize("change", [_padded, _long_length, _signer_in_capitals])
def test_a_second_spelling_of_the_cms_is_altered(town: Town, change: Callable[[bytes], bytes]) -> None:
    seal = PdfSeal(town.key)
    report = town.examine(build_pdf(PdfPlan(), lambda digest: change(seal.cms(digest))))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


def _other_version(content: cms.SignedData, town: Town) -> None:
    content["version"] = "v3"


def _more_digest_algorithms(content: cms.SignedData, town: Town) -> None:
    content["digest_algorithms"].append({"algorithm": "sha512"})


def _revocation_list(content: cms.SignedData, town: Town) -> None:
    lists = [cms.RevocationInfoChoice("crl", asn1_crl.CertificateList.load(town.authority.crls()[0]))]
    content["crls"] = cms.RevocationInfoChoices(lists)


def _unsigned_attribute(content: cms.SignedData, town: Town) -> None:
    moment = cms.Time({"utc_time": datetime(2026, 1, 1, tzinfo=UTC)})
    attribute = cms.CMSAttribute({"type": "signing_time", "values": [moment]})
    content["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])


@pytest.mark.parametrize(
    "add", [_other_version, _more_digest_algorithms, _revocation_list, _unsigned_attribute]
)
def test_what_the_signature_does_not_cover_may_not_be_added(
    town: Town, add: Callable[[cms.SignedData, Town], None]
) -> None:
    def cms_with_more(digest: bytes) -> bytes:
        container = cms.ContentInfo.load(PdfSeal(town.key).cms(digest))
        add(container["content"], town)
        return bytes(container.dump(force=True))

    report = town.examine(build_pdf(PdfPlan(), cms_with_more))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


def test_the_cms_attribute_signing_time_is_not_in_our_form(town: Town) -> None:
    seal = PdfSeal(town.key)
    moment = cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": days_ago(0)})]})
    seal._fixed_attributes = (*seal._fixed_attributes, moment.dump())
    report = town.examine(build_pdf(PdfPlan(), seal.cms))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


# Row 4: not by a trusted organisation, or not with a good certificate.


def test_the_seal_of_a_stranger_is_untrusted(town: Town) -> None:
    stranger = Town.create()
    report = town.examine(stranger.pdf())
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.ORGANISATION)
    assert report.organisation is None
    assert report.payload is None
    assert report.key_id == PdfSeal(stranger.key).key_id


def test_an_authority_with_the_same_names_is_untrusted(town: Town) -> None:
    double = Town.create()
    names = [one.seal_root.certificate.subject for one in (town.authority, double.authority)]
    assert names[0] == names[1]
    assert double.identity.certificate.subject == town.identity.certificate.subject
    assert town.examine(double.pdf()).finding is Finding.UNTRUSTED


def test_an_ordinary_signature_of_a_stranger_is_untrusted(town: Town) -> None:
    notary = Authority.create().issue_seal("Notaris", "NTRNL-2")
    base = build_pdf(PdfPlan(), None)
    signed = tampering.sign_again(base, notary)
    # It has two revisions, as every signed PDF of an office program has: the table calls that altered.
    assert town.examine(signed).finding is Finding.ALTERED
    foreign = build_pdf(PdfPlan(field_name="Handtekening1", permission=None), PdfSeal(key_of(notary)).cms)
    assert town.examine(foreign).finding is Finding.UNTRUSTED


@pytest.mark.parametrize("sub_filter", ["ETSI.RFC3161", "adbe.pkcs7.sha1", "adbe.x509.rsa_sha1"])
def test_a_kind_of_signature_that_we_never_use_is_untrusted(town: Town, sub_filter: str) -> None:
    report = town.examine(town.pdf(PdfPlan(sub_filter=sub_filter)))
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.ORGANISATION)


def test_another_organisation_below_the_same_root_is_untrusted(town: Town) -> None:
    neighbour = town.authority.issue_seal("Gemeente Buurt", "NTRNL-90000002")
    assert town.examine(build_pdf(PdfPlan(), PdfSeal(key_of(neighbour)).cms)).finding is Finding.UNTRUSTED


def test_a_seal_without_organisation_number_is_untrusted(town: Town) -> None:
    nameless = town.authority.issue_seal(NAME, None)
    assert town.examine(build_pdf(PdfPlan(), PdfSeal(key_of(nameless)).cms)).finding is Finding.UNTRUSTED


def test_a_root_counts_only_for_its_own_organisation(town: Town) -> None:
    stranger = Town.create()
    trusted = TrustedOrganisation(NAME, DEMO_IDENTIFIER, (town.authority.seal_root_der(),))
    other = TrustedOrganisation("Gemeente Buurt", "NTRNL-90000002", (stranger.authority.seal_root_der(),))
    policy = TrustPolicy(frozenset({trusted, other}))
    assert examine_here(stranger.pdf(), policy, datetime.now(UTC)).finding is Finding.UNTRUSTED
    assert examine_here(town.pdf(), policy, datetime.now(UTC)).finding is Finding.GENUINE


def test_an_empty_policy_trusts_nobody(town: Town) -> None:
    nobody = TrustPolicy(frozenset())
    assert examine_here(town.pdf(), nobody, datetime.now(UTC)).finding is Finding.UNTRUSTED


def test_a_certificate_for_something_else_is_untrusted(town: Town) -> None:
    report = town.examine(town.with_seal(key_usage=("key_encipherment",)).pdf())
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.CERTIFICATE)


@pytest.mark.parametrize(
    "profile",
    [
        {"not_before": days_ago(-2), "not_after": days_ago(-9)},
        {"not_before": days_ago(9), "not_after": days_ago(2)},
    ],
)
def test_a_certificate_outside_its_validity_at_sealing_is_untrusted(
    town: Town, profile: dict[str, datetime]
) -> None:
    careless = town.with_seal(**profile)
    report = town.examine(build_pdf(PdfPlan(), cms_at_any_time(careless.key)))
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.CERTIFICATE)
    assert report.organisation == NAME


@pytest.mark.parametrize(
    ("minutes", "finding"),
    [
        (5, Finding.GENUINE),
        (60, Finding.AHEAD_OF_CLOCK),
        (13 * 60, Finding.AHEAD_OF_CLOCK),
        (16 * 60, Finding.UNTRUSTED),
        (1440, Finding.UNTRUSTED),
    ],
)
def test_a_moment_of_sealing_that_has_not_come_yet(town: Town, minutes: int, finding: Finding) -> None:
    """A little is what a clock can be off, of this computer or of the one that sealed: no reason to accuse anybody."""
    report = town.examine(town.pdf(PdfPlan(sealed_at=days_ago(-minutes / 1440))))
    assert report.finding is finding
    assert report.ahead_of_clock is (finding is not Finding.GENUINE)
    if report.ahead_of_clock:
        assert failed(report) is CheckId.CERTIFICATE
        assert report.payload is None


def test_a_stranger_cannot_blame_our_clock(town: Town) -> None:
    report = examine_here(
        town.pdf(PdfPlan(sealed_at=days_ago(-0.1))), Town.create().policy, datetime.now(UTC)
    )
    assert (report.finding, report.ahead_of_clock) == (Finding.UNTRUSTED, False)


def test_a_key_that_was_revoked_before_sealing_is_untrusted() -> None:
    town = Town.create()
    town.authority.revoke(town.identity, days_ago(0.5))
    report = town.examine(town.pdf())
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.REVOCATION)


# Rows 5, 9 and 11.


def test_a_key_that_was_revoked_after_sealing_is_reported_with_moment_and_reason() -> None:
    town = Town.create()
    pdf = town.pdf(PdfPlan(sealed_at=days_ago(0.5)))
    assert town.examine(pdf).finding is Finding.GENUINE
    revoked_at = days_ago(0.25)
    town.authority.revoke(town.identity, revoked_at)
    report = town.examine(pdf)
    assert report.finding is Finding.KEY_REVOKED
    assert (report.revoked_at, report.revocation_reason) == (revoked_at, "keyCompromise")
    assert report.organisation == NAME
    assert report.payload == PAYLOAD


def test_a_key_counts_as_lost_from_the_moment_that_the_list_states() -> None:
    """RFC 5280, 5.3.2: the key may have been in other hands before anybody revoked it."""
    town = Town.create()
    pdf = town.pdf(PdfPlan(sealed_at=days_ago(0.5)))
    issuer = town.authority.seal_intermediate
    issuer.revoke(town.identity.certificate, days_ago(0.25), x509.ReasonFlags.key_compromise)
    lost = x509.InvalidityDate(days_ago(0.6).replace(tzinfo=None))
    entry = x509.RevokedCertificateBuilder().serial_number(town.identity.certificate.serial_number)
    entry = entry.revocation_date(days_ago(0.25)).add_extension(lost, critical=False)
    issuer.revoked[:] = [entry.build()]
    report = town.examine(pdf)
    assert (report.finding, failed(report)) == (Finding.UNTRUSTED, CheckId.REVOCATION)
    assert report.payload is None


def test_a_revoked_intermediate_authority_revokes_its_seals() -> None:
    town = Town.create()
    pdf = town.pdf(PdfPlan(sealed_at=days_ago(0.5)))
    intermediate = town.authority.seal_intermediate.certificate
    town.authority.seal_root.revoke(intermediate, days_ago(0.25), x509.ReasonFlags.ca_compromise)
    assert town.examine(pdf).finding is Finding.KEY_REVOKED


def test_a_certificate_that_has_expired_since_leaves_the_moment_unproven(town: Town) -> None:
    old = town.with_seal(not_before=days_ago(30), not_after=days_ago(10))
    sealed_at = days_ago(20)
    pdf = build_pdf(PdfPlan(sealed_at=sealed_at), cms_at_any_time(old.key))
    report = town.examine(pdf)
    assert report.finding is Finding.EXPIRED_UNPROVEN
    assert report.payload == PAYLOAD
    assert report.sealed_at == sealed_at


def test_a_revocation_list_of_somebody_else_counts_for_nothing(town: Town) -> None:
    double = Town.create()
    double.authority.seal_intermediate.revoke(
        town.identity.certificate, days_ago(1), x509.ReasonFlags.ca_compromise
    )
    forged_list = double.authority.crls()
    trusted = TrustedOrganisation(NAME, DEMO_IDENTIFIER, (town.authority.seal_root_der(),), forged_list)
    report = examine_here(town.pdf(), TrustPolicy(frozenset({trusted})), datetime.now(UTC))
    assert report.finding is Finding.GENUINE
    [revocation] = [check for check in report.checks if check.id is CheckId.REVOCATION]
    assert revocation.outcome is Outcome.NOT_DONE


def test_an_archive_around_a_sealed_file_is_no_sealed_overview(town: Town) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("schuldenoverzicht.pdf", town.pdf())
    assert town.examine(out.getvalue()).finding is Finding.NOT_SEALED


def test_a_field_that_is_part_of_another_is_altered(town: Town) -> None:
    change = (b"/T (Zegel)", b"/T (Zegel) /Parent << /T (Blok) >>")
    report = town.examine(build_changed(PdfPlan(), PdfSeal(town.key).cms, change))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)
