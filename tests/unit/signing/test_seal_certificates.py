"""Below the root of an organisation lie more certificates with its number than the one with which it seals."""

import base64
from datetime import UTC, datetime

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.report import CheckId, Finding, Outcome, SealReport
from signing.sealing.jws import JsonSeal
from signing.sealing.pdf import PdfSeal
from signing.verifying.trust import SealCertificates, find_trusted_path
from simulators.authority import DEMO_IDENTIFIER
from simulators.certificates import CertificateOrder, Identity, PrivateKey, key_usage, new_key, subject_name
from tests.support.pdf_builder import PAYLOAD, PdfPlan, build_pdf
from tests.support.seals import NAME, Town, days_ago, forge_jws, key_of, now

USAGE = (key_usage("digital_signature", "content_commitment"), True)
PURPOSES = {
    "any": "2.5.29.37.0",
    "document signing": "1.3.6.1.5.5.7.3.36",
    "Microsoft document signing": "1.3.6.1.4.1.311.10.3.12",
    "Adobe authentic documents": "1.2.840.113583.1.1.5",
    "e-mail protection": ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
}


def issue(
    town: Town,
    subject: x509.Name | None = None,
    key: PrivateKey | None = None,
    purposes: tuple[str, ...] = (),
) -> Identity:
    """A certificate of the trusted authority, with the number of the trusted organisation."""
    extended = x509.ExtendedKeyUsage([x509.ObjectIdentifier(one) for one in purposes]) if purposes else None
    extensions = (USAGE, *([(extended, False)] if extended else []))
    order = CertificateOrder(
        subject or subject_name(NAME, NAME, DEMO_IDENTIFIER), days_ago(1), days_ago(-100), extensions
    )
    return town.authority.seal_intermediate.issue(order, key or new_key())


def reports(town: Town, identity: Identity) -> list[SealReport]:
    key = key_of(identity)
    files = JsonSeal(key).seal(PAYLOAD, now()), build_pdf(PdfPlan(), PdfSeal(key).cms)
    return [town.examine(file) for file in files]


def assert_no_seal_certificate(town: Town, identity: Identity) -> None:
    for report in reports(town, identity):
        assert report.finding is Finding.UNTRUSTED
        [check] = [check for check in report.checks if check.outcome is Outcome.FAILED]
        assert check.id is CheckId.CERTIFICATE
        assert report.payload is None


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_certificate_for_documents_seals(town: Town, purpose: str) -> None:
    purposes = (ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string, PURPOSES[purpose])
    for report in reports(town, issue(town, purposes=purposes)):
        assert report.finding is Finding.GENUINE


@pytest.mark.parametrize("purpose", ["SERVER_AUTH", "CLIENT_AUTH", "CODE_SIGNING", "TIME_STAMPING"])
def test_a_certificate_of_a_server_or_a_program_does_not_seal(town: Town, purpose: str) -> None:
    oid: x509.ObjectIdentifier = getattr(ExtendedKeyUsageOID, purpose)
    assert_no_seal_certificate(town, issue(town, purposes=(oid.dotted_string,)))


@pytest.mark.parametrize("oid", [NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.PSEUDONYM])
def test_the_certificate_of_an_employee_does_not_seal(town: Town, oid: x509.ObjectIdentifier) -> None:
    name = x509.Name(
        [*subject_name(NAME, NAME, DEMO_IDENTIFIER), x509.NameAttribute(oid, "Willeke de Bruijn")]
    )
    assert_no_seal_certificate(town, issue(town, subject=name))


def test_a_short_rsa_key_does_not_seal(town: Town) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert_no_seal_certificate(town, issue(town, key=short))


@pytest.mark.parametrize(
    "identifier",
    [
        DEMO_IDENTIFIER.replace("0", "\u041e"),
        DEMO_IDENTIFIER.replace("1", "\uff11"),
        DEMO_IDENTIFIER + " ",
        DEMO_IDENTIFIER.lower(),
        DEMO_IDENTIFIER + "\u200b",
    ],
)
def test_a_number_that_only_looks_the_same_is_a_stranger(town: Town, identifier: str) -> None:
    for report in reports(town, issue(town, subject=subject_name(NAME, NAME, identifier))):
        assert report.finding is Finding.UNTRUSTED
        assert report.organisation is None


def test_a_certificate_with_two_numbers_is_a_stranger(town: Town) -> None:
    two = x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, "NTRNL-66666666")
    name = x509.Name([two, *subject_name(NAME, NAME, DEMO_IDENTIFIER)])
    for report in reports(town, issue(town, subject=name)):
        assert report.finding is Finding.UNTRUSTED


@pytest.mark.parametrize("version", ["v3 is the last", "a name that is no text"])
def test_a_certificate_that_makes_libraries_stumble_is_judged_all_the_same(town: Town, version: str) -> None:
    """The file must not get away with "we cannot examine it now"."""
    der = town.identity.certificate.public_bytes(Encoding.DER)
    if version == "v3 is the last":
        strange = der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020142"), 1)
    else:
        country = asn1_x509.PrintableString("NL").dump()
        at = der.rindex(country)
        strange = der[:at] + bytes([3]) + der[at + 1 :]
    assert strange != der
    report = town.examine(forge_jws(town.key, x5c=[base64.b64encode(strange).decode("ascii")]))
    assert report.finding in {Finding.ALTERED, Finding.UNTRUSTED}
    assert find_trusted_path(SealCertificates(strange, ()), town.policy, datetime.now(UTC)) is None
