"""Answers of sources as bytes, in our municipal interface, kept in a file: one line per source."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.overviews import outcomes
from claims.instant import format_instant
from claims.outcome import Source, SourceAnswer
from claims.record.writer import write_claim
from claims.strict_json import canonical_json
from tests.support import snapshots as made_up

Answers = list[tuple[Source, bytes]]


def made_at() -> datetime:
    """Now, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def write_answers(file: Path, claim_count: int) -> int:
    """Write what the sources would send; returns the number of bytes."""
    answered = [outcome for outcome in outcomes(claim_count) if isinstance(outcome, SourceAnswer)]
    bodies = [canonical_json(_page([write_claim(claim) for claim in one.claims])) for one in answered]
    return file.write_bytes(b"\n".join(bodies))


def read_answers(file: Path) -> Answers:
    """What `write_answers` wrote, each with its source."""
    sources = [outcome.source for outcome in outcomes(0)]
    return list(zip(sources, file.read_bytes().split(b"\n"), strict=True))


def _page(claims: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "bsn": made_up.BSN.digits,
        "peilmoment": format_instant(made_at()),
        "grondslag": "rechtstreeks",
        "volledig": True,
        "vorderingen": claims,
    }
