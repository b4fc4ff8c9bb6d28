"""The blueprint of the public site: all pages, their access rules, and what templates may use."""

from __future__ import annotations

from flask import Blueprint

from app.documents import formatting, labels
from app.http import chosen_language, client_keys, logout_notice, routes
from app.http.page_text import TEMPLATES, clean_texts
from app.http.session_end import current_end
from app.http.stream_places import StreamPlaces
from app.language import DUTCH, current
from app.language import gettext as _
from app.web import arrival, download, oauth_endpoints, session_pages
from app.web.access import Pages
from app.web.arrival_pages import ArrivalPages
from app.web.arrival_words import words
from app.web.authorization import AuthorizationPages
from app.web.citizen import Citizen, current_citizen
from app.web.claim_page import ClaimPages
from app.web.desk import DeskPages
from app.web.error_report import ErrorReportPages
from app.web.log_in import LogInPages
from app.web.my_data import MyDataPages
from app.web.overview import OverviewPages
from app.web.paper import PaperPages
from app.web.progress_stream import ProgressStream
from app.web.public import PublicPages
from app.web.seal_page import SealPages
from app.web.services import WebServices
from app.web.share import SharePages
from app.web.share_with import ShareWithPages
from app.web.verify import VerifyPages


def create_blueprint(services: WebServices) -> Blueprint:
    blueprint = Blueprint("web", __name__, template_folder=str(TEMPLATES))
    pages = Pages(blueprint)
    PublicPages(services).register(pages)
    LogInPages(services, _apps(services, pages)).register(pages)
    publish = client_keys.publisher(services.login)
    pages.public(client_keys.PATH, "client_keys", publish, terms=client_keys.TERMS)
    receive = logout_notice.receiver(services.login)
    pages.public(logout_notice.PATH, "logout_notice", receive, "POST", logout_notice.TERMS)
    OverviewPages(services).register(pages)
    ClaimPages(services).register(pages)
    ArrivalPages(services).register(pages)
    ProgressStream(services, StreamPlaces(services.progress_streams)).register(pages)
    download.register(services, pages)
    desk = DeskPages(services)
    desk.register(pages)
    VerifyPages(services, desk).register(pages)
    PaperPages(services).register(pages)
    MyDataPages(services).register(pages)
    ErrorReportPages(services).register(pages)
    SealPages(services).register(pages)
    if services.shares is not None:
        SharePages(services, services.shares).register(pages)
        if services.share_organisations is not None:
            ShareWithPages(services, services.shares, services.share_organisations).register(pages)
    session_pages.register(pages)
    _help_templates(blueprint, services)
    blueprint.record_once(routes.declare(pages.rules))
    return blueprint


def _apps(services: WebServices, pages: Pages) -> AuthorizationPages | None:
    """The authorization server, where there is one."""
    if services.apps is None:
        return None
    oauth_endpoints.register(services.apps, pages)
    asking = AuthorizationPages(services, services.apps)
    asking.register(pages)
    return asking


def _help_templates(blueprint: Blueprint, services: WebServices) -> None:
    """For the whole application, so that error pages look the same."""
    blueprint.add_app_template_filter(formatting.organisation, "organisation")
    blueprint.add_app_template_filter(phone_address, "phone_address")
    blueprint.add_app_template_filter(lower_first, "lower_first")
    blueprint.add_app_template_filter(together, "together")
    blueprint.record_once(clean_texts)
    blueprint.record_once(chosen_language.install)
    blueprint.app_context_processor(
        lambda: {
            "labels": labels,
            "texts": services.texts,
            "is_logged_in": current_citizen() is not None,
            "on_behalf": _on_behalf(current_citizen()),
            "session_end": current_end,
            "way_back": lambda: arrival.back(services.arrivals),
            "case_reference": arrival.case,
            "offered_case": arrival.offered_case,
            "told_of_link": lambda: [words(one) for one in arrival.take_told()],
            "asks_apps": services.apps is not None,
            "may_share": services.shares is not None,
            "paper_days": None if services.paper is None else services.paper.days,
            "has_counsel": services.share_organisations is not None,
        }
    )


def _on_behalf(citizen: Citizen | None) -> str | None:
    """Who looks for whom, for the line on top of every page; None when people look for themselves."""
    if citizen is None or citizen.person.representative is None:
        return None
    return _(
        "Opgevraagd door gemachtigde (BSN eindigt op %(representative)s) "
        "namens vertegenwoordigde (BSN eindigt op %(represented)s).",
        representative=citizen.person.representative.bsn.last_three,
        represented=citizen.bsn.last_three,
    )


def phone_address(number: str) -> str:
    """What stands after "tel:"; only digits and a leading plus, so that a source cannot smuggle in anything."""
    digits = "".join(c for c in number if c in "0123456789")
    return f"+{digits}" if number.strip().startswith("+") else digits


def lower_first(text: str) -> str:
    """For a state that stands inside a Dutch sentence; other languages have letters that are not so simple."""
    return text[:1].lower() + text[1:] if current() == DUTCH else text


def together(text: str) -> str:
    """An amount never breaks behind its euro sign: for places that are narrow on a phone."""
    return text.replace("€ ", "€\u00a0")
