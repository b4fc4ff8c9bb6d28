"""Whether a certificate of a path was revoked, by revocation lists that its issuers signed (RFC 5280, 6.3).

That a certificate is on a list counts always. That it is not on it counts only when the list tells all about it: not the
difference with an earlier list, not of other certificates, not of some reasons only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


@dataclass(frozen=True)
class Revoked:
    """The earliest revocation in a path; `reason` in the names of RFC 5280 (such as keyCompromise)."""

    at: datetime
    reason: str


class RevocationList:
    """A list that can be read. Whether an issuer signed it is found out when it matters, and once for each issuer."""

    def __init__(self, crl: x509.CertificateRevocationList) -> None:
        self.crl = crl
        self._is_of: dict[x509.Certificate, bool] = {}

    def is_of(self, issuer: x509.Certificate) -> bool:
        """Whether it is this issuer's, by name and signature."""
        if issuer not in self._is_of:
            self._is_of[issuer] = self._is_signed_by(issuer)
        return self._is_of[issuer]

    def entry(
        self, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> x509.RevokedCertificate | None:
        """What it says of this certificate, when it is its issuer's list."""
        serial = certificate.serial_number
        if self._is_silent_about(serial) or not self.is_of(issuer):
            return None
        return self.crl.get_revoked_certificate_by_serial_number(serial)

    def _is_silent_about(self, serial: int) -> bool:
        """Then it does not matter whose list it is, which takes longer to find out."""
        try:
            return self.crl.get_revoked_certificate_by_serial_number(serial) is None
        except Exception:  # noqa: BLE001 -- a strange list makes the library raise more than ValueError
            return False

    def _is_signed_by(self, issuer: x509.Certificate) -> bool:
        try:
            return self.crl.issuer == issuer.subject and self.crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001 -- as above
            return False


def read_lists(encoded: Iterable[bytes]) -> tuple[RevocationList, ...]:
    """Those (DER) that can be read: what a file brings along need not be a list at all."""
    return tuple(RevocationList(crl) for one in dict.fromkeys(encoded) if (crl := _parsed(one)) is not None)


def find_revocation(path: Sequence[x509.Certificate], lists: Iterable[RevocationList]) -> Revoked | None:
    """The earliest revocation that these lists tell about any certificate of a path, which ends in its root."""
    known = tuple(lists)
    found = [
        _revoked(entry)
        for certificate, issuer in pairwise(path)
        for one in known
        if (entry := one.entry(certificate, issuer)) is not None and _counts(entry, one.crl)
    ]
    return min(found, key=lambda revoked: revoked.at, default=None)


def is_covered(path: Sequence[x509.Certificate], lists: Iterable[RevocationList], moment: datetime) -> bool:
    """Whether there is a list that is not out of date at `moment` for the first certificate of the path."""
    return any(
        one.is_of(issuer) and _is_fresh(one.crl, moment) and _tells_all_about(certificate, one.crl)
        for certificate, issuer in pairwise(path[:2])
        for one in lists
    )


def signed_lists(path: Sequence[x509.Certificate], lists: Iterable[RevocationList]) -> tuple[bytes, ...]:
    """Those that an issuer of this path signed, of whatever moment; DER."""
    own = (crl for _, found in _lists_by_certificate(path, lists) for crl in found)
    return tuple(dict.fromkeys(crl.public_bytes(Encoding.DER) for crl in own))


def current_lists(
    path: Sequence[x509.Certificate], lists: Iterable[RevocationList], moment: datetime
) -> tuple[bytes, ...]:
    """For every certificate below the root a list (DER) of its issuer that holds at `moment`; or nothing at all."""
    found: list[bytes] = []
    for certificate, own in _lists_by_certificate(path, lists):
        current = [crl for crl in own if _is_current(crl, moment) and _tells_all_about(certificate, crl)]
        if not current:
            return ()
        found += [current[0].public_bytes(Encoding.DER)]
    return tuple(dict.fromkeys(found))


def _is_current(crl: x509.CertificateRevocationList, moment: datetime) -> bool:
    return _is_fresh(crl, moment) and crl.last_update_utc <= moment


def _is_fresh(crl: x509.CertificateRevocationList, moment: datetime) -> bool:
    return crl.next_update_utc is not None and moment <= crl.next_update_utc


def _lists_by_certificate(
    path: Sequence[x509.Certificate], lists: Iterable[RevocationList]
) -> Iterable[tuple[x509.Certificate, list[x509.CertificateRevocationList]]]:
    known = tuple(lists)
    for certificate, issuer in pairwise(path):
        yield certificate, [one.crl for one in known if one.is_of(issuer)]


def _tells_all_about(certificate: x509.Certificate, crl: x509.CertificateRevocationList) -> bool:
    """Whether a certificate of this issuer that is not on the list is not revoked (RFC 5280, 5.2.4 and 5.2.5)."""
    try:
        extensions = list(crl.extensions)
    except ValueError:
        return False
    points = [one.value for one in extensions if isinstance(one.value, x509.IssuingDistributionPoint)]
    others = [one for one in extensions if not isinstance(one.value, x509.IssuingDistributionPoint)]
    if any(one.critical or isinstance(one.value, x509.DeltaCRLIndicator) for one in others):
        return False
    return all(_covers(point, certificate) for point in points)


def _covers(point: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    unlike = point.only_contains_user_certs if _is_authority(certificate) else point.only_contains_ca_certs
    if unlike or point.only_contains_attribute_certs or point.only_some_reasons or point.indirect_crl:
        return False
    if point.relative_name is not None:
        return False
    return point.full_name is None or not _places(certificate).isdisjoint(point.full_name)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return bool(certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


def _places(certificate: x509.Certificate) -> set[x509.GeneralName]:
    """Where its issuer says that it publishes the list about this certificate."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return set()
    return {name for point in points for name in point.full_name or ()}


def _parsed(encoded: bytes) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_der_x509_crl(encoded)
    except ValueError:
        return None


def _counts(entry: x509.RevokedCertificate, crl: x509.CertificateRevocationList) -> bool:
    """Not when it says that the certificate is free again, nor when it is about another issuer's certificate."""
    if _revoked(entry).reason == x509.ReasonFlags.remove_from_crl.value:
        return False
    try:
        named = entry.extensions.get_extension_for_class(x509.CertificateIssuer).value
    except x509.ExtensionNotFound:
        return True
    return crl.issuer in named.get_values_for_type(x509.DirectoryName)


def _revoked(entry: x509.RevokedCertificate) -> Revoked:
    """From the moment since when the key may have been in other hands, when the list states it (RFC 5280, 5.3.2)."""
    reason = _extension(entry, x509.CRLReason)
    lost = _extension(entry, x509.InvalidityDate)
    at = (
        entry.revocation_date_utc
        if lost is None
        else min(entry.revocation_date_utc, lost.invalidity_date_utc)
    )
    return Revoked(at, (x509.ReasonFlags.unspecified if reason is None else reason.reason).value)


def _extension(entry: x509.RevokedCertificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return entry.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
