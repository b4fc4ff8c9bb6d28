"""The blueprint of the API: all resources, their access rules, and what every answer has."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.api.consents import ConsentResource
from app.api.contract import Contract, version
from app.api.fcid import FcidDocuments
from app.api.known_sources import KnownSources
from app.api.overviews import Overviews
from app.api.problems import Problem, answer
from app.api.progress import Progress
from app.api.resources import Resources
from app.api.services import ApiServices
from app.api.verifications import Verifications
from app.http import routes
from app.http.stream_places import StreamPlaces

PREFIX = "/api/v1"


def create_api_blueprint(services: ApiServices) -> Blueprint:
    blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
    resources = Resources(blueprint, services.texts.base_address, services.access)
    Contract(services).register(resources)
    Overviews(services).register(resources)
    Progress(services, _places(services.progress_streams)).register(resources)
    FcidDocuments(services).register(resources)
    ConsentResource(services).register(resources)
    KnownSources(services).register(resources)
    Verifications(services).register(resources)
    blueprint.register_error_handler(Problem, answer)
    blueprint.record_once(routes.declare(resources.rules))
    blueprint.after_app_request(_number)
    return blueprint


def _number(response: Response) -> Response:
    """On every answer below the prefix, also where no resource is (ADR /core/version-header)."""
    if request.path == PREFIX or request.path.startswith(f"{PREFIX}/"):
        response.headers["API-Version"] = version()
    return response


def _places(streams: int) -> StreamPlaces:
    """One app takes at most half of them: the others are for other apps."""
    return StreamPlaces(streams, max(1, streams // 2))
