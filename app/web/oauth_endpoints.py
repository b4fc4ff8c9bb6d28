"""The endpoints for programs: no browser, no cookie, no session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from app.http.client_certificate import current_certificate
from app.http.routes import Pace, Terms
from app.oauth import metadata
from app.oauth.calls import Call, OAuthRefusal
from app.oauth.server import OAuthServer
from app.web.access import Pages

_log = structlog.stdlib.get_logger(__name__)
_FREE = Terms(Pace.FREE)
_KEEP_S = 300
_FORM = "application/x-www-form-urlencoded"
_PARAMETERS = (
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "dpop_jkt",
    "grant_type",
    "redirect_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "token",
    "token_type_hint",
)
Work = Callable[[Call], dict[str, Any] | None]


def register(server: OAuthServer, pages: Pages) -> None:
    def endpoint(path: str, name: str, work: Work, status: int = 200) -> None:
        pages.program(path, name, lambda: _answer(server, path, work, status))

    pages.public(metadata.METADATA, "oauth_metadata", lambda: _published(_described(server)), terms=_FREE)
    pages.public(metadata.KEYS, "oauth_keys", lambda: _published(server.public_keys), terms=_FREE)
    endpoint(metadata.PAR, "oauth_par", server.pushing.push, 201)
    endpoint(metadata.TOKEN, "oauth_token", server.exchange.exchange)
    endpoint(metadata.INTROSPECT, "oauth_introspect", server.introspection.look)
    endpoint(metadata.REVOKE, "oauth_revoke", server.revocation.revoke)


def _described(server: OAuthServer) -> dict[str, Any]:
    return metadata.metadata(server.addresses)


def _published(document: dict[str, Any]) -> Response:
    response = jsonify(document)
    response.cache_control.public = True
    response.cache_control.max_age = _KEEP_S
    return response


def _answer(server: OAuthServer, path: str, work: Work, status: int) -> ResponseReturnValue:
    """Every answer brings a nonce for the next DPoP proof (RFC 9449, section 8.2)."""
    try:
        answer = work(_call(server.addresses.issuer + path))
    except OAuthRefusal as refusal:
        _log.warning("app refused", reason=refusal.reason, error=refusal.error)
        response = jsonify(error=refusal.error, error_description=refusal.description)
        response.status_code = refusal.status
    else:
        response = Response(status=status) if answer is None else jsonify(answer)
        response.status_code = status
    response.headers["DPoP-Nonce"] = server.nonces.current()
    return response


def _call(url: str) -> Call:
    """Raises OAuthRefusal for another kind of body, and for a parameter that comes twice (RFC 6749, section 3.2)."""
    if request.mimetype != _FORM or request.query_string:
        raise OAuthRefusal("invalid_request", "form", f"Send the parameters once, in the body, as {_FORM}.")
    doubled = [name for name in request.form if len(request.form.getlist(name)) != 1]
    proofs = request.headers.getlist("DPoP")
    if doubled or len(proofs) > 1:
        # Only a name of ours comes back: any other is content.
        name = next(
            (one for one in doubled if one in _PARAMETERS), "A parameter" if doubled else "The header DPoP"
        )
        raise OAuthRefusal("invalid_request", "doubled", f"{name} comes more than once.")
    return Call(url, request.form.to_dict(), proofs[0] if proofs else None, current_certificate())
