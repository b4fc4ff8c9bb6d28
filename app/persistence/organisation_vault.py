"""What an overview is locked with that is shared with a registered organisation: keys of that organisation alone.

Each key comes (HKDF) from a key in the file of the organisation and the secret of the installation, neither of which is in the
database: whoever has only one of the three can read nothing, and not even see which organisation a row is for. Decision 35.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.persistence.cipher import KeyRing, Place
from app.persistence.share_vault import Lock

_PURPOSE = "name of the organisation"
_WORDS = "known_as"


@dataclass(frozen=True, slots=True, repr=False)
class OrganisationLock(Lock):
    """`name_hash` tells which organisation a row is for, to whoever has its key."""

    def close_words(self, text: str, share_id: str) -> bytes:
        return self.ring.encrypt(text.encode(), Place("shares", share_id, _WORDS))

    def read_words(self, stored: bytes, share_id: str) -> str:
        """Raises StoredDataUnreadable."""
        return self.ring.decrypt(stored, Place("shares", share_id, _WORDS)).decode()


class OrganisationVault:
    """Makes locks. Nobody but who was registered at the start of the process has any."""

    def __init__(self, secret: bytes, keys: Mapping[str, Sequence[tuple[str, bytes]]]) -> None:
        """`secret` as of `ShareVault`. `keys`: per organisation (key id, 32 bytes), oldest first. Raises ValueError."""
        if len(secret) < 32:
            raise ValueError("the secret of shares has at least 32 bytes")
        self._locks = {name: _locks(secret, name, own) for name, own in keys.items()}

    def locks(self, organisation_id: str) -> tuple[OrganisationLock, ...]:
        """The newest, which closes, first; all open. Empty for who is not registered (any more)."""
        return self._locks.get(organisation_id, ())


def _locks(
    secret: bytes, organisation_id: str, keys: Sequence[tuple[str, bytes]]
) -> tuple[OrganisationLock, ...]:
    """One ring, that opens what is under any of its keys; one name per key."""
    ring = KeyRing([(key_id, _mixed(secret, organisation_id, key)) for key_id, key in keys])
    names = (_name(key, organisation_id) for key in ring.derive_each(_PURPOSE))
    return tuple(OrganisationLock(name, ring) for name in names)


def _mixed(secret: bytes, organisation_id: str, key: bytes) -> bytes:
    """A file that was used for two organisations by mistake still gives each its own key."""
    info = f"blauwe-knop shares with {organisation_id}".encode()
    return HKDF(hashes.SHA256(), 32, salt=secret, info=info).derive(key)


def _name(key: bytes, organisation_id: str) -> str:
    return hmac.new(key, organisation_id.encode(), hashlib.sha256).hexdigest()
