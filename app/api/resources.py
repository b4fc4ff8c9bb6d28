"""Every resource is added together with its access rule. There is no way to add one without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Concatenate

import structlog
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.api import refusals
from app.api.problems import Problem
from app.http.client_certificate import current_certificate
from app.http.routes import Access, Pace, RouteRule, Terms
from app.ports.grants import AccessCheck, ApiCaller, Scope, TokenRefused
from app.ports.issuers import IssuerUnavailable

View = Callable[..., ResponseReturnValue]
CallerView = Callable[Concatenate[ApiCaller, ...], ResponseReturnValue]
_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Resources:
    """`rules` holds what was added, by endpoint. Nothing here has a session, so no form token either."""

    blueprint: Blueprint
    base_address: str
    access: AccessCheck
    rules: dict[str, RouteRule] = field(default_factory=dict)

    def public(self, rule: str, name: str, view: View, method: str = "GET", pace: Pace = Pace.PAGES) -> None:
        def open_to_all(**route_values: str) -> ResponseReturnValue:
            return view(**route_values)

        self._add(rule, name, open_to_all, method, RouteRule(Access.PUBLIC, Terms(pace, own_form=False)))

    def granted(self, rule: str, name: str, view: CallerView, scope: Scope, method: str = "GET") -> None:
        """Hands the caller to the view when the citizen allowed it this scope."""

        def for_caller(**route_values: str) -> ResponseReturnValue:
            return view(self._caller(scope), **route_values)

        self._add(rule, name, for_caller, method, RouteRule(Access.TOKEN, Terms(Pace.PAGES, own_form=False)))

    def _add(self, rule: str, name: str, view: View, method: str, stated: RouteRule) -> None:
        view.__name__ = f"api_{name}"  # Flask-WTF tells views apart by name
        self.blueprint.add_url_rule(rule, name, view, methods=[method], provide_automatic_options=False)
        self.rules[f"{self.blueprint.name}.{name}"] = stated

    def _caller(self, scope: Scope) -> ApiCaller:
        """The address is built from the settings: what a request says about its host is not believed."""
        try:
            caller = self.access.caller(
                request.method, self.base_address + request.path, dict(request.headers), current_certificate()
            )
        except TokenRefused as refused:
            _log.info("token_refused", reason=refused.reason)
            if refused.code == "insufficient_scope":
                raise _insufficient(scope) from None
            raise _unauthorized(refused, self.base_address) from None
        except IssuerUnavailable as error:
            _log.warning("issuer_unavailable", reason=error.reason)
            raise _not_now() from None
        if scope.value not in caller.scopes:
            raise _insufficient(scope)
        return caller


def _unauthorized(refused: TokenRefused, base_address: str) -> Problem:
    """RFC 6750, section 3, and RFC 9449, section 7.1."""
    headers = [("WWW-Authenticate", refusals.challenge(refused))]
    if refused.dpop_nonce:
        headers.append(("DPoP-Nonce", refused.dpop_nonce))
    said = f"{refusals.detail(refused)} Zie {base_address}/api/v1/documentatie."
    return Problem(401, "Geen geldig toegangstoken", said, headers=tuple(headers))


def _not_now() -> Problem:
    """A token that we cannot examine is not called wrong."""
    said = (
        "De uitgever van uw toegangstoken is nu niet bereikbaar. Probeer het over een paar seconden opnieuw."
    )
    return Problem(503, "Het toegangstoken is nu niet te controleren", said, headers=(("Retry-After", "10"),))


def _insufficient(scope: Scope) -> Problem:
    challenge = f'DPoP error="insufficient_scope", scope="{scope.value}"'
    said = f"De burger heeft uw app `{scope.value}` niet toegestaan."
    return Problem(403, "Dit is niet toegestaan", said, headers=(("WWW-Authenticate", challenge),))
