"""Per organisation a Financial Claims Information Document, only where it loses nothing; else the reason why not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from claims.fcid.names import FcidVersion
from claims.fcid.writer import NotExpressible, write_document
from claims.financial_claim import FinancialClaim
from claims.identity import Bsn, Oin
from claims.outcome import BasisKind, NotConnected, SourceAnswer, SourceOutcome
from claims.overview import Overview
from claims.record import names
from claims.record.shapes import ORGANISATION

NO_FULL_ANSWER = "Deze bron gaf geen volledig antwoord."
NOT_CONNECTED = "Deze bron is nog niet aangesloten."
NOT_ASKED = "Deze bron is niet gevraagd: de burger stond niet op haar lijst."
NO_OIN = "Het OIN van deze organisatie is niet bekend."
WOULD_LOSE = "Dit past niet zonder verlies in FCID"


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
    supplier = outcome.source.organisation.oin
    try:
        claims = _claims(outcome)
        if supplier is None:
            raise NoDocument(NO_OIN)
        return _written(claims, FcidVersion.V4_1, bsn, supplier, made_at), None
    except NoDocument as reason:
        return None, str(reason)


def of_organisation(overview: Overview, supplier: Oin, version: FcidVersion, bsn: Bsn) -> dict[str, Any]:
    """One document of everything that the sources of this organisation said, as of the moment of gathering.

    Raises NoDocument, with the reason in words, and KeyError when the overview has no source of this organisation."""
    outcomes = [one for one in overview.outcomes if one.source.organisation.oin == supplier]
    if not outcomes:
        raise KeyError(supplier)
    claims = [claim for outcome in outcomes for claim in _claims(outcome)]
    return _written(claims, version, bsn, supplier, overview.gathered_at)


class NoDocument(Exception):
    """There is no document of this organisation without loss; the text says why."""


def _claims(outcome: SourceOutcome) -> tuple[FinancialClaim, ...]:
    """Raises NoDocument unless this is everything that the source has."""
    if isinstance(outcome, NotConnected):
        raise NoDocument(NOT_CONNECTED)
    if not isinstance(outcome, SourceAnswer) or not outcome.is_full:
        raise NoDocument(NO_FULL_ANSWER)
    if outcome.basis.kind is BasisKind.INDEX:
        raise NoDocument(NOT_ASKED)
    return outcome.claims


def _written(
    claims: Iterable[FinancialClaim], version: FcidVersion, bsn: Bsn, supplier: Oin, created_at: datetime
) -> dict[str, Any]:
    try:
        return write_document(claims, version=version, bsn=bsn, supplied_by=supplier, created_at=created_at)
    except NotExpressible as error:
        raise NoDocument(f"{WOULD_LOSE} {version.value.removeprefix('v')}: {error.reason}.") from None
