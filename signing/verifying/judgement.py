"""The checks that PDF and JSON share, once the seal itself is known to be intact.

The order is that of the verdict table: first who sealed it (a stranger's form does not matter), then whether
form and content are those of a sealed overview, then whether certificate and key were good at the moment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from signing.policy import TrustPolicy
from signing.report import CheckId, Finding
from signing.verifying.record import Record
from signing.verifying.revocation import find_revocation, is_covered
from signing.verifying.trust import SealCertificates, TrustedPath, find_trusted_path, may_seal

_CLOCK_DIFFERENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Intact:
    """An intact seal: its certificates, the moment that it states, and how to check form and content.

    `check_form` makes the checks FORM, CONTENT and CONTROL_CODE and returns the JSON bytes.
    """

    certificates: SealCertificates
    sealed_at: datetime | None
    check_form: Callable[[], bytes]


def judge(record: Record, seal: Intact, policy: TrustPolicy, now: datetime) -> Finding:
    """The finding about an intact seal. Raises Refused as soon as a check fails."""
    record.know(key_id=seal.certificates.key_id, sealed_at=seal.sealed_at)
    path = find_trusted_path(seal.certificates, policy, seal.sealed_at or now)
    if path is None:
        reason = "the seal's certificate does not lead to the root of an organisation in our policy"
        record.refuse(CheckId.ORGANISATION, Finding.UNTRUSTED, reason)
    record.know(
        organisation=path.organisation.name, organization_identifier=path.organisation.organization_identifier
    )
    record.ok(CheckId.ORGANISATION, "sealed by an organisation in our policy")
    payload = seal.check_form()
    if seal.sealed_at is None:
        record.refuse(CheckId.CERTIFICATE, Finding.ALTERED, "the file does not state when it was sealed")
    _check_certificate(record, path, seal.sealed_at, now)
    _check_revocation(record, path, seal.sealed_at, now)
    record.know(payload=payload)
    return _moment(record, path, now)


def _check_certificate(record: Record, path: TrustedPath, sealed_at: datetime, now: datetime) -> None:
    if not may_seal(path.leaf):
        record.refuse(CheckId.CERTIFICATE, Finding.UNTRUSTED, "the certificate is not meant for sealing")
    if not path.leaf.not_valid_before_utc <= sealed_at <= path.leaf.not_valid_after_utc:
        reason = "the certificate was not valid at the moment of sealing that the file states"
        record.refuse(CheckId.CERTIFICATE, Finding.UNTRUSTED, reason)
    if sealed_at > now + _CLOCK_DIFFERENCE:
        reason = "the moment of sealing that the file states has not come yet"
        record.refuse(CheckId.CERTIFICATE, Finding.UNTRUSTED, reason)
    record.ok(CheckId.CERTIFICATE, "meant for sealing, and valid at the stated moment of sealing")


def _check_revocation(record: Record, path: TrustedPath, sealed_at: datetime, now: datetime) -> None:
    revoked = find_revocation(path)
    if revoked is None and is_covered(path, now):
        record.ok(CheckId.REVOCATION, "not on the revocation lists that we have")
    elif revoked is None:
        record.not_done(CheckId.REVOCATION, "we have no current revocation list of this certificate's issuer")
    else:
        record.know(revoked_at=revoked.at, revocation_reason=revoked.reason)
        if revoked.at <= sealed_at:
            reason = "the certificate had been revoked before the stated moment of sealing"
            record.refuse(CheckId.REVOCATION, Finding.UNTRUSTED, reason)
        reason = "the certificate was revoked after the stated moment of sealing, which no time-stamp proves"
        record.refuse(CheckId.REVOCATION, Finding.KEY_REVOKED, reason)


def _moment(record: Record, path: TrustedPath, now: datetime) -> Finding:
    if now > path.leaf.not_valid_after_utc:
        reason = "the certificate has expired since, and no time-stamp proves the moment of sealing"
        record.not_done(CheckId.MOMENT, reason)
        return Finding.EXPIRED_UNPROVEN
    record.not_done(CheckId.MOMENT, "no time-stamp; the certificate is still valid now")
    return Finding.GENUINE
