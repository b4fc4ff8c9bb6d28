"""Put a Flask application together from what bootstrap built."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from app.api.blueprint import create_api_blueprint
from app.api.services import ApiServices
from app.http.page_text import TEMPLATES
from app.http.routes import exempt_stateless
from app.http.setup import SiteParts, secure
from app.operator.blueprint import create_operator_blueprint
from app.operator.services import OperatorServices
from app.web.blueprint import create_blueprint
from app.web.services import WebServices

STATIC = Path(__file__).parent / "static"


def create_site(parts: SiteParts, services: WebServices, api: ApiServices | None = None) -> Flask:
    """The public site: pages, static files, headers, sessions, health; and the API for programs where it is on."""
    app = _flask()
    protection = secure(app, parts)
    app.register_blueprint(create_blueprint(services))
    if api is not None:
        app.register_blueprint(create_api_blueprint(api))
    exempt_stateless(app, protection)
    return app


def create_operator_site(parts: SiteParts, services: OperatorServices) -> Flask:
    """The operator site: the same protection, its own pages, and nothing of the public site."""
    app = _flask()
    protection = secure(app, parts)
    app.register_blueprint(create_operator_blueprint(services))
    exempt_stateless(app, protection)
    return app


def _flask() -> Flask:
    return Flask("app", template_folder=str(TEMPLATES), static_folder=str(STATIC), static_url_path="/static")
