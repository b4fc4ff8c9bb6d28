"""What the register keeps of a record, to recognise it.

The control code of a document is the beginning of the SHA-256 of its record. Where the code opens what is kept for papers, the
register must not hold it: then it keeps a hash over that hash. Only there, because the release before knows the plain one only
(docs/operations.md: first learn to read, then write).
"""

from __future__ import annotations

import hashlib

_PURPOSE = b"blauwe-knop register v1\n"


def register_digest(payload: bytes, *, hides_code: bool) -> str:
    """64 hexadecimal characters."""
    plain = hashlib.sha256(payload)
    return hashlib.sha256(_PURPOSE + plain.digest()).hexdigest() if hides_code else plain.hexdigest()


def is_registered_as(payload: bytes, digest: str) -> bool:
    """In either form: an installation may switch paper on and off."""
    return digest in {register_digest(payload, hides_code=hides) for hides in (False, True)}
