"""The provider's addresses."""

import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, render_template_string, request
from werkzeug.wrappers import Response as AnyResponse

from simulators.digid import pages
from simulators.digid.client import OAuthRefusal
from simulators.digid.grants import Grant, Person
from simulators.digid.pages import Face
from simulators.digid.provider import LEVELS, Provider

KEEP_DOCUMENTS_S = 60
COOKIE = "digid_nagebootst"
DIGID = Face("DigiD", "Dit is niet de echte DigiD.", LEVELS, COOKIE, "test-BSN")
_log = logging.getLogger(__name__)

Answer = AnyResponse | tuple[Response, int] | tuple[str, int] | str


def create_app(provider: Provider, persons: Sequence[Person], face: Face = DIGID) -> Flask:
    """The simulator as a WSGI application."""
    app = Flask(__name__, static_folder=None)
    app.context_processor(lambda: {"face": face})
    _add_documents(app, provider)
    _add_login(app, provider, persons, face)
    _add_on_behalf(app, provider, face)
    _add_tokens(app, provider)
    _add_logout(app, provider, face)
    app.after_request(_add_headers)
    return app


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _add_documents(app: Flask, provider: Provider) -> None:
    @app.get("/.well-known/openid-configuration")
    def metadata() -> Response:
        return _to_keep(jsonify(provider.metadata()))

    @app.get("/jwks")
    def jwks() -> Response:
        return _to_keep(jsonify(provider.jwks()))


def _to_keep(document: Response) -> Response:
    """Documents may be kept for a while; whoever asks again with the tag hears whether anything changed."""
    document.cache_control.max_age = KEEP_DOCUMENTS_S
    document.add_etag()
    document.make_conditional(request)
    return document


def _add_login(app: Flask, provider: Provider, persons: Sequence[Person], face: Face) -> None:
    @app.get("/authorize")
    def authorize() -> Answer:
        query = provider.pushed(request.args.to_dict())
        if query.get("client_id") != provider.client.client_id:
            return _message("Onbekende dienst", "Deze dienst is niet aangesloten."), 400
        if query.get("redirect_uri") not in provider.client.redirect_uris:
            return _message("Onbekend adres", "Het adres om naar terug te keren is niet aangemeld."), 400
        browser = request.cookies.get(face.cookie) or secrets.token_urlsafe(32)
        try:
            accepted = provider.accept(query, browser)
        except OAuthRefusal as refusal:
            _log.warning("authorize: %s", refusal)
            return _back(provider, query["redirect_uri"], query.get("state", ""), {"error": refusal.error})
        page = provider.pages.put(accepted)
        response = app.make_response(
            render_template_string(pages.LOGIN, title="Inloggen", page=page, persons=persons)
        )
        response.set_cookie(face.cookie, browser, httponly=True, samesite="Lax")
        return response

    @app.post("/authorize")
    def decide() -> Answer:
        accepted = provider.pages.take(request.form.get("page", ""))
        if accepted is None or accepted.browser != request.cookies.get(face.cookie):
            return _message("Verlopen", "Deze bladzijde is verlopen. Begin opnieuw bij de dienst."), 400
        if "annuleren" in request.form:
            return _back(provider, accepted.redirect_uri, accepted.state, {"error": "access_denied"})
        try:
            person = persons[int(request.form.get("burger", ""))]
            acr = face.levels[request.form.get("niveau", "")]
        except (ValueError, LookupError):
            return _message("Onbekende keuze", "Begin opnieuw bij de dienst."), 400
        grant = Grant(accepted, person, acr, int(time.time()))
        if not person.represents:
            return _log_in(provider, grant)
        page = provider.undecided.put(grant)
        return render_template_string(
            pages.ON_BEHALF, title="Namens wie logt u in?", page=page, person=person
        )


def _add_on_behalf(app: Flask, provider: Provider, face: Face) -> None:
    @app.post("/namens")
    def choose_for_whom() -> Answer:
        grant = provider.undecided.take(request.form.get("page", ""))
        if grant is None or grant.request.browser != request.cookies.get(face.cookie):
            return _message("Verlopen", "Deze bladzijde is verlopen. Begin opnieuw bij de dienst."), 400
        chosen = request.form.get("namens", "")
        try:
            return _log_in(provider, replace(grant, on_behalf_of=_other(grant, chosen)))
        except (ValueError, LookupError):
            return _message("Onbekende keuze", "Begin opnieuw bij de dienst."), 400


def _other(grant: Grant, chosen: str) -> Person | None:
    """Nothing chosen: for themselves. Raises ValueError and LookupError."""
    return grant.person.represents[int(chosen)] if chosen else None


def _log_in(provider: Provider, grant: Grant) -> AnyResponse:
    asked = grant.request
    return _back(provider, asked.redirect_uri, asked.state, {"code": provider.code(grant)})


def _add_tokens(app: Flask, provider: Provider) -> None:
    @app.post("/token")
    def token() -> Answer:
        return _answer(provider.redeem, 200)

    @app.post("/par")
    def par() -> Answer:
        return _answer(provider.push, 201)

    @app.route("/userinfo", methods=["GET", "POST"])
    def userinfo() -> Answer:
        kind, _, access_token = request.headers.get("Authorization", "").partition(" ")
        grant = provider.granted(access_token) if kind.lower() == "bearer" else None
        if grant is None:
            return Response(status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        content_type, body = provider.userinfo(grant)
        return Response(body, content_type=content_type)


def _answer(use: Callable[[dict[str, str]], dict[str, Any]], status: int) -> Answer:
    try:
        return jsonify(use(request.form.to_dict())), status
    except OAuthRefusal as refusal:
        _log.warning("%s: %s", request.path.strip("/"), refusal)
        status = 401 if refusal.error == "invalid_client" else 400
        return jsonify(error=refusal.error, error_description=refusal.description), status


def _add_logout(app: Flask, provider: Provider, face: Face) -> None:
    @app.get("/end_session")
    def end_session() -> Answer:
        target = request.args.get("post_logout_redirect_uri", "")
        same_client = request.args.get("client_id") == provider.client.client_id
        if same_client and target in provider.client.post_logout_redirect_uris:
            state = request.args.get("state")
            response = redirect(_with_query(target, {"state": state} if state else {}), 303)
        else:
            response = app.make_response(_message("Uitgelogd", "U bent uitgelogd."))
        response.delete_cookie(face.cookie)
        return response


def _back(provider: Provider, redirect_uri: str, state: str, answer: Mapping[str, str]) -> AnyResponse:
    return redirect(_with_query(redirect_uri, {**answer, **provider.callback_parameters(state)}), 303)


def _with_query(address: str, query: Mapping[str, str]) -> str:
    if not query:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _message(title: str, text: str) -> str:
    return render_template_string(pages.MESSAGE, title=title, text=text)
