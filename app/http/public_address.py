"""The fixed public address of a site: a host of its own, or a path on a host that it shares with others (decision 39)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, url_for
from werkzeug.wrappers import Response

from app.http.security_headers import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_WELL_KNOWN = "/.well-known/"
_OF_THE_HOST = f"{_WELL_KNOWN}security.txt"
_HEALTH = "/_health/"


def origin_of(address: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def path_of(address: str) -> str:
    """ "" for a host of its own, else such as "/blauwe-knop"."""
    return urlsplit(address).path.rstrip("/")


def whole(base_address: str, endpoint: str) -> str:
    """The whole address of a page, from the settings and never from what a browser sends. What Flask makes begins with our
    path already."""
    return origin_of(base_address) + url_for(endpoint)


def install(app: Flask, public_url: str) -> None:
    """To be called last: what else looks at the path must see it without ours."""
    if path := path_of(public_url):
        app.wsgi_app = _BelowPath(app.wsgi_app, path)  # type: ignore[method-assign]


class _BelowPath:
    """WSGI middleware: takes our own path off. The path is a setting: no header of a proxy or a visitor can change it."""

    def __init__(self, application: WSGIApplication, path: str) -> None:
        self._application, self._path = application, path

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        inside = self._inside(str(environ.get("PATH_INFO", "")))
        if inside is None:
            return Response("Not found\n", 404, HEADERS, mimetype="text/plain")(environ, start_response)
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = self._path, inside
        return self._application(environ, start_response)

    def _inside(self, path: str) -> str | None:
        """Three things are not below our path: health, for probes inside; what a host has one of (RFC 9116, section 3); and
        what is known by our address: its path stands behind the name then (RFC 8414, section 3.1)."""
        if path == self._path:
            return "/"
        if path.startswith(f"{self._path}/"):
            return path.removeprefix(self._path)
        if path.startswith(_HEALTH) or path == _OF_THE_HOST:
            return path
        name = path.removeprefix(_WELL_KNOWN).removesuffix(self._path)
        return _WELL_KNOWN + name if path == f"{_WELL_KNOWN}{name}{self._path}" else None
