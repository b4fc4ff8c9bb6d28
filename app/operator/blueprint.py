"""The blueprint of the operator site: all pages, their access rules, and what templates may use."""

from __future__ import annotations

from flask import Blueprint

from app.http import client_keys, logout_notice, routes
from app.http.page_text import TEMPLATES, clean_texts
from app.http.routes import Access
from app.http.session_end import current_end
from app.operator import session_pages
from app.operator.access import Pages, guard
from app.operator.apps import AppPages
from app.operator.employee import current_employee
from app.operator.log_in import LogInPages
from app.operator.metrics import MetricsPage
from app.operator.monitor import MonitorPages
from app.operator.services import OperatorServices


def create_operator_blueprint(services: OperatorServices) -> Blueprint:
    """Registering it also closes every address of the application that has no rule."""
    blueprint = Blueprint("operator", __name__, template_folder=str(TEMPLATES))
    pages = Pages(blueprint)
    MonitorPages(services).register(pages)
    if services.apps is not None:
        AppPages(services.apps, services.clock).register(pages)
    LogInPages(services).register(pages)
    publish = client_keys.publisher(services.login)
    pages.add(Access.PUBLIC, client_keys.PATH, "client_keys", publish, terms=client_keys.TERMS)
    receive = logout_notice.receiver(services.login)
    pages.add(Access.PUBLIC, logout_notice.PATH, "logout_notice", receive, "POST", logout_notice.TERMS)
    MetricsPage(services).register(pages)
    session_pages.register(pages)

    blueprint.record_once(routes.declare(pages.rules))
    blueprint.before_app_request(guard(services.app_roles))
    blueprint.record_once(clean_texts)
    blueprint.app_context_processor(
        lambda: {
            "texts": services.texts,
            "employee": current_employee(),
            "session_end": current_end,
            "has_apps": services.apps is not None,
        }
    )
    return blueprint
