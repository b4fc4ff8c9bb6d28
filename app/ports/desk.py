"""What a counsellor's browser may look at again for a moment: encrypted under a key that only that browser has."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class DeskStore(Protocol):
    """Raises StorageUnavailable from every method. Without the ticket nobody can read what is kept, we neither."""

    def keep(self, content: bytes, now: datetime) -> str:
        """Returns the ticket: it finds and opens the content, and is stored nowhere."""

    def find(self, ticket: str, now: datetime) -> bytes | None:
        """None for a ticket of nothing, or of what is too old."""

    def forget(self, ticket: str) -> None: ...

    def purge(self, now: datetime) -> int:
        """Delete what is too old. Returns how many there were."""
