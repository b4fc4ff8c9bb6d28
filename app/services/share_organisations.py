"""Share an overview with a registered organisation, whose employees log in to find it; no code is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.ports.case_reference import CaseReference
from app.ports.shares import NewShare, OrganisationShareStore, RegisteredOrganisation
from app.services import audit_facts
from app.services.audit import WritesAudit
from app.services.share import LONGEST_NAME, Shares, Wish
from claims.identity import Bsn


@dataclass(frozen=True, slots=True)
class OrganisationWish:
    """What the citizen chose. `known_as`: how the organisation knows them, for its employees to read before they open anything.
    Raises ValueError for what the form does not offer."""

    organisation: RegisteredOrganisation
    known_as: str
    days: int
    case: CaseReference | None = None

    def __post_init__(self) -> None:
        if not self.known_as.strip() or len(self.known_as) > LONGEST_NAME or not self.known_as.isprintable():
            raise ValueError("known_as")


class OrganisationShares:
    """One object per process; safe to share between threads. Looking at what one shares, and ending it, is for `Shares`."""

    def __init__(
        self,
        shares: Shares,
        store: OrganisationShareStore,
        organisations: Iterable[RegisteredOrganisation],
        audit: WritesAudit,
    ) -> None:
        self._shares = shares
        self._store = store
        self._audit = audit
        self.organisations = {one.organisation_id: one for one in organisations}

    def share(self, collection_id: str, owner: str, bsn: Bsn, wish: OrganisationWish) -> NewShare:
        """Freeze the collection as for a download, and store its files for that organisation. Raises as `Shares.make`."""
        made = self._shares.make(
            collection_id, owner, bsn, Wish(wish.organisation.stated, wish.days, wish.case)
        )
        organisation_id = wish.organisation.organisation_id
        self._audit.write(audit_facts.document_shared(bsn, made.number, organisation_id))
        self._store.create(organisation_id, wish.known_as.strip(), made)
        return made
