"""The key folder: nothing in it is ever overwritten, and the active key changes in one step."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from signing.errors import KeyRefused
from signing.key_kinds import KeyKind, kind_of
from signing.keys.folder import KeyFolder
from signing.keys.request import certificate_request
from signing.report import Finding
from signing.sealing.jws import JsonSeal
from simulators.authority import DEMO_IDENTIFIER, DEMO_OIN
from tests.support.key_folders import APPLICANT, Ceremony
from tests.support.pdf_builder import PAYLOAD
from tests.support.seals import NAME, Town, now


@pytest.fixture
def ceremony(town: Town, tmp_path: Path) -> Ceremony:
    return Ceremony.at(tmp_path / "zegel", town.authority)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_whole_way_from_a_new_key_to_a_genuine_seal(town: Town, ceremony: Ceremony) -> None:
    ceremony.make("eerste")
    assert (ceremony.keys.names(), ceremony.keys.active()) == (("eerste",), None)
    ceremony.keys.activate("eerste")
    key = ceremony.keys.load()
    assert key.chain == town.identity.chain
    assert ceremony.keys.certificate().certificate == key.certificate
    assert town.examine(JsonSeal(key).seal(PAYLOAD, now())).finding is Finding.GENUINE


@pytest.mark.parametrize("kind", KeyKind)
def test_a_request_is_signed_by_its_key_and_says_who_asks(ceremony: Ceremony, kind: KeyKind) -> None:
    ceremony.keys.create("nieuw", kind)
    request = x509.load_pem_x509_csr(certificate_request(ceremony.keys.signer("nieuw"), APPLICANT))
    assert request.is_signature_valid
    assert kind_of(request.public_key()) is kind
    stated = {attribute.oid: attribute.value for attribute in request.subject}
    assert stated == {
        NameOID.COUNTRY_NAME: "NL",
        NameOID.ORGANIZATION_NAME: NAME,
        NameOID.ORGANIZATION_IDENTIFIER: DEMO_IDENTIFIER,
        NameOID.SERIAL_NUMBER: DEMO_OIN,
        NameOID.COMMON_NAME: APPLICANT.common_name,
    }
    usage = request.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment


def test_a_name_that_does_not_fit_in_a_certificate_is_refused(ceremony: Ceremony) -> None:
    ceremony.keys.create("nieuw", KeyKind.P256)
    with pytest.raises(KeyRefused, match="does not fit"):
        certificate_request(ceremony.keys.signer("nieuw"), replace(APPLICANT, organisation="x" * 65))


def test_only_the_owner_can_use_a_key_file(ceremony: Ceremony) -> None:
    place = ceremony.keys.create("nieuw", KeyKind.P256)
    assert (place / "key.pem").stat().st_mode & 0o777 == 0o600
    assert place.stat().st_mode & 0o777 == 0o700
    (place / "key.pem").chmod(0o640)
    with pytest.raises(KeyRefused, match="chmod 600"):
        ceremony.keys.signer("nieuw")


def test_a_key_is_never_overwritten(ceremony: Ceremony) -> None:
    ceremony.make("eerste")
    before = contents(ceremony.keys.folder)
    with pytest.raises(KeyRefused, match="never overwritten"):
        ceremony.keys.create("eerste", KeyKind.P384)
    with pytest.raises(KeyRefused, match="has a certificate already"):
        ceremony.keys.keep_certificate("eerste", ceremony.certified("eerste"))
    assert contents(ceremony.keys.folder) == before


@pytest.mark.parametrize("name", ["", ".", "..", "../elders", "Hoofdletter", "a/b", "-a", "a" * 41, "a\n"])
def test_a_name_cannot_lead_out_of_the_folder(ceremony: Ceremony, name: str) -> None:
    with pytest.raises(KeyRefused):
        ceremony.keys.create(name, KeyKind.P256)
    with pytest.raises(KeyRefused):
        ceremony.keys.activate(name)
    assert not ceremony.keys.folder.exists()


def test_a_key_that_could_not_be_made_leaves_nothing(ceremony: Ceremony) -> None:
    with pytest.raises(KeyRefused, match=r"\[seal.pkcs11\]"):
        ceremony.keys.create("nieuw", KeyKind.P256, in_token=True)
    assert list(ceremony.keys.folder.iterdir()) == []


def test_the_certificate_of_another_key_is_refused(ceremony: Ceremony) -> None:
    for name in ("eerste", "tweede"):
        ceremony.keys.create(name, KeyKind.P256)
    with pytest.raises(KeyRefused, match="belongs to another key"):
        ceremony.keys.with_certificate("eerste", ceremony.certified("tweede"))


def test_files_of_two_keys_that_were_mixed_up_are_refused(ceremony: Ceremony) -> None:
    first, second = (ceremony.keys.create(name, KeyKind.P256) for name in ("eerste", "tweede"))
    (first / "key.pem").write_bytes((second / "key.pem").read_bytes())
    with pytest.raises(KeyRefused, match="do not belong together"):
        ceremony.keys.signer("eerste")


def test_what_is_missing_is_said(ceremony: Ceremony) -> None:
    ceremony.keys.create("eerste", KeyKind.P256)
    with pytest.raises(KeyRefused, match="keys rotate"):
        ceremony.keys.load()
    with pytest.raises(KeyRefused, match="there is: eerste"):
        ceremony.keys.load("tweede")
    with pytest.raises(KeyRefused, match=r"certificate.pem: No such file"):
        ceremony.keys.load("eerste")
    (ceremony.keys.folder / "eerste" / "public.pem").write_bytes(b"junk")
    with pytest.raises(KeyRefused, match="not a public key"):
        ceremony.keys.signer("eerste")


def test_whoever_looks_sees_that_another_key_is_active(ceremony: Ceremony) -> None:
    for name in ("eerste", "tweede"):
        ceremony.make(name)
    stamps = [ceremony.keys.stamp()]
    for name in ("eerste", "tweede", "eerste"):
        ceremony.keys.activate(name)
        assert KeyFolder(ceremony.keys.folder).active() == name
        stamps.append(ceremony.keys.stamp())
        assert stamps[-1] == KeyFolder(ceremony.keys.folder).stamp()
        assert stamps[-1] != stamps[-2]
