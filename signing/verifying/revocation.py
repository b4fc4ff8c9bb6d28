"""Whether a certificate of a path was revoked, by revocation lists that its issuers signed (RFC 5280, 6.3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


@dataclass(frozen=True)
class Revoked:
    """The earliest revocation in a path; `reason` in the names of RFC 5280 (such as keyCompromise)."""

    at: datetime
    reason: str


def find_revocation(path: Sequence[x509.Certificate], lists: Iterable[bytes]) -> Revoked | None:
    """The earliest revocation that these lists (DER) tell about any certificate of a path, which ends in its root."""
    found = [
        _revoked(entry)
        for certificate, own in _lists_by_certificate(path, lists)
        for crl in own
        if (entry := crl.get_revoked_certificate_by_serial_number(certificate.serial_number)) is not None
    ]
    return min(found, key=lambda revoked: revoked.at, default=None)


def is_covered(path: Sequence[x509.Certificate], lists: Iterable[bytes], moment: datetime) -> bool:
    """Whether there is a list that is not out of date at `moment` for the first certificate of the path."""
    return any(
        crl.next_update_utc is not None and crl.next_update_utc >= moment
        for certificate, own in _lists_by_certificate(path[:2], lists)
        for crl in own
    )


def current_lists(
    path: Sequence[x509.Certificate], lists: Iterable[bytes], moment: datetime
) -> tuple[bytes, ...]:
    """For every certificate below the root a list (DER) of its issuer that holds at `moment`; or nothing at all."""
    found: list[bytes] = []
    for _, own in _lists_by_certificate(path, lists):
        current = [crl for crl in own if _is_current(crl, moment)]
        if not current:
            return ()
        found += [current[0].public_bytes(Encoding.DER)]
    return tuple(dict.fromkeys(found))


def _is_current(crl: x509.CertificateRevocationList, moment: datetime) -> bool:
    return crl.next_update_utc is not None and crl.last_update_utc <= moment <= crl.next_update_utc


def _lists_by_certificate(
    path: Sequence[x509.Certificate], encoded: Iterable[bytes]
) -> Iterable[tuple[x509.Certificate, list[x509.CertificateRevocationList]]]:
    lists = [crl for one in encoded if (crl := _parsed(one)) is not None]
    for certificate, issuer in pairwise(path):
        key = issuer.public_key()
        yield (
            certificate,
            [crl for crl in lists if crl.issuer == issuer.subject and crl.is_signature_valid(key)],  # type: ignore[arg-type]
        )


def _parsed(encoded: bytes) -> x509.CertificateRevocationList | None:
    """What a file brings along need not be a list at all."""
    try:
        return x509.load_der_x509_crl(encoded)
    except ValueError:
        return None


def _revoked(entry: x509.RevokedCertificate) -> Revoked:
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
    except x509.ExtensionNotFound:
        reason = x509.ReasonFlags.unspecified.value
    return Revoked(entry.revocation_date_utc, reason)
