"""Four kinds of keys seal, each in exactly one form; keys of every other kind do not."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from signing.ecdsa import P256, P384, Curve
from signing.errors import KeyRefused
from signing.key_kinds import KeyKind, kind_of
from signing.keys.software import load_pkcs12_key
from signing.report import CheckId, Finding, Outcome, SealReport
from signing.sealing.jws import base64url
from signing.sealing.pdf import PdfSeal
from simulators.certificates import Identity, PrivateKey
from tests.support.pdf_builder import PdfPlan, build_pdf
from tests.support.seals import Town, forge_jws, key_of
from tests.support.tampering import cms_range, flip_bit
from tests.unit.signing.conftest import TownOf
from tests.unit.signing.test_seal_certificates import issue
from tests.unit.signing.test_second_spellings import replaced

PASSWORD = "geheim van de sleutel"


def failed(report: SealReport) -> CheckId:
    [check] = [check for check in report.checks if check.outcome is Outcome.FAILED]
    return check.id


def test_every_kind_seals_both_files(any_town: Town) -> None:
    assert any_town.examine(any_town.pdf()).finding is Finding.GENUINE
    assert any_town.examine(any_town.json()).finding is Finding.GENUINE


def test_the_header_names_the_algorithm_of_the_kind(any_town: Town) -> None:
    header = json.loads(base64.urlsafe_b64decode(json.loads(any_town.json())["protected"] + "=="))
    expected = {"P-256": "ES256", "P-384": "ES384", "RSA-3072": "PS256", "RSA-4096": "PS256"}
    assert header["alg"] == expected[any_town.key.kind.value]


def test_every_seal_fits_in_a_room_that_is_hardly_larger(any_town: Town) -> None:
    seal = PdfSeal(any_town.key)
    sizes = [len(seal.cms(hashlib.sha256(bytes([number])).digest())) for number in range(8)]
    assert max(sizes) <= seal.reserved_size < max(sizes) + 2000


def test_no_bit_of_the_seal_of_a_pdf_can_be_flipped_unnoticed(any_town: Town) -> None:
    pdf = any_town.pdf()
    start, end = cms_range(pdf)
    for place in range(start, end, 97):
        assert any_town.examine(flip_bit(pdf, place, place % 4)).finding is Finding.ALTERED


def test_no_bit_of_a_json_can_be_flipped_unnoticed(any_town: Town) -> None:
    data = any_town.json()
    for place in [*range(0, len(data), 61), *range(len(data) - 40, len(data))]:
        finding = any_town.examine(flip_bit(data, place, place % 8)).finding
        assert finding not in {Finding.GENUINE, Finding.EXPIRED_UNPROVEN}


@pytest.mark.parametrize("curve", [P256, P384], ids=lambda curve: curve.name)
def test_the_order_is_that_of_the_curve(curve: Curve) -> None:
    """A signature with the other s is as good to every library, and only with the right order."""
    curves: dict[str, ec.EllipticCurve] = {"secp256r1": ec.SECP256R1(), "secp384r1": ec.SECP384R1()}
    key = ec.generate_private_key(curves[curve.name])
    signature = key.sign(b"data", ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(signature)
    for spelled in (signature, encode_dss_signature(r, curve.order - s)):
        key.public_key().verify(spelled, b"data", ec.ECDSA(hashes.SHA256()))
        assert decode_dss_signature(curve.with_low_s(spelled))[1] == min(s, curve.order - s)


def test_the_other_s_of_a_p384_seal_is_altered(town_of: TownOf) -> None:
    town = town_of("p384")

    def other_s(seal: bytes) -> bytes:
        [signer] = cms.ContentInfo.load(seal)["content"]["signer_infos"]
        r, s = decode_dss_signature(signer["signature"].native)
        other = cms.OctetString(encode_dss_signature(r, P384.order - s)).dump()
        return replaced(seal, signer["signature"].dump(), other, 0)

    seal = PdfSeal(town.key)
    report = town.examine(build_pdf(PdfPlan(), lambda digest: other_s(seal.cms(digest))))
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)
    members = json.loads(town.json())
    plain = base64.urlsafe_b64decode(members["signature"])
    other = plain[:48] + (P384.order - int.from_bytes(plain[48:], "big")).to_bytes(48, "big")
    members["signature"] = base64url(other)
    report = town.examine(json.dumps(members, separators=(",", ":")).encode())
    assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.FORM)


def test_the_algorithm_of_another_kind_does_not_fit(any_town: Town) -> None:
    others = {"ES256", "ES384", "PS256"} - {any_town.key.kind.jws_algorithm}
    for algorithm in others:
        report = any_town.examine(forge_jws(any_town.key, alg=algorithm))
        assert (report.finding, failed(report)) == (Finding.ALTERED, CheckId.UNCHANGED)


FOREIGN: tuple[PrivateKey, ...] = (
    ec.generate_private_key(ec.SECP256K1()),
    ec.generate_private_key(ec.BrainpoolP256R1()),
    ec.generate_private_key(ec.SECP224R1()),
    rsa.generate_private_key(public_exponent=65537, key_size=2048),
    rsa.generate_private_key(public_exponent=65537, key_size=3080),
)


@pytest.mark.parametrize("key", FOREIGN, ids=lambda key: str(key.key_size))
def test_a_key_of_another_kind_does_not_seal(town: Town, key: PrivateKey) -> None:
    """Also not below the right authority, in the name of the right organisation."""
    assert kind_of(key.public_key()) is None
    identity = issue(town, key=key)
    report = town.examine(build_pdf(PdfPlan(), PdfSeal(key_of(identity)).cms))
    assert report.finding in {Finding.ALTERED, Finding.UNTRUSTED}
    assert report.payload is None


def pkcs12_of(identity: Identity, folder: Path, password: str = PASSWORD) -> tuple[Path, Path]:
    """A PKCS#12 file with the whole chain, and the file with its password."""
    file, password_file = folder / "zegel.p12", folder / "wachtwoord"
    lock = BestAvailableEncryption(PASSWORD.encode())
    chain = list(identity.chain)
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"zegel", identity.private_key, identity.certificate, chain, lock
        )
    )
    password_file.write_text(f"{password}\n")
    file.chmod(0o600)
    password_file.chmod(0o600)
    return file, password_file


