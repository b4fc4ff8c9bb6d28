"""An authorization server of somebody else, as OAuth-NL describes it: its keys and tokens, not made with our code."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import RSAKey

from app.oauth.server import External
from app.oidc.issuer_keys import IssuerKeySet, KeyRules, PublishedAt
from app.oidc.keys import OwnKeys, encryption_keys
from app.ports.clients import Binding
from app.ports.clock import Clock
from app.ports.grants import Scope
from app.ports.issuers import ExternalApp, ExternalIssuer
from claims.identity import Bsn
from tests.support.apps import CITIZEN, ISSUER, SUBSTANTIAL, App

ELSEWHERE = "https://toestemming.voorbeeld.example"
AUDIENCE = f"{ISSUER}/api/v1"
AZP = "55f9f559-2496-49d4-b6c3-351a586b7484"
CLIENT_ID = f"landelijk:{AZP}"
OIN = "00000001900000010000"


@cache
def rsa(_name: str) -> RSAKey:
    """A key per name, made once per test run."""
    return RSAKey.generate_key(3072)


def our_keys(*names: str) -> OwnKeys:
    """To open with; the first is the newest."""
    return encryption_keys("".join(rsa(name).as_pem(private=True).decode() for name in names or ("ours",)))


def settings(**changes: Any) -> ExternalIssuer:
    known = ExternalIssuer(
        issuer_id="landelijk",
        name="Landelijk Portaal",
        issuer=ELSEWHERE,
        audience=AUDIENCE,
        apps={AZP: ExternalApp(name="Mijn Plan", oin=OIN, scopes=frozenset({Scope.OVERVIEW}))},
        scopes={"nl.schulden.lezen": Scope.OVERVIEW, "toestemmingen": Scope.CONSENTS},
        levels=frozenset({SUBSTANTIAL}),
        algorithms=("PS256",),
        binding=Binding.DPOP,
        bsn_claim="bsn",
        longest_life_s=900,
    )
    return replace(known, **changes)


def without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


@dataclass
class ExternalServer:
    """`key_name`: of the key that signs; its public part is in the JWK set under that name. `our_key_name`: to which of our keys
    it encrypts."""

    clock: Clock
    key_name: str = "elsewhere"
    our_key_name: str = "ours"
    x5c: list[bytes] = field(default_factory=list)

    def jwks(self) -> dict[str, Any]:
        key = {**rsa(self.key_name).as_dict(private=False), "kid": self.key_name, "use": "sig"}
        chain = {"x5c": [base64.b64encode(one).decode() for one in self.x5c]} if self.x5c else {}
        return {"keys": [{**key, **chain}]}

    def encrypted(self, text: str, **header: Any) -> str:
        stated = {"alg": "RSA-OAEP-256", "enc": "A256GCM", **header}
        listed = list(map(str, stated.values()))
        public = RSAKey.import_key(rsa(self.our_key_name).as_dict(private=False))
        return jwe.encrypt_compact(stated, text.encode(), public, algorithms=listed)

    def claims(self, app: App, bsn: Bsn = CITIZEN) -> dict[str, Any]:
        now = int(self.clock.now().timestamp())
        return {
            "iss": ELSEWHERE,
            "aud": [AUDIENCE],
            "azp": AZP,
            "client_id": AZP,
            "sub": secrets.token_urlsafe(16),
            "scope": "nl.schulden.lezen iets.anders",
            "acr": SUBSTANTIAL,
            "auth_time": now - 60,
            "iat": now,
            "exp": now + 600,
            "jti": secrets.token_urlsafe(24),
            "cnf": {"jkt": app.dpop_key.thumbprint()},
            "bsn": self.encrypted(bsn.digits),
        }

    def signed(self, claims: Mapping[str, Any], key: Any = None, **header: Any) -> str:
        stated = without_none({"alg": "PS256", "kid": self.key_name, "typ": "at+jwt", **header})
        listed = [str(stated["alg"])]
        return jwt.encode(stated, without_none(claims), key or rsa(self.key_name), listed)

    def token(self, app: App, **changes: Any) -> str:
        return self.signed({**self.claims(app), **changes})

    def known(self, stated: ExternalIssuer | None = None, at: PublishedAt | None = None) -> External:
        """As our settings know it; without an address its keys stand in a file."""
        rules = KeyRules(owner=None, now=self.clock.now)
        return External(stated or settings(), IssuerKeySet(at or self.jwks(), our_keys(), rules))
