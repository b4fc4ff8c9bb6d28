"""The OpenID Connect provider without its web pages. Tests subclass it to misbehave in one point."""

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import RSAKey

from simulators.digid.client import ALGORITHMS, Client, ClientAuthentication, OAuthRefusal
from simulators.digid.grants import (
    ACCESS_LIFE_S,
    CODE_LIFE_S,
    PAGE_LIFE_S,
    PUSHED_LIFE_S,
    Grant,
    Once,
    Request,
)

ID_TOKEN_LIFE_S = 300
LOGOUT_LIFE_S = 120
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
BSN_TYPE = "urn:nl-eid-gdi:1.0:id:BSN"
_PUSHED = "urn:ietf:params:oauth:request_uri:"
_MINIMUM_SECRET = 22  # characters of base64url for 128 bits

# As the page names them, with what the tokens say.
LEVELS = {
    "basis": "http://eID.logius.nl/LoA/basic",
    "midden": "http://eidas.europa.eu/LoA/low",
    "substantieel": "http://eidas.europa.eu/LoA/substantial",
    "hoog": "http://eidas.europa.eu/LoA/high",
}


class Provider:
    """State and answers of one simulated DigiD. Safe between threads."""

    def __init__(self, issuer: str, client: Client, key: RSAKey) -> None:
        self.issuer = issuer
        self.client = client
        self.key = key
        self.pages: Once[Request] = Once(PAGE_LIFE_S)
        self.undecided: Once[Grant] = Once(PAGE_LIFE_S)  # logged in; for whom is still to be chosen
        self._pushed: Once[dict[str, str]] = Once(PUSHED_LIFE_S)
        self._codes: Once[Grant] = Once(CODE_LIFE_S)
        self._access: Once[Grant] = Once(ACCESS_LIFE_S)
        self._authentication = ClientAuthentication(client, f"{issuer}/token")
        self._pepper = secrets.token_bytes(32)

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end_session",
            "pushed_authorization_request_endpoint": f"{self.issuer}/par",
            "scopes_supported": ["openid", "bsn"],
            "claims_supported": ["sub", "acr", "auth_time", "bsn", "represents", "scope"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "acr_values_supported": list(LEVELS.values()),
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "id_token_signing_alg_values_supported": ["PS256"],
            "userinfo_signing_alg_values_supported": ["PS256"],
            "userinfo_encryption_alg_values_supported": ["RSA-OAEP-256"],
            "userinfo_encryption_enc_values_supported": ["A256GCM"],
            "authorization_response_iss_parameter_supported": True,
        }

    def jwks(self) -> dict[str, Any]:
        public = self.key.as_dict(private=False)
        return {"keys": [{**public, "kid": self.key.thumbprint(), "use": "sig", "alg": "PS256"}]}

    def push(self, form: Mapping[str, str]) -> dict[str, Any]:
        """RFC 9126: keep a request until the browser comes with its name. Raises OAuthRefusal."""
        self._authentication.check(form)
        if form.get("client_id") != self.client.client_id or "request_uri" in form:
            raise OAuthRefusal("invalid_request", "not a request of this client")
        wanted = {name: value for name, value in form.items() if not name.startswith("client_assertion")}
        return {"request_uri": _PUSHED + self._pushed.put(wanted), "expires_in": PUSHED_LIFE_S}

    def pushed(self, query: Mapping[str, str]) -> dict[str, str]:
        """What was pushed under the `request_uri` of this query; a query without one is a request itself."""
        if "request_uri" not in query:
            return dict(query)
        return self._pushed.take(query["request_uri"].removeprefix(_PUSHED)) or {}

    def accept(self, query: Mapping[str, str], browser: str) -> Request:
        """Check the rest of a request of which client and redirect_uri are known to be right. Raises OAuthRefusal."""
        if query.get("response_type") != "code":
            raise OAuthRefusal("unsupported_response_type", "only the code flow")
        if "openid" not in query.get("scope", "").split():
            raise OAuthRefusal("invalid_scope", "scope openid is needed")
        challenge = query.get("code_challenge", "")
        if query.get("code_challenge_method") != "S256" or not re.fullmatch(
            r"[\w-]{43}", challenge, re.ASCII
        ):
            raise OAuthRefusal("invalid_request", "PKCE with S256 is needed")
        state, nonce = query.get("state", ""), query.get("nonce", "")
        if min(len(state), len(nonce)) < _MINIMUM_SECRET:
            raise OAuthRefusal("invalid_request", "state and nonce of at least 128 bits are needed")
        return Request(query["redirect_uri"], state, nonce, challenge, browser, query["scope"])

    def code(self, grant: Grant) -> str:
        return self._codes.put(grant)

    def callback_parameters(self, state: str) -> dict[str, str]:
        """What stands in every answer through the browser (RFC 9207)."""
        return {"state": state, "iss": self.issuer}

    def redeem(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The token endpoint. Raises OAuthRefusal."""
        self._authentication.check(form)
        if form.get("grant_type") != "authorization_code":
            raise OAuthRefusal("unsupported_grant_type", "only authorization_code")
        grant = self._codes.take(form.get("code", ""))
        if grant is None:
            raise OAuthRefusal("invalid_grant", "the code is unknown, used or too old")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if (
            form.get("redirect_uri") != grant.request.redirect_uri
            or _text(digest) != grant.request.code_challenge
        ):
            raise OAuthRefusal("invalid_grant", "the code belongs to another request")
        return self.token_answer(grant)

    def token_answer(self, grant: Grant) -> dict[str, Any]:
        access_token = self._access.put(grant)
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ACCESS_LIFE_S,
            "scope": grant.request.scope,
            "id_token": self.sign(self.id_token_claims(grant, access_token)),
        }

    def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "sub": self.subject(grant),
            "aud": self.client.client_id,
            "iat": now,
            "exp": now + ID_TOKEN_LIFE_S,
            "auth_time": grant.authenticated_at,
            "nonce": grant.request.nonce,
            "acr": grant.acr,
            "sid": grant.sid,
            "at_hash": _text(hashlib.sha256(access_token.encode()).digest()[:16]),
            "jti": secrets.token_urlsafe(16),
        }

    def logout_token(self, **claims: Any) -> str:
        """OpenID Connect Back-Channel Logout 1.0, section 2.4; `claims` say who: `sid`, `sub` or both."""
        now = int(time.time())
        own = {
            "iss": self.issuer,
            "aud": self.client.client_id,
            "iat": now,
            "exp": now + LOGOUT_LIFE_S,
            "jti": secrets.token_urlsafe(16),
            "events": {LOGOUT_EVENT: {}},
        }
        header = {"alg": "PS256", "kid": self.key.thumbprint(), "typ": "logout+jwt"}
        return jwt.encode(header, {**own, **claims}, self.key, ["PS256"])

    def granted(self, access_token: str) -> Grant | None:
        return self._access.get(access_token)

    def userinfo(self, grant: Grant) -> tuple[str, str]:
        """Content type and body: signed by us, then encrypted to the client (OpenID NLGov 1.0.1)."""
        return "application/jwt", self.encrypt(self.sign(self.userinfo_claims(grant)))

    def userinfo_claims(self, grant: Grant) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "aud": self.client.client_id,
            "sub": self.subject(grant),
            "iat": now,
            "exp": now + ACCESS_LIFE_S,
            "bsn": grant.person.identifier,
            **self._representation(grant),
        }

    def _representation(self, grant: Grant) -> dict[str, Any]:
        """OpenID NLGov 1.0.1, "Representation Relationships"; the authorisation is for every service of the request."""
        if grant.on_behalf_of is None:
            return {}
        represented = {"iss": self.issuer, "sub": grant.on_behalf_of.identifier, "sub_id_type": BSN_TYPE}
        return {"represents": represented, "scope": grant.request.scope}

    def subject(self, grant: Grant) -> str:
        """A pseudonym: the same person is the same subject until restart, and the BSN does not follow from it."""
        return _text(hashlib.sha256(self._pepper + grant.person.identifier.encode()).digest())

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "PS256", "kid": self.key.thumbprint()}, claims, self.key, ["PS256"])

    def encrypt(self, token: str) -> str:
        key = self.client.key("enc")
        header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": key.kid}
        return jwe.encrypt_compact(header, token, key, ["RSA-OAEP-256", "A256GCM"])


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
