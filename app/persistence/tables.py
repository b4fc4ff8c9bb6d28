"""All tables. Ciphertext and digests only where a person is concerned: no BSN, no name, no amount stands in plain."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from app.persistence.columns import UtcDateTime
from app.persistence.metadata import metadata as metadata
from app.persistence.tables_of_others import clients as clients
from app.persistence.tables_of_others import counsellor_sessions as counsellor_sessions
from app.persistence.tables_of_others import grants as grants
from app.persistence.tables_of_others import pushed_requests as pushed_requests
from app.persistence.tables_of_others import share_openings as share_openings
from app.persistence.tables_of_others import shares as shares
from app.persistence.tables_of_others import used_proofs as used_proofs
from app.persistence.tables_of_reports import error_reports as error_reports

# Hashes are the 64 hexadecimal digits of a SHA-256 over 256 random bits: nothing to guess. Not so `sid_hash` and
# `subject_hash`, what the log-in provider calls this log-in and this person, and `person_hash`, who is logged in: HMACs under
# a storage key, because these may be a BSN.
sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("owner_hash", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("sid_hash", String(64)),
    Column("subject_hash", String(64)),
    Column("person_hash", String(64)),
    Index(None, "created_at"),
    Index(None, "seen_at"),
    Index(None, "sid_hash"),
    Index(None, "subject_hash"),
    Index(None, "person_hash"),
)

# Of the operator site. A table of its own: a session of one site does not exist for the other.
operator_sessions = Table(
    "operator_sessions",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("owner_hash", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("sid_hash", String(64)),
    Column("subject_hash", String(64)),
    Column("person_hash", String(64)),
    Index(None, "created_at"),
    Index(None, "seen_at"),
    Index(None, "sid_hash"),
    Index(None, "subject_hash"),
    Index(None, "person_hash"),
)

# Logout notices of log-in providers that were used: they count once. `sid_hash` as above.
logout_notices = Table(
    "logout_notices",
    metadata,
    Column("notice_hash", String(64), primary_key=True),
    Column("sid_hash", String(64)),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "sid_hash"),
    Index(None, "expires_at"),
)

collections = Table(
    "collections",
    metadata,
    Column("collection_id", String(64), primary_key=True),
    Column("owner_hash", String(64), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("snapshot", LargeBinary),
    Column("watched_until", UtcDateTime),
    Column("given_up_at", UtcDateTime),
    Column("resumed_at", UtcDateTime),
    Index(None, "owner_hash"),
    Index(None, "started_at"),
)

collection_sources = Table(
    "collection_sources",
    metadata,
    Column(
        "collection_id",
        String(64),
        ForeignKey("collections.collection_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("source_id", String(200), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("run", Integer, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("deadline_at", UtcDateTime, nullable=False),
    Column("source", LargeBinary, nullable=False),
    Column("outcome", LargeBinary),
    Column("earlier", LargeBinary),
)

documents = Table(
    "documents",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("payload_digest", String(64), nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("collection_id", String(64), nullable=False),
    Column("superseded_by", String(40)),
    Column("revoked_at", UtcDateTime),
    Column("revoked_reason", Text),
    Column("level", String(8)),
    Column("wanted_level", String(8)),
    Index(None, "collection_id"),
)

# Every key that sealed files of a document: after a rotation it can be downloaded again under another key.
document_keys = Table(
    "document_keys",
    metadata,
    Column("number", String(40), primary_key=True),
    Column("key_id", String(64), primary_key=True),
    Index(None, "key_id"),
)

# Keys that the operator revoked, by the fingerprint of their seal certificate.
revoked_keys = Table(
    "revoked_keys",
    metadata,
    Column("key_id", String(64), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)

# How many PDFs were sealed at which level; below the wanted level something was not there. Nothing about persons.
seal_counts = Table(
    "seal_counts",
    metadata,
    Column("level", String(8), primary_key=True),
    Column("wanted_level", String(8), primary_key=True),
    Column("documents", BigInteger, nullable=False),
)

# Revocation lists and certificates that were published, for long-term seals: one row for all processes.
seal_material = Table(
    "seal_material",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# `person_hash` is an HMAC under the key of the delivery, which is sealed under a key that is not in the database
# (`key_id` says which): without that nobody can try out all BSNs. A delivery that is replaced loses its sealed key.
batch_deliveries = Table(
    "batch_deliveries",
    metadata,
    Column("delivery_id", String(64), primary_key=True),
    Column("source_id", String(200), nullable=False),
    Column("current_of", String(200), unique=True),
    Column("key_id", String(32), nullable=False),
    Column("sealed_key", LargeBinary),
    Column("started_at", UtcDateTime, nullable=False),
    Column("digest", String(64)),
    Column("as_of", UtcDateTime),
    Column("delete_at", UtcDateTime),
    Column("unplaced", Integer),
    Index(None, "source_id"),
)

batch_records = Table(
    "batch_records",
    metadata,
    Column(
        "delivery_id",
        String(64),
        ForeignKey("batch_deliveries.delivery_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True),
    Column("person_hash", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_batch_records_person", "delivery_id", "person_hash"),
)

# What was published under a signature: nothing about persons. `organisations` is JSON: who was ever in the list.
scheme_lists = Table(
    "scheme_lists",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("token", LargeBinary),
    Column("version", BigInteger),
    Column("fingerprint", String(64)),
    Column("issued_at", UtcDateTime),
    Column("taken_at", UtcDateTime),
    Column("organisations", Text),
    Column("checked_at", UtcDateTime),
    Column("problem", Text),
)

jobs = Table(
    "jobs",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("holder", String(64)),
    Column("leased_until", UtcDateTime),
    Column("succeeded_at", UtcDateTime),
    Column("failed_at", UtcDateTime),
)

# One row: programs of an older level of migrations than this do not work with this database. See docs/operations.md.
program_levels = Table("program_levels", metadata, Column("oldest_level", String(8), primary_key=True))

# How often something was tried. `key` is an HMAC over a window of time, a kind of page and an address: it says nothing
# to whoever has no key, and cannot be joined with another window.
rate_counts = Table(
    "rate_counts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("hits", Integer, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Index(None, "ends_at"),
)

# Figures of the delivery monitor: counts per source and day, nothing about a person. See docs/monitoring.md.
source_results = Table(
    "source_results",
    metadata,
    Column("source_id", String(200), primary_key=True),
    Column("asked_on", Date, primary_key=True),
    Column("result", String(32), primary_key=True),
    Column("questions", BigInteger, nullable=False),
    Index(None, "asked_on"),
)

source_findings = Table(
    "source_findings",
    metadata,
    Column("source_id", String(200), primary_key=True),
    Column("asked_on", Date, primary_key=True),
    Column("rule", String(64), primary_key=True),
    Column("answers", BigInteger, nullable=False),
    Index(None, "asked_on"),
)

source_durations = Table(
    "source_durations",
    metadata,
    Column("source_id", String(200), primary_key=True),
    Column("asked_on", Date, primary_key=True),
    Column("up_to_ms", Integer, primary_key=True, autoincrement=False),
    Column("questions", BigInteger, nullable=False),
    Column("total_ms", BigInteger, nullable=False),
    Index(None, "asked_on"),
)

source_moments = Table(
    "source_moments",
    metadata,
    Column("source_id", String(200), primary_key=True),
    Column("result", String(32), primary_key=True),
    Column("asked_at", UtcDateTime, nullable=False),
)

source_certificates = Table(
    "source_certificates",
    metadata,
    Column("source_id", String(200), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

asking_processes = Table(
    "asking_processes",
    metadata,
    Column("process_id", String(64), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

open_circuits = Table(
    "open_circuits",
    metadata,
    Column(
        "process_id",
        String(64),
        ForeignKey("asking_processes.process_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("source_id", String(200), primary_key=True),
    Column("open_until", UtcDateTime, nullable=False),
)

# Who did what, when, about whom: pseudonyms only, and rows are never changed (a trigger refuses it). See docs/audit.md.
audit_log = Table(
    "audit_log",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("event", String(40), nullable=False),
    Column("result", String(16), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("actor_kind", String(16), nullable=False),
    Column("object", String(200), nullable=False),
    Column("detail", String(64), nullable=False),
    Column("key_id", String(32)),
    Column("actor", String(64)),
    Column("subject", String(64)),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("trace_id", String(32), nullable=False),
    Column("span_id", String(16), nullable=False),
    Column("parent_span_id", String(16)),
    Column("previous_hash", String(64), nullable=False),
    Column("row_hash", String(64), nullable=False),
    Index(None, "subject"),
    Index(None, "actor"),
    Index(None, "object"),
    Index(None, "ended_at"),
)

# Statements under our seal about the audit log: nothing about persons.
audit_heads = Table(
    "audit_heads",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("row_hash", String(64), nullable=False),
    Column("sealed_at", UtcDateTime, nullable=False),
    Column("token", LargeBinary, nullable=False),
)

# Under which keys there are pseudonyms in the audit log: the key itself is never here.
audit_keys = Table(
    "audit_keys",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("first_used_at", UtcDateTime, nullable=False),
)
