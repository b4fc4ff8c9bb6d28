"""The table of what citizens say is wrong about a claim."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from app.persistence.columns import UtcDateTime
from app.persistence.metadata import metadata

# `subject` is a pseudonym, as in the audit log. `content` goes to the organisation and is deleted as soon as it is there;
# `matter` is what the citizen sees later. `holder` delivers it until `held_until`.
error_reports = Table(
    "error_reports",
    metadata,
    Column("report_id", String(64), primary_key=True),
    Column("reference", String(20), nullable=False),
    Column("subject_key_id", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("source_id", String(64), nullable=False),
    Column("matter", LargeBinary, nullable=False),
    Column("content", LargeBinary),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("give_up_at", UtcDateTime, nullable=False),
    Column("next_try_at", UtcDateTime),
    Column("tries", Integer, nullable=False),
    Column("problem", String(40), nullable=False),
    Column("holder", String(64)),
    Column("held_until", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("given_up_at", UtcDateTime),
    Index(None, "subject"),
    Index(None, "next_try_at"),
)
