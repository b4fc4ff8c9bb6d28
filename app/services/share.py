"""Share an overview with somebody who knows the code, look at what one shared, and end it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.documents.registry import FORMATS
from app.ports.audit import Event, Pseudonyms
from app.ports.case_reference import CaseReference
from app.ports.clock import Clock
from app.ports.data_subject import DataSubject
from app.ports.shares import Counted, FoundShare, NewShare, SharedFile, ShareState, ShareStore
from app.services import audit_facts
from app.services.audit import WritesAudit, alarmed
from app.services.issue import PLAIN, IssuedFile, NotPrintable, Occasion, SealingFailed, Wanted
from app.services.share_code import new_code, read_code
from claims.identity import Bsn

LONGEST_NAME = 100
MOST_AT_ONCE = 20  # of one citizen: each keeps three files for up to a month


class TooManyShares(Exception):
    """This citizen shares as much as one may at a time; one must end first."""


class MakesFiles(Protocol):
    """The use case `app.services.issue.Issue`."""

    def make(
        self,
        collection_id: str,
        owner: str,
        person: DataSubject,
        wanted: Wanted,
        occasion: Occasion = PLAIN,
    ) -> IssuedFile: ...


@dataclass(frozen=True, slots=True)
class ShareLimits:
    """Days until a share ends, and how often it may be opened."""

    default_days: int = 7
    most_days: int = 30
    openings: int = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What the citizen chose. Raises ValueError for what the form does not offer."""

    with_whom: str
    days: int
    case: CaseReference | None = None

    def __post_init__(self) -> None:
        if (
            not self.with_whom.strip()
            or len(self.with_whom) > LONGEST_NAME
            or not self.with_whom.isprintable()
        ):
            raise ValueError("with_whom")


@dataclass(frozen=True, slots=True)
class Made:
    """The code is told once and kept nowhere."""

    code: str
    share_id: str
    number: str
    shared_at: datetime
    expires_at: datetime
    with_whom: str

    def __repr__(self) -> str:
        return f"Made(share_id={self.share_id!r})"


class Shares:
    """One object per process; safe to share between threads. For people who log in for themselves only: whose share it is,
    and who may end it, is then never a question."""

    def __init__(
        self,
        store: ShareStore,
        issue: MakesFiles,
        pseudonyms: Pseudonyms,
        around: tuple[Clock, WritesAudit],
        limits: ShareLimits,
    ) -> None:
        self._store = store
        self._issue = issue
        self._pseudonyms = pseudonyms
        self._clock, self._audit = around
        self.limits = limits

    def share(self, collection_id: str, owner: str, bsn: Bsn, wish: Wish) -> Made:
        """Freeze the collection as for a download, and store its files under a new code.

        Raises as `make`."""
        share = self.make(collection_id, owner, bsn, wish)
        code = new_code()
        self._audit.write(audit_facts.document_shared(bsn, share.number))
        self._store.create(code, share)
        return Made(code, share.share_id, share.number, share.shared_at, share.expires_at, share.with_whom)

    def make(self, collection_id: str, owner: str, bsn: Bsn, wish: Wish) -> NewShare:
        """What is to be stored, however it is opened later.

        Raises what `Issue.make` raises, TooManyShares, and ValueError for a number of days that is not offered."""
        if not 1 <= wish.days <= self.limits.most_days:
            raise ValueError("days")
        now = self._clock.now()
        if sum(one.ended_at is None and one.expires_at > now for one in self.of(bsn)) >= MOST_AT_ONCE:
            raise TooManyShares
        files, number = self._files(collection_id, owner, bsn, Occasion(wish.case))
        return NewShare(
            share_id=secrets.token_hex(16),
            subject=self._pseudonyms.of_citizen(bsn),
            with_whom=wish.with_whom.strip(),
            number=number,
            shared_at=now,
            expires_at=now + timedelta(days=wish.days),
            openings=self.limits.openings,
            files=files,
        )

    def find(self, typed: str) -> FoundShare | None:
        """What the code opens; None for every code that opens nothing (any more). To be examined, and shown to nobody before
        `open`. Raises CodesBusy."""
        code = read_code(typed)
        return None if code is None else self._store.find(code, self._clock.now())

    def open(self, found: FoundShare, by: str) -> Counted | None:
        """Count the opening; from now on it may be shown. None when that can no longer be. What is counted is in the audit log,
        and the other way round: what fails here costs nobody an opening."""
        rows = self._audit.rows(audit_facts.share_opened(found.subject, found.number))
        with alarmed(Event.SHARE_OPENED):
            return self._store.count(found.share_id, by, self._clock.now(), rows)

    def find_again(self, typed: str, ticket: str) -> FoundShare | None:
        """For a download from the page that was shown. Raises CodesBusy."""
        code = read_code(typed)
        return None if code is None else self._store.find_again(code, ticket, self._clock.now())

    def of(self, bsn: Bsn) -> tuple[ShareState, ...]:
        return self._store.of_person(self._pseudonyms.each_of_citizen(bsn))

    def end(self, share_id: str, bsn: Bsn) -> bool:
        """False when there was nothing (any more) to end."""
        ended = self._store.end(share_id, self._pseudonyms.each_of_citizen(bsn), self._clock.now())
        if ended is not None:
            self._audit.try_write(audit_facts.share_ended(bsn, ended.number))
        return ended is not None

    def _files(
        self, collection_id: str, owner: str, bsn: Bsn, occasion: Occasion
    ) -> tuple[dict[str, SharedFile], str]:
        """A PDF that cannot be printed is left out; the others hold the same."""
        files: dict[str, SharedFile] = {}
        number = ""
        for name in FORMATS:
            try:
                made = self._issue.make(collection_id, owner, DataSubject(bsn), Wanted(name), occasion)
            except NotPrintable:
                continue
            if number not in {"", made.number}:
                raise SealingFailed  # a source answered in between: these are files of two moments
            files[name] = SharedFile(made.filename, made.media_type, made.content)
            number = made.number
        return files, number
