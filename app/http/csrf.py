"""Forms can be sent from our own pages only (cross-site request forgery)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask
from flask_wtf.csrf import CSRFProtect

Secret = bytes | Iterable[bytes]


def install(app: Flask, secret: Secret) -> CSRFProtect:
    """Check a token with every POST. Its raw value lives in the server-side session and ends with it, so it has no
    time limit of its own. `secret` signs it and must be the same in every worker process; of several the last one
    signs and each is accepted.

    A form that acts for nobody (the public page for verifying) can be exempted with `exempt(view)`.
    """
    app.config["WTF_CSRF_SECRET_KEY"] = secret
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = True
    return CSRFProtect(app)
