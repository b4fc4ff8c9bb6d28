"""The input that is being read now, in memory that is shared with a file: it outlives whatever the input does."""

from __future__ import annotations

import mmap
from pathlib import Path

_LENGTH = 8
_ROOM = 1_000_000


class CurrentInput:
    """Written by the process that reads, before it reads. Costs microseconds."""

    def __init__(self, file: Path) -> None:
        with file.open("w+b") as opened:
            opened.truncate(_LENGTH + _ROOM)
            self._shared = mmap.mmap(opened.fileno(), _LENGTH + _ROOM)

    def note(self, data: bytes) -> None:
        """Raises ValueError for an input that is larger than the limits allow by far."""
        self._shared[_LENGTH : _LENGTH + len(data)] = data
        self._shared[:_LENGTH] = (len(data) + 1).to_bytes(_LENGTH, "big")


def last_input(file: Path) -> bytes | None:
    """What was being read when the process ended; None when it never came that far."""
    noted = file.read_bytes() if file.is_file() else b""
    length = int.from_bytes(noted[:_LENGTH], "big")
    return noted[_LENGTH : _LENGTH + length - 1] if length else None
