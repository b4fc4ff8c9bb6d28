"""Our public keys for the log-in provider, at an address that can be registered (`jwks_uri`; OAuth-NL, client keys)."""

from __future__ import annotations

from collections.abc import Callable

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.http.routes import Pace, Terms
from app.ports.login import BackChannel

PATH = "/inloggen/sleutels"
TERMS = Terms(Pace.FREE)
_KEEP_S = 300


def publisher(login: BackChannel) -> Callable[[], ResponseReturnValue]:
    """The view."""

    def publish() -> ResponseReturnValue:
        response = jsonify(login.client_jwks())
        response.mimetype = "application/jwk-set+json"
        response.cache_control.public = True
        response.cache_control.max_age = _KEEP_S
        return response

    return publish
