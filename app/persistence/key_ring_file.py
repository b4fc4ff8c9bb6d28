"""The storage keys in a file that may change while the service runs: it is looked at before every use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import structlog

from app.persistence.cipher import KeyRing, Place, parse_key_lines

_log = structlog.stdlib.get_logger(__name__)


class FileKeyRing(KeyRing):
    """A key that another process began to use is known here at once; a file that cannot be read changes nothing."""

    def __init__(self, file: Path) -> None:
        """Raises ValueError or OSError when the file is no key ring."""
        self._file = file
        self._lock = threading.Lock()
        self._stamp = _stamp(file)
        self._ring = KeyRing(parse_key_lines(file.read_text()))

    def __repr__(self) -> str:
        return repr(self._ring)

    @property
    def newest_id(self) -> str:
        return self._current().newest_id

    def encrypt(self, plain: bytes, place: Place) -> bytes:
        return self._current().encrypt(plain, place)

    def encrypt_again(self, plain: bytes, place: Place, stored: bytes) -> bytes:
        return self._current().encrypt_again(plain, place, stored)

    def decrypt(self, stored: bytes, place: Place) -> bytes:
        return self._current().decrypt(stored, place)

    def derive(self, purpose: str) -> bytes:
        return self._current().derive(purpose)

    def derive_each(self, purpose: str) -> tuple[bytes, ...]:
        return self._current().derive_each(purpose)

    def _current(self) -> KeyRing:
        with self._lock:
            try:
                stamp = _stamp(self._file)
                if stamp != self._stamp:
                    self._ring, self._stamp = KeyRing(parse_key_lines(self._file.read_text())), stamp
            except (OSError, ValueError) as error:
                kind = type(error).__name__
                _log.error("the storage keys cannot be read, going on with those from before", kind=kind)
            return self._ring


class DerivedKeys:
    """Secrets for one purpose, oldest first, as they are at each look: what was signed under an earlier key is still
    accepted, and the last one signs (the form that itsdangerous takes for its rotation of keys)."""

    def __init__(self, ring: KeyRing, purpose: str) -> None:
        self._ring = ring
        self._purpose = purpose

    def __iter__(self) -> Iterator[bytes]:
        return reversed(self._ring.derive_each(self._purpose))

    def __repr__(self) -> str:
        return "DerivedKeys(…)"


def _stamp(file: Path) -> tuple[int, int, int]:
    state = file.stat()
    return state.st_mtime_ns, state.st_size, state.st_ino
