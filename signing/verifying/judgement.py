"""The checks that PDF and JSON share, once the seal itself is known to be intact.

The order is that of the verdict table: first who sealed it (a stranger's form does not matter), then whether
form and content are those of a sealed overview, then whether certificate and key were good at the moment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from signing.policy import TrustPolicy
from signing.report import CheckId, Finding
from signing.verifying.proof import Evidence, Proof, prove
from signing.verifying.record import Record
from signing.verifying.revocation import (
    RevocationList,
    Revoked,
    find_revocation,
    is_covered,
    read_lists,
)
from signing.verifying.trust import SealCertificates, TrustedPath, find_trusted_path, may_seal

_CLOCK_DIFFERENCE = timedelta(minutes=10)
_WRONG_ZONE = timedelta(hours=14)
"""As much as a clock is off when it is set to the time of the wrong part of the world."""
_NO_EVIDENCE = Evidence()


@dataclass(frozen=True)
class Intact:
    """An intact seal: its certificates, the moment that it states, and how to check form and content.

    `check_form` makes the checks FORM, CONTENT and CONTROL_CODE and returns the JSON bytes.
    """

    certificates: SealCertificates
    sealed_at: datetime | None
    check_form: Callable[[], bytes]
    evidence: Evidence = _NO_EVIDENCE


def judge(record: Record, seal: Intact, policy: TrustPolicy, now: datetime) -> Finding:
    """The finding about an intact seal. Raises Refused as soon as a check fails."""
    record.know(key_id=seal.certificates.key_id, sealed_at=seal.sealed_at)
    path = find_trusted_path(seal.certificates, policy, seal.sealed_at or now)
    if path is None:
        reason = "the seal's certificate does not lead to the root of an organisation in our policy"
        record.refuse(CheckId.ORGANISATION, Finding.UNTRUSTED, reason)
    record.know(
        organisation=path.organisation.name,
        organization_identifier=path.organisation.organization_identifier,
        other_key_id=path.other_key_id,
    )
    record.ok(CheckId.ORGANISATION, "sealed by an organisation in our policy")
    payload = seal.check_form()
    if seal.sealed_at is None:
        record.refuse(CheckId.CERTIFICATE, Finding.ALTERED, "the file does not state when it was sealed")
    proof = prove(record, seal.evidence, path.organisation, now)
    if proof.at is not None and proof.at > path.leaf.not_valid_after_utc:
        proof = Proof(None, "the time-stamp was made after the certificate had expired")
    record.know(proven_at=proof.at)
    moment = Moment(seal.sealed_at, proof, now)
    _check_certificate(record, path, moment)
    record.know(payload=payload)
    _check_revocation(record, path, moment, seal.evidence.lists)
    return _conclude(record, path, moment)


@dataclass(frozen=True)
class Moment:
    """When it was sealed: as the file states, and as proven; and now."""

    stated: datetime
    proof: Proof
    now: datetime

    @property
    def best(self) -> datetime:
        """What certificate and revocation are held against."""
        return self.proof.at or self.stated

    @property
    def kind(self) -> str:
        """For reasons."""
        return "stated" if self.proof.at is None else "proven"

    @property
    def is_ahead(self) -> bool:
        """Whether it states a moment that by this computer's clock has not come yet."""
        return self.stated > self.now + _CLOCK_DIFFERENCE

    @property
    def may_be_our_clock(self) -> bool:
        """Whether this computer's clock explains that: shown by a time-stamp, or else by how little it is."""
        if self.proof.at is not None:
            return self.proof.at > self.now + _CLOCK_DIFFERENCE
        return self.stated <= self.now + _WRONG_ZONE


def _check_certificate(record: Record, path: TrustedPath, moment: Moment) -> None:
    if not may_seal(path.leaf):
        record.refuse(CheckId.CERTIFICATE, Finding.UNTRUSTED, "the certificate is not meant for sealing")
    for at in {moment.stated, moment.best}:
        if not path.leaf.not_valid_before_utc <= at <= path.leaf.not_valid_after_utc:
            reason = f"the certificate was not valid at the {moment.kind} moment of sealing"
            record.refuse(CheckId.CERTIFICATE, Finding.UNTRUSTED, reason)
    if moment.is_ahead:
        _refuse_ahead(record, moment)
    record.ok(CheckId.CERTIFICATE, f"meant for sealing, and valid at the {moment.kind} moment of sealing")


def _refuse_ahead(record: Record, moment: Moment) -> NoReturn:
    record.know(ahead_of_clock=True)
    finding = Finding.AHEAD_OF_CLOCK if moment.may_be_our_clock else Finding.UNTRUSTED
    minutes = (moment.stated - moment.now) // timedelta(minutes=1)
    reason = f"the stated moment of sealing is {minutes} minutes ahead of this computer's clock"
    record.refuse(CheckId.CERTIFICATE, finding, reason)


def _check_revocation(
    record: Record, path: TrustedPath, moment: Moment, brought_lists: tuple[RevocationList, ...]
) -> None:
    ours = read_lists(path.organisation.crls)
    revoked = find_revocation(path.certificates, (*ours, *brought_lists))
    if revoked is not None:
        _weigh_revocation(record, moment, revoked)
    elif is_covered(path.certificates, ours, moment.now):
        record.ok(CheckId.REVOCATION, "not on the revocation lists that we have")
    elif moment.proof.at is not None and is_covered(path.certificates, brought_lists, moment.proof.at):
        record.ok(CheckId.REVOCATION, "not revoked at the proven moment, by lists under the same seal")
    else:
        record.not_done(CheckId.REVOCATION, "we have no current revocation list of this certificate's issuer")


def _weigh_revocation(record: Record, moment: Moment, revoked: Revoked) -> None:
    """What was proven to be older stays good (ETSI EN 319 102-1, 5.5: past signature validation). Raises Refused for the rest."""
    record.know(revoked_at=revoked.at, revocation_reason=revoked.reason)
    if revoked.at <= moment.best:
        reason = f"the certificate had been revoked before the {moment.kind} moment of sealing"
        record.refuse(CheckId.REVOCATION, Finding.UNTRUSTED, reason)
    if moment.proof.at is None:
        reason = "the certificate was revoked after the stated moment of sealing, which nothing proves"
        record.refuse(CheckId.REVOCATION, Finding.KEY_REVOKED, reason)
    record.ok(CheckId.REVOCATION, "revoked later; a time-stamp proves that the seal is older")


def _conclude(record: Record, path: TrustedPath, moment: Moment) -> Finding:
    proven_at = moment.proof.at
    if proven_at is not None and moment.stated > proven_at + _CLOCK_DIFFERENCE:
        reason = "the time-stamp is older than the moment of sealing that the file states"
        record.refuse(CheckId.MOMENT, Finding.UNTRUSTED, reason)
    if proven_at is not None:
        record.ok(CheckId.MOMENT, "a time-stamp proves that the seal existed then")
        return Finding.GENUINE
    if moment.now > path.leaf.not_valid_after_utc:
        reason = f"the certificate has expired since, and the moment is not proven: {moment.proof.reason}"
        record.not_done(CheckId.MOMENT, reason)
        return Finding.EXPIRED_UNPROVEN
    record.not_done(CheckId.MOMENT, f"{moment.proof.reason}; the certificate is still valid now")
    return Finding.GENUINE
