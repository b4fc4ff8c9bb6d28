"""The audit log: who did what, about whom, when, and how it ended. Rows form a chain by hashes; a row is never changed.

Persons stand in it as pseudonyms only: no BSN, no name, no amount. What each word means stands in docs/audit.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from claims.identity import Bsn
from claims.strict_json import canonical_json

NO_ROW_BEFORE = "0" * 64
_WORD = re.compile(r"[A-Za-z0-9_.:/-]{0,64}")
_LONGEST_OBJECT = 200


class Event(StrEnum):
    """What was done."""

    LOGGED_IN = "logged_in"
    LOGIN_REFUSED = "login_refused"
    LOGGED_OUT = "logged_out"
    SESSION_ENDED = "session_ended"
    COLLECTION_STARTED = "collection_started"
    SOURCE_ASKED = "source_asked"
    SOURCE_ANSWERED = "source_answered"
    DOCUMENT_MADE = "document_made"
    DOCUMENT_DOWNLOADED = "document_downloaded"
    DOCUMENT_VERIFIED = "document_verified"
    PAPER_LOOKED_UP = "paper_looked_up"
    DOCUMENT_REVOKED = "document_revoked"
    DOCUMENT_SHARED = "document_shared"
    SHARE_OPENED = "share_opened"
    SHARE_ENDED = "share_ended"
    ERROR_REPORTED = "error_reported"
    REPORT_DELIVERED = "report_delivered"
    REPORT_GIVEN_UP = "report_given_up"
    SUMMARY_MADE = "summary_made"
    KEY_REVOKED = "key_revoked"
    KEY_CHANGED = "key_changed"
    STAFF_LOGGED_IN = "staff_logged_in"
    STAFF_LOGIN_REFUSED = "staff_login_refused"
    STAFF_LOGGED_OUT = "staff_logged_out"
    STAFF_SESSION_ENDED = "staff_session_ended"
    COUNSELLOR_LOGGED_IN = "counsellor_logged_in"
    COUNSELLOR_LOGIN_REFUSED = "counsellor_login_refused"
    COUNSELLOR_LOGGED_OUT = "counsellor_logged_out"
    COUNSELLOR_SESSION_ENDED = "counsellor_session_ended"
    SESSIONS_ENDED = "sessions_ended"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REFUSED = "consent_refused"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    TOKEN_ISSUED = "token_issued"  # noqa: S105 -- an event
    OVERVIEW_READ = "overview_read"
    TOKEN_TAKEN = "token_taken"  # noqa: S105 -- an event
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 -- an event
    CLIENT_REGISTERED = "client_registered"
    CLIENT_CHANGED = "client_changed"
    CLIENT_REMOVED = "client_removed"
    PSEUDONYM_KEY_ADDED = "pseudonym_key_added"
    DELIVERY_IMPORTED = "delivery_imported"
    LIST_TAKEN = "list_taken"
    TRUST_CHANGED = "trust_changed"
    DATABASE_UPGRADED = "database_upgraded"
    PURGE_ASKED = "purge_asked"
    LOG_CHECKED = "log_checked"
    LOG_PURGED = "log_purged"


class Result(StrEnum):
    """How it ended: `refused` is a decision, `failed` is trouble."""

    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"


class Origin(StrEnum):
    """Through which door it came in."""

    SITE = "site"
    OPERATOR_SITE = "operator_site"
    COMMAND = "command"
    WORKER = "worker"


class ActorKind(StrEnum):
    """Who acted. A visitor is somebody of whom we do not know who it is, an app a registered back end, a counsellor an employee
    of a registered counselling organisation."""

    CITIZEN = "citizen"
    APP = "app"
    EMPLOYEE = "employee"
    COUNSELLOR = "counsellor"
    OPERATOR = "operator"
    VISITOR = "visitor"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Trace:
    """W3C Trace Context: 16 and 8 bytes in hexadecimal. `parent_span_id` names the action of which this is a part."""

    trace_id: str
    span_id: str
    parent_span_id: str | None = None

    @property
    def traceparent(self) -> str:
        """As a header for whom we ask: version 00, and that we keep a record of it."""
        return f"00-{self.trace_id}-{self.span_id}-01"


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """A keyed HMAC-SHA-256 in hexadecimal. `key_id` tells which key made it."""

    key_id: str
    value: str


class Pseudonyms(Protocol):
    """Turns persons into pseudonyms. Every method may raise StorageUnavailable."""

    def of_citizen(self, bsn: Bsn) -> Pseudonym:
        """Under the newest key."""

    def of_account(self, account: str) -> Pseudonym:
        """Of an employee or an account of a machine, under the newest key; never equal to that of a citizen."""

    def each_of_citizen(self, bsn: Bsn) -> tuple[Pseudonym, ...]:
        """Under every key that we have, so that rows from before a rotation are found."""

    def each_of_account(self, account: str) -> tuple[Pseudonym, ...]: ...

    @property
    def key_ids(self) -> frozenset[str]:
        """The keys that we have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One thing that was done. `object` is a source id, a document number, a key id or a client id, never text from outside;
    `detail` is a short word: the format of a file, the class of an outcome, the reason of a refusal. `actor` and `subject`
    are pseudonyms under the key `key_id`; all three None when no person is known.

    Raises ValueError for anything that could carry free text.
    """

    event: Event
    result: Result
    origin: Origin
    actor_kind: ActorKind
    started_at: datetime
    ended_at: datetime
    trace: Trace
    object: str = ""
    detail: str = ""
    key_id: str | None = None
    actor: str | None = None
    subject: str | None = None

    def __post_init__(self) -> None:
        if not _WORD.fullmatch(self.detail):
            raise ValueError("a detail in the audit log is a short word")
        if len(self.object) > _LONGEST_OBJECT or not self.object.isprintable():
            raise ValueError("an object in the audit log is an id")
        if (self.key_id is None) != (self.actor is None and self.subject is None):
            raise ValueError("a pseudonym goes together with the id of its key")

    def hash_at(self, position: int, previous_hash: str) -> str:
        """The hash of the row with this entry: hexadecimal SHA-256 over the JSON of all that stands in it, keys sorted,
        without spaces, in UTF-8."""
        members = {**self.members(), "position": position, "previous_hash": previous_hash}
        return hashlib.sha256(canonical_json(members)).hexdigest()

    def members(self) -> dict[str, Any]:
        """As members of a JSON object."""
        return {
            "event": self.event,
            "result": self.result,
            "origin": self.origin,
            "actor_kind": self.actor_kind,
            "started_at": _instant(self.started_at),
            "ended_at": _instant(self.ended_at),
            "trace_id": self.trace.trace_id,
            "span_id": self.trace.span_id,
            "parent_span_id": self.trace.parent_span_id,
            "object": self.object,
            "detail": self.detail,
            "key_id": self.key_id,
            "actor": self.actor,
            "subject": self.subject,
        }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry in its place. `row_hash` and `previous_hash` are what is stored: whether they are true is for
    `app.services.audit_check` to say. `entry` None: what is stored is not even an entry."""

    position: int
    previous_hash: str
    row_hash: str
    entry: AuditEntry | None


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The last row of a stretch of the chain."""

    position: int
    row_hash: str


class HeadKind(StrEnum):
    """What a sealed statement says of the row that it names."""

    HEAD = "head"
    """This was the last row."""
    CHECKPOINT = "checkpoint"
    """The rows up to and including this one were deleted, because they had been kept long enough."""


@dataclass(frozen=True, slots=True)
class SealedHead:
    """A statement under our seal (a flattened JWS): `token` proves the rest, which is as stored, unverified."""

    kind: HeadKind
    end: ChainEnd
    sealed_at: datetime
    token: bytes


class ChainView(Protocol):
    """The log as it was at one moment."""

    @property
    def heads(self) -> tuple[SealedHead, ...]:
        """All that are kept, by position; of one position first the checkpoint."""

    def rows(self, after: int = 0) -> Iterator[AuditRow]:
        """In order of position; only those behind `after`."""


class AuditLog(Protocol):
    """Every method raises StorageUnavailable."""

    def append(self, entries: Sequence[AuditEntry]) -> None:
        """Add rows to the end of the chain: all or none, and on disk when this returns."""

    def view(self) -> AbstractContextManager[ChainView]:
        """To be read inside a `with`."""

    def about(self, subjects: Sequence[Pseudonym], at_most: int) -> tuple[AuditRow, ...]:
        """Rows about this person, the newest first."""

    def done_for_others(self, actors: Sequence[Pseudonym], at_most: int) -> tuple[AuditRow, ...]:
        """Rows of what this person did about somebody else, the newest first."""

    def on_objects(self, event: Event, objects: Sequence[str]) -> tuple[AuditRow, ...]:
        """Rows of this event with one of these objects, the newest first; at most 500."""

    def end(self) -> ChainEnd | None:
        """The last row."""

    def newest_head(self) -> SealedHead | None:
        """The sealed statement with the highest position."""

    def keep_head(self, head: SealedHead) -> None:
        """Keep a new head. Of the heads of one day (UTC) only the last is kept: it says all that the others said."""

    def end_of_old(self, before: datetime) -> ChainEnd | None:
        """The last of the rows, from the beginning on, that all ended before this moment."""

    def purge(self, checkpoint: SealedHead) -> int:
        """Keep the checkpoint and delete the rows up to it, with the heads below it, in one transaction; how many."""

    def used_keys(self) -> frozenset[str]:
        """Ids of all pseudonym keys under which there are rows."""
