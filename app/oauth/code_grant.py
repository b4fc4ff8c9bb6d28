"""The code flow by Authlib: what a request must look like, PKCE, and when a code may be exchanged (RFC 6749, RFC 7636).

What of Authlib is used and what not: docs/decisions/0028-authorization-server.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from authlib.oauth2 import AuthorizationServer as AuthlibServer
from authlib.oauth2 import OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7636 import CodeChallenge

from app.oauth.calls import OAuthRefusal
from app.ports.clients import Client
from app.ports.consents import Grant
from app.ports.grants import Scope

GRANT_TYPE = "authorization_code"
_S256 = re.compile(r"[A-Za-z0-9_-]{43}")
# Authlib's own texts repeat what was sent.
_DESCRIPTIONS = {
    "invalid_request": "A parameter is missing or not right.",
    "invalid_client": "client_id is missing.",
    "invalid_grant": "The code is unknown, used or too old, or it belongs to another request.",
    "invalid_scope": "The scope is missing or not registered for this client.",
    "unsupported_grant_type": "The only grant type is authorization_code.",
    "unsupported_response_type": "The only response type is code.",
}
Redeem = Callable[[str], Grant | None]


def check_request(client: Client, form: Mapping[str, str]) -> None:
    """An authorization request (RFC 6749, section 4.1.1) of this client, with PKCE. Raises OAuthRefusal."""
    with _translated(lambda: _wrong_in_request(client, form)):
        grant = _Server(client).get_authorization_grant(_Request(form))
        grant.validate_consent_request()


def check_exchange(client: Client, form: Mapping[str, str], redeem: Redeem) -> Grant:
    """The grant that belongs to the code of a token request (section 4.1.3; RFC 7636, section 4.6). `redeem` is called
    when the request names a code; it uses the code up. Raises OAuthRefusal, and what `redeem` raises."""
    request = _Request(form)
    with _translated(lambda: _wrong_in_exchange(form)):
        grant = _Server(client, redeem).get_token_grant(request)
        grant.validate_token_request()
    found: Grant = request.authorization_code.grant
    return found


@contextmanager
def _translated(named: Callable[[], str | None]) -> Iterator[None]:
    """`named`: which parameter of an invalid request is wrong."""
    try:
        yield
    except OAuth2Error as error:
        code = str(error.error)
        said = named() if code == "invalid_request" else None
        raise OAuthRefusal(code, code, said or _DESCRIPTIONS.get(code, "The request is refused.")) from None


def _wrong_in_request(client: Client, form: Mapping[str, str]) -> str | None:
    """Names the parameter, in our own words."""
    for name in ("redirect_uri", "code_challenge", "code_challenge_method"):
        if not form.get(name):
            return f"{name} is missing."
    if form["redirect_uri"] not in client.redirect_uris:
        return "redirect_uri is not, to the letter, one that is registered for this client."
    if form["code_challenge_method"] != "S256":
        return "code_challenge_method must be S256."
    if not _S256.fullmatch(form["code_challenge"]):
        return "code_challenge is not a SHA-256 in base64url (43 characters)."
    return None


def _wrong_in_exchange(form: Mapping[str, str]) -> str | None:
    for name in ("code", "code_verifier"):
        if not form.get(name):
            return f"{name} is missing."
    return "code_verifier is not of 43 to 128 characters that RFC 7636 allows."


class _Request(OAuth2Request):  # type: ignore[misc]
    """`uri` is a stand-in: our addresses are compared elsewhere."""

    def __init__(self, form: Mapping[str, str]) -> None:
        super().__init__("POST", "https://oauth.invalid/")
        self.payload = BasicOAuth2Payload(dict(form))

    @property
    def form(self) -> Any:
        return self.payload.data


class _Server(AuthlibServer):  # type: ignore[misc]
    """For one request of one client, who has proven before who it is."""

    def __init__(self, client: Client, redeem: Redeem | None = None) -> None:
        super().__init__()
        self.redeem = redeem
        self._known = _KnownClient(client)
        self.register_grant(_CodeGrant, [_OnlyS256()])

    def query_client(self, client_id: str) -> _KnownClient | None:
        return self._known if client_id == self._known.client.client_id else None

    def authenticate_client(self, *_: object, **__: object) -> _KnownClient:
        return self._known

    def send_signal(self, *_: object, **__: object) -> None:
        """Nobody listens."""


class _CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    def query_authorization_code(self, code: str, client: _KnownClient) -> _Code | None:
        grant = self.server.redeem(code)
        return (
            _Code(grant) if grant is not None and grant.request.client_id == client.client.client_id else None
        )


class _OnlyS256(CodeChallenge):  # type: ignore[misc]
    """Authlib takes `plain`, and asks nothing of a client that proves who it is."""

    CODE_CHALLENGE_METHODS = {"S256": CodeChallenge.CODE_CHALLENGE_METHODS["S256"]}  # noqa: RUF012 -- Authlib's

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:  # noqa: ARG002 -- Authlib's hook
        stated = grant.request.payload.data
        challenge = stated.get("code_challenge", "")
        if stated.get("code_challenge_method") != "S256" or not _S256.fullmatch(challenge):
            raise InvalidRequestError("PKCE with S256 is needed")


@dataclass(frozen=True, slots=True)
class _Code:
    """A grant as Authlib looks at a code."""

    grant: Grant
    code_challenge_method: str = "S256"

    @property
    def code_challenge(self) -> str:
        return self.grant.request.code_challenge

    def get_redirect_uri(self) -> str:
        return self.grant.request.redirect_uri


@dataclass(frozen=True, slots=True)
class _KnownClient:
    """A client as Authlib asks about it."""

    client: Client

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """To the letter (OAuth-NL, redirect URI)."""
        return redirect_uri in self.client.redirect_uris

    def get_default_redirect_uri(self) -> None:
        """There is none: every request names its own."""

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == GRANT_TYPE

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """None refuses: nothing asked, or more than was registered."""
        wanted = (scope or "").split()
        known = {str(one) for one in self.client.scopes}
        return scope if wanted and known.issuperset(wanted) else None


def scopes_of(form: Mapping[str, str]) -> frozenset[Scope]:
    """Of a request that was checked."""
    return frozenset(map(Scope, form["scope"].split()))
