"""A gateway and an authorization server between a real adapter and a simulated organisation, all over real TLS."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc.jwk import ECKey, RSAKey

from simulators.authority import DEMO_OIN
from simulators.certificates import KeyKind, new_key, read_private_key, write_private_key
from simulators.digid.client import Client, ClientAuthentication
from simulators.gateway import BASE, Gateway, Upstream
from simulators.organisations import Simulation
from simulators.organisations.server import TlsServer
from simulators.organisations.stanzas import Credentials
from simulators.token_endpoint import PATH, TokenEndpoint, TokenRules
from sources.config import SourceConfig
from tests.integration.sources.support import PATIENT, Town

GRANT = "$1$4$bm90LWEtcmVhbC1ncmFudC1oYXNoLWJ1dC1hcy1sb25nLWFzLW9uZQ=="
CLIENT_ID = "blauwe-knop"


def server_context(credentials: Credentials, folder: Path) -> ssl.SSLContext:
    """Asks for a client certificate, but does not insist."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(
        folder / "zonnedael-belastingen.pem", folder / "zonnedael-belastingen.key.pem"
    )  # a server certificate for 127.0.0.1
    context.load_verify_locations(credentials.ca_file)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


def upstream(simulation: Simulation, source_id: str) -> Upstream:
    """The gateway has our client certificate, and the API key."""
    credentials = simulation.credentials
    context = ssl.create_default_context(cafile=str(credentials.ca_file))
    context.load_cert_chain(credentials.client_certificate_file, credentials.client_key_file)
    return Upstream(simulation.ports[source_id], context)


@contextmanager
def listening(part: Gateway | TokenEndpoint, simulation: Simulation) -> Iterator[TlsServer]:
    credentials = simulation.credentials
    server = part.listen(server_context(credentials, credentials.ca_file.parent))
    try:
        yield server
    finally:
        server.stop()


def a_key(folder: Path, kind: KeyKind = "p256") -> Path:
    file = folder / f"token-{kind}.pem"
    write_private_key(file, new_key(kind))
    return file


def registered(key_file: Path, token_url: str, kid: str | None = None) -> ClientAuthentication:
    """What the authorization server knows of us: the public half of the key."""
    private = read_private_key(key_file)
    key = RSAKey.import_key(private) if isinstance(private, RSAPrivateKey) else ECKey.import_key(private)
    public = {**key.as_dict(private=False), "use": "sig", "kid": kid or key.thumbprint()}
    return ClientAuthentication(Client(CLIENT_ID, {"keys": [public]}, ()), token_url)


@dataclass(frozen=True)
class GatewayTown(Town):
    """A town of which one organisation can be reached through a gateway only."""

    gateway: Gateway
    port: int
    path: str = ""
    changes: dict[str, Any] = field(default_factory=dict)

    def config(self, source_id: str, settings: str = PATIENT) -> SourceConfig:
        direct = super().config(source_id, settings).model_dump()
        url = f"https://127.0.0.1:{self.port}{BASE}{self.path}"
        return SourceConfig.model_validate(direct | {"url": url} | self.changes)


@dataclass(frozen=True)
class Access:
    """A token endpoint that listens, and the table `oauth` that goes with it."""

    endpoint: TokenEndpoint
    url: str
    oauth: dict[str, Any]


@contextmanager
def access(simulation: Simulation, key_file: Path | None) -> Iterator[Access]:
    """With a key `private_key_jwt`, else by certificate."""
    endpoint = TokenEndpoint(TokenRules(CLIENT_ID, oin=DEMO_OIN))
    with listening(endpoint, simulation) as server:
        url = f"https://127.0.0.1:{server.port}{PATH}"
        oauth = {"token_url": url, "client_id": CLIENT_ID, "scope": endpoint.rules.scope}
        if key_file is not None:
            endpoint.rules.authentication = registered(key_file, url)
            oauth["signing_key_file"] = str(key_file)
        yield Access(endpoint, url, oauth)
