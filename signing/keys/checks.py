"""May this key seal for this organisation, now? One answer for the command, for a rotation and for the start.

The heart of it is a trial: the key seals a record that goes nowhere, and our own verifier judges it. So a key is refused
here exactly when its documents would be refused there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from cryptography import x509
from cryptography.x509.oid import NameOID

from signing.errors import KeyRefused, SigningError
from signing.keys.backend import KeyBackend, fits_certificate, signature_for_cms
from signing.policy import TrustPolicy
from signing.report import CheckId, Finding, Outcome, SealReport
from signing.sealing.jws import JsonSeal
from signing.verifying.examination import examine_here

WARN_BEFORE = timedelta(days=60)
"""How long before its end a certificate is something to act upon: that is how long an order may take."""
_TRIAL = b'{"proef":true}'


class Result(StrEnum):
    """How one check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class KeyCheckId(Enum):
    """The checks, in the order in which they are told."""

    SIGNATURE = "signature"
    IDENTIFIER = "organization identifier"
    OIN = "OIN"
    CHAIN = "chain"
    PURPOSE = "purpose"
    REVOCATION = "revocation"
    EXPIRY = "expiry"


@dataclass(frozen=True)
class KeyCheck:
    """One check; `reason` is one line in English, `detail` the fact itself (a number, a date) when there is one."""

    id: KeyCheckId
    result: Result
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Expected:
    """What the settings say about the organisation that seals."""

    organization_identifier: str
    oin: str


def check_key(
    key: KeyBackend, expected: Expected, policy: TrustPolicy, now: datetime
) -> tuple[KeyCheck, ...]:
    """All checks of a key that was loaded, in order. Raises SigningError when it cannot sign now.

    Outside the certificate's validity only EXPIRY says so: the others tell of the nearest moment at which it was valid.
    """
    signature = signature_for_cms(key, _TRIAL)
    at = min(max(now, key.certificate.not_valid_before_utc), key.certificate.not_valid_after_utc)
    try:
        report = examine_here(JsonSeal(key).seal(_TRIAL, at), policy, at)
    except SigningError:
        report = None
    fits = fits_certificate(key.certificate, _TRIAL, signature)
    return (
        _check(KeyCheckId.SIGNATURE, fits, "a trial signature fits the certificate", "does not fit"),
        _identifier(key.certificate, expected.organization_identifier),
        _oin(key.certificate, expected.oin),
        _judged(report, KeyCheckId.CHAIN, CheckId.ORGANISATION),
        _judged(report, KeyCheckId.PURPOSE, CheckId.CERTIFICATE),
        _judged(report, KeyCheckId.REVOCATION, CheckId.REVOCATION),
        _expiry(key.certificate, now),
    )


def refuse_unsound(checks: Sequence[KeyCheck]) -> None:
    """Raise KeyRefused with the first check that failed."""
    for check in checks:
        if check.result is Result.FAILED:
            raise KeyRefused(f"this key may not seal ({check.id.value}): {check.reason}")


def days_left(certificate: x509.Certificate, now: datetime) -> int:
    """Whole days until the certificate ends; negative afterwards."""
    return (certificate.not_valid_after_utc - now).days


def _check(id_: KeyCheckId, holds: bool, good: str, bad: str, detail: str = "") -> KeyCheck:
    return KeyCheck(id_, Result.OK if holds else Result.FAILED, good if holds else bad, detail)


def _identifier(certificate: x509.Certificate, expected: str) -> KeyCheck:
    stated = _subject(certificate, NameOID.ORGANIZATION_IDENTIFIER)
    bad = f"the certificate is of {stated or 'nobody'}, the settings say organization_identifier {expected}"
    return _check(KeyCheckId.IDENTIFIER, stated == expected, "is that of the settings", bad, stated)


def _oin(certificate: x509.Certificate, expected: str) -> KeyCheck:
    """Not every authority writes the OIN into a seal certificate; another one than ours is always wrong."""
    stated = _subject(certificate, NameOID.SERIAL_NUMBER)
    if not stated:
        return KeyCheck(KeyCheckId.OIN, Result.WARNING, "the certificate states no OIN (serialNumber)")
    bad = f"the certificate states {stated}, the settings say oin {expected}"
    return _check(KeyCheckId.OIN, stated == expected, "is that of the settings", bad, stated)


def _subject(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    values = certificate.subject.get_attributes_for_oid(oid)
    return str(values[0].value) if len(values) == 1 else ""


def _judged(report: SealReport | None, id_: KeyCheckId, by: CheckId) -> KeyCheck:
    """The verdict of our own verifier. What it did not come to is no reason to seal."""
    if report is None:
        return KeyCheck(id_, Result.FAILED, "the key could not make a trial seal")
    check = next(one for one in report.checks if one.id is by)
    ended_early = report.finding is not Finding.GENUINE
    results = {
        Outcome.OK: Result.OK,
        Outcome.FAILED: Result.FAILED,
        Outcome.NOT_DONE: Result.FAILED if ended_early else Result.WARNING,
    }
    return KeyCheck(id_, results[check.outcome], check.reason)


def _expiry(certificate: x509.Certificate, now: datetime) -> KeyCheck:
    end, left = f"{certificate.not_valid_after_utc:%Y-%m-%d}", days_left(certificate, now)
    detail = f"{end}, nog {left}"
    if now < certificate.not_valid_before_utc:
        begin = f"{certificate.not_valid_before_utc:%Y-%m-%d}"
        return KeyCheck(KeyCheckId.EXPIRY, Result.FAILED, f"valid only from {begin}", begin)
    if left < 0:
        return KeyCheck(KeyCheckId.EXPIRY, Result.FAILED, f"expired on {end}: order a new one", end)
    if certificate.not_valid_after_utc - now > WARN_BEFORE:
        return KeyCheck(KeyCheckId.EXPIRY, Result.OK, f"valid until {end}", detail)
    return KeyCheck(
        KeyCheckId.EXPIRY, Result.WARNING, f"ends on {end}, in {left} days: order a new one", detail
    )
