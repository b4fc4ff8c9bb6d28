"""An app asks, the citizen decides: from the app to DigiD, to one page with two buttons, and back to the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.http.login_flow import leave
from app.http.public_address import whole
from app.http.routes import Pace, Terms
from app.http.security_headers import let_form_end_at
from app.language import N_, _
from app.oauth.metadata import AUTHORIZE
from app.oauth.server import OAuthServer
from app.ports.consents import AuthorizationRequest
from app.ports.grants import Scope
from app.ports.login import (
    LevelTooLow,
    LoginCancelled,
    LoginError,
    Principal,
    ProviderUnavailable,
)
from app.web import messages
from app.web.access import Pages
from app.web.citizen import end_session
from app.web.consent_session import Question, remember_question, remember_shown, was_shown
from app.web.services import WebServices

_log = structlog.stdlib.get_logger(__name__)
_SEE_OTHER = 303
# RFC 6749, section 4.1.2.1; the one for a level: OpenID Connect Unmet Authentication Requirements 1.0.
_ERRORS: dict[type[LoginError], str] = {
    LoginCancelled: "access_denied",
    LevelTooLow: "unmet_authentication_requirements",
    ProviderUnavailable: "temporarily_unavailable",
}
WHAT = {
    Scope.OVERVIEW: N_(
        "uw schuldenoverzicht: alle schulden die de aangesloten organisaties van u kennen, met bedragen en afspraken. "
        "Uw burgerservicenummer (BSN) staat er ook in."
    ),
    Scope.CONSENTS: N_("welke apps van u toestemming hebben. De app kan toestemmingen ook voor u intrekken."),
}


@dataclass(frozen=True)
class AuthorizationPages:
    services: WebServices
    server: OAuthServer

    def register(self, pages: Pages) -> None:
        pages.public(AUTHORIZE, "authorize", self.begin, terms=Terms(Pace.LOG_IN))
        pages.asked("/oauth/toestemming", "consent", self.ask)
        pages.asked("/oauth/toestemming", "consent_decided", self.decide, "POST")
        pages.public("/oauth/logo/<client_id>", "app_logo", self.logo)

    def begin(self) -> ResponseReturnValue:
        """Send the browser to DigiD, which asks everything again: this yes must come from who sits there now. A request
        that we do not know gets a page here: nobody knows where else the browser may be sent."""
        asked = self.server.authorizations.open(_only("client_id"), _only("request_uri"))
        if asked is None:
            return messages.show(messages.APP_REQUEST_UNKNOWN)
        try:
            start = self.services.login.start(self._return_address(), step_up=True)
        except LoginError as error:
            return self._fail(asked, error)
        return leave(start, asked.members())

    def returned(self, purpose: dict[str, Any], principal: Principal) -> ResponseReturnValue:
        """Back from DigiD. Nobody is logged in here: all that this session opens is the question."""
        remember_question(AuthorizationRequest.of(purpose), principal)
        return redirect(url_for("web.consent"))

    def not_logged_in(self, purpose: dict[str, Any], error: LoginError) -> ResponseReturnValue:
        """The app hears in one word why nothing came of it."""
        return self._fail(AuthorizationRequest.of(purpose), error)

    def ask(self, question: Question) -> ResponseReturnValue:
        client = self.server.authorizations.client(question.request.client_id)
        if client is None:
            return self._leave(self.server.authorizations.fail(question.request, "unauthorized_client"))
        remember_shown(client)
        let_form_end_at(question.request.redirect_uri)
        return render_template(
            "pages/consent.html",
            client=client,
            what=[_(WHAT[scope]) for scope in sorted(question.request.scopes)],
            how_long=formatting.duration(int(self.server.token_life.total_seconds())),
        )

    def decide(self, question: Question) -> ResponseReturnValue:
        """Whatever is no clear yes or no changes nothing. A yes to what is not registered like that any more is asked again."""
        answer = request.form.get("besluit")
        if answer not in ("ja", "nee"):
            abort(400)
        client = self.server.authorizations.client(question.request.client_id)
        if answer == "ja" and client is not None and not was_shown(client):
            return self.ask(question)
        decide = self.server.authorizations.allow if answer == "ja" else self.server.authorizations.refuse
        return self._leave(decide(question.request, question.principal))

    def logo(self, client_id: str) -> ResponseReturnValue:
        found = self.server.clients.logo(client_id)
        if found is None:
            abort(404)
        return Response(found, mimetype="image/png")

    def _fail(self, asked: AuthorizationRequest, error: LoginError) -> ResponseReturnValue:
        kind = next((_ERRORS[one] for one in type(error).__mro__ if one in _ERRORS), "access_denied")
        _log.warning("app request failed", reason=error.reason, client_id=asked.client_id)
        return self._leave(self.server.authorizations.fail(asked, kind))

    def _leave(self, address: str) -> ResponseReturnValue:
        """Back to the app; nothing of the citizen stays in this browser."""
        end_session()
        return redirect(address, _SEE_OTHER)

    def _return_address(self) -> str:
        return whole(self.services.texts.base_address, "web.log_in_return")


def _only(name: str) -> str:
    """A parameter that came once; else nothing."""
    values = request.args.getlist(name)
    return values[0] if len(values) == 1 else ""
