"""The one registered client: its addresses, and the proof that a caller of the token endpoint is this client."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

ALGORITHMS = ("PS256", "ES256")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
MAX_LIFE_S = 60
_SKEW_S = 5


class OAuthRefusal(Exception):
    """An error answer: `error` as RFC 6749 names it, and why in words for the developer who looks."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description


@dataclass(frozen=True)
class Client:
    """`jwks` holds public keys only: one or more for signatures, one for encryption."""

    client_id: str
    jwks: Mapping[str, Any]
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()

    def key(self, use: str, kid: str | None = None) -> Key:
        """Raises OAuthRefusal when no such key was registered."""
        for entry in self.jwks["keys"]:
            if entry.get("use") == use and kid in (None, entry.get("kid")):
                return JWKRegistry.import_key(entry)
        raise OAuthRefusal("invalid_client", "no registered key with this kid")


class ClientAuthentication:
    """Checks private_key_jwt (RFC 7523; OpenID NLGov 1.0.1): short life, right audience, each assertion once."""

    def __init__(self, client: Client, audience: str) -> None:
        self._client = client
        self._audience = audience
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}

    def check(self, form: Mapping[str, str]) -> None:
        """Raises OAuthRefusal."""
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise OAuthRefusal("invalid_client", "private_key_jwt is the only client authentication")
        claims = self._signed_claims(form.get("client_assertion", ""))
        for name, expected in (("iss", self._client.client_id), ("sub", self._client.client_id)):
            if claims.get(name) != expected:
                raise OAuthRefusal("invalid_client", f"wrong {name}")
        if claims.get("aud") != self._audience:
            raise OAuthRefusal("invalid_client", "aud is not the token endpoint")
        self._check_life(claims)
        self._use_once(claims)

    def _signed_claims(self, assertion: str) -> dict[str, Any]:
        try:
            kid = jws.extract_compact(assertion.encode()).headers().get("kid")
            if kid is None:
                raise OAuthRefusal("invalid_client", "kid is missing")
            return jwt.decode(assertion, self._client.key("sig", kid), list(ALGORITHMS)).claims
        except (JoseError, ValueError) as error:
            raise OAuthRefusal("invalid_client", "the assertion is not well signed") from error

    @staticmethod
    def _check_life(claims: dict[str, Any]) -> None:
        now, issued, expires = time.time(), claims.get("iat"), claims.get("exp")
        if not isinstance(issued, int) or not isinstance(expires, int):
            raise OAuthRefusal("invalid_client", "iat and exp are needed")
        if expires - issued > MAX_LIFE_S or issued > now + _SKEW_S or expires <= now:
            raise OAuthRefusal("invalid_client", "the assertion lives too long, or not now")

    def _use_once(self, claims: dict[str, Any]) -> None:
        jti, now = claims.get("jti"), time.time()
        if not isinstance(jti, str) or len(jti) < 16:
            raise OAuthRefusal("invalid_client", "jti is missing or too short")
        with self._lock:
            self._seen = {old: expires for old, expires in self._seen.items() if expires > now}
            if jti in self._seen:
                raise OAuthRefusal("invalid_client", "the assertion was used before")
            self._seen[jti] = float(claims["exp"])
