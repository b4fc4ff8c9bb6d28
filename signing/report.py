"""What an examination of one file found. Facts from the file and our trust policy alone; no register was asked."""

import base64
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any, Literal, NoReturn, Self

Kind = Literal["pdf", "json"]
B_B, B_T, B_LT, B_LTA = "B-B", "B-T", "B-LT", "B-LTA"
"""Levels of PAdES (ETSI EN 319 142-1): bare, with time-stamp, with revocation data too, archived."""


class Finding(Enum):
    """The outcome, in the order of the verdict table: the first one that applies wins.

    `EXPIRED_UNPROVEN`, `ARCHIVED` and `GENUINE` are the good ones.
    """

    UNEXAMINED = "unexamined"
    """We could not examine it now; that is our fault, not the file's."""
    AHEAD_OF_CLOCK = "ahead of our clock"
    """Intact and by a trusted organisation, but of a moment that this computer's clock has not reached: it may be slow."""
    NOT_SEALED = "not sealed"
    """Not a sealed overview at all: a scan, another file, encrypted, unreadable, over the limits."""
    ALTERED = "altered"
    """Sealed, but not as it was when it was sealed."""
    UNTRUSTED = "untrusted"
    """Intact, but not sealed by a trusted organisation with a certificate that was good at that moment."""
    KEY_REVOKED = "key revoked"
    """Intact, and its certificate was revoked after the moment of sealing that the file states and nothing proves."""
    EXPIRED_UNPROVEN = "expired, moment not proven"
    """Intact and trusted; the certificate has expired since and no time-stamp proves the moment of sealing."""
    ARCHIVED = "archived"
    """Intact and trusted, with the archival time-stamp of our own archive rule behind it."""
    GENUINE = "genuine"
    """Intact and trusted."""


class CheckId(Enum):
    """The numbered checks, in the order in which they are done."""

    READABLE = 1
    ONE_SEAL = 2
    UNCHANGED = 3
    WHOLE_FILE = 4
    ORGANISATION = 5
    FORM = 6
    CONTENT = 7
    CONTROL_CODE = 8
    CERTIFICATE = 9
    REVOCATION = 10
    MOMENT = 11
    CONFINED = 12


class Outcome(Enum):
    """How one check ended."""

    OK = "ok"
    FAILED = "failed"
    NOT_DONE = "not done"


@dataclass(frozen=True)
class Check:
    """One numbered check; `reason` is plain English of our own, without any text from the file."""

    id: CheckId
    outcome: Outcome
    reason: str

    @property
    def number(self) -> int:
        """The number of the check in reports, from 1."""
        return self.id.value


@dataclass(frozen=True)
class SealReport:
    """The finding about one file with the facts behind it.

    `organisation` and `organization_identifier` come from our policy and are filled only when the chain of the seal ends in
    that organisation's root; `payload` (the JSON bytes) only when the file is intact and by that organisation, also when its
    key was revoked afterwards: `revoked_at` then says when. `sealed_at` is what the file states; `proven_at` is None unless a
    time-stamp proves that the seal existed then. `archived_at` is the newest archival time-stamp. `level` is that of PAdES or
    JAdES ("B-B", "B-T", "B-LT", "B-LTA"), for intact and trusted files.
    `key_id` is the hex SHA-256 of the seal certificate's DER, also for certificates that we do not trust;
    `other_key_id` that of the same certificate with the other of the two values of its issuer's ECDSA signature.
    `ahead_of_clock`: it states a moment of sealing that by this computer's clock has not come yet.
    `network_cut_off` and `files_cut_off`: whether the process that read the file could reach no network, and no files of
    this computer but code; None when no process of its own read it.
    """

    finding: Finding
    sha256: str
    checks: tuple[Check, ...] = ()
    kind: Kind | None = None
    organisation: str | None = None
    organization_identifier: str | None = None
    key_id: str | None = None
    other_key_id: str | None = None
    sealed_at: datetime | None = None
    proven_at: datetime | None = None
    archived_at: datetime | None = None
    level: str | None = None
    revoked_at: datetime | None = None
    revocation_reason: str | None = None
    ahead_of_clock: bool = False
    network_cut_off: bool | None = None
    files_cut_off: bool | None = None
    payload: bytes | None = field(default=None, repr=False)

    def __bool__(self) -> NoReturn:
        raise TypeError("a SealReport is neither true nor false: look at its finding")

    def to_members(self) -> dict[str, Any]:
        """The report as members of a JSON object."""
        members = {name: getattr(self, name) for name in self.__dataclass_fields__}
        members["finding"] = self.finding.name
        members["checks"] = [[check.id.name, check.outcome.name, check.reason] for check in self.checks]
        for name in _MOMENTS:
            members[name] = members[name] and members[name].isoformat()
        members["payload"] = self.payload and base64.b64encode(self.payload).decode("ascii")
        return members

    @classmethod
    def from_members(cls, members: dict[str, Any]) -> Self:
        """The report back from `to_members`. Raises KeyError, TypeError or ValueError when it is not one."""
        report = cls(**{**members, "finding": Finding[members["finding"]], "checks": ()})
        checks = tuple(
            Check(CheckId[id_], Outcome[outcome], reason) for id_, outcome, reason in members["checks"]
        )
        moments: dict[str, Any] = {
            name: members[name] and datetime.fromisoformat(members[name]) for name in _MOMENTS
        }
        payload = members["payload"]
        payload = payload and base64.b64decode(payload, validate=True)
        return replace(report, checks=checks, payload=payload, **moments)


_MOMENTS = ("sealed_at", "proven_at", "archived_at", "revoked_at")
