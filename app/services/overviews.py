"""The three use cases that pages and programs have in common, as both see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.ports.case_reference import CaseReference
from app.ports.data_subject import DataSubject
from app.services.collection import CollectionView
from app.services.issue import IssuedFile, Wanted
from app.services.verify import Verdict
from claims.outcome import Source


class CollectsClaims(Protocol):
    """The use case `app.services.collection.Collections`."""

    @property
    def known_sources(self) -> tuple[tuple[Source, bool], ...]:
        """Every configured source, and whether it is connected."""

    def start(self, owner: str, person: DataSubject, collection_id: str | None = None) -> str: ...

    def view(self, collection_id: str, owner: str) -> CollectionView | None: ...

    def follow(self, collection_id: str, owner: str) -> Callable[[], CollectionView | None]: ...

    def latest(self, owner: str) -> CollectionView | None: ...

    def attend(
        self, collection_id: str, owner: str, person: DataSubject, next_sign: float | None
    ) -> None: ...

    def retry(self, collection_id: str, owner: str, source_id: str, person: DataSubject) -> bool: ...

    def forget(self, owner: str) -> None: ...


class IssuesFiles(Protocol):
    """The use case `app.services.issue.Issue`."""

    def issue(
        self,
        collection_id: str,
        owner: str,
        person: DataSubject,
        wanted: Wanted,
        case: CaseReference | None = None,
    ) -> IssuedFile:
        """Raises NothingToIssue, NotPrintable, SealingFailed, RegisterUnavailable and StorageUnavailable."""


class VerifiesFiles(Protocol):
    """The use case `app.services.verify.Verify`."""

    def verify(self, data: bytes) -> Verdict: ...
