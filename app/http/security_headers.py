"""Headers that tell browsers what our pages may do. Values satisfy internet.nl and the DigiD norms (U/WA)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

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


_OWN = "OWN_PAGES"


def install(app: Flask, public_url: str) -> None:
    """Add the headers to every answer of `app`, errors included. On a host that we share only what is below our own path is
    ours: a file that somebody put on the rest of the municipality's site is no script of our pages."""
    app.config[_OWN] = f"{public_url}/" if urlsplit(public_url).path else "'self'"
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
    shares_host = current_app.config[_OWN] != "'self'"  # then what is stored is of others: we store nothing
    response.headers["Clear-Site-Data"] = '"cache"' if shares_host else '"cache", "storage"'
    return response


def _policy(own: str, form_target: str | None) -> str:
    policy = _CONTENT_SECURITY_POLICY
    if form_target is not None:
        policy = policy.replace("form-action 'self'", f"form-action 'self' {form_target}")
    return policy.replace("'self'", own)


def _add(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["Content-Security-Policy"] = _policy(current_app.config[_OWN], g.get(_FORM_TARGET))
    is_for_everybody = request.endpoint == "static" or bool(response.cache_control.public)
    if not is_for_everybody or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
