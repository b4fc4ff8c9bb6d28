"""The language of a page: chosen on top of it (`?taal=`), remembered until the browser closes, Dutch otherwise.

The language that a browser asks for is not followed: many people share a device, and whoever helps at a desk must know
what a citizen sees. The cookie holds two letters and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask, Response, current_app, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from markupsafe import Markup

from app import language
from app.http import page_text
from app.http.routes import Pace, current_rule
from app.language import DUTCH, LANGUAGES
from app.ports.case_reference import holds_bsn

COOKIE = "__Host-bk_taal"
PARAMETER = "taal"
_SITE_OF_PAGES = "web"
# What says which page it is; whatever else stands in an address is not repeated.
_KEPT = frozenset({"bladzijde", "nummer", "ophaling", "volgorde"})


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One language in the list. `address`: the same page in that language."""

    code: str
    name: str
    address: str
    is_current: bool


def install_dutch(app: Flask) -> None:
    """Every request starts in Dutch: threads serve one request after the other, and several sites."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        page_text.gettext, page_text.ngettext, newstyle=True
    )
    app.jinja_env.globals.update(gettext=page_text.gettext, ngettext=page_text.ngettext)
    app.before_request(lambda: language.use(DUTCH))
    app.teardown_request(lambda _error: language.use(DUTCH))
    app.context_processor(_for_templates)


def _for_templates() -> dict[str, str]:
    """`as_stated`: attributes of an element with words of a source, on a page that is not in Dutch."""
    mark = "" if language.current() == DUTCH else Markup(' lang="nl" dir="auto"')
    return {"language": language.current(), "direction": language.direction(), "as_stated": mark}


def install(state: BlueprintSetupState) -> None:
    """For `Blueprint.record_once` of the public site: pages follow the choice; what programs read stays Dutch."""
    app = state.app
    app.before_request_funcs.setdefault(None, []).append(_follow)
    app.after_request_funcs.setdefault(None, []).append(_remember)
    app.template_context_processors[None].append(lambda: {"languages": links})


def links() -> tuple[LanguageLink, ...]:
    """The page that is shown, in every language; or the start page, where this one cannot be asked again."""
    is_page = _can_be_asked_again()
    path = request.script_root + request.path if is_page else url_for("web.start")
    kept = [(name, value) for name, value in request.args.items() if name in _KEPT and not holds_bsn(value)]
    return tuple(
        LanguageLink(
            code,
            name,
            f"{path}?{urlencode([*(kept if is_page else []), (PARAMETER, code)])}",
            code == language.current(),
        )
        for code, name in LANGUAGES.items()
    )


def _can_be_asked_again() -> bool:
    """Not what a form sent, and no step of a log-in: its address holds a code that counts once, and that no page repeats.
    Nor an address in which somebody typed a citizen service number: no page says it back."""
    rule = current_rule(current_app)
    is_step = rule is not None and rule.terms.pace is Pace.LOG_IN
    is_asked = request.method in ("GET", "HEAD") and request.endpoint is not None
    return is_asked and not is_step and not holds_bsn(request.path)


def _follow() -> None:
    if request.blueprint in (None, _SITE_OF_PAGES):
        language.use(_asked() or _remembered() or DUTCH)


def _asked() -> str | None:
    return _known(request.args.get(PARAMETER))


def _remembered() -> str | None:
    return _known(request.cookies.get(COOKIE))


def _known(code: str | None) -> str | None:
    return code if code in LANGUAGES else None


def _remember(response: Response) -> Response:
    asked = _asked()
    if asked is not None and asked != _remembered() and request.blueprint == _SITE_OF_PAGES:
        response.set_cookie(COOKIE, asked, path="/", secure=True, httponly=True, samesite="Lax")
    return response
