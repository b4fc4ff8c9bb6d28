"""Headers that tell browsers what our pages may do. Values satisfy internet.nl and the DigiD norms (U/WA)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

_CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
# Referrer-Policy: `no-referrer` would make Flask-WTF refuse our own forms over https.
HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


_FORM_TARGET = "form_target"
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


def install(app: Flask) -> None:
    """Add the headers to every answer of `app`, errors included."""
    app.after_request(_add)


def let_form_end_at(address: str) -> None:
    """For a page whose form is answered with a redirect to this address elsewhere: Chromium looks at `form-action` for
    redirects too. Only the origin of the address counts. Raises ValueError for one that is no plain origin."""
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    if not _ORIGIN.fullmatch(origin):
        raise ValueError("this is no origin that a policy can name")
    g.setdefault(_FORM_TARGET, origin)


def clear_site_data(response: Response) -> Response:
    """To be used at log-out: the browser forgets our pages. Not "cookies": that would also empty the cookies of
    every other site of the municipality under the same domain."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _add(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    if _FORM_TARGET in g:
        own = f"form-action 'self' {g.get(_FORM_TARGET)}"
        response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY.replace(
            "form-action 'self'", own
        )
    is_for_everybody = request.endpoint == "static" or bool(response.cache_control.public)
    if not is_for_everybody or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
