"""Between rows of the audit tables and the records of `app.ports.audit`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from app.ports.audit import (
    ActorKind,
    AuditEntry,
    AuditRow,
    ChainEnd,
    Event,
    HeadKind,
    Origin,
    Result,
    SealedHead,
    Trace,
)

_PLAIN = ("object", "detail", "key_id", "actor", "subject", "started_at", "ended_at")
_WORDS = {"event": Event, "result": Result, "origin": Origin, "actor_kind": ActorKind}


def columns_of(entry: AuditEntry, position: int, previous_hash: str) -> dict[str, Any]:
    """What is stored of an entry in its place."""
    return {
        **{name: getattr(entry, name) for name in _PLAIN},
        **{name: str(getattr(entry, name)) for name in _WORDS},
        "trace_id": entry.trace.trace_id,
        "span_id": entry.trace.span_id,
        "parent_span_id": entry.trace.parent_span_id,
        "position": position,
        "previous_hash": previous_hash,
        "row_hash": entry.hash_at(position, previous_hash),
    }


def row_of(row: Row[Any]) -> AuditRow:
    """A row that somebody tampered with must not stop who checks the log: then it holds no entry."""
    plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    trace = Trace(row.trace_id, row.span_id, row.parent_span_id)
    try:
        words: dict[str, Any] = {name: kind(getattr(row, name)) for name, kind in _WORDS.items()}
        entry: AuditEntry | None = AuditEntry(**words, **plain, trace=trace)
    except ValueError:
        entry = None
    return AuditRow(row.position, row.previous_hash, row.row_hash, entry)


def head_of(row: Row[Any]) -> SealedHead:
    """Raises ValueError for a kind that we do not know."""
    return SealedHead(HeadKind(row.kind), ChainEnd(row.position, row.row_hash), row.sealed_at, row.token)


def columns_of_head(head: SealedHead) -> dict[str, Any]:
    return {
        "position": head.end.position,
        "kind": str(head.kind),
        "row_hash": head.end.row_hash,
        "sealed_at": head.sealed_at,
        "token": head.token,
    }
