"""What the time-stamps of a file prove about the moment at which it was sealed.

A time-stamp proves something as long as the certificate of its authority is good; before that ends, the next one is put
around it (an archived copy). So each is judged at the moment of the next, and the last one now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from signing.policy import TrustedOrganisation
from signing.report import CheckId, Finding
from signing.time_stamp import TimeStamp
from signing.verifying.record import Record
from signing.verifying.revocation import find_revocation
from signing.verifying.trust import validate_path

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
    covered_at = [*moments[1:], now]
    is_good = [
        _is_good(record, one, (evidence, organisation), until)
        for one, until in zip(range(len(evidence.stamps)), covered_at, strict=True)
    ]
    if not is_good[-1]:
        return Proof(None, _LAPSED)
    unbroken = next(i for i in range(len(is_good)) if all(is_good[i:]))
    return Proof(evidence.stamps[unbroken].at)


def _is_good(record: Record, index: int, by: tuple[Evidence, TrustedOrganisation], until: datetime) -> bool:
    """Whether this time-stamp still proves something at `until`."""
    evidence, organisation = by
    stamp, roots = evidence.stamps[index], organisation.time_stamp_roots
    others = (*stamp.others, *evidence.certificates)
    path = validate_path(stamp.leaf, others, roots, stamp.at)
    if not path:
        reason = "the time-stamp is of an authority that is not in our policy"
        record.refuse(CheckId.MOMENT, Finding.UNTRUSTED, reason)
    if not {stamp.leaf, *stamp.others} <= {*path, *roots}:
        reason = "the time-stamp brings certificates along that are not its own"
        record.refuse(CheckId.FORM, Finding.ALTERED, reason)
    loaded = _loaded(path)
    if not _all_hold(loaded, until) and not validate_path(stamp.leaf, others, roots, until):
        return False
    revoked = find_revocation(loaded, (*organisation.time_stamp_crls, *evidence.crls))
    return revoked is None or revoked.at > until


def _all_hold(path: Sequence[x509.Certificate], moment: datetime) -> bool:
    """Whether a path that was validated for another moment holds at this one too: nothing else depends on the moment."""
    return all(one.not_valid_before_utc <= moment <= one.not_valid_after_utc for one in path)


def _loaded(path: Sequence[bytes]) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(one) for one in path]
