"""What each organisation said as a Financial Claims Information Document, so that this service can be a source itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request
from flask.typing import ResponseReturnValue

from app.api.answers import JSON, as_json, check_query, refuse, wanted
from app.api.members import organisation
from app.api.overviews import PATH, find, note_reading
from app.api.problems import Fault, In, Problem
from app.api.resources import Resources
from app.api.services import ApiServices
from app.documents.fcid import NO_OIN, NoDocument, of_organisation
from app.ports.grants import ApiCaller, Scope
from app.services.collection import CollectionView
from claims.fcid.names import FcidVersion
from claims.identity import Bsn, Oin
from claims.organisation import Organisation

_VERSION = "versie"
_LIST = f"{PATH}/<overview_id>/fcid"


@dataclass(frozen=True)
class FcidDocuments:
    services: ApiServices

    def register(self, resources: Resources) -> None:
        resources.granted(_LIST, "fcid_list", self.list, Scope.OVERVIEW)
        resources.granted(f"{_LIST}/<oin>", "fcid", self.show, Scope.OVERVIEW)

    def list(self, caller: ApiCaller, overview_id: str) -> ResponseReturnValue:
        """Every organisation of the overview, whether it has a document, per version, and why not where there is none."""
        wanted(JSON)
        refuse(*check_query())
        view = self._ready(caller, overview_id)
        entries = [
            {
                "organisatie": organisation(stated),
                "versies": [
                    _state(view, stated.oin, version, caller.principal.bsn) for version in FcidVersion
                ],
            }
            for stated in _organisations(view)
        ]
        note_reading(self.services, caller, "fcid-list")
        return as_json({"organisaties": entries})

    def show(self, caller: ApiCaller, overview_id: str, oin: str) -> ResponseReturnValue:
        wanted(JSON)
        refuse(*check_query([_VERSION]), *_check_version())
        view = self._ready(caller, overview_id)
        version = FcidVersion(request.args.get(_VERSION, FcidVersion.V3.value))
        try:
            document = of_organisation(view.overview, Oin(oin), version, caller.principal.bsn)
        except (KeyError, ValueError):
            said = "In dit overzicht staat geen bron van deze organisatie."
            raise Problem(404, "Deze organisatie staat er niet in", said) from None
        except NoDocument as reason:
            raise Problem(409, "Er is geen document zonder verlies", str(reason)) from None
        note_reading(self.services, caller, f"fcid-{version.value}")
        return as_json(document)

    def _ready(self, caller: ApiCaller, overview_id: str) -> CollectionView:
        """Raises Problem (409) while sources are being asked: the same question would soon get another answer."""
        view = find(self.services, overview_id, caller)
        if not view.is_finished:
            said = "Bronnen worden nog gevraagd. Kijk bij `voortgang` en probeer het daarna opnieuw."
            raise Problem(409, "Dit overzicht is nog niet klaar", said, headers=(("Retry-After", "2"),))
        return view


def _organisations(view: CollectionView) -> list[Organisation]:
    """Each once. A document is of a whole organisation: where several of its departments are sources, none of them is named."""
    found: dict[Oin | Organisation, Organisation] = {}
    for one in view.overview.outcomes:
        stated = one.source.organisation
        known = found.setdefault(stated.oin or stated, stated)
        if known != stated:
            found[stated.oin or stated] = replace(known, department=None)
    return list(found.values())


def _state(view: CollectionView, oin: Oin | None, version: FcidVersion, bsn: Bsn) -> dict[str, object]:
    try:
        if oin is None:
            raise NoDocument(NO_OIN)
        of_organisation(view.overview, oin, version, bsn)
    except NoDocument as reason:
        return {"versie": version.value, "beschikbaar": False, "reden": str(reason)}
    return {"versie": version.value, "beschikbaar": True, "reden": None}


def _check_version() -> tuple[Fault, ...]:
    known = tuple(version.value for version in FcidVersion)
    if request.args.get(_VERSION, known[0]) in known:
        return ()
    return (Fault(In.QUERY, _VERSION, f"Kies {' of '.join(known)}."),)
