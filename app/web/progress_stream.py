"""The progress page fills itself in: server-sent events (HTML Living Standard, section 9.2).

Every stream holds a thread of its worker, so their number is limited; whoever finds no place gets status 204, which
tells a browser not to try again, and keeps the button. What has arrived is read from the store: it does not matter
which process asks the sources.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import structlog
from flask import Response
from flask.typing import ResponseReturnValue

from app.http.stream_places import LONGEST_SECONDS, StreamPlaces
from app.language import DUTCH, current, use
from app.ports.storage import StorageUnavailable
from app.services.collection import CollectionView
from app.web.access import Pages
from app.web.citizen import Citizen
from app.web.progress_state import ProgressState, progress_state
from app.web.services import WebServices
from app.web.source_states import SourceState, Tone

log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 0.5
_SIGN_SECONDS = 4.0  # how often an open stream says that somebody waits
_LOOK_AGAIN_SECONDS = 10.0  # LOOK_AGAIN_MS of progress.js: how often a page without a stream does
_MISSED_SIGNS = 2
_DONE = 'event: klaar\ndata: ""\n\n'
_STILL_THERE = ": nog bezig\n\n"  # a comment: a browser that has gone is noticed only when something is sent


@dataclass(frozen=True)
class ProgressStream:
    services: WebServices
    places: StreamPlaces

    def register(self, pages: Pages) -> None:
        pages.logged_in("/ophalen/<collection_id>/stroom", "stream", self.stream)

    def stream(self, citizen: Citizen, collection_id: str) -> ResponseReturnValue:
        """Events until the overview may be shown. `no-store` is added to every answer."""
        place = self.places.take()
        if place is None:
            self._give_sign(collection_id, citizen, _LOOK_AGAIN_SECONDS)
            return Response(status=204)
        response = Response(self._events(collection_id, citizen, current()), mimetype="text/event-stream")
        response.headers["X-Accel-Buffering"] = "no"
        response.call_on_close(lambda: self.places.give_back(place))
        return response

    def _events(self, collection_id: str, citizen: Citizen, language: str) -> Iterator[str]:
        """A collection that is gone, for instance by logging out, ends the stream: the page then looks for itself.
        A browser that has gone ends it too, and then the signs stop. The request has ended by now: its language is set anew, and
        left behind for nobody: an error page of the next request on this thread may come before that says its own."""
        use(language)
        changes, end, next_sign = _Changes(), time.monotonic() + LONGEST_SECONDS, 0.0
        look = self.services.collections.follow(collection_id, citizen.owner)
        try:
            while time.monotonic() < end:
                if time.monotonic() >= next_sign:
                    self._give_sign(collection_id, citizen, _SIGN_SECONDS)
                    next_sign = time.monotonic() + _SIGN_SECONDS
                view = look()
                yield from changes.since_last(view)
                if view is None or view.may_show:
                    self.services.collections.attend(collection_id, citizen.owner, citizen.person, None)
                    yield _DONE
                    return
                time.sleep(_PAUSE_SECONDS)
        except StorageUnavailable:
            log.warning("progress_stream_ended", reason="storage_unavailable")  # the browser connects again
        finally:
            use(DUTCH)

    def _give_sign(self, collection_id: str, citizen: Citizen, seconds: float) -> None:
        """Two signs may be missed, and a moment more."""
        patience = _MISSED_SIGNS * seconds + 1
        self.services.collections.attend(collection_id, citizen.owner, citizen.person, patience)


@dataclass
class _Changes:
    """What one browser has been told. Event ids are a count: they say nothing about anybody."""

    summary: str = ""
    told: dict[str, SourceState] = field(default_factory=dict)
    count: int = 0

    def since_last(self, view: CollectionView | None) -> Iterator[str]:
        if view is None:
            return
        before, state = self.count, progress_state(view)
        for source in state.sources:
            if self.told.get(source.source_id) != source:
                self.told[source.source_id] = source
                yield self._event("bron", _told(source))
        yield from self._summary(state)
        if self.count == before:
            yield _STILL_THERE

    def _summary(self, state: ProgressState) -> Iterator[str]:
        if state.summary != self.summary:
            self.summary = state.summary
            yield self._event("stand", state.summary)

    def _event(self, name: str, data: object) -> str:
        """JSON without line ends: one data line, whatever a name contains."""
        self.count += 1
        return f"event: {name}\nid: {self.count}\ndata: {json.dumps(data)}\n\n"


def _told(source: SourceState) -> dict[str, str]:
    detail = "" if source.tone is Tone.BUSY else source.detail
    return {"bron": source.source_id, "staat": source.state, "toon": source.tone.value, "detail": detail}
