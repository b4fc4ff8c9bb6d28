"""Words about a wrong address for who writes a program: no "go back", but what would be right. Nothing of the request is
repeated."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.exceptions import MethodNotAllowed, NotFound, SecurityError

from app.http.error_table import Explanation

_API = "/api/v1"
_OAUTH = frozenset({"/oauth/par", "/oauth/token", "/oauth/introspect", "/oauth/revoke"})


def for_programs(error: Exception) -> Explanation | None:
    """None: the words for people are right."""
    if isinstance(error, SecurityError):
        return _other_host() if request.path.startswith(("/api/", "/oauth/")) else None
    if isinstance(error, MethodNotAllowed) and (_is_api() or request.path in _OAUTH):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return Explanation(405, "Deze methode kan hier niet", f"Hier kan alleen: {allowed}. {_pointer()}")
    if isinstance(error, NotFound) and _is_api():
        return Explanation(404, "Dit adres bestaat niet", f"Controleer het adres. {_pointer()}")
    return None


def _is_api() -> bool:
    return "api" in current_app.blueprints and (request.path == _API or request.path.startswith(f"{_API}/"))


def _other_host() -> Explanation:
    """A request for another name may be a trick, or somebody who tries `localhost`."""
    host = current_app.config["TRUSTED_HOSTS"][0]
    said = f"Stuur de kop `Host: {host}`: gebruik het adres {current_app.config['PUBLIC_ADDRESS']}."
    return Explanation(400, "Dit is de verkeerde host", said)


def _pointer() -> str:
    return f"Zie {current_app.config['PUBLIC_ADDRESS']}{_API}/documentatie."
