"""How far a collection is: to be asked again and again, or told as it happens (server-sent events, HTML Living Standard,
section 9.2)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from flask import Response
from flask.typing import ResponseReturnValue

from app.api import overview_members
from app.api.answers import JSON, as_json, check_query, refuse, wanted
from app.api.overviews import PATH, find
from app.api.problems import Problem
from app.api.resources import Resources
from app.api.services import ApiServices
from app.http.stream_places import LONGEST_SECONDS, StreamPlaces
from app.ports.grants import ApiCaller, Scope
from app.ports.storage import StorageUnavailable

log = structlog.get_logger(__name__)

EVENTS = "text/event-stream"
_PAUSE_SECONDS = 0.5
_STILL_THERE = ": nog bezig\n\n"


@dataclass(frozen=True)
class Progress:
    services: ApiServices
    places: StreamPlaces

    def register(self, resources: Resources) -> None:
        resources.granted(f"{PATH}/<overview_id>/voortgang", "progress", self.show, Scope.OVERVIEW)

    def show(self, caller: ApiCaller, overview_id: str) -> ResponseReturnValue:
        form = wanted(JSON, EVENTS)
        refuse(*check_query())
        view = find(self.services, overview_id, caller)
        return as_json(overview_members.progress(view)) if form == JSON else self._stream(caller, overview_id)

    def _stream(self, caller: ApiCaller, overview_id: str) -> Response:
        place = self.places.take(caller.client_id)
        if place is None:
            said = "Uw app heeft al stromen open, of andere apps hebben dat. Vraag de voortgang als `application/json`."
            raise Problem(503, "Er is nu geen stroom vrij", said, headers=(("Retry-After", "5"),))
        response = Response(self._events(caller, overview_id), mimetype=EVENTS)
        response.headers["X-Accel-Buffering"] = "no"
        response.call_on_close(lambda: self.places.give_back(place))
        return response

    def _events(self, caller: ApiCaller, overview_id: str) -> Iterator[str]:
        """One event `bron` per source whose state changed, then `klaar`. The token counts as long as the stream lasts, at
        most `LONGEST_SECONDS`; a collection that is gone ends it."""
        told: dict[str, object] = {}
        look = self.services.collections.follow(overview_id, caller.owner)
        end = time.monotonic() + LONGEST_SECONDS
        try:
            while time.monotonic() < end:
                view = look()
                if view is None:
                    return
                changed = [one for one in overview_members.sources(view) if told.get(one["id"]) != one]
                told.update((one["id"], one) for one in changed)
                yield "".join(_event("bron", one) for one in changed) or _STILL_THERE
                if view.is_finished:
                    yield _event("klaar", overview_members.progress(view))
                    return
                time.sleep(_PAUSE_SECONDS)
        except StorageUnavailable:
            log.warning("progress_stream_ended", reason="storage_unavailable")


def _event(name: str, data: object) -> str:
    """JSON without line ends: one data line, whatever a name contains."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
