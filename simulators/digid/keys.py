"""The simulator's own signing key, made once in a given folder."""

import os
from pathlib import Path

from joserfc.jwk import RSAKey

_FILE = "digid-signing.pem"


def load_or_create_key(folder: Path) -> RSAKey:
    """Read the key, or make one that only this user can read."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / _FILE
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return RSAKey.import_key(file.read_bytes())
    key = RSAKey.generate_key(2048)
    with os.fdopen(descriptor, "wb") as target:
        target.write(key.as_pem(private=True))
    return key
