"""The seal certificate beside a key: reading it with its chain, and refusing one that may not seal now."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from signing.errors import KeyRefused
from signing.key_kinds import KeyKind, kind_of
from signing.keys.backend import PublicKey
from signing.keys.files import read_certificates


@dataclass(frozen=True)
class CertificateChain:
    """A seal certificate and the authorities above it, lowest first, without the root."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @classmethod
    def of(cls, certificate: x509.Certificate, above: list[x509.Certificate]) -> "CertificateChain":
        """Leaves out what is issued by itself."""
        return cls(certificate, tuple(one for one in above if one.subject != one.issuer))


def read_chain(certificate_file: Path, chain_file: Path | None = None) -> CertificateChain:
    """The certificate (the first in its file) with what follows it and what is in the chain file.

    Raises KeyRefused.
    """
    [certificate, *rest] = read_certificates(certificate_file)
    return CertificateChain.of(certificate, rest + (read_certificates(chain_file) if chain_file else []))


def seals_or_refuse(public_key: object, place: object) -> tuple[PublicKey, KeyKind]:
    """A public key whose other half is kept at `place`, with its kind. Raises KeyRefused when such keys do not seal."""
    kind = kind_of(public_key)
    if kind is None or not isinstance(public_key, PublicKey):
        kinds = ", ".join(one.value for one in KeyKind)
        raise KeyRefused(f"{place}: a sealing key is one of {kinds}")
    return public_key, kind


def is_same_key(one: object, other: object) -> bool:
    """Whether two public keys are the same."""
    return isinstance(one, PublicKey) and isinstance(other, PublicKey) and _encoded(one) == _encoded(other)


def _encoded(key: PublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def check_certificate(certificate: x509.Certificate, place: object, *, at_any_time: bool = False) -> None:
    """Raise KeyRefused when this certificate, kept at `place`, is not valid now or not made for an organisation.
    `at_any_time`: valid now or not, for who only looks at the key."""
    if not at_any_time:
        _check_valid_now(certificate, place)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError) as error:
        raise KeyRefused(f"{place}: the certificate states no key usage") from error
    if not (usage.digital_signature or usage.content_commitment):
        raise KeyRefused(f"{place}: the certificate is not for signing (digitalSignature or nonRepudiation)")
    for oid, name in _NAMES:
        if len(certificate.subject.get_attributes_for_oid(oid)) != 1:
            raise KeyRefused(f"{place}: the subject of the certificate needs exactly one {name}")


def _check_valid_now(certificate: x509.Certificate, place: object) -> None:
    now = datetime.now(UTC)
    if now > certificate.not_valid_after_utc:
        raise KeyRefused(f"{place}: the certificate expired on {certificate.not_valid_after_utc:%Y-%m-%d}")
    if now < certificate.not_valid_before_utc:
        begin = f"{certificate.not_valid_before_utc:%Y-%m-%d}"
        raise KeyRefused(f"{place}: the certificate is valid only from {begin}")


_NAMES = (
    (NameOID.ORGANIZATION_NAME, "organization"),
    (NameOID.ORGANIZATION_IDENTIFIER, "organizationIdentifier"),
)
