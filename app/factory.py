"""Put a Flask application together from what bootstrap built."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.api.blueprint import create_api_blueprint
from app.api.services import ApiServices
from app.counsel.blueprint import create_counsel_blueprint
from app.counsel.services import COUNSEL_PATH, CounselServices
from app.http import public_address
from app.http.page_text import TEMPLATES
from app.http.routes import exempt_stateless
from app.http.setup import SiteParts, secure
from app.operator.blueprint import create_operator_blueprint
from app.operator.services import OperatorServices
from app.web.blueprint import create_blueprint
from app.web.services import WebServices

STATIC = Path(__file__).parent / "static"


def create_site(
    parts: SiteParts,
    services: WebServices,
    api: ApiServices | None = None,
    counsel: tuple[SiteParts, CounselServices] | None = None,
) -> Flask:
    """The public site: pages, static files, headers, sessions, health; the API for programs and the pages for counsellors
    where they are on."""
    app = _flask()
    protection = secure(app, parts)
    app.register_blueprint(create_blueprint(services))
    if api is not None:
        app.register_blueprint(create_api_blueprint(api))
    exempt_stateless(app, protection)
    if counsel is not None:
        put_inside(app, create_counsel_site(*counsel))
    public_address.install(app, parts.public_url)
    return app


def put_inside(app: Flask, counsel: Flask) -> None:
    """What begins with the path of the pages for counsellors never reaches `app`, and nothing else reaches them."""
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {COUNSEL_PATH: counsel.wsgi_app})  # type: ignore[method-assign]


def create_counsel_site(parts: SiteParts, services: CounselServices) -> Flask:
    """The pages for counsellors: an application of its own below one path, so that no session, cookie or page of a citizen is
    within its reach, nor the other way around."""
    app = _flask()
    protection = secure(app, parts)
    app.register_blueprint(create_counsel_blueprint(services))
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
