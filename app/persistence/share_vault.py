"""What a shared overview is locked with: a key that only the code gives, with a secret that is not in the database.

Argon2id (RFC 9106) over the code, with the secret of the installation as its secret value, gives 64 bytes: a name to find the
row by, of which the SHA-256 is stored, and a key for AES-256-GCM. Without the secret nobody can try codes on a
stolen database; with both each try costs an Argon2id of 64 MiB, and there are 2^55 codes.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.persistence.cipher import KeyRing, Place, digest
from app.ports.shares import SharedFile, SharesBusy

_SALT = b"blauwe-knop share v1"  # the same for all: the codes themselves are random
_MEMORY_KIB = 64 * 1024
_ITERATIONS = 3
_LANES = 1
_KEY_ID = "code"
MOST_TRIED = 3


@dataclass(frozen=True, slots=True, repr=False)
class Lock:
    """`name_hash` finds the row, `ring` opens it."""

    name_hash: str
    ring: KeyRing

    def close(self, files: Mapping[str, SharedFile], share_id: str) -> bytes:
        return self.ring.encrypt(_written(files), _place(self.name_hash, share_id))

    def open(self, stored: bytes, share_id: str) -> dict[str, SharedFile]:
        """Raises StoredDataUnreadable for a row that was put in the place of another."""
        return _read(self.ring.decrypt(stored, _place(self.name_hash, share_id)))


class ShareVault:
    """Makes locks. One at a time per process: each takes 64 MiB, and nobody may fill the memory by guessing. Nor may guessing
    take the threads that citizens need: of codes that somebody tries at most `MOST_TRIED` wait for their `turn`."""

    def __init__(self, secret: bytes) -> None:
        """`secret`: 32 bytes or more that are not in the database. Raises ValueError for less."""
        if len(secret) < 32:
            raise ValueError("the secret of shares has at least 32 bytes")
        self._secret = secret
        self.turn = threading.Lock()
        self._tried = threading.BoundedSemaphore(MOST_TRIED)

    def lock(self, code: str) -> Lock:
        """The same code always gives the same lock."""
        kdf = Argon2id(
            salt=_SALT,
            length=64,
            iterations=_ITERATIONS,
            lanes=_LANES,
            memory_cost=_MEMORY_KIB,
            secret=self._secret,
        )
        with self.turn:
            derived = kdf.derive(code.encode())
        return Lock(digest(derived[:32].hex()), KeyRing([(_KEY_ID, derived[32:])]))

    def lock_tried(self, code: str) -> Lock:
        """The same for a code that somebody says to have. Raises SharesBusy when others are waiting."""
        if not self._tried.acquire(blocking=False):
            raise SharesBusy
        try:
            return self.lock(code)
        finally:
            self._tried.release()


def _place(name_hash: str, share_id: str) -> Place:
    return Place("shares", share_id, name_hash)


def _written(files: Mapping[str, SharedFile]) -> bytes:
    members = {
        name: {
            "name": file.name,
            "media_type": file.media_type,
            "content": base64.b64encode(file.content).decode(),
        }
        for name, file in files.items()
    }
    return json.dumps(members).encode()


def _read(plain: bytes) -> dict[str, SharedFile]:
    return {
        name: SharedFile(stated["name"], stated["media_type"], base64.b64decode(stated["content"]))
        for name, stated in json.loads(plain).items()
    }
