"""Encryption of what is stored about a person: AES-256-GCM under a ring of keys.

A row is tied to its place: table, row id and owner are associated data, so that a row copied to another place or
another person cannot be opened (NIST SP 800-38D).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.ports.storage import StoredDataUnreadable

_FORMAT = b"\x01"
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ciphertext belongs."""

    table: str
    row: str
    owner: str

    def as_bytes(self, key_id: str) -> bytes:
        """Unambiguous: every part carries its length."""
        parts = [part.encode() for part in (key_id, self.table, self.row, self.owner)]
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


class KeyRing:
    """The newest key encrypts, every key decrypts. Keys never show in a repr."""

    def __init__(self, keys: list[tuple[str, bytes]]) -> None:
        """`keys` are (key id, 32 bytes), oldest first. Raises ValueError when that is not so."""
        _check(keys)
        self._newest_id = keys[-1][0]
        self._newest = keys[-1][1]
        self._keys = tuple(key for _, key in reversed(keys))
        self._ciphers = {key_id: AESGCM(_derive(key, "encrypt")) for key_id, key in keys}

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read a key file, see `parse_key_lines`. Raises ValueError."""
        return cls(parse_key_lines(text))

    def __repr__(self) -> str:
        return f"KeyRing(newest={self._newest_id!r}, keys={len(self._ciphers)})"

    @property
    def newest_id(self) -> str:
        return self._newest_id

    def encrypt(self, plain: bytes, place: Place) -> bytes:
        return self._sealed(plain, place, self._newest_id)

    def encrypt_again(self, plain: bytes, place: Place, stored: bytes) -> bytes:
        """Under the key that `stored` is under: what else stands in its row was made with that key, and goes with it."""
        key_id = _split(stored)[0]
        if key_id not in self._ciphers:
            raise StoredDataUnreadable(place.table)
        return self._sealed(plain, place, key_id)

    def decrypt(self, stored: bytes, place: Place) -> bytes:
        """Raises StoredDataUnreadable when the key is gone or the row does not belong in this place."""
        try:
            key_id, nonce, sealed = _split(stored)
            return self._ciphers[key_id].decrypt(nonce, sealed, place.as_bytes(key_id))
        except (KeyError, ValueError, IndexError, InvalidTag):
            raise StoredDataUnreadable(place.table) from None

    def _sealed(self, plain: bytes, place: Place, key_id: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return head_of(key_id) + nonce + self._ciphers[key_id].encrypt(nonce, plain, place.as_bytes(key_id))

    def derive(self, purpose: str) -> bytes:
        """32 secret bytes for one other purpose, from the newest key: the same in every process with this ring."""
        return _derive(self._newest, f"purpose:{purpose}")

    def derive_each(self, purpose: str) -> tuple[bytes, ...]:
        """The same from every key, newest first: to find again what was made under an earlier one."""
        return tuple(_derive(key, f"purpose:{purpose}") for key in self._keys)


def parse_key_lines(text: str) -> list[tuple[str, bytes]]:
    """Lines of `key-id base64`, oldest first, `#` starts a remark: (key id, 32 bytes). Raises ValueError."""
    lines = [line.split("#", 1)[0].split() for line in text.splitlines()]
    keys = [_parse_line(parts) for parts in lines if parts]
    _check(keys)
    return keys


def head_of(key_id: str) -> bytes:
    """What everything begins with that is encrypted under this key."""
    return _FORMAT + bytes([len(key_id)]) + key_id.encode()


def new_key_line(key_id: str) -> str:
    """A line with a fresh key, to append to a key file."""
    return f"{key_id} {base64.b64encode(os.urandom(32)).decode()}\n"


def digest(secret: str) -> str:
    """How random handles and session ids are stored: hexadecimal SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _check(keys: list[tuple[str, bytes]]) -> None:
    if not keys or len({key_id for key_id, _ in keys}) != len(keys):
        raise ValueError("a key ring has keys with different ids")
    if any(len(key) != 32 or not _KEY_ID.fullmatch(key_id) for key_id, key in keys):
        raise ValueError("a storage key has a short id and 32 bytes")


def _parse_line(parts: list[str]) -> tuple[str, bytes]:
    try:
        key_id, encoded = parts
        return key_id, base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("a line of the key file is not `key-id base64`") from None


def _derive(key: bytes, info: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"blauwe-knop {info}".encode()).derive(key)


def _split(stored: bytes) -> tuple[str, bytes, bytes]:
    if stored[:1] != _FORMAT:
        raise ValueError("unknown format")
    start = 2 + stored[1]
    return stored[2:start].decode(), stored[start : start + _NONCE_BYTES], stored[start + _NONCE_BYTES :]
