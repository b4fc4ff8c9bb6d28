"""What we believe about the way a request reached us."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def install(app: Flask, public_url: str, trusted_hops: int) -> None:
    """Answer only to the host of `public_url`, and believe the last `trusted_hops` proxies about scheme and client.

    Without proxies (0) their headers are ignored: anybody can send them. Probes of a cluster must send the public
    host name in their Host header.
    """
    host = urlsplit(public_url).hostname
    if not host:
        raise ValueError("the public url has no host")
    app.config["TRUSTED_HOSTS"] = [host]
    if trusted_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=trusted_hops, x_proto=trusted_hops, x_host=0, x_port=0, x_prefix=0
        )
