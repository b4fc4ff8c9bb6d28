"""Tables for whom a citizen lets in: app back ends with consent, and whoever has the code of a shared or printed overview."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from app.persistence.columns import UtcDateTime
from app.persistence.metadata import metadata

# App back ends that an operator registered: public keys and texts (JSON), and a logo. Nothing about a person.
clients = Table(
    "clients",
    metadata,
    Column("client_id", String(64), primary_key=True),
    Column("registration", Text, nullable=False),
    Column("logo", LargeBinary),
    Column("registered_at", UtcDateTime, nullable=False),
)

# Requests of apps (RFC 9126) until a browser comes with their name, a minute or so.
pushed_requests = Table(
    "pushed_requests",
    metadata,
    Column("name_hash", String(64), primary_key=True),
    Column("payload", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)

# What citizens allowed an app, for minutes. `person_hash`, `sid_hash` and `subject_hash` (as those of `sessions`) are
# HMACs under a storage key; the other hashes are over 256 random bits.
grants = Table(
    "grants",
    metadata,
    Column("grant_id", String(64), primary_key=True),
    Column("client_id", String(64), nullable=False),
    Column("owner_hash", String(64), nullable=False),
    Column("person_hash", String(64), nullable=False),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("code_used_at", UtcDateTime),
    Column("payload", LargeBinary, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("sid_hash", String(64)),
    Column("subject_hash", String(64)),
    Index(None, "sid_hash"),
    Index(None, "subject_hash"),
    Index(None, "client_id"),
    Index(None, "person_hash"),
    Index(None, "expires_at"),
)

# Signed proofs of apps that were used: they count once. Nothing about a person.
used_proofs = Table(
    "used_proofs",
    metadata,
    Column("proof_hash", String(64), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)

# Overviews that citizens shared. `name_hash` is the SHA-256 of what Argon2id makes of the code and a secret that is not in the
# database; `content` is encrypted under the rest of that. With a registered organisation there is no code: then `name_hash` is
# random, `organisation_hash` is keyed, and content and `known_as` are under a key of that organisation. `subject` is a pseudonym,
# as in the audit log. Of what has ended no content is left.
shares = Table(
    "shares",
    metadata,
    Column("share_id", String(64), primary_key=True),
    Column("name_hash", String(64), nullable=False),
    Column("subject_key_id", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("number", String(40), nullable=False),
    Column("with_whom", LargeBinary, nullable=False),
    Column("content", LargeBinary),
    Column("shared_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("openings_left", Integer, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("organisation_hash", String(64)),
    Column("known_as", LargeBinary),
    UniqueConstraint("name_hash"),
    Index(None, "subject"),
    Index(None, "expires_at"),
    Index(None, "organisation_hash"),
)

share_openings = Table(
    "share_openings",
    metadata,
    Column("opening_id", String(64), primary_key=True),
    Column("share_id", String(64), ForeignKey("shares.share_id", ondelete="CASCADE"), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_by", LargeBinary, nullable=False),
    Column("ticket_hash", String(64), nullable=False),
    Index(None, "share_id"),
)

# What a counsellor's browser may look at again for fifteen minutes. `name_hash` is a SHA-256 over 256 random bits that stand in
# a cookie of that browser only; `content` is encrypted under a key derived from the same bits.
desk_results = Table(
    "desk_results",
    metadata,
    Column("name_hash", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)

# What may be compared with a printed overview. `name_hash` is the SHA-256 of what Argon2id makes of the control code and a secret
# that is not in the database; `content` is encrypted under the rest of that, and gone at `expires_at`.
paper_facts = Table(
    "paper_facts",
    metadata,
    Column("name_hash", String(64), primary_key=True),
    Column("content", LargeBinary),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "expires_at"),
)

# Log-ins of employees of counselling organisations: never the same as those of citizens or of our own employees.
counsellor_sessions = Table(
    "counsellor_sessions",
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
