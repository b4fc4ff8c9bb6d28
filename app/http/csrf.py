"""Forms can be sent from our own pages only (cross-site request forgery)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask, request
from flask_wtf.csrf import CSRFError, CSRFProtect

Secret = bytes | Iterable[bytes]


def install(app: Flask, secret: Secret) -> CSRFProtect:
    """Check a token with every POST. Its raw value lives in the server-side session and ends with it, so it has no
    time limit of its own. `secret` signs it and must be the same in every worker process; of several the last one
    signs and each is accepted.

    A form that acts for nobody (the public page for verifying) can be exempted with `exempt(view)`; it calls
    `refuse_other_sites` instead.
    """
    app.config["WTF_CSRF_SECRET_KEY"] = secret
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = True
    return CSRFProtect(app)


def refuse_other_sites() -> None:
    """For a form without token: of a browser, it must come from a page of ours, or from nobody but the visitor (W3C Fetch
    Metadata; `Origin` for browsers that do not know that). Who sends neither is no browser of today. Raises CSRFError."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:
        origin = request.headers.get("Origin")
        site = "same-origin" if origin in (None, request.host_url.rstrip("/")) else "cross-site"
    if site not in ("same-origin", "none"):
        raise CSRFError("sent by another site")
