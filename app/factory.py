"""Put a Flask application together from what bootstrap built."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from app.http.setup import SiteParts, secure
from app.web.blueprint import STATELESS_ENDPOINTS, TEMPLATES, create_blueprint
from app.web.services import WebServices

STATIC = Path(__file__).parent / "static"


def create_site(parts: SiteParts, services: WebServices) -> Flask:
    """The public site: pages, static files, headers, sessions, health."""
    app = Flask("app", template_folder=str(TEMPLATES), static_folder=str(STATIC), static_url_path="/static")
    protection = secure(app, parts)
    app.register_blueprint(create_blueprint(services))
    for endpoint in STATELESS_ENDPOINTS:
        protection.exempt(app.view_functions[endpoint])
    return app
