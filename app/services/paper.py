"""The paper route: somebody types the control code of a printed overview, and sees what that document said.

Off unless the settings have a table [paper]. It proves that we made a document with that code, and how much stood in it. Not
that this paper is that document: for that there is the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from app.documents import sentences
from app.ports.audit import Pseudonyms
from app.ports.clock import Clock
from app.ports.paper import PaperExpired, PaperFacts, PaperStore, SourceCounts
from app.ports.register import DocumentRegister
from app.ports.snapshot import Snapshot
from app.services import audit_facts
from app.services.audit import WritesAudit
from claims.overview import Overview
from signing.control_code import control_code, read_control_code

# "BK-2026-…" or "BS-2026-…" as a code would be written.
_NUMBER = re.compile("B[KS]20-[0-9]{2}")


class PaperFinding(Enum):
    """What a code turned out to be. The first four show no facts. NUMBER: of a document, which has as many symbols and stands
    beside the code."""

    NOT_A_CODE = auto()
    NUMBER = auto()
    UNKNOWN = auto()
    EXPIRED = auto()
    REVOKED = auto()
    SUPERSEDED = auto()
    FOUND = auto()


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """`facts` None: nothing is known. `revoked_at`, `revoked_reason`: of the document, or of the key of its seal."""

    finding: PaperFinding
    facts: PaperFacts | None = None
    newer_number: str | None = None
    revoked_at: datetime | None = None
    revoked_reason: str | None = None
    is_key_revoked: bool = False


class Paper:
    """One object per process; safe to share between threads."""

    def __init__(
        self,
        store: PaperStore,
        register: DocumentRegister,
        pseudonyms: Pseudonyms,
        around: tuple[Clock, WritesAudit],
        days: int,
    ) -> None:
        """`days`: how long a printed overview can be looked up, at most 30."""
        self._store = store
        self._register = register
        self._pseudonyms = pseudonyms
        self._clock, self._audit = around
        self.days = days

    def keep(self, snapshot: Snapshot, payload: bytes) -> None:
        """Before the PDF is handed out: what is printed in it says that this can be looked up. Raises StorageUnavailable."""
        overview = snapshot.overview
        facts = PaperFacts(
            number=snapshot.number,
            made_at=snapshot.made_at,
            organisation=snapshot.issuer.organisation.name,
            claim_count=len(overview.claims),
            balance=overview.balance,
            sources=_counts(overview),
            subject=self._pseudonyms.of_citizen(snapshot.bsn),
        )
        self._store.keep(control_code(payload), facts, snapshot.made_at + timedelta(days=self.days))

    def look(self, typed: str) -> PaperAnswer:
        """What is known of the paper with this code. The citizen can see that somebody looked: nothing is told before that is
        written down. Raises CodesBusy, RegisterUnavailable, StorageUnavailable."""
        code = read_control_code(typed)
        if code is None:
            return PaperAnswer(PaperFinding.NOT_A_CODE)
        found = self._store.find(code, self._clock.now())
        if found is None:
            return PaperAnswer(PaperFinding.NUMBER if _NUMBER.match(code) else PaperFinding.UNKNOWN)
        if isinstance(found, PaperExpired):
            return PaperAnswer(PaperFinding.EXPIRED)
        answer = self._judged(found)
        reason = answer.finding.name.lower()
        self._audit.write(audit_facts.paper_looked_up(found.subject, found.number, reason))
        return answer

    def _judged(self, facts: PaperFacts) -> PaperAnswer:
        """As a file: revoked comes before replaced. A key that was revoked makes paper worthless, whenever it was printed: only
        the file can prove that it is from before."""
        state = self._register.find(facts.number)
        if state is None:
            return PaperAnswer(PaperFinding.UNKNOWN)
        if state.revoked_at is not None:
            return PaperAnswer(
                PaperFinding.REVOKED, facts, revoked_at=state.revoked_at, revoked_reason=state.revoked_reason
            )
        key = self._register.key_revocation(state.entry.key_id)
        if key is not None:
            return PaperAnswer(PaperFinding.REVOKED, facts, revoked_at=key.since, is_key_revoked=True)
        if state.superseded_by is not None:
            return PaperAnswer(PaperFinding.SUPERSEDED, facts, state.superseded_by)
        return PaperAnswer(PaperFinding.FOUND, facts)


def _counts(overview: Overview) -> SourceCounts:
    """As in the box above the total (`app.documents.sentences`)."""
    not_asked = sum(1 for outcome in overview.outcomes if sentences.by_index(outcome))
    asked = overview.connected_count - not_asked
    full = asked - len(overview.missing) - len(overview.partial)
    return SourceCounts(asked, full, not_asked, len(overview.not_connected))
