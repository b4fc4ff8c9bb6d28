"""The blueprint for counsellors: all pages, their access rules, and what templates may use."""

from __future__ import annotations

from flask import Blueprint

from app.counsel import session_pages
from app.counsel.access import Pages
from app.counsel.counsellor import current_counsellor
from app.counsel.log_in import LogInPages
from app.counsel.services import CounselServices
from app.counsel.shared import SharedPages
from app.documents import formatting, labels
from app.http import routes
from app.http.page_text import TEMPLATES, clean_texts
from app.http.session_end import current_end
from app.web.blueprint import lower_first, phone_address


def create_counsel_blueprint(services: CounselServices) -> Blueprint:
    """Registering it also closes every address of the application that has no rule."""
    blueprint = Blueprint("counsel", __name__, template_folder=str(TEMPLATES))
    pages = Pages(blueprint, services)
    SharedPages(services).register(pages)
    LogInPages(services).register(pages)
    session_pages.register(pages)
    blueprint.record_once(routes.declare(pages.rules, routes.SHARED_INSIDE))
    blueprint.record_once(clean_texts)
    blueprint.add_app_template_filter(formatting.organisation, "organisation")
    blueprint.add_app_template_filter(phone_address, "phone_address")
    blueprint.add_app_template_filter(lower_first, "lower_first")
    blueprint.app_context_processor(
        lambda: {
            "labels": labels,
            "texts": services.texts,
            "who": current_counsellor(services.parties),
            "session_end": current_end,
        }
    )
    return blueprint
