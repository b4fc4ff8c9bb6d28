"""What an organisation publishes about its seal, so that others can check files without us. Nothing here is secret."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.policy import TrustedOrganisation

_GROUP = 4


class Role(StrEnum):
    """What a certificate is for; also the stem of its file names."""

    ROOT = "wortel"
    INTERMEDIATE = "keten"
    SEAL = "zegel"
    TIME_STAMP_ROOT = "tijdstempel"


@dataclass(frozen=True, slots=True)
class PublishedCertificate:
    """One certificate, DER. `number` counts from 1 within its role."""

    role: Role
    number: int
    subject: str
    expires_at: datetime
    der: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """Stem of its own file."""
        return f"{self.role}-{self.number}"

    @property
    def sha256(self) -> str:
        """64 hexadecimal digits over the DER."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def groups(self) -> str:
        """The same in groups of four, to read aloud."""
        digits = self.sha256.upper()
        return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


@dataclass(frozen=True, slots=True)
class PublishedSeal:
    """`organization_identifier` must stand in the subject of the seal certificate, else it is of another organisation
    below the same root."""

    organisation: str
    organization_identifier: str
    certificates: tuple[PublishedCertificate, ...]

    def of(self, role: Role) -> tuple[PublishedCertificate, ...]:
        """The certificates of one role."""
        return tuple(one for one in self.certificates if one.role is role)

    @property
    def fingerprints(self) -> str:
        """Lines as `sha256sum -c` reads them, over the DER files."""
        return "".join(f"{one.sha256}  {one.name}.cer\n" for one in self.certificates)

    def pem(self, role: Role) -> bytes:
        """All certificates of one role in one file."""
        return b"".join(
            x509.load_der_x509_certificate(one.der).public_bytes(Encoding.PEM) for one in self.of(role)
        )


def publish(
    trusted: TrustedOrganisation, seal: x509.Certificate, above: Iterable[x509.Certificate]
) -> PublishedSeal:
    """`seal`: the certificate that seals now; `above`: the authorities between it and the root."""
    named = {
        Role.ROOT: trusted.roots,
        Role.INTERMEDIATE: tuple(one.public_bytes(Encoding.DER) for one in above),
        Role.SEAL: (seal.public_bytes(Encoding.DER),),
        Role.TIME_STAMP_ROOT: trusted.time_stamp_roots,
    }
    certificates = tuple(
        _published(role, number, der) for role, ders in named.items() for number, der in enumerate(ders, 1)
    )
    return PublishedSeal(trusted.name, trusted.organization_identifier, certificates)


def _published(role: Role, number: int, der: bytes) -> PublishedCertificate:
    certificate = x509.load_der_x509_certificate(der)
    subject = certificate.subject.rfc4514_string()
    return PublishedCertificate(role, number, subject, certificate.not_valid_after_utc, der)
