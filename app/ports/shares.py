"""An overview that a citizen shares: with whoever knows the code, or with a registered organisation whose employees log in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.ports.audit import AuditEntry, Pseudonym


@dataclass(frozen=True, slots=True)
class SharedFile:
    """One of the files that the citizen could have downloaded at that moment."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RegisteredOrganisation:
    """A counselling organisation whose employees log in. `organisation_id`: a word that stands in addresses, settings and the
    audit log."""

    organisation_id: str
    name: str
    oin: str | None = None

    @property
    def stated(self) -> str:
        """As a receipt names it."""
        return self.name if self.oin is None else f"{self.name} (OIN {self.oin})"


@dataclass(frozen=True, slots=True)
class NewShare:
    """`with_whom`: as the citizen wrote it. `openings`: how often it may be opened. `files` by format name."""

    share_id: str
    subject: Pseudonym
    with_whom: str
    number: str
    shared_at: datetime
    expires_at: datetime
    openings: int
    files: Mapping[str, SharedFile]

    def __repr__(self) -> str:
        return f"NewShare(share_id={self.share_id!r})"


@dataclass(frozen=True, slots=True)
class Opening:
    """`by`: who opened it, as they said themselves, or as the log-in provider of their organisation says."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ShareState:
    """What the citizen sees of a share. `ended_at`: when they ended it, or when it could not be opened any more.
    `by_log_in`: with a registered organisation."""

    share_id: str
    with_whom: str
    number: str
    shared_at: datetime
    expires_at: datetime
    openings_left: int
    ended_at: datetime | None
    openings: tuple[Opening, ...]
    by_log_in: bool = False


@dataclass(frozen=True, slots=True)
class ListedShare:
    """What an organisation sees of a share before one of its employees opens it. `known_as`: what the citizen wrote for them, so
    that they know whose it is."""

    share_id: str
    known_as: str
    number: str
    shared_at: datetime
    expires_at: datetime
    openings_left: int

    def __repr__(self) -> str:
        return f"ListedShare(share_id={self.share_id!r})"


@dataclass(frozen=True, slots=True)
class FoundShare:
    """What a code opens. Not to be shown to anybody before the opening is counted."""

    share_id: str
    subject: Pseudonym
    number: str
    expires_at: datetime
    files: Mapping[str, SharedFile]

    def __repr__(self) -> str:
        return f"FoundShare(share_id={self.share_id!r})"


@dataclass(frozen=True, slots=True)
class Counted:
    """An opening that was counted. `ticket` finds the share again for a moment without counting, to download the files that
    are on the page."""

    openings_left: int
    ticket: str

    def __repr__(self) -> str:
        return f"Counted(openings_left={self.openings_left})"


class ShareStore(Protocol):
    """Raises StorageUnavailable from every method. Of a code nothing is stored from which it could be found again without
    trying all codes, each at the price of Argon2id, and without the secret of the installation not even so."""

    def create(self, code: str, share: NewShare) -> None: ...

    def find(self, code: str, now: datetime) -> FoundShare | None:
        """None, and as much work, for a code that is not there, has ended or was opened too often: nobody can tell these
        apart. Nothing is counted. Raises CodesBusy."""

    def count(self, share_id: str, by: str, now: datetime, rows: Sequence[AuditEntry]) -> Counted | None:
        """Count an opening, note who said they opened it, and add these rows to the audit log: all or nothing. None when it
        has ended meanwhile or was opened too often."""

    def find_again(self, code: str, ticket: str, now: datetime) -> FoundShare | None:
        """With the ticket of an opening of a moment ago. Raises CodesBusy."""

    def of_person(self, subjects: Sequence[Pseudonym]) -> tuple[ShareState, ...]:
        """Newest first, ended ones too until they are purged."""

    def end(self, share_id: str, subjects: Sequence[Pseudonym], now: datetime) -> ShareState | None:
        """Delete the files at once. None when this person has no such share, or it had ended."""

    def purge(self, now: datetime) -> int:
        """Delete the files of what has ended, and after a while the rest. Returns how many were handled."""


class OrganisationShareStore(Protocol):
    """Raises StorageUnavailable from every method. Who shared what with which organisation cannot be read without a key of that
    organisation and the secret of the installation. An organisation that is not registered (any more) has nothing."""

    def create(self, organisation_id: str, known_as: str, share: NewShare) -> None:
        """Raises KeyError for an organisation that is not registered."""

    def listed(self, organisation_id: str, now: datetime) -> tuple[ListedShare, ...]:
        """What can be opened now, newest first."""

    def find(self, organisation_id: str, share_id: str, now: datetime) -> FoundShare | None:
        """None for what was not shared with this organisation, has ended or was opened too often. Nothing is counted:
        `ShareStore.count` does."""

    def find_again(
        self, organisation_id: str, share_id: str, ticket: str, now: datetime
    ) -> FoundShare | None:
        """With the ticket of an opening of a moment ago."""
