"""Random secrets in files of their own, kept outside the database and its backups."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

_LEAST_BYTES = 32


def secret_bytes(file: Path, key: str) -> bytes:
    """Base64 of 32 bytes or more. `key`: how the settings name it. Raises ValueError or OSError when the file holds no such
    secret."""
    try:
        found = base64.b64decode(file.read_text().strip(), validate=True)
    except binascii.Error:
        found = b""
    if len(found) < _LEAST_BYTES:
        raise ValueError(f"{key} is not base64 of 32 bytes or more")
    return found
