"""Names of log-ins and persons as they are stored with a session: comparable, but not readable nor guessable."""

from __future__ import annotations

import hashlib
import hmac

from app.persistence.cipher import KeyRing

_PROVIDER, _PERSON = "provider sessions", "persons of sessions"


class SessionNames:
    """Keyed hashes under the storage keys, a derived key per purpose. A person or a subject of the log-in provider may be a
    BSN, of which a plain hash could be tried out."""

    def __init__(self, keys: KeyRing, table: str) -> None:
        """`table`: a name that one site keeps says nothing to another."""
        self._ring = keys
        self._table = table

    def of_provider(self, kind: str, issuer: str, name: str | None) -> tuple[str, ...]:
        """What a log-in provider calls a log-in ("sid") or a person ("subject"). The first is to store, under the newest
        key; all are to look up, because sessions outlive a change of keys. Empty without a name."""
        return () if name is None else self._hashes(_PROVIDER, kind, issuer, name)

    def of_person(self, person: str | None) -> tuple[str, ...]:
        """Who is logged in; the same way."""
        return () if person is None else self._hashes(_PERSON, person)

    def _hashes(self, purpose: str, *parts: str) -> tuple[str, ...]:
        message = b"".join(
            len(part.encode()).to_bytes(4, "big") + part.encode() for part in (self._table, *parts)
        )
        return tuple(
            hmac.new(key, message, hashlib.sha256).hexdigest() for key in self._ring.derive_each(purpose)
        )


def to_store(hashes: tuple[str, ...]) -> str | None:
    return hashes[0] if hashes else None
