"""Whether a certificate of a path was revoked, by the revocation lists of our own policy (RFC 5280, 6.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from signing.verifying.trust import TrustedPath


@dataclass(frozen=True)
class Revoked:
    """The earliest revocation in a path; `reason` in the names of RFC 5280 (such as keyCompromise)."""

    at: datetime
    reason: str


def find_revocation(path: TrustedPath) -> Revoked | None:
    """The earliest revocation that the policy's lists tell about any certificate of this path."""
    found = [
        _revoked(entry)
        for certificate, lists in _lists_by_certificate(path)
        for crl in lists
        if (entry := crl.get_revoked_certificate_by_serial_number(certificate.serial_number)) is not None
    ]
    return min(found, key=lambda revoked: revoked.at, default=None)


def is_covered(path: TrustedPath, now: datetime) -> bool:
    """Whether there is a list that is not out of date for the seal certificate."""
    return any(
        crl.next_update_utc is not None and crl.next_update_utc >= now
        for certificate, lists in _lists_by_certificate(path)
        if certificate is path.leaf
        for crl in lists
    )


def _lists_by_certificate(
    path: TrustedPath,
) -> Iterable[tuple[x509.Certificate, list[x509.CertificateRevocationList]]]:
    lists = [x509.load_der_x509_crl(crl) for crl in path.organisation.crls]
    for certificate, issuer in zip(path.certificates, path.certificates[1:], strict=False):
        key = issuer.public_key()
        yield (
            certificate,
            [crl for crl in lists if crl.issuer == issuer.subject and crl.is_signature_valid(key)],  # type: ignore[arg-type]
        )


def _revoked(entry: x509.RevokedCertificate) -> Revoked:
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
    except x509.ExtensionNotFound:
        reason = x509.ReasonFlags.unspecified.value
    return Revoked(entry.revocation_date_utc, reason)
