"""What the time-stamps of a file prove about the moment at which it was sealed.

A time-stamp proves something as long as the certificate of its authority is good; before that ends, the next one is put
around it (an archived copy). So each is judged at the moment of the next, and the last one now.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.policy import TrustedOrganisation
from signing.report import CheckId, Finding
from signing.time_stamp import TimeStamp
from signing.verifying.paths import validate_path
from signing.verifying.record import Record
from signing.verifying.revocation import RevocationList, find_revocation, read_lists

NO_TIME_STAMP = "no time-stamp"
_NO_AUTHORITY = "there is a time-stamp, but no time-stamp authority of this organisation is in our policy"
_LAPSED = "the certificate of the time-stamp authority is not good any more"


@dataclass(frozen=True)
class Evidence:
    """All that a file brings along to prove its moment.

    `stamps` in the order in which they were made. Certificates and revocation lists (DER) count only as far as they
    lead to our own policy.
    """

    stamps: tuple[TimeStamp, ...] = ()
    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    is_archived: bool = False

    @cached_property
    def lists(self) -> tuple[RevocationList, ...]:
        """Its revocation lists, read once."""
        return read_lists(self.crls)

    def followed_by(self, later: "Evidence") -> "Evidence":
        """This evidence, and what was put around it afterwards."""
        return Evidence(
            (*self.stamps, *later.stamps),
            (*self.certificates, *later.certificates),
            (*self.crls, *later.crls),
            self.is_archived or later.is_archived,
        )


@dataclass(frozen=True)
class Proof:
    """The seal existed at `at`; None: not proven, and `reason` says why."""

    at: datetime | None
    reason: str = ""


def prove(record: Record, evidence: Evidence, organisation: TrustedOrganisation, now: datetime) -> Proof:
    """What the time-stamps prove. Raises Refused for one that our seals cannot have got."""
    if not evidence.stamps:
        return Proof(None, NO_TIME_STAMP)
    if not organisation.time_stamp_roots and evidence.is_archived:
        record.refuse(CheckId.MOMENT, Finding.UNTRUSTED, _NO_AUTHORITY)
    if not organisation.time_stamp_roots:
        return Proof(None, _NO_AUTHORITY)
    moments = [stamp.at for stamp in evidence.stamps]
    if moments != sorted(moments):
        record.refuse(
            CheckId.MOMENT, Finding.UNTRUSTED, "the time-stamps are not in the order of their moments"
        )
    judge = _Judge(record, evidence, organisation)
    covered_at = [
        *moments[1:],
        max(now, moments[-1]),
    ]  # our clock may be slow: no time-stamp is judged before it was made
    is_good = [judge.is_good(stamp, until) for stamp, until in zip(evidence.stamps, covered_at, strict=True)]
    if not is_good[-1]:
        return Proof(None, _LAPSED)
    unbroken = next(i for i in range(len(is_good)) if all(is_good[i:]))
    return Proof(evidence.stamps[unbroken].at)


@dataclass
class _Judge:
    """Judges the time-stamps of one file. What holds for one of them is not found out again for the next."""

    record: Record
    evidence: Evidence
    organisation: TrustedOrganisation
    _paths: dict[tuple[bytes, ...], list[x509.Certificate]] = field(default_factory=dict)

    @cached_property
    def _lists(self) -> tuple[RevocationList, ...]:
        return (*read_lists(self.organisation.time_stamp_crls), *self.evidence.lists)

    def is_good(self, stamp: TimeStamp, until: datetime) -> bool:
        """Whether this time-stamp still proves something at `until`. Raises Refused."""
        path = self._path(stamp, stamp.at)
        if not path:
            reason = "the time-stamp is of an authority that is not in our policy"
            self.record.refuse(CheckId.MOMENT, Finding.UNTRUSTED, reason)
        if not {stamp.leaf, *stamp.others} <= {*map(_der, path), *self.organisation.time_stamp_roots}:
            reason = "the time-stamp brings certificates along that are not its own"
            self.record.refuse(CheckId.FORM, Finding.ALTERED, reason)
        if not self._path(stamp, until):
            return False
        revoked = find_revocation(path, self._lists)
        return revoked is None or revoked.at > until

    def _path(self, stamp: TimeStamp, moment: datetime) -> list[x509.Certificate]:
        """A path that holds at this moment; one that was validated for another moment holds at this one too when all its
        certificates do: nothing else depends on the moment."""
        certificates = (stamp.leaf, *stamp.others)
        known = self._paths.get(certificates)
        if known and all(one.not_valid_before_utc <= moment <= one.not_valid_after_utc for one in known):
            return known
        others = (*stamp.others, *self.evidence.certificates)
        path = validate_path(stamp.leaf, others, self.organisation.time_stamp_roots, moment)
        self._paths[certificates] = [x509.load_der_x509_certificate(one) for one in path]
        return self._paths[certificates]


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
