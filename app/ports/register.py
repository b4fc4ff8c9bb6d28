"""The register of issued documents: no BSN, no amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """`payload_digest` recognises the JSON payload (`app.services.register_digest`); `key_id` is the key that seals the file that
    is handed out now (after a rotation another one than the first time); `collection_id` ties newer snapshots of the
    same collection to older ones and says nothing about the person."""

    number: str
    payload_digest: str
    key_id: str
    made_at: datetime
    collection_id: str


NOT_SEALED = "none"


@dataclass(frozen=True, slots=True)
class SealedLevel:
    """At which level of PAdES the PDF was handed out last, and which one the installation is set up for. A lower one
    than wanted: the time-stamp authority or fresh revocation data were not there."""

    level: str
    wanted: str


@dataclass(frozen=True, slots=True)
class RegisterState:
    entry: RegisterEntry
    superseded_by: str | None = None
    revoked_at: datetime | None = None
    revoked_reason: str | None = None
    sealed: SealedLevel | None = None


@dataclass(frozen=True, slots=True)
class KeyRevocation:
    """Seals made with this key from `since` on are not to be trusted; the operator said so at `recorded_at`.
    `key_id` as in `signing.report.SealReport`."""

    key_id: str
    since: datetime
    reason: str
    recorded_at: datetime


class RegisterUnavailable(Exception):
    """The register could not be asked now."""


class DocumentRegister(Protocol):
    """Raises RegisterUnavailable from every method when the storage cannot be reached."""

    def add(self, entry: RegisterEntry) -> None:
        """Add a document; older documents of the same collection become superseded by it. Adding the same number
        again changes nothing but that its key is noted too, so that a repeated download is safe."""

    def find(self, number: str) -> RegisterState | None: ...

    def moment(self) -> datetime | None:
        """What time it is by the clock of the register; None when that is the clock of this machine."""

    def revoke(self, number: str, at: datetime, reason: str) -> bool:
        """Mark a document as revoked; False when the number is unknown."""

    def revoked(self) -> tuple[RegisterState, ...]:
        """Every revoked document, the newest revocation first."""

    def revoke_key(self, revocation: KeyRevocation) -> KeyRevocation:
        """What holds from now on. The earliest moment that was ever stated stays: a revocation can reach further back,
        never less far."""

    def key_revocation(self, key_id: str) -> KeyRevocation | None: ...

    def revoked_keys(self) -> tuple[KeyRevocation, ...]:
        """Every revoked key, the newest revocation first."""

    def has_issued_with(self, key_id: str) -> bool:
        """Whether any file of any document was issued under this key."""

    def note_sealed(self, number: str, sealed: SealedLevel) -> None:
        """Note the level of a PDF that is handed out now, and count it."""

    def note_not_sealed(self, wanted: str) -> None:
        """Count a document that nobody got because sealing failed, as one of level NOT_SEALED."""

    def sealed_counts(self) -> Mapping[SealedLevel, int]:
        """How many PDFs were ever sealed, by level."""
