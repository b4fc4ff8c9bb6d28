"""Sealing, as the use cases see it: digests go in, containers come out; keys stay behind the port."""

from __future__ import annotations

from collections.abc import Iterator
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

    @property
    def level(self) -> str:
        """The level of PAdES that the finished document has: "B-B", "B-T" or "B-LT"."""

    @property
    def long_term(self) -> LongTerm | None:
        """Certificates and revocation lists that go into the document; None below B-LT."""

    def cms(self, digest: bytes) -> bytes:
        """Detached CMS over a SHA-256 digest. Raises `signing.errors.NoTimeStamp` when the level needs one and there
        is none: write the document again with a seal of a lower level."""


class LongTerm(Protocol):
    """What lets a seal be checked long after; everything DER."""

    @property
    def certificates(self) -> tuple[bytes, ...]: ...

    @property
    def crls(self) -> tuple[bytes, ...]: ...


class Seals(Protocol):
    """The seals of one organisation: one key, several levels."""

    @property
    def key_id(self) -> str:
        """Hexadecimal SHA-256 of the seal certificate."""

    @property
    def wanted_level(self) -> str:
        """What this installation is set up for; anything lower is a fallback."""

    def attempts(self) -> Iterator[Seal]:
        """From the best that may work now down to B-B, which needs nobody. Raises `signing.errors.KeyRevoked`."""


class JsonSeal(Protocol):
    """Seals the JSON payload as flattened JWS."""

    def seal(self, payload: bytes, sealed_at: datetime) -> bytes:
        """The JWS as JSON bytes; `payload` stays byte for byte the same inside."""
