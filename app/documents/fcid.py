"""Per organisation a Financial Claims Information Document, only where it loses nothing; else the reason why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from claims.fcid.names import FcidVersion
from claims.fcid.writer import NotExpressible, write_document
from claims.identity import Bsn
from claims.outcome import BasisKind, NotConnected, SourceAnswer, SourceOutcome
from claims.overview import Overview
from claims.record import names
from claims.record.shapes import ORGANISATION

NO_FULL_ANSWER = "Deze bron gaf geen volledig antwoord."
NOT_CONNECTED = "Deze bron is nog niet aangesloten."
NOT_ASKED = "Deze bron is niet gevraagd: de burger stond niet op haar lijst."
NO_OIN = "Het OIN van deze organisatie is niet bekend."
WOULD_LOSE = "Dit past niet zonder verlies in FCID 4.1"


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
    outcome: SourceOutcome, bsn: Bsn, made_at: datetime
) -> tuple[dict[str, Any] | None, str | None]:
    if isinstance(outcome, NotConnected):
        return None, NOT_CONNECTED
    if not isinstance(outcome, SourceAnswer) or not outcome.is_full:
        return None, NO_FULL_ANSWER
    if outcome.basis.kind is BasisKind.INDEX:
        return None, NOT_ASKED
    supplier = outcome.source.organisation.oin
    if supplier is None:
        return None, NO_OIN
    version = FcidVersion.V4_1
    try:
        document = write_document(
            outcome.claims, version=version, bsn=bsn, supplied_by=supplier, created_at=made_at
        )
    except NotExpressible as error:
        return None, f"{WOULD_LOSE}: {error.reason}."
    return document, None
