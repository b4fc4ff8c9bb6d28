"""The blueprint of the public site: all pages, their access rules, and what templates may use."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint
from flask.sansio.blueprints import BlueprintSetupState
from markupsafe import Markup

from app.documents import formatting, labels
from app.web import download
from app.web.access import Pages
from app.web.citizen import current_citizen
from app.web.log_in import LogInPages
from app.web.overview import OverviewPages
from app.web.progress_stream import ProgressStream, StreamPlaces
from app.web.public import PublicPages
from app.web.services import WebServices
from app.web.verify import VerifyPages

# Forms that act for nobody: no form token, so that they need no session and do not expire while somebody reads.
STATELESS_ENDPOINTS = ("web.verify_file",)
_SHOWN_CONTROLS = "\t\n\r"
_TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0), *_TURNING} - set(map(ord, _SHOWN_CONTROLS)))
TEMPLATES = Path(__file__).parents[2] / "templates"


def create_blueprint(services: WebServices) -> Blueprint:
    blueprint = Blueprint("web", __name__, template_folder=str(TEMPLATES))
    pages = Pages(blueprint, {})
    PublicPages(services).register(pages)
    LogInPages(services).register(pages)
    OverviewPages(services).register(pages)
    ProgressStream(services, StreamPlaces(services.progress_streams)).register(pages)
    download.register(services, pages)
    VerifyPages(services).register(pages)
    _help_templates(blueprint, services)
    blueprint.record_once(
        lambda state: state.app.extensions.setdefault("access_rules", {}).update(pages.rules)
    )
    return blueprint


def _help_templates(blueprint: Blueprint, services: WebServices) -> None:
    """For the whole application, so that error pages look the same."""
    blueprint.add_app_template_filter(formatting.organisation, "organisation")
    blueprint.add_app_template_filter(phone_address, "phone_address")
    blueprint.add_app_template_filter(lower_first, "lower_first")
    blueprint.record_once(_set_finalize)
    blueprint.app_context_processor(
        lambda: {"labels": labels, "texts": services.texts, "is_logged_in": current_citizen() is not None}
    )


def _set_finalize(state: BlueprintSetupState) -> None:
    state.app.jinja_env.finalize = without_controls


def without_controls(value: object) -> object:
    """Text for a page, without control characters and without marks that turn around the direction of the text after
    them: an amount or a number beside it would read differently. Markup of ours stays as it is."""
    return value.translate(_CONTROLS) if isinstance(value, str) and not isinstance(value, Markup) else value


def phone_address(number: str) -> str:
    """What stands after "tel:"; only digits and a leading plus, so that a source cannot smuggle in anything."""
    digits = "".join(c for c in number if c in "0123456789")
    return f"+{digits}" if number.strip().startswith("+") else digits


def lower_first(text: str) -> str:
    """For a state that stands inside a sentence."""
    return text[:1].lower() + text[1:]
