"""Sealed statements about the audit log: what its last row is, and which rows were deleted after their time.

The statement is JSON under the seal of the organisation, as flattened JWS: anybody with the anchors can check it with any
JOSE library. It has another `soort` than a sealed overview, so that neither can ever be taken for the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from app.ports.audit import ChainEnd, HeadKind
from claims.instant import format_instant, parse_instant
from claims.strict_json import StrictJsonError, canonical_json, loads_strict

_SOORT = {
    HeadKind.HEAD: "blauwe-knop-auditlog-kop-v1",
    HeadKind.CHECKPOINT: "blauwe-knop-auditlog-schoning-v1",
}
_MEMBERS = {"soort", "plaats", "hash", "moment"}
_HASH = re.compile("[0-9a-f]{64}")
_LARGEST = 10_000


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sealed head says."""

    kind: HeadKind
    end: ChainEnd
    sealed_at: datetime

    def to_payload(self) -> bytes:
        members = {
            "soort": _SOORT[self.kind],
            "plaats": self.end.position,
            "hash": self.end.row_hash,
            "moment": format_instant(self.sealed_at),
        }
        return canonical_json(members)

    @classmethod
    def from_payload(cls, payload: bytes) -> Statement | None:
        """None when it is another kind of statement."""
        try:
            members = loads_strict(payload, _LARGEST, max_depth=2)
        except StrictJsonError:
            return None
        if not isinstance(members, dict) or set(members) != _MEMBERS:
            return None
        kinds = [kind for kind, name in _SOORT.items() if name == members["soort"]]
        position, row_hash = members["plaats"], members["hash"]
        if not kinds or type(position) is not int or position < 1:
            return None
        if not isinstance(row_hash, str) or not _HASH.fullmatch(row_hash):
            return None
        return cls._dated(kinds[0], ChainEnd(position, row_hash), members["moment"])

    @classmethod
    def _dated(cls, kind: HeadKind, end: ChainEnd, moment: object) -> Statement | None:
        try:
            return cls(kind, end, parse_instant(moment)) if isinstance(moment, str) else None
        except ValueError:
            return None