def test_a_pkcs12_file_gives_the_key_with_its_chain(any_town: Town, tmp_path: Path) -> None:
    key = load_pkcs12_key(*pkcs12_of(any_town.identity, tmp_path))
    assert (key.kind, key.certificate) == (any_town.key.kind, any_town.identity.certificate)
    assert key.chain == any_town.identity.chain
    assert any_town.examine(build_pdf(PdfPlan(), PdfSeal(key).cms)).finding is Finding.GENUINE


def test_a_pkcs12_file_needs_the_password_and_no_other_readers(town: Town, tmp_path: Path) -> None:
    file, password_file = pkcs12_of(town.identity, tmp_path, "een ander")
    with pytest.raises(KeyRefused, match="another password") as refused:
        load_pkcs12_key(file, password_file)
    assert "een ander" not in str(refused.value)
    password_file.write_text("\n")
    with pytest.raises(KeyRefused, match="empty"):
        load_pkcs12_key(file, password_file)
    for open_file in (file, password_file):
        open_file.chmod(0o640)
        with pytest.raises(KeyRefused, match="chmod 600"):
            load_pkcs12_key(file, password_file)
        open_file.chmod(0o600)


def test_a_pkcs12_file_must_hold_a_key_that_seals(town: Town, tmp_path: Path) -> None:
    file, password_file = pkcs12_of(town.identity, tmp_path)
    lock = BestAvailableEncryption(PASSWORD.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"", None, town.identity.certificate, None, lock))
    with pytest.raises(KeyRefused, match="private key"):
        load_pkcs12_key(file, password_file)
    short = issue(town, key=FOREIGN[3])
    file, password_file = pkcs12_of(short, tmp_path)
    with pytest.raises(KeyRefused, match="one of P-256"):
        load_pkcs12_key(file, password_file)


def test_every_kind_has_a_name_and_a_size() -> None:
    assert kind_of(ec.generate_private_key(ec.SECP521R1()).public_key()) is None
    assert [kind.value for kind in KeyKind] == ["P-256", "P-384", "RSA-3072", "RSA-4096"]
    assert [kind.largest_signature for kind in KeyKind] == [72, 104, 384, 512]
