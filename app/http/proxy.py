"""What we believe about the way a request reached us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app.http.client_certificate import ENVIRON

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_log = structlog.stdlib.get_logger(__name__)
_TOLD_BY_PROXIES = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The last `hops` entries of X-Forwarded-For and X-Forwarded-Proto are those of our own proxies, which connect
    from one of `networks`. 0: there is none, and nobody is believed. `certificate_header`: in which header the last of them
    tells the client certificate; None: none does. `continues_traces`: the header `traceparent` is theirs, never a visitor's."""

    hops: int = 0
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    certificate_header: str | None = None
    continues_traces: bool = False

    @property
    def certificate_variable(self) -> str | None:
        """The header as WSGI calls it."""
        name = self.certificate_header
        return None if name is None else f"HTTP_{name.upper().replace('-', '_')}"

    def includes(self, address: str) -> bool:
        """Whether the last of them connects from this address."""
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return self.hops > 0 and any(peer in network for network in self.networks)


NO_PROXIES = TrustedProxies()


class _OnlyOurProxies:
    """WSGI middleware: forgets what somebody who is not our proxy says about where a request came from."""

    def __init__(
        self, application: WSGIApplication, direct: WSGIApplication, proxies: TrustedProxies
    ) -> None:
        self._believing, self._direct, self._proxies = application, direct, proxies
        self._has_warned = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop(ENVIRON, None)
        certificate = environ.pop(self._proxies.certificate_variable or "", None)
        if self._proxies.includes(str(environ.get("REMOTE_ADDR", ""))):
            if certificate:
                environ[ENVIRON] = certificate
            return self._believing(environ, start_response)
        told = [name for name in _TOLD_BY_PROXIES if environ.pop(name, None) is not None]
        if told and not self._has_warned:
            self._has_warned = True  # once: anybody can send these
            _log.warning(
                "somebody who is not in [proxy] says to be a proxy: not believed", hops=self._proxies.hops
            )
        return self._direct(environ, start_response)


def install(app: Flask, public_url: str, proxies: TrustedProxies) -> None:
    """Answer only to the host of `public_url`, and believe our own proxies about scheme and client.

    Probes of a cluster must send the public host name in their Host header.
    """
    host = urlsplit(public_url).hostname
    if not host:
        raise ValueError("the public url has no host")
    app.config["TRUSTED_HOSTS"] = [host]
    app.config["PUBLIC_ADDRESS"] = public_url.rstrip("/")
    app.url_map.merge_slashes = False  # it redirects to a whole address, with the port that the visitor named
    believing = ProxyFix(
        app.wsgi_app, x_for=proxies.hops, x_proto=proxies.hops, x_host=0, x_port=0, x_prefix=0
    )
    app.wsgi_app = _OnlyOurProxies(believing, app.wsgi_app, proxies)  # type: ignore[method-assign]
