"""The resource `schuldenoverzichten`: gathered live for the citizen who allowed it, in four forms."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.api import overview_members
from app.api.answers import JSON, as_json, check_query, refuse, wanted
from app.api.problems import Fault, In, Problem
from app.api.resources import Resources
from app.api.services import ApiServices
from app.ports.collections import TooManyCollections
from app.ports.grants import ApiCaller, Scope
from app.ports.register import RegisterUnavailable
from app.services import audit_facts
from app.services.collection import CollectionView
from app.services.issue import NothingToIssue, NotPrintable, SealingFailed, Wanted

PATH = "/schuldenoverzichten"
_ONE = f"{PATH}/<overview_id>"
_SEALED = {"application/jose+json": "json", "application/pdf": "pdf", "text/csv": "csv"}
_KEY = re.compile(r"[\x21-\x7e]{8,255}")
_WAIT_S = "2"
MOST_RUNS = 5  # of one source in one overview


@dataclass(frozen=True)
class Overviews:
    services: ApiServices

    def register(self, resources: Resources) -> None:
        resources.granted(PATH, "create_overview", self.create, Scope.OVERVIEW, "POST")
        resources.granted(_ONE, "overview", self.show, Scope.OVERVIEW)
        resources.granted(f"{_ONE}/bronnen/<source_id>/_opnieuw", "retry", self.retry, Scope.OVERVIEW, "POST")

    def create(self, caller: ApiCaller) -> ResponseReturnValue:
        """One collection at a time per consent: each asks every source. With the key of a request before, that one's
        collection (draft-ietf-httpapi-idempotency-key-header)."""
        wanted(JSON)
        refuse(*check_query(), *_check_no_body(), *_check_key())
        wanted_id = _id_for(caller.owner, request.headers.get("Idempotency-Key"))
        made_before = self._view(wanted_id, caller) if wanted_id else None
        if made_before is not None:
            return self._created(made_before)
        running = self.services.collections.latest(caller.owner)
        if running is not None and not running.is_finished:
            raise _still_running(self._address(running.collection_id))
        try:
            made = self.services.collections.start(caller.owner, caller.person, wanted_id)
        except TooManyCollections:
            raise self._used_up(caller) from None
        return self._created(find(self.services, made, caller))

    def show(self, caller: ApiCaller, overview_id: str) -> ResponseReturnValue:
        form = wanted(JSON, *_SEALED)
        refuse(*check_query())
        view = find(self.services, overview_id, caller)
        if form != JSON:
            return self._sealed(view, caller, form)
        note_reading(self.services, caller, "json")
        return as_json(overview_members.overview(view))

    def retry(self, caller: ApiCaller, overview_id: str, source_id: str) -> ResponseReturnValue:
        wanted(JSON)
        refuse(*check_query(), *_check_no_body())
        view = find(self.services, overview_id, caller)
        asked = next((one for one in view.sources if one.source.source_id == source_id), None)
        if asked is None:
            raise _no_such_source()
        if asked.run >= MOST_RUNS:
            raise self._used_up(caller)
        person = caller.person
        if not self.services.collections.retry(overview_id, caller.owner, source_id, person):
            said = "Deze bron wordt al gevraagd, of kan niet worden gevraagd."
            raise Problem(409, "Nu niet opnieuw te vragen", said)
        return as_json(overview_members.progress(find(self.services, overview_id, caller)), 202)

    def _used_up(self, caller: ApiCaller) -> Problem:
        """Waiting helps only in so far as the token has ended then, and the citizen is asked again."""
        left = max(1, int((caller.expires_at - self.services.clock.now()).total_seconds()))
        said = (
            "Met één toestemming kunt u de bronnen een beperkt aantal keren laten vragen. Vraag de burger opnieuw om "
            "toestemming. Wat er al is, kunt u blijven ophalen zolang het toegangstoken geldt."
        )
        return Problem(429, "Dit is te vaak gevraagd", said, headers=(("Retry-After", str(left)),))

    def _view(self, overview_id: str, caller: ApiCaller) -> CollectionView | None:
        return self.services.collections.view(overview_id, caller.owner)

    def _created(self, view: CollectionView) -> Response:
        where = {"Location": self._address(view.collection_id)}
        return as_json(overview_members.progress(view), 201, where)

    def _address(self, overview_id: str) -> str:
        return f"{self.services.texts.base_address}/api/v1{PATH}/{overview_id}"

    def _sealed(self, view: CollectionView, caller: ApiCaller, form: str) -> Response:
        """A document of a collection that nobody would show yet would miss sources for no reason."""
        if not view.may_show:
            raise _not_ready()
        try:
            issued = self.services.issue.issue(
                view.collection_id, caller.owner, caller.person, Wanted(_SEALED[form])
            )
        except NothingToIssue:
            raise _not_found() from None
        except NotPrintable:
            said = "Een naam heeft een teken dat niet in de pdf past. De json en de csv zijn er wel."
            raise Problem(409, "Deze pdf kan niet worden gemaakt", said) from None
        except (SealingFailed, RegisterUnavailable):
            said = (
                "Verzegelen lukt nu niet. Er is niets afgegeven. Probeer het over een paar minuten opnieuw."
            )
            raise Problem(503, "Verzegelen lukt nu niet", said, headers=(("Retry-After", "120"),)) from None
        response = Response(
            issued.content, content_type=f"{form}; charset=utf-8" if form == "text/csv" else form
        )
        response.headers["Content-Disposition"] = f'attachment; filename="{issued.filename}"'
        response.headers["Overzicht-Volledig"] = "?1" if issued.all_answered else "?0"
        return response


def find(services: ApiServices, overview_id: str, caller: ApiCaller) -> CollectionView:
    """Raises Problem (404): one of somebody else looks like one that does not exist."""
    view = services.collections.view(overview_id, caller.owner)
    if view is None:
        raise _not_found()
    return view


def note_reading(services: ApiServices, caller: ApiCaller, kind: str) -> None:
    """Before anything is handed out that is in no file. Raises StorageUnavailable: then nothing is."""
    services.audit.write(audit_facts.overview_read(caller.person, kind))


def _id_for(owner: str, key: str | None) -> str | None:
    """The owner is a random handle that nobody sees, so nobody can guess the id from the key."""
    if key is None:
        return None
    digest = hashlib.sha256(f"{owner}\n{key}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


def _check_key() -> tuple[Fault, ...]:
    key = request.headers.get("Idempotency-Key")
    if key is None or _KEY.fullmatch(key):
        return ()
    return (
        Fault(In.HEADER, "Idempotency-Key", "Kies 8 tot 255 tekens zonder spaties, bijvoorbeeld een UUID."),
    )


def _check_no_body() -> tuple[Fault, ...]:
    if not request.get_data(cache=False):
        return ()
    return (
        Fault(In.BODY, "", "Dit verzoek heeft geen inhoud: wie de burger is, staat bij het toegangstoken."),
    )


def _not_found() -> Problem:
    said = "Het is er niet, het is verlopen, of het is van een andere toestemming. Vraag een nieuw overzicht."
    return Problem(404, "Dit overzicht is er niet", said)


def _no_such_source() -> Problem:
    said = "Neem het `id` van een bron uit `bronnen` van dit overzicht."
    return Problem(404, "Deze bron staat niet in dit overzicht", said)


def _not_ready() -> Problem:
    said = "Bronnen worden nog gevraagd. Kijk bij `voortgang` en probeer het daarna opnieuw."
    return Problem(409, "Dit overzicht is nog niet klaar", said, headers=(("Retry-After", _WAIT_S),))


def _still_running(where: str) -> Problem:
    said = "Er is al een overzicht in de maak voor deze burger. Het adres staat in de kop `Location`."
    return Problem(
        409, "Er loopt al een ophaling", said, headers=(("Location", where), ("Retry-After", _WAIT_S))
    )
