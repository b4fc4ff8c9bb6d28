"""An overview that a citizen shares with whoever knows the code: sealed files under a key that only the code gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.ports.audit import Pseudonym


@dataclass(frozen=True, slots=True)
class SharedFile:
    """One of the files that the citizen could have downloaded at that moment."""

    name: str
    media_type: str
    content: bytes


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
    """`by`: who opened it, as they said themselves."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ShareState:
    """What the citizen sees of a share. `ended_at`: when they ended it, or when it could not be opened any more."""

    share_id: str
    with_whom: str
    number: str
    shared_at: datetime
    expires_at: datetime
    openings_left: int
    ended_at: datetime | None
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class OpenedShare:
    """`ticket` opens it again for a moment without counting, to download the files that are on the page."""

    share_id: str
    subject: Pseudonym
    number: str
    expires_at: datetime
    openings_left: int
    files: Mapping[str, SharedFile]
    ticket: str

    def __repr__(self) -> str:
        return f"OpenedShare(share_id={self.share_id!r})"


class SharesBusy(Exception):
    """More codes are being tried than we look at at once. Nothing was looked at."""


class ShareStore(Protocol):
    """Raises StorageUnavailable from every method. Of a code nothing is stored from which it could be found again without
    trying all codes, each at the price of Argon2id, and without the secret of the installation not even so."""

    def create(self, code: str, share: NewShare) -> None: ...

    def open(self, code: str, by: str, now: datetime) -> OpenedShare | None:
        """Count an opening and write down who said they opened it. None, and as much work, for a code that is not
        there, has ended or was opened too often: nobody can tell these apart. Raises SharesBusy."""

    def open_again(self, code: str, ticket: str, now: datetime) -> OpenedShare | None:
        """With the ticket of an opening of a moment ago; does not count. Raises SharesBusy."""

    def of_person(self, subjects: Sequence[Pseudonym]) -> tuple[ShareState, ...]:
        """Newest first, ended ones too until they are purged."""

    def end(self, share_id: str, subjects: Sequence[Pseudonym], now: datetime) -> ShareState | None:
        """Delete the files at once. None when this person has no such share, or it had ended."""

    def purge(self, now: datetime) -> int:
        """Delete the files of what has ended, and after a while the rest. Returns how many were handled."""
