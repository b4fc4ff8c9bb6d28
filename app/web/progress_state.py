"""How far a collection is, for the page and for the stream that fills it in: both say the same."""

from __future__ import annotations

from dataclasses import dataclass

from app.language import gettext as _
from app.language import ngettext
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
    connected = overview.connected_count
    summary = _("%(answered)s van %(count)s bronnen hebben geantwoord.", answered=answered, count=connected)
    if silent:
        none = ngettext(
            "%(number)s bron gaf geen antwoord.", "%(number)s bronnen gaven geen antwoord.", silent
        )
        summary = f"{summary} {none}"
    return ProgressState(summary, source_states(view))
