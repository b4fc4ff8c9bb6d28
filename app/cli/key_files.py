"""Files with a ring of keys: a line for each key, with remarks that stay. For the commands that change one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path


def new_id(known: Sequence[str]) -> str:
    """The date of today, with a number when that is taken."""
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    names = [today, *(f"{today}-{number}" for number in range(2, len(known) + 3))]
    return next(name for name in names if name not in known)


def key_of(line: str) -> str:
    """The id of the key in a line; empty for a remark."""
    words = line.split("#", 1)[0].split()
    return words[0] if words else ""


def replace_file(file: Path, text: str) -> None:
    """Whole or not at all, with the rights and the owner of the old one."""
    state, new = file.stat(), file.with_name(f".{file.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        os.fchmod(descriptor, state.st_mode & 0o777)
        os.fchown(descriptor, state.st_uid, state.st_gid)
        stream.write(text)
        stream.flush()
        os.fsync(descriptor)
    new.replace(file)
