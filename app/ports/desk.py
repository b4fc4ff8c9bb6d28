"""What a counsellor's browser may look at again for a moment: encrypted under a key that only that browser has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class KeptResult:
    content: bytes
    expires_at: datetime

    def __repr__(self) -> str:
        return f"KeptResult({len(self.content)} bytes)"


class DeskStore(Protocol):
    """Raises StorageUnavailable from every method. Without the ticket nobody can read what is kept, we neither."""

    def keep(self, content: bytes, expires_at: datetime) -> str:
        """Returns the ticket: it finds and opens the content, and is stored nowhere."""

    def find(self, ticket: str, now: datetime) -> KeptResult | None:
        """None for a ticket of nothing, or of what is too old."""

    def forget(self, ticket: str) -> bool:
        """False when there was nothing (any more): of two at once the first has it."""

    def purge(self, now: datetime) -> int:
        """Delete what is too old. Returns how many there were."""
