"""A sealing key in a file (PEM or PKCS#12), loaded once. For installations without a hardware module."""

from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12

from signing.errors import KeyRefused, SigningError
from signing.keys.backend import Scheme
from signing.keys.certificates import (
    CertificateChain,
    check_certificate,
    is_same_key,
    read_chain,
    seals_or_refuse,
)
from signing.keys.files import read_line, read_secret

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
_SHA256 = hashes.SHA256()


class SoftwareSigner:
    """A `Signer` around a key object in memory. Raises KeyRefused for a kind of key that does not seal."""

    def __init__(self, private_key: PrivateKey) -> None:
        self._private_key = private_key
        self.public_key, self.kind = seals_or_refuse(private_key.public_key(), "this key")

    def sign(self, data: bytes, scheme: Scheme) -> bytes:
        """See `Signer.sign`. Raises SigningError for a scheme that does not fit the key."""
        if not scheme.fits(self.kind):
            raise SigningError(f"a key of kind {self.kind.value} cannot sign with {scheme.name}")
        key = self._private_key
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(data, ec.ECDSA(hashes.SHA384() if scheme is Scheme.ECDSA_SHA384 else _SHA256))
        return key.sign(data, _PSS if scheme is Scheme.RSA_PSS else padding.PKCS1v15(), _SHA256)


class SoftwareKey(SoftwareSigner):
    """A `KeyBackend` around a key object in memory. Use a `load_*` function, which also checks it."""

    def __init__(
        self, private_key: PrivateKey, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...] = ()
    ) -> None:
        super().__init__(private_key)
        self.certificate = certificate
        self.chain = chain


def load_software_key(
    key_file: Path, certificate_file: Path, chain_file: Path | None = None, *, at_any_time: bool = False
) -> SoftwareKey:
    """Load and check a sealing key: PKCS#8 PEM without password, certificates as PEM. `at_any_time`: see
    `check_certificate`.

    Raises:
        KeyRefused: a file is missing or unreadable; others than the owner may read the key file; key and
            certificate do not belong together; the certificate is not valid now, may not sign, or does not name
            an organisation.
    """
    private_key = read_private_key(key_file)
    found = read_chain(certificate_file, chain_file)
    if not is_same_key(private_key.public_key(), found.certificate.public_key()):
        raise KeyRefused(f"{key_file}: this key does not belong to the certificate in {certificate_file}")
    check_certificate(found.certificate, certificate_file, at_any_time=at_any_time)
    return SoftwareKey(private_key, found.certificate, found.chain)


def load_pkcs12_key(file: Path, password_file: Path, *, at_any_time: bool = False) -> SoftwareKey:
    """Load and check a sealing key with its certificates in one PKCS#12 file (RFC 7292).

    Both files are for their owner only; the password is the first line of its file. Raises KeyRefused as
    `load_software_key`.
    """
    content, password = read_secret(file), read_line(password_file)
    try:
        opened = pkcs12.load_pkcs12(content, password.encode("utf-8"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyRefused(f"{file}: not a PKCS#12 file, or another password") from error
    if opened.key is None or opened.cert is None:
        raise KeyRefused(f"{file}: needs a private key and the certificate that belongs to it")
    private_key = _checked(opened.key, file)
    above = [one.certificate for one in opened.additional_certs]
    found = CertificateChain.of(opened.cert.certificate, above)
    check_certificate(found.certificate, file, at_any_time=at_any_time)
    return SoftwareKey(private_key, found.certificate, found.chain)


def read_private_key(file: Path) -> PrivateKey:
    """A private key in PEM that seals and that only its owner can read. Raises KeyRefused."""
    pem = read_secret(file)
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyRefused(f"{file}: not a private key in PEM without password") from error
    return _checked(key, file)


def _checked(key: object, file: Path) -> PrivateKey:
    seals_or_refuse(key.public_key() if isinstance(key, PrivateKey) else None, file)
    assert isinstance(key, PrivateKey)  # noqa: S101 -- only these have a kind
    return key
