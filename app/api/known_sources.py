"""The organisations that are asked, and how each of them does now. About nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from app.api.answers import JSON, as_json, check_query, instant, refuse, wanted
from app.api.members import organisation
from app.api.resources import Resources
from app.api.services import ApiServices
from app.ports.monitor import SourceFigures
from app.services.source_state import SourceState, judge
from claims.outcome import Source

_STATES = {
    SourceState.LEFT_ALONE: "tijdelijk_niet_gevraagd",
    SourceState.FAILS: "geen_antwoord",
    SourceState.PARTIAL: "niet_volledig",
    SourceState.UNEVEN: "wisselend",
    SourceState.NEVER_ASKED: "nog_niet_gevraagd",
    SourceState.QUIET: "lang_niet_gevraagd",
    SourceState.WORKS: "werkt",
    SourceState.NOT_CONNECTED: "niet_aangesloten",
}


@dataclass(frozen=True)
class KnownSources:
    services: ApiServices

    def register(self, resources: Resources) -> None:
        resources.public("/bronnen", "sources", self.show)

    def show(self) -> ResponseReturnValue:
        """Raises StorageUnavailable: without figures nobody knows how a source does."""
        wanted(JSON)
        refuse(*check_query())
        now = self.services.clock.now()
        figures = {one.source.source_id: one for one in self.services.monitor.figures(now, days=1).sources}
        known = self.services.collections.known_sources
        listed = [
            self._source(source, is_connected, figures.get(source.source_id))
            for source, is_connected in known
        ]
        return as_json({"bronnen": listed, "peilmoment": instant(now)})

    def _source(self, source: Source, is_connected: bool, figures: SourceFigures | None) -> dict[str, object]:
        state, at = None, None
        if figures is not None:
            judged = judge(figures, self.services.clock.now())
            state, at = _STATES[judged.state], instant(judged.at)
        return {
            "id": source.source_id,
            "organisatie": organisation(source.organisation),
            "aangesloten": is_connected,
            "toestand": state,
            "laatst_gevraagd_op": at,
        }
