"""How far a collection is, for the page and for the stream that fills it in: both say the same."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.collection import CollectionView
from app.web.source_states import SourceState, source_states


@dataclass(frozen=True, slots=True)
class ProgressState:
    """`summary` changes only when a source has ended: a screen reader announces every change."""

    summary: str
    sources: tuple[SourceState, ...]


def progress_state(view: CollectionView) -> ProgressState:
    """Organisations that are not connected are in the list but are not waited for. A source that failed has not
    answered; one that is still being asked has neither answered nor failed."""
    overview = view.overview
    pending = {source.source_id for source in view.pending}
    silent = sum(outcome.source.source_id not in pending for outcome in overview.missing)
    answered = overview.connected_count - silent - len(pending)
    summary = f"{answered} van {overview.connected_count} bronnen hebben geantwoord."
    if silent:
        summary += f" {'1 bron gaf' if silent == 1 else f'{silent} bronnen gaven'} geen antwoord."
    return ProgressState(summary, source_states(view))
