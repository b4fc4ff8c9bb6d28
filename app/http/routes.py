"""What each route of every site declares: who may use it, whether its form needs our token, and how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from flask import Flask, abort, current_app, request
from flask.sansio.blueprints import BlueprintSetupState
from flask_wtf.csrf import CSRFProtect

_EXTENSION = "route_rules"


class Access(StrEnum):
    PUBLIC = "public"
    LOGGED_IN = "logged_in"  # a citizen
    OPERATOR = "operator"  # an employee with the role
    REGISTRAR = "registrar"  # an employee who may also let apps in
    COUNSELLOR = "counsellor"  # an employee of a registered counselling organisation
    TOKEN = "token"  # noqa: S105 -- the view itself checks the bearer token of a program


class Pace(StrEnum):
    """Which limit on how often one address may come (`app.http.rate_limits`)."""

    FREE = "free"  # cheap, and nothing to guess: static files, health
    PAGES = "pages"
    LOG_IN = "log_in"
    UPLOAD = "upload"
    SECRET = "secret"  # noqa: S105 -- a code or token that somebody could try to guess
    NOTICES = "notices"  # logout tokens, from the few addresses of a log-in provider


@dataclass(frozen=True, slots=True)
class Terms:
    """`own_form` False: a form that acts for nobody and needs no token of a session."""

    pace: Pace = Pace.PAGES
    own_form: bool = True


@dataclass(frozen=True, slots=True)
class RouteRule:
    access: Access
    terms: Terms = Terms()


PLAIN = Terms()
# What every site has, by endpoint.
SHARED: Mapping[str, RouteRule] = MappingProxyType(
    dict.fromkeys(
        ("static", "theme.css", "theme.logo", "health.live", "health.ready"),
        RouteRule(Access.PUBLIC, Terms(Pace.FREE)),
    )
)

# Of a site inside another, that says itself whether it is well.
SHARED_INSIDE: Mapping[str, RouteRule] = MappingProxyType(
    {endpoint: rule for endpoint, rule in SHARED.items() if not endpoint.startswith("health.")}
)


def declare(
    rules: Mapping[str, RouteRule], shared: Mapping[str, RouteRule] = SHARED
) -> Callable[[BlueprintSetupState], None]:
    """For `Blueprint.record_once`: these rules and the shared ones hold; whatever has none is refused, also when
    another module adds it to the site."""

    def record(state: BlueprintSetupState) -> None:
        known = state.app.extensions.get(_EXTENSION)
        if known is None:
            state.app.before_request(_refuse_undeclared)
        state.app.extensions[_EXTENSION] = {**(known or shared), **rules}

    return record


def rules_of(app: Flask) -> Mapping[str, RouteRule]:
    """By endpoint."""
    found: Mapping[str, RouteRule] = app.extensions.get(_EXTENSION, SHARED)
    return found


def exempt_stateless(app: Flask, protection: CSRFProtect) -> None:
    """Forms that act for nobody need no token, and so no session."""
    for endpoint, rule in rules_of(app).items():
        if not rule.terms.own_form:
            protection.exempt(app.view_functions[endpoint])


def current_rule(app: Flask) -> RouteRule | None:
    """The rule of this request; None when there is no such page, or none was declared."""
    return rules_of(app).get(request.endpoint or "")


def _refuse_undeclared() -> None:
    if request.endpoint is not None and request.endpoint not in rules_of(current_app):
        abort(403)
