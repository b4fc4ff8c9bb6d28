"""An app back end as somebody else would build it: its own keys, assertions and proofs; and a server to try it on."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import ECKey

from app.oauth.access_tokens import TokenKeys
from app.oauth.calls import Call
from app.oauth.clients import ASSERTION_TYPE
from app.oauth.metadata import INTROSPECT, PAR, REVOKE, TOKEN, Addresses
from app.oauth.server import External, OAuthServer, ServerParts, build_server
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.client_store import SqlClientStore
from app.persistence.engine import Database
from app.persistence.grant_store import SqlGrantStore
from app.ports.clients import Binding, Client, ClientAuthentication, ClientKind
from app.ports.clock import Clock
from app.ports.consents import AuthorizationRequest
from app.ports.grants import Scope
from app.ports.login import Principal
from app.services.audit import WritesAudit
from claims.identity import Bsn

ISSUER = "https://schulden.example"
API_URL = f"{ISSUER}/api/v1/schuldenoverzichten"
REDIRECT = "https://app.example/terug"
CITIZEN = Bsn("999993549")
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


@cache
def server_keys() -> TokenKeys:
    return TokenKeys((ECKey.generate_key("P-256"),))


@cache
def key_ring() -> KeyRing:
    return KeyRing.parse(new_key_line("one"))


def new_certificate(key: ECKey, now: datetime, oin: str | None = None) -> bytes:
    """Signed by itself, DER."""
    number = [] if oin is None else [x509.NameAttribute(NameOID.SERIAL_NUMBER, oin)]
    name = x509.Name([*number, x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    builder = x509.CertificateBuilder(name, name, key.public_key, x509.random_serial_number())
    built = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    private = key.private_key
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return built.sign(private, SHA256()).public_bytes(Encoding.DER)


@dataclass
class App:
    """`key` proves who it is, `dpop_key` is what its tokens are tied to. `nonce`: the last that the server gave."""

    clock: Clock
    client_id: str = "voorbeeld-app"
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    dpop_key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    certificate: bytes = b""
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str | None = None

    def __post_init__(self) -> None:
        self.certificate = new_certificate(self.key, self.clock.now())

    def client(self, **changes: Any) -> Client:
        """As an operator registers it."""
        jwk = {**self.key.as_dict(private=False), "kid": "een"}
        known = Client(
            client_id=self.client_id,
            name="Mijn Schuldhulp",
            kind=ClientKind.APP,
            authentication=ClientAuthentication.PRIVATE_KEY_JWT,
            binding=Binding.DPOP,
            jwks={"keys": [{**jwk, "x5c": [base64.b64encode(self.certificate).decode()]}]},
            redirect_uris=(REDIRECT,),
            scopes=frozenset(Scope),
            purpose="De app maakt een plan om uw schulden af te betalen.",
            oin="00000001900000010000",
            registered_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
        return replace(known, **changes)

    def assertion(self, header: Mapping[str, Any] | None = None, **changes: Any) -> str:
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": ISSUER,
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_urlsafe(16),
            **changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "ES256", "kid": "een", **(header or {})}, kept, self.key)

    def identified(self, form: Mapping[str, str]) -> dict[str, str]:
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": self.assertion(), **form}

    def proof(self, url: str, method: str = "POST", token: str | None = None, **changes: Any) -> str:
        claims: dict[str, Any] = {
            "htm": method,
            "htu": url,
            "iat": int(self.clock.now().timestamp()),
            "jti": secrets.token_urlsafe(16),
            "nonce": self.nonce,
        }
        if token is not None:
            claims["ath"] = thumbprint_of(token.encode())
        header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.dpop_key.as_dict(private=False)}
        kept = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode(header, kept, self.dpop_key)

    def push_form(self, **changes: str | None) -> dict[str, str]:
        form = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "scope": "schuldenoverzicht",
            "state": self.state,
            "code_challenge": thumbprint_of(self.verifier.encode()),
            "code_challenge_method": "S256",
            "dpop_jkt": self.dpop_key.thumbprint(),
            **changes,
        }
        return {name: value for name, value in form.items() if value is not None}

    def token_form(self, code: str, **changes: str | None) -> dict[str, str]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": self.verifier,
            **changes,
        }
        return {name: value for name, value in form.items() if value is not None}

    def headers(self, token: str, url: str = API_URL, method: str = "GET", **changes: Any) -> dict[str, str]:
        """Of a request to the API."""
        return {"Authorization": f"DPoP {token}", "DPoP": self.proof(url, method, token, **changes)}


@dataclass
class Bench:
    """A server on a real database, and the apps that it knows."""

    server: OAuthServer
    clients: SqlClientStore
    grants: SqlGrantStore
    clock: Clock

    def register(self, app: App, **changes: Any) -> App:
        self.clients.add(app.client(**changes), None, replace=True)
        app.nonce = self.server.nonces.current()
        return app

    def new_app(self, client_id: str = "voorbeeld-app", **changes: Any) -> App:
        return self.register(App(self.clock, client_id), **changes)

    def pushed(
        self, app: App, certificate: bytes | None = None, **changes: str | None
    ) -> AuthorizationRequest:
        """What the browser of the citizen would open."""
        call = Call(ISSUER + PAR, app.identified(app.push_form(**changes)), None, certificate)
        name = str(self.server.pushing.push(call)["request_uri"])
        asked = self.server.authorizations.open(app.client_id, name)
        assert asked is not None
        return asked

    def code(self, app: App, certificate: bytes | None = None, **changes: str | None) -> str:
        """As if the citizen logged in and said yes."""
        asked = self.pushed(app, certificate, **changes)
        return code_in(self.server.authorizations.allow(asked, citizen(self.clock)))

    def token_call(self, app: App, code: str, **changes: str | None) -> Call:
        form = app.identified(app.token_form(code, **changes))
        return Call(ISSUER + TOKEN, form, app.proof(ISSUER + TOKEN))

    def token(self, app: App) -> str:
        """After the whole flow."""
        return str(self.server.exchange.exchange(self.token_call(app, self.code(app)))["access_token"])

    def look(self, gateway: App, token: str) -> dict[str, object]:
        call = Call(ISSUER + INTROSPECT, gateway.identified({"token": token}))
        return self.server.introspection.look(call)

    def give_back(self, app: App, token: str) -> None:
        self.server.revocation.revoke(Call(ISSUER + REVOKE, app.identified({"token": token})))


def make_bench(
    database: Database,
    audit: WritesAudit,
    clock: Clock,
    ring: KeyRing | None = None,
    external: tuple[External, ...] = (),
) -> Bench:
    clients, grants = SqlClientStore(database), SqlGrantStore(database, ring or key_ring())
    server = build_server(
        ServerParts(
            addresses=Addresses(ISSUER, f"{ISSUER}:8443"),
            keys=server_keys(),
            nonce_secrets=[b"n" * 32],
            clients=clients,
            grants=grants,
            audit=audit,
            clock=clock,
            external=external,
        )
    )
    return Bench(server, clients, grants, clock)


def citizen(clock: Clock, bsn: Bsn = CITIZEN) -> Principal:
    return Principal(bsn, SUBSTANTIAL, clock.now())


def answer_in(address: str) -> dict[str, str]:
    """The parameters with which a browser comes back to the app."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def code_in(address: str) -> str:
    return answer_in(address)["code"]


def thumbprint_of(octets: bytes) -> str:
    """SHA-256 in base64url: a code challenge, the hash of a token."""
    return base64.urlsafe_b64encode(hashlib.sha256(octets).digest()).rstrip(b"=").decode()
