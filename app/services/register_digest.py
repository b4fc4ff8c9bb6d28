"""What the register keeps of a record: enough to recognise it, and not its control code.

The code is the beginning of the SHA-256 of the record, and opens what is kept for papers. A hash over that hash says neither.
"""

from __future__ import annotations

import hashlib

_PURPOSE = b"blauwe-knop register v1\n"


def register_digest(payload: bytes) -> str:
    """64 hexadecimal characters."""
    return hashlib.sha256(_PURPOSE + hashlib.sha256(payload).digest()).hexdigest()


def is_registered_as(payload: bytes, digest: str) -> bool:
    """Until November 2026 the register held the SHA-256 of the record itself: those rows stay valid."""
    return digest in {register_digest(payload), hashlib.sha256(payload).hexdigest()}
