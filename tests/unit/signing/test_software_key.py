"""A key that may not be used is refused at start, with the reason, and never quietly."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing.errors import KeyRefused, SigningError
from signing.keys.backend import (
    KeyKind,
    Scheme,
    key_id,
    short_key_id,
    signature_for_cms,
    signature_for_jws,
)
from signing.keys.software import SoftwareKey, load_software_key
from simulators.certificates import Identity, write_private_key
from tests.support.seals import NAME, Town, days_ago


def load(identity: Identity, folder: Path) -> SoftwareKey:
    files = identity.write(folder, "seal")
    return load_software_key(files.key_file, files.certificate_file, files.chain_file)


def test_a_good_key_is_loaded_with_its_chain(town: Town, tmp_path: Path) -> None:
    key = load(town.identity, tmp_path)
    assert key.kind is KeyKind.P256
    assert key.certificate == town.identity.certificate
    assert key.chain == town.identity.chain


def test_the_root_is_left_out_of_the_chain(town: Town, tmp_path: Path) -> None:
    root = town.authority.seal_root.certificate
    key = load(
        Identity(town.identity.certificate, town.identity.private_key, (*town.identity.chain, root)), tmp_path
    )
    assert key.chain == town.identity.chain


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_that_others_can_read_is_refused(town: Town, tmp_path: Path, mode: int) -> None:
    files = town.identity.write(tmp_path, "seal")
    files.key_file.chmod(mode)
    with pytest.raises(KeyRefused, match="chmod 600"):
        load_software_key(files.key_file, files.certificate_file)


def test_a_key_of_another_certificate_is_refused(town: Town, tmp_path: Path) -> None:
    files = town.identity.write(tmp_path, "seal")
    other = town.with_seal().identity.write(tmp_path, "other")
    with pytest.raises(KeyRefused, match="does not belong"):
        load_software_key(files.key_file, other.certificate_file)


@pytest.mark.parametrize(
    ("profile", "complaint"),
    [
        ({"not_before": days_ago(9), "not_after": days_ago(1)}, "expired"),
        ({"not_before": days_ago(-1), "not_after": days_ago(-9)}, "valid only from"),
        ({"key_usage": ("key_encipherment",)}, "not for signing"),
    ],
)
def test_a_certificate_that_may_not_seal_is_refused(
    town: Town, tmp_path: Path, profile: dict[str, object], complaint: str
) -> None:
    with pytest.raises(KeyRefused, match=complaint):
        load(town.with_seal(**profile).identity, tmp_path)


def test_a_certificate_without_organisation_number_is_refused(town: Town, tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="organizationIdentifier"):
        load(town.authority.issue_seal(NAME, None), tmp_path)


@pytest.mark.parametrize(
    "key",
    [ec.generate_private_key(ec.SECP521R1()), rsa.generate_private_key(public_exponent=65537, key_size=2048)],
)
def test_other_kinds_of_keys_are_refused(
    town: Town, tmp_path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
) -> None:
    files = town.identity.write(tmp_path, "seal")
    write_private_key(files.key_file, key)
    with pytest.raises(KeyRefused, match="P-256"):
        load_software_key(files.key_file, files.certificate_file)


def test_missing_and_damaged_files_are_refused_by_name(town: Town, tmp_path: Path) -> None:
    files = town.identity.write(tmp_path, "seal")
    with pytest.raises(KeyRefused, match="nowhere"):
        load_software_key(tmp_path / "nowhere", files.certificate_file)
    files.certificate_file.write_bytes(b"junk")
    with pytest.raises(KeyRefused, match=files.certificate_file.name):
        load_software_key(files.key_file, files.certificate_file)
    files.key_file.write_bytes(b"junk")
    with pytest.raises(KeyRefused, match=files.key_file.name):
        load_software_key(files.key_file, files.certificate_file)


def test_ecdsa_is_der_for_cms_and_two_integers_for_jws(town: Town) -> None:
    public_key = town.identity.certificate.public_key()
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    public_key.verify(signature_for_cms(town.key, b"data"), b"data", ec.ECDSA(hashes.SHA256()))
    for _ in range(64):  # short integers occur once in 128 signatures or so
        plain = signature_for_jws(town.key, b"data")
        assert len(plain) == 64
        r, s = int.from_bytes(plain[:32], "big"), int.from_bytes(plain[32:], "big")
        public_key.verify(encode_dss_signature(r, s), b"data", ec.ECDSA(hashes.SHA256()))


def test_rsa_is_pkcs1_for_cms_and_pss_with_salt_32_for_jws(rsa_town: Town) -> None:
    public_key = rsa_town.identity.certificate.public_key()
    assert isinstance(public_key, rsa.RSAPublicKey)
    public_key.verify(signature_for_cms(rsa_town.key, b"data"), b"data", padding.PKCS1v15(), hashes.SHA256())
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
    signature = signature_for_jws(rsa_town.key, b"data")
    public_key.verify(signature, b"data", pss, hashes.SHA256())
    with pytest.raises(InvalidSignature):
        public_key.verify(signature, b"other", pss, hashes.SHA256())


def test_a_scheme_of_another_kind_of_key_is_refused(town: Town, rsa_town: Town) -> None:
    with pytest.raises(SigningError):
        town.key.sign(b"data", Scheme.RSA_PSS)
    with pytest.raises(SigningError):
        rsa_town.key.sign(b"data", Scheme.ECDSA_SHA256)


def test_the_key_id_is_the_fingerprint_of_the_certificate(town: Town) -> None:
    certificate: x509.Certificate = town.identity.certificate
    assert key_id(certificate) == certificate.fingerprint(hashes.SHA256()).hex()
    assert short_key_id("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
