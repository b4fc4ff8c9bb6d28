"""Everything that each of our sites needs, in the right order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from app.http import (
    chosen_language,
    csrf,
    errors,
    limits,
    proxy,
    rate_limits,
    request_context,
    security_headers,
    theme_css,
)
from app.http.error_table import Explanation
from app.http.health import NO_NOTES, Check, create_health
from app.http.proxy import NO_PROXIES, TrustedProxies
from app.http.rate_limits import RateLimits
from app.http.session_interface import COOKIE, SessionLimits, StoredSessionInterface, WatchesSessions
from app.http.theme import DEFAULT, Theme
from app.ports.clock import Clock
from app.ports.sessions import SessionStore


@dataclass(frozen=True, kw_only=True)
class SiteParts:
    """`csrf_secret` is the same in every worker process. `render_error` makes HTML of an ErrorPage. `session_cookie`
    is the name of the cookie: each site has its own, because cookies are not separated by port. `rate_limits` None: how
    often somebody comes is not limited. `themes`: other looks than `theme`, by name.
    `health_checks` None: this site is inside another, which says whether it is well."""

    public_url: str
    proxies: TrustedProxies = NO_PROXIES
    upload_bytes: int
    bodies_at_once: int = 3
    rate_limits: RateLimits | None = None
    theme: Theme = DEFAULT
    themes: Mapping[str, Theme] = field(default_factory=dict)
    session_store: SessionStore
    session_limits: SessionLimits
    session_cookie: str = COOKIE
    session_watcher: WatchesSessions | None = None
    clock: Clock
    csrf_secret: csrf.Secret
    render_error: errors.Render
    error_explanations: Mapping[type[Exception], Explanation]
    health_checks: Mapping[str, Check] | None
    health_notes: Mapping[str, Check] = field(default_factory=lambda: NO_NOTES)

    def __repr__(self) -> str:
        return "SiteParts(…)"


def secure(app: Flask, parts: SiteParts) -> CSRFProtect:
    """Install sessions, headers, errors, limits and health. The result can exempt views from the form token."""
    app.session_interface = StoredSessionInterface(
        parts.session_store, parts.clock, parts.session_limits, parts.session_cookie, parts.session_watcher
    )
    app.url_map.merge_slashes = (
        False  # one address per page: a doubled slash is another address, which is not there
    )
    chosen_language.install_dutch(app)
    limits.install(app, parts.upload_bytes, parts.bodies_at_once)
    proxy.install(app, parts.public_url, parts.proxies)
    request_context.install(app, parts.proxies)
    security_headers.install(app, parts.public_url)
    theme_css.install(app, parts.theme, parts.themes)
    errors.install(app, parts.render_error, parts.error_explanations)
    if parts.rate_limits is not None:
        rate_limits.install(app, parts.rate_limits, parts.clock)
    protection = csrf.install(app, parts.csrf_secret)
    if parts.health_checks is not None:
        app.register_blueprint(create_health(parts.health_checks, parts.health_notes))
    return protection
