"""A provider on loopback, a relying party and a browser without a screen."""

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import requests
from flask import Flask
from joserfc.jwk import RSAKey
from werkzeug.serving import BaseWSGIServer, make_server

from app.oidc.config import OidcConfig
from app.oidc.keys import load_keys
from app.oidc.login import OidcLogin
from app.oidc.presets import SIMULATOR
from app.ports.login import LoginProvider, LoginStart, Principal
from simulators.digid.citizens import Citizen
from simulators.digid.client import Client
from simulators.digid.provider import Provider
from simulators.digid.web import create_app
from tests.support.waiting import PATIENCE_S

REDIRECT_URI = "http://127.0.0.1:1/inloggen/terug"  # nobody listens: the browser here stops before it
AFTER_LOGOUT = "http://127.0.0.1:1/"
ANNA = Citizen("111111110", "Anna Bakker", "Vijf schulden.")
CITIZENS = (
    ANNA,
    Citizen("999993549", "Bram de Vries", "Geen schulden."),
    Citizen("123456789", "Fout Nummer", "Een nummer dat niet door de elfproef komt."),
    Citizen("999996356", "Hanna de Groot", "Mag voor Anna inloggen.", represents=(ANNA,)),
)
HANNA = 3  # her place in the list
CLIENT_ID = "blauwe-knop"


@cache
def rsa_pem(_name: str) -> str:
    """A key per name, made once per test run."""
    return RSAKey.generate_key(3072).as_pem(private=True).decode()


def config(issuer: str = "https://digid.invalid") -> OidcConfig:
    return OidcConfig(
        issuer=issuer,
        client_id=CLIENT_ID,
        signing_key_pem=rsa_pem("signing"),
        decryption_key_pem=rsa_pem("decryption"),
        profile=SIMULATOR,
    )


def registered(configured: OidcConfig) -> Client:
    """The client as the provider knows it."""
    jwks = load_keys(configured).public_jwks()
    return Client(configured.client_id, jwks, (REDIRECT_URI,), (AFTER_LOGOUT,))


@contextmanager
def running(
    kind: type[Provider] = Provider, client: Client | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Provider]:
    """A provider of this class, listening until the end of the block."""
    with listening(tls) as (server, issuer):
        provider = kind(issuer, client or registered(config()), RSAKey.import_key(rsa_pem("provider")))
        server.app = create_app(provider, CITIZENS)
        yield provider


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Any other application in the provider's place; gives its address."""
    with listening() as (server, address):
        server.app = app
        yield address


@contextmanager
def listening(tls: ssl.SSLContext | None = None) -> Iterator[tuple[BaseWSGIServer, str]]:
    server = make_server("127.0.0.1", 0, lambda _environ, _start: [], threaded=True, ssl_context=tls)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server, f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def relying_party(issuer: str, **changes: object) -> OidcLogin:
    configured = replace(config(issuer), **changes)  # type: ignore[arg-type]
    return OidcLogin(configured, allow_loopback_http=True)


@dataclass
class Browser:
    """Follows a log-in up to the callback, whose parameters it returns instead of visiting it."""

    authorities: str | None = None
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.verify = self.authorities or True

    def open(self, url: str) -> requests.Response:
        return self.session.get(url, timeout=PATIENCE_S, allow_redirects=False)

    def choose(self, url: str, burger: int = 0, niveau: str = "substantieel") -> dict[str, str]:
        return self._decide(url, {"burger": str(burger), "niveau": niveau})

    def cancel(self, url: str) -> dict[str, str]:
        return self._decide(url, {"annuleren": "ja"})

    def choose_for(self, url: str, namens: str = "0", niveau: str = "substantieel") -> requests.Response:
        """Hanna logs in, for whom she chooses; nothing chosen: for herself."""
        address = url.partition("?")[0]
        asked = self._send(address, self.open(url), {"burger": str(HANNA), "niveau": niveau})
        assert "Namens wie logt u in?" in asked.text
        return self._send(address.replace("/authorize", "/namens"), asked, {"namens": namens})

    def _decide(self, url: str, form: dict[str, str]) -> dict[str, str]:
        return callback(self._send(url.partition("?")[0], self.open(url), form))

    def _send(self, address: str, shown: requests.Response, form: dict[str, str]) -> requests.Response:
        page = re.search(r'name="page" value="([\w-]+)"', shown.text)
        assert page is not None
        return self.session.post(
            address, data={**form, "page": page[1]}, timeout=PATIENCE_S, allow_redirects=False
        )


def callback(answer: requests.Response) -> dict[str, str]:
    assert answer.status_code == 303
    location = answer.headers["Location"]
    assert location.startswith(REDIRECT_URI)
    return dict(parse_qsl(urlsplit(location).query))


def log_in(login: LoginProvider, burger: int = 0, niveau: str = "substantieel") -> Principal:
    start = login.start(REDIRECT_URI)
    return finish(login, start, Browser().choose(start.redirect_url, burger, niveau))


def log_in_for_another(login: LoginProvider, namens: str = "0", niveau: str = "substantieel") -> Principal:
    """Hanna, for Anna or for herself."""
    start = login.start(REDIRECT_URI)
    return finish(login, start, callback(Browser().choose_for(start.redirect_url, namens, niveau)))


def finish(login: LoginProvider, start: LoginStart, parameters: dict[str, str]) -> Principal:
    return login.finish(start.flow, parameters, REDIRECT_URI)
