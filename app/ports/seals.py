"""Sealing, as the use cases see it: digests go in, containers come out; keys stay behind the port."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Seal(Protocol):
    """Seals a PDF in one pass: the document writer reserves `reserved_size` bytes, hashes the rest and asks `cms`."""

    @property
    def reserved_size(self) -> int:
        """Largest CMS in bytes."""

    @property
    def organisation(self) -> str:
        """Name of the organisation in the seal certificate; for /Name and the visible seal."""

    @property
    def key_id(self) -> str:
        """Hexadecimal SHA-256 of the seal certificate."""

    def cms(self, digest: bytes) -> bytes:
        """Detached CMS (PAdES B-B) over a SHA-256 digest."""


class JsonSeal(Protocol):
    """Seals the JSON payload as flattened JWS."""

    def seal(self, payload: bytes, sealed_at: datetime) -> bytes:
        """The JWS as JSON bytes; `payload` stays byte for byte the same inside."""
