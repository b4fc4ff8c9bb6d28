"""Asking the broker something over HTTP: bounded in time and size, no redirects, no surprises from the environment."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from app.oidc.config import Connection
from app.ports.login import ProviderUnavailable

MAX_BYTES = 256 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class Answer:
    """A complete answer with status 200."""

    content_type: str
    body: bytes

    def __repr__(self) -> str:
        return f"Answer({self.content_type}, {len(self.body)} bytes)"


def check_address(address: object, *, allow_loopback_http: bool) -> str:
    """The address, when it is https, or http to this same machine and that is allowed. Raises ValueError."""
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts is not None and parts.hostname and not parts.username:
        if parts.scheme == "https":
            return str(address)
        if parts.scheme == "http" and allow_loopback_http and parts.hostname in _LOOPBACK:
            return str(address)
    raise ValueError("the address is not https")


def configure(session: requests.Session, config: Connection) -> None:
    """Only what is configured counts: no proxy, .netrc or authorities from the environment."""
    session.trust_env = False
    session.verify = config.ca_bundle or True


def get(config: Connection, address: str, headers: Mapping[str, str] | None = None) -> Answer:
    """GET one address. Raises ProviderUnavailable for everything but a complete answer with status 200."""
    with requests.Session() as session:
        configure(session, config)
        try:
            with session.get(
                address,
                headers=dict(headers or {}),
                timeout=(config.connect_timeout_s, config.read_timeout_s),
                allow_redirects=False,
                stream=True,
            ) as response:
                return _complete(response)
        except requests.Timeout:
            raise ProviderUnavailable("timeout") from None
        except requests.RequestException:
            # The library's text holds the address; the chain would bring it into a log.
            raise ProviderUnavailable("connection_failed") from None


def get_json(config: Connection, address: str) -> dict[str, Any]:
    """GET one address that answers with a JSON object. Raises ProviderUnavailable."""
    try:
        document = json.loads(get(config, address).body)
    except (ValueError, RecursionError):
        raise ProviderUnavailable("not_json") from None
    if not isinstance(document, dict):
        raise ProviderUnavailable("not_json")
    return document


def _complete(response: requests.Response) -> Answer:
    if response.status_code != 200:
        raise ProviderUnavailable(f"status_{response.status_code}")
    body = b""
    for chunk in response.iter_content(16 * 1024):
        body += chunk
        if len(body) > MAX_BYTES:
            raise ProviderUnavailable("answer_too_large")
    content_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    return Answer(content_type, body)
