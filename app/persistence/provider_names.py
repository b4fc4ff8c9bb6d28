"""What a log-in provider calls a log-in or a person, as it is stored: comparable, but not readable nor guessable."""

from __future__ import annotations

import hashlib
import hmac

from app.persistence.cipher import KeyRing

_PURPOSE = "provider sessions"


class ProviderNames:
    """Keyed hashes under the storage keys. A subject may be a BSN, of which a plain hash could be tried out."""

    def __init__(self, keys: KeyRing, table: str) -> None:
        """`table`: a name that one site keeps says nothing to another."""
        self._ring = keys
        self._table = table

    def hash(self, kind: str, issuer: str, name: str | None) -> str | None:
        """To store: under the newest key."""
        hashes = self.hashes(kind, issuer, name)
        return hashes[0] if hashes else None

    def hashes(self, kind: str, issuer: str, name: str | None) -> tuple[str, ...]:
        """To look up: under every key, because sessions outlive a change of keys."""
        if name is None:
            return ()
        message = b"".join(
            len(part.encode()).to_bytes(4, "big") + part.encode()
            for part in (self._table, kind, issuer, name)
        )
        return tuple(
            hmac.new(key, message, hashlib.sha256).hexdigest() for key in self._ring.derive_each(_PURPOSE)
        )
