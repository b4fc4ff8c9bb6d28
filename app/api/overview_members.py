"""How a collection reads in JSON. Unknown is never zero: of a source without an answer no number of claims is stated."""

from __future__ import annotations

from typing import Any

from app.api.answers import instant
from app.api.members import organisation
from app.documents import labels, sentences, versions
from app.language import DUTCH, speaking
from app.services.collection import CollectionView
from claims.outcome import NotConnected, OutcomeKind, SourceAnswer, SourceOutcome
from claims.record.writer import write_overview

BUSY = "bezig"


def overview(view: CollectionView) -> dict[str, Any]:
    """The answer on GET. What a source that is still being asked will say is missing in `overzicht`, and stands there as no
    answer."""
    return {
        **progress(view),
        "volledig": view.overview.all_answered,
        "waarschuwingen": warnings(view),
        "niet_opgenomen": list(labels.NOT_INCLUDED),
        "overzicht": write_overview(view.overview),
    }


def progress(view: CollectionView) -> dict[str, Any]:
    """`klaar`: every source has ended. `toonbaar`: long enough was waited to show what is there."""
    return {
        "id": view.collection_id,
        "stand": "klaar" if view.is_finished else BUSY,
        "toonbaar": view.may_show,
        "gestart_op": instant(view.started_at),
        "bronnen": sources(view),
    }


@speaking(DUTCH)
def warnings(view: CollectionView) -> list[str]:
    """What the page, the PDF and the CSV say above every total."""
    return [*sentences.completeness(view.overview).sentences, *versions.notes(view.overview)]


def sources(view: CollectionView) -> list[dict[str, Any]]:
    pending = {source.source_id for source in view.pending}
    return [_source(outcome, outcome.source.source_id in pending) for outcome in view.overview.outcomes]


def _source(outcome: SourceOutcome, is_pending: bool) -> dict[str, Any]:
    state = BUSY if is_pending else _state(outcome)
    return {
        "id": outcome.source.source_id,
        "organisatie": organisation(outcome.source.organisation),
        "stand": state,
        "aantal_vorderingen": _count(outcome, is_pending),
    }


def _state(outcome: SourceOutcome) -> str:
    if isinstance(outcome, NotConnected):
        return "niet_aangesloten"
    if outcome.kind is OutcomeKind.NO_ANSWER:
        return "geen_antwoord"
    return "geantwoord" if outcome.is_full else "niet_volledig"


def _count(outcome: SourceOutcome, is_pending: bool) -> int | None:
    """Only of a full answer: of a part nobody knows how many there are."""
    if is_pending or not isinstance(outcome, SourceAnswer) or not outcome.is_full:
        return None
    return len(outcome.claims)
