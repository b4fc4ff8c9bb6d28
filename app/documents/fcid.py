"""Per organisation a Financial Claims Information Document, only where it loses nothing; else the reason why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from claims.identity import Bsn
from claims.outcome import NotConnected, SourceAnswer, SourceOutcome
from claims.overview import Overview
from claims.record import names
from claims.record.shapes import ORGANISATION

NO_FULL_ANSWER = "Deze bron gaf geen volledig antwoord."
NOT_CONNECTED = "Deze bron is nog niet aangesloten."
NOT_WRITTEN = "Een FCID-document is voor deze bron niet gemaakt."


def documents(overview: Overview, bsn: Bsn, made_at: datetime) -> list[dict[str, Any]]:
    """One entry per source, in the order of asking."""
    return [_entry(outcome, bsn, made_at) for outcome in overview.outcomes]


def _entry(outcome: SourceOutcome, bsn: Bsn, made_at: datetime) -> dict[str, Any]:
    document, reason = _document(outcome, bsn, made_at)
    return {
        names.FCID["organisation"]: ORGANISATION.write(outcome.source.organisation),
        names.FCID["document"]: document,
        names.FCID["reason"]: reason,
    }


def _document(
    outcome: SourceOutcome, _bsn: Bsn, _made_at: datetime
) -> tuple[dict[str, Any] | None, str | None]:
    if isinstance(outcome, NotConnected):
        return None, NOT_CONNECTED
    if not isinstance(outcome, SourceAnswer) or not outcome.is_full:
        return None, NO_FULL_ANSWER
    return None, NOT_WRITTEN
