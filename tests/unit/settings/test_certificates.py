"""Certificates and secrets that would fail later stop the start now."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.settings import SettingsError
from app.settings.certificates import refuse_unsound
from app.settings.source_secrets import refuse_open_files
from sources.config import load_sources

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def certificate(
    key: Key, begins: timedelta = timedelta(days=-30), ends: timedelta = timedelta(days=30)
) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ons")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(NOW + begins).not_valid_after(NOW + ends)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "certificate.pem"


def test_a_sound_certificate_is_well(file: Path) -> None:
    file.write_bytes(certificate(ec.generate_private_key(ec.SECP256R1())))
    refuse_unsound(file, NOW)


@pytest.mark.parametrize(
    ("begins", "ends", "words"), [(-30, -1, "ended on"), (1, 30, "begins on")], ids=["past", "future"]
)
def test_a_certificate_that_is_not_valid_now_is_refused(
    file: Path, begins: int, ends: int, words: str
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    file.write_bytes(certificate(key, timedelta(days=begins), timedelta(days=ends)))
    with pytest.raises(ValueError, match=words):
        refuse_unsound(file, NOW)


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP192R1())]
)
def test_a_weak_key_is_refused(file: Path, key: Key) -> None:
    file.write_bytes(certificate(key))
    with pytest.raises(ValueError, match="too weak"):
        refuse_unsound(file, NOW)


def test_the_whole_chain_counts(file: Path) -> None:
    good = certificate(ec.generate_private_key(ec.SECP256R1()))
    file.write_bytes(good + certificate(rsa.generate_private_key(65537, 1024)))
    with pytest.raises(ValueError, match="too weak"):
        refuse_unsound(file, NOW)


STANZA = """
[belastingen]
organisation = "Gemeente Zonnedael"
oin = "00000001900000010000"
protocol = "municipal_rest"
url = "https://bron.example"
ca_file = "ca.pem"
api_key_file = "api-key"
"""


def test_a_short_rsa_key_of_ours_for_a_source_stops_the_start(tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text(STANZA)
    (tmp_path / "ca.pem").write_text("x")
    for bits, refused in ((2048, True), (3072, False)):
        key = rsa.generate_private_key(65537, bits)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / "api-key").write_bytes(pem)
        os.chmod(tmp_path / "api-key", 0o600)
        if refused:
            with pytest.raises(
                SettingsError, match=r"source belastingen: the RSA key in .* shorter than 3072"
            ):
                refuse_open_files(load_sources(sources))
        else:
            refuse_open_files(load_sources(sources))


def test_the_authority_above_our_certificate_may_be_of_2048_bits(file: Path) -> None:
    good = certificate(ec.generate_private_key(ec.SECP256R1()))
    file.write_bytes(good + certificate(rsa.generate_private_key(65537, 2048)))
    refuse_unsound(file, NOW)


def test_a_secret_of_a_source_that_everybody_may_read_stops_the_start(tmp_path: Path) -> None:
    sources = tmp_path / "sources.toml"
    sources.write_text(STANZA)
    for name in ("ca.pem", "api-key"):
        (tmp_path / name).write_text("x")
    os.chmod(tmp_path / "api-key", 0o644)
    with pytest.raises(SettingsError, match=r"source belastingen: everybody .* chmod 600 ") as caught:
        refuse_open_files(load_sources(sources))
    assert "ca.pem" not in str(caught.value)
    os.chmod(tmp_path / "api-key", 0o640)
    refuse_open_files(load_sources(sources))
    os.remove(tmp_path / "api-key")
    refuse_open_files(load_sources(sources))
