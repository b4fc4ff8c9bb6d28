"""Pseudonyms for the audit log: keyed HMACs under a ring of keys of their own.

A plain hash would be worthless: there are only some 91 million BSNs to try. The ring is a file that may change while the
service runs (`blauwe-knop keys rotate-pseudonym`): it is looked at before every use.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.persistence.cipher import parse_key_lines
from app.ports.audit import Pseudonym
from claims.identity import Bsn

_log = structlog.stdlib.get_logger(__name__)
_CITIZEN, _ACCOUNT = "citizen", "account"


@dataclass(frozen=True, slots=True)
class PseudonymRing:
    """The keys of one moment, oldest first: the last one makes new pseudonyms. Never shows a key."""

    keys: tuple[tuple[str, bytes], ...]

    @classmethod
    def parse(cls, text: str) -> PseudonymRing:
        """Read a key file, of the same form as the storage keys. Raises ValueError."""
        return cls(tuple(parse_key_lines(text)))

    def __repr__(self) -> str:
        return f"PseudonymRing(keys={len(self.keys)})"

    def each(self, purpose: str, person: str) -> tuple[Pseudonym, ...]:
        """Oldest first."""
        return tuple(Pseudonym(key_id, _pseudonym(key, purpose, person)) for key_id, key in self.keys)


class FilePseudonyms:
    """Implements app.ports.audit.Pseudonyms with the ring in a file."""

    def __init__(self, file: Path) -> None:
        """Raises ValueError or OSError when the file is no key ring."""
        self._file = file
        self._lock = threading.Lock()
        self._stamp = _stamp(file)
        self._ring = PseudonymRing.parse(file.read_text())

    def of_citizen(self, bsn: Bsn) -> Pseudonym:
        return self._current().each(_CITIZEN, bsn.digits)[-1]

    def of_account(self, account: str) -> Pseudonym:
        return self._current().each(_ACCOUNT, account)[-1]

    def each_of_citizen(self, bsn: Bsn) -> tuple[Pseudonym, ...]:
        return self._current().each(_CITIZEN, bsn.digits)

    def each_of_account(self, account: str) -> tuple[Pseudonym, ...]:
        return self._current().each(_ACCOUNT, account)

    @property
    def key_ids(self) -> frozenset[str]:
        return frozenset(key_id for key_id, _ in self._current().keys)

    def _current(self) -> PseudonymRing:
        """A file that cannot be read now changes nothing: the keys that we have are still good."""
        with self._lock:
            try:
                stamp = _stamp(self._file)
                if stamp != self._stamp:
                    self._ring, self._stamp = PseudonymRing.parse(self._file.read_text()), stamp
            except (OSError, ValueError) as error:
                _log.error(
                    "the pseudonym keys cannot be read, going on with those from before",
                    kind=type(error).__name__,
                )
            return self._ring


def _stamp(file: Path) -> tuple[int, int, int]:
    state = file.stat()
    return state.st_mtime_ns, state.st_size, state.st_ino


def _pseudonym(key: bytes, purpose: str, person: str) -> str:
    """Each purpose has a key of its own, so that an account that looks like a BSN is never taken for a citizen."""
    own = HKDF(hashes.SHA256(), 32, salt=None, info=f"blauwe-knop audit {purpose}".encode()).derive(key)
    return hmac.new(own, person.encode(), hashlib.sha256).hexdigest()
