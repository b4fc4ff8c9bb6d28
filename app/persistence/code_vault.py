"""Keys that only a code gives, with a secret that is not in the database.

Argon2id (RFC 9106) over the code, with the secret of the installation as its secret value, gives 64 bytes: a name to find the
row by, of which the SHA-256 is stored, and a key for AES-256-GCM. Without the secret nobody can try codes on a stolen database.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.persistence.cipher import KeyRing, digest
from app.ports.codes import CodesBusy

_LANES = 1
_KEY_ID = "code"
_LEAST_SECRET_BYTES = 32
MOST_TRIED = 3


@dataclass(frozen=True, slots=True)
class Price:
    """What one derivation takes: KiB of memory, and passes over it."""

    memory_kib: int
    passes: int


@dataclass(frozen=True, slots=True, repr=False)
class CodeKeys:
    """`name_hash` finds the row, `ring` opens it."""

    name_hash: str
    ring: KeyRing


class CodeVault:
    """Derives keys, one at a time per process: nobody may fill the memory by guessing. Nor may guessing take the threads that
    citizens need: of codes that somebody tries at most `MOST_TRIED` wait for their `turn`."""

    def __init__(self, secret: bytes, purpose: bytes, price: Price) -> None:
        """`secret`: 32 bytes or more that are not in the database. `purpose`: the salt, the same for all codes of one kind, which
        are random themselves. Raises ValueError for a secret that is too short."""
        if len(secret) < _LEAST_SECRET_BYTES:
            raise ValueError("the secret of codes has at least 32 bytes")
        self._secret = secret
        self._purpose = purpose
        self._price = price
        self.turn = threading.Lock()
        self._tried = threading.BoundedSemaphore(MOST_TRIED)

    def keys(self, code: str) -> CodeKeys:
        """The same code always gives the same keys."""
        kdf = Argon2id(
            salt=self._purpose,
            length=64,
            iterations=self._price.passes,
            lanes=_LANES,
            memory_cost=self._price.memory_kib,
            secret=self._secret,
        )
        with self.turn:
            derived = kdf.derive(code.encode())
        return CodeKeys(digest(derived[:32].hex()), KeyRing([(_KEY_ID, derived[32:])]))

    def keys_tried(self, code: str) -> CodeKeys:
        """The same for a code that somebody says to have. Raises CodesBusy when others are waiting."""
        if not self._tried.acquire(blocking=False):
            raise CodesBusy
        try:
            return self.keys(code)
        finally:
            self._tried.release()
