"""Every delivery has a random key of its own, kept sealed under the installation's key ring.

So a new installation key needs no look at a single record, and never the BSNs behind the keyed hashes: the few sealed keys
are sealed again, each in one small transaction. And who forgets a sealed key, forgets the whole delivery.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field

from app.persistence.cipher import KeyRing, Place
from claims.identity import Bsn

_PURPOSE = "batch persons"
_KEY_ID = "d"


@dataclass(frozen=True, slots=True)
class DeliveryKey:
    """Opens the records of one delivery and finds those of one person in it."""

    _secret: bytes = field(repr=False)
    _ring: KeyRing = field(repr=False)
    _person_key: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> DeliveryKey:
        return cls._of(os.urandom(32))

    @classmethod
    def unseal(cls, sealed: bytes, keys: KeyRing, place: Place) -> DeliveryKey:
        """Raises StoredDataUnreadable when the installation key is gone, or the key belongs to another delivery."""
        return cls._of(keys.decrypt(sealed, place))

    @classmethod
    def _of(cls, secret: bytes) -> DeliveryKey:
        ring = KeyRing([(_KEY_ID, secret)])
        return cls(secret, ring, ring.derive(_PURPOSE))

    def seal(self, keys: KeyRing, place: Place) -> bytes:
        """Under the newest key of the installation."""
        return keys.encrypt(self._secret, place)

    def person_hash(self, source_id: str, bsn: Bsn) -> str:
        """HMAC-SHA-256 in hexadecimal."""
        return hmac.digest(self._person_key, f"{source_id}\0{bsn.digits}".encode(), "sha256").hex()

    def encrypt(self, plain: bytes, place: Place) -> bytes:
        return self._ring.encrypt(plain, place)

    def decrypt(self, stored: bytes, place: Place) -> bytes:
        """Raises StoredDataUnreadable."""
        return self._ring.decrypt(stored, place)


def key_place(delivery_id: str, source_id: str) -> Place:
    """Where the sealed key of a delivery belongs."""
    return Place("batch_deliveries", delivery_id, source_id)
