"""A sealing key in a PEM file, loaded once. For installations without a hardware module."""

import stat
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from signing.errors import KeyRefused, SigningError
from signing.keys.backend import KeyKind, Scheme

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
_SMALLEST_RSA = 3072


class SoftwareKey:
    """A `KeyBackend` around a key object in memory. Use `load_software_key`, which also checks it."""

    def __init__(
        self, private_key: PrivateKey, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...] = ()
    ) -> None:
        self._private_key = private_key
        self.certificate = certificate
        self.chain = chain
        self.kind = KeyKind.RSA if isinstance(private_key, rsa.RSAPrivateKey) else KeyKind.P256

    def sign(self, data: bytes, scheme: Scheme) -> bytes:
        """See `KeyBackend.sign`. Raises SigningError for a scheme that does not fit the key."""
        key = self._private_key
        if isinstance(key, ec.EllipticCurvePrivateKey) and scheme is Scheme.ECDSA:
            return key.sign(data, ec.ECDSA(hashes.SHA256()))
        if isinstance(key, rsa.RSAPrivateKey) and scheme is Scheme.RSA_PKCS1:
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(key, rsa.RSAPrivateKey) and scheme is Scheme.RSA_PSS:
            return key.sign(data, _PSS, hashes.SHA256())
        raise SigningError(f"a key of kind {self.kind.value} cannot sign with {scheme.name}")


def load_software_key(key_file: Path, certificate_file: Path, chain_file: Path | None = None) -> SoftwareKey:
    """Load and check a sealing key: PKCS#8 PEM without password, certificates as PEM.

    Raises:
        KeyRefused: a file is missing or unreadable; others than the owner may read the key file; key and
            certificate do not belong together; the certificate is not valid now, may not sign, or does not name
            an organisation.
    """
    private_key = _private_key(key_file)
    [certificate, *rest] = _certificates(certificate_file)
    chain = tuple(rest) + (tuple(_certificates(chain_file)) if chain_file else ())
    if _public_bytes(private_key.public_key()) != _public_bytes(certificate.public_key()):
        raise KeyRefused(f"{key_file}: this key does not belong to the certificate in {certificate_file}")
    _check_certificate(certificate, certificate_file)
    return SoftwareKey(
        private_key, certificate, tuple(above for above in chain if above.subject != above.issuer)
    )


def _private_key(file: Path) -> PrivateKey:
    pem = _read(file)
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyRefused(f"{file}: others than the owner can read this key file; use: chmod 600 {file}")
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise KeyRefused(f"{file}: not a private key in PEM without password") from error
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _SMALLEST_RSA:
        return key
    raise KeyRefused(f"{file}: a sealing key is EC P-256 or RSA of at least {_SMALLEST_RSA} bits")


def _certificates(file: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(_read(file))
    except ValueError as error:
        raise KeyRefused(f"{file}: not a certificate in PEM") from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise KeyRefused(f"{file}: {error.strerror}") from error


def _public_bytes(key: object) -> bytes:
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return b""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _check_certificate(certificate: x509.Certificate, file: Path) -> None:
    now = datetime.now(UTC)
    if now > certificate.not_valid_after_utc:
        raise KeyRefused(f"{file}: the certificate expired on {certificate.not_valid_after_utc:%Y-%m-%d}")
    if now < certificate.not_valid_before_utc:
        raise KeyRefused(
            f"{file}: the certificate is valid only from {certificate.not_valid_before_utc:%Y-%m-%d}"
        )
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError) as error:
        raise KeyRefused(f"{file}: the certificate states no key usage") from error
    if not (usage.digital_signature or usage.content_commitment):
        raise KeyRefused(f"{file}: the certificate is not for signing (digitalSignature or nonRepudiation)")
    for oid, name in ((NameOID.ORGANIZATION_NAME, "organization"), (_IDENTIFIER, "organizationIdentifier")):
        if len(certificate.subject.get_attributes_for_oid(oid)) != 1:
            raise KeyRefused(f"{file}: the subject of the certificate needs exactly one {name}")


_IDENTIFIER = NameOID.ORGANIZATION_IDENTIFIER
