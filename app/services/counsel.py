"""What an employee of a counselling organisation can do with what citizens shared with that organisation."""

from __future__ import annotations

from dataclasses import dataclass

from app.ports.clock import Clock
from app.ports.shares import (
    Counted,
    FoundShare,
    ListedShare,
    OrganisationShareStore,
    RegisteredOrganisation,
    ShareStore,
)
from app.services import audit_facts
from app.services.audit import WritesAudit


@dataclass(frozen=True, slots=True)
class Counsellor:
    """Who is logged in. `subject` is the lasting id at the log-in provider of the organisation, `name` as it states it."""

    organisation: RegisteredOrganisation
    subject: str
    name: str

    @property
    def account(self) -> tuple[str, str]:
        """For the audit log."""
        return self.organisation.organisation_id, self.subject

    @property
    def stated(self) -> str:
        """As the citizen reads it."""
        return f"{self.name}, {self.organisation.name}"


class Counsel:
    """One object per process; safe to share between threads. Every method raises StorageUnavailable."""

    def __init__(
        self, theirs: OrganisationShareStore, store: ShareStore, clock: Clock, audit: WritesAudit
    ) -> None:
        self._theirs = theirs
        self._store = store
        self._clock = clock
        self._audit = audit

    def listed(self, who: Counsellor) -> tuple[ListedShare, ...]:
        """What can be opened now, newest first."""
        return self._theirs.listed(who.organisation.organisation_id, self._clock.now())

    def find(self, who: Counsellor, share_id: str) -> FoundShare | None:
        """None for what is not theirs, or not there any more. To be examined, and shown to nobody before `open`."""
        return self._theirs.find(who.organisation.organisation_id, share_id, self._clock.now())

    def open(self, who: Counsellor, found: FoundShare) -> Counted | None:
        """Count the opening; from now on it may be shown. None when that can no longer be. What is counted is in the audit log,
        and the other way round."""
        rows = self._audit.rows(audit_facts.share_opened_by(found.subject, found.number, who.account))
        return self._store.count(found.share_id, who.stated, self._clock.now(), rows)

    def find_again(self, who: Counsellor, share_id: str, ticket: str) -> FoundShare | None:
        """For a download from the page that was shown."""
        return self._theirs.find_again(who.organisation.organisation_id, share_id, ticket, self._clock.now())
