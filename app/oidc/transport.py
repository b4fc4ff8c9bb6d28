"""Asking the broker something over HTTP: bounded in time and size, no redirects, no surprises from the environment."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from app.oidc.config import ClientCertificate
from app.oidc.patience import Patience
from app.oidc.trouble import trouble_with
from app.ports.login import ProviderUnavailable

MAX_BYTES = 256 * 1024
_VISIBLE = re.compile("[\\x21-\\x7e]+")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Line(Protocol):
    """How to reach somebody; a whole Connection is one. `read_timeout_s`: for a whole answer, headers and all."""

    @property
    def ca_bundle(self) -> str | None: ...

    @property
    def client_certificate(self) -> ClientCertificate | None: ...

    @property
    def connect_timeout_s(self) -> float: ...

    @property
    def read_timeout_s(self) -> float: ...


@dataclass(frozen=True)
class Answer:
    """A complete answer. `headers` compare without case."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Answer({self.status}, {self.content_type}, {len(self.body)} bytes)"


def check_address(address: object, *, allow_loopback_http: bool) -> str:
    """The address, when it is https, or http to this same machine and that is allowed. Raises ValueError, also for line ends
    and the like: urlsplit overlooks them, and a browser is sent there."""
    parts = urlsplit(address) if isinstance(address, str) and _VISIBLE.fullmatch(address) else None
    if parts is not None and parts.hostname and not parts.username:
        if parts.scheme == "https":
            return str(address)
        if parts.scheme == "http" and allow_loopback_http and parts.hostname in _LOOPBACK:
            return str(address)
    raise ValueError("the address is not https")


def configure(session: requests.Session, config: Line) -> None:
    """Only what is configured counts: no proxy, .netrc or authorities from the environment. The provider sees our
    certificate only when it asks for one."""
    session.trust_env = False
    session.verify = config.ca_bundle or True
    certificate = config.client_certificate
    session.cert = None if certificate is None else (certificate.certificate_file, certificate.key_file)


def get(config: Line, address: str, headers: Mapping[str, str] | None = None) -> Answer:
    """GET one address: status 200, or 304 when `headers` asked whether anything changed. Raises ProviderUnavailable."""
    asked = dict(headers or {})
    answer = _send(config, requests.Request("GET", address, headers=asked))
    if answer.status != 200 and not (answer.status == 304 and "If-None-Match" in asked):
        raise ProviderUnavailable(f"status_{answer.status}")
    return answer


def post(config: Line, address: str, form: Mapping[str, str], auth: AuthBase) -> Answer:
    """POST a form; the answer may have any status. Raises ProviderUnavailable when there is none."""
    headers = {"Accept": "application/json"}
    return _send(config, requests.Request("POST", address, headers, data=dict(form), auth=auth))


def json_object(answer: Answer) -> dict[str, Any]:
    """The JSON object in an answer. Raises ProviderUnavailable."""
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise ProviderUnavailable("not_json") from None
    if not isinstance(document, dict):
        raise ProviderUnavailable("not_json")
    return document


def _send(config: Line, question: requests.Request) -> Answer:
    with trouble_with(question.url).asking(), requests.Session() as session:
        patience = Patience(config.read_timeout_s)
        configure(session, config)
        session.mount("https://", patience)
        session.mount("http://", patience)
        try:
            answer = _ask(session, config, question)
        except requests.Timeout:
            raise ProviderUnavailable("timeout") from None
        except OSError:
            # Every failure of the library, and files that went away. The library's text holds the address; the chain
            # would bring it into a log.
            raise ProviderUnavailable("timeout" if patience.is_over else "connection_failed") from None
        if patience.is_over:
            raise ProviderUnavailable("timeout")
        return answer


def _ask(session: requests.Session, config: Line, question: requests.Request) -> Answer:
    with session.send(
        session.prepare_request(question),
        timeout=(config.connect_timeout_s, config.read_timeout_s),
        allow_redirects=False,
        stream=True,
    ) as response:
        return _complete(response)


def _complete(response: requests.Response) -> Answer:
    body = b""
    for chunk in response.iter_content(16 * 1024):
        body += chunk
        if len(body) > MAX_BYTES:
            raise ProviderUnavailable("answer_too_large")
    content_type = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    return Answer(response.status_code, content_type, body, response.headers)
