"""What may be compared with a printed overview: facts about the document, and nobody's name or number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.ports.audit import Pseudonym
from claims.totals import Total


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """`asked`: connected sources that were asked; `full`: how many of these gave a full answer. `not_asked`: connected ones that
    were not, because their list of whom they know did not have this person. `not_connected`: organisations that it names as
    not connected; None: kept before they were counted."""

    asked: int
    full: int
    not_asked: int = 0
    not_connected: int | None = None


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """As they stand on the pages. `subject`: for the audit log, shown to nobody."""

    number: str
    made_at: datetime
    organisation: str
    claim_count: int
    balance: Total
    sources: SourceCounts
    subject: Pseudonym

    def __repr__(self) -> str:
        return f"PaperFacts(number={self.number!r})"


@dataclass(frozen=True, slots=True)
class PaperExpired:
    """There was a document with this code; its facts are gone."""


class PaperStore(Protocol):
    """Raises StorageUnavailable from every method. Of a code nothing is stored from which it could be found again."""

    def keep(self, code: str, facts: PaperFacts, expires_at: datetime) -> None:
        """The first of a code stays, so that another download of the same document is safe."""

    def find(self, code: str, now: datetime) -> PaperFacts | PaperExpired | None:
        """None for a code of which nothing is known (any more). Raises CodesBusy."""

    def purge(self, now: datetime) -> int:
        """Delete the facts that are too old, and after a while that there were any. Returns how many were handled."""
