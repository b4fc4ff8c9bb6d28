"""Who calls: `private_key_jwt` (RFC 7523; OAuth-NL, client authentication) or the certificate of the connection (RFC 8705).

Not Authlib's: it takes RS256 and not PS256, does not ask for a short life, and looks at no certificates.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import NoReturn

from app.oauth.calls import Call, OAuthRefusal
from app.oauth.certificates import is_registered
from app.oauth.jwts import (
    Claims,
    Header,
    PublicKey,
    Unreadable,
    open_signed,
    public_key,
    unverified_claims,
    whole_seconds,
)
from app.ports.clients import Client, ClientAuthentication, ClientKind, ClientStore
from app.ports.clock import Clock
from app.ports.consents import GrantStore

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE_S = 300
SKEW_S = 30
SHORTEST_JTI, LONGEST_JTI = 16, 200
_TYPES = frozenset({None, "jwt", "client-authentication+jwt"})
_NOT_KNOWN = "The client could not be authenticated."


class ClientAuthenticator:
    """`audiences`: our issuer and the addresses of our endpoints. Safe to share between threads."""

    def __init__(
        self, clients: ClientStore, once: GrantStore, audiences: Collection[str], clock: Clock
    ) -> None:
        self._clients = clients
        self._once = once
        self._audiences = frozenset(audiences)
        self._clock = clock

    def client(self, call: Call, kind: ClientKind) -> Client:
        """The registered client that makes this call. Raises OAuthRefusal, StorageUnavailable."""
        if "client_assertion" in call.form or "client_assertion_type" in call.form:
            found = self._by_assertion(call)
        else:
            found = self._by_certificate(call)
        if found.kind is not kind:
            raise OAuthRefusal("unauthorized_client", "kind", "This client may not use this endpoint.")
        return found

    def _by_assertion(self, call: Call) -> Client:
        if call.form.get("client_assertion_type") != ASSERTION_TYPE:
            _refuse("assertion_type")
        token = call.form.get("client_assertion", "")
        try:
            client = self._claimed(unverified_claims(token).get("sub"), call)
            if client.authentication is not ClientAuthentication.PRIVATE_KEY_JWT:
                _refuse("other_method")
            claims = open_signed(token, _TYPES, lambda header: _key(client, header))
        except Unreadable as error:
            _refuse(f"assertion_{error}")
        self._check(claims, client)
        return client

    def _by_certificate(self, call: Call) -> Client:
        if call.certificate is None:
            _refuse("no_proof")
        client = self._claimed(call.form.get("client_id"), call)
        if client.authentication is not ClientAuthentication.CERTIFICATE:
            _refuse("other_method")
        if not is_registered(client, call.certificate, self._clock.now()):
            _refuse("certificate")
        return client

    def _claimed(self, unverified: object, call: Call) -> Client:
        """The client that the caller says to be, the same everywhere in the request."""
        if not isinstance(unverified, str) or call.form.get("client_id", unverified) != unverified:
            _refuse("client_id")
        # A database takes no zero byte and no half of a character.
        is_text = unverified.isascii() and unverified.isprintable()
        client = self._clients.find(unverified) if is_text else None
        if client is None:
            _refuse("unknown_client")
        return client

    def _check(self, claims: Claims, client: Client) -> None:
        """The signature is right: who calls holds the key, and may know which claim is wrong."""
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            _refuse("assertion_issuer", "iss and sub must both be the client_id.")
        audience = claims.get("aud")
        stated = audience if isinstance(audience, list) else [audience]
        if len(stated) != 1 or not isinstance(stated[0], str) or stated[0] not in self._audiences:
            _refuse(
                "assertion_audience", "aud must be our issuer or the address of this endpoint, and only that."
            )
        self._use_once(claims, client, self._expires(claims))

    def _expires(self, claims: Claims) -> int:
        now = int(self._clock.now().timestamp())
        issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
        if issued > now + SKEW_S:
            _refuse("assertion_from_later", "iat is in the future.")
        if "nbf" in claims and _seconds(claims, "nbf") > now + SKEW_S:
            _refuse("assertion_from_later", "nbf is in the future.")
        if expires <= now - SKEW_S:
            _refuse("assertion_expired", "exp has passed.")
        if expires - min(issued, now) > LONGEST_LIFE_S:
            _refuse("assertion_life", f"exp may be at most {LONGEST_LIFE_S} seconds after iat.")
        return expires

    def _use_once(self, claims: Claims, client: Client, expires: int) -> None:
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti.isascii() or not SHORTEST_JTI <= len(jti) <= LONGEST_JTI:
            _refuse("assertion_jti", f"jti must have {SHORTEST_JTI} to {LONGEST_JTI} characters of ASCII.")
        until = datetime.fromtimestamp(expires + 2 * SKEW_S, UTC)
        if not self._once.is_first_use("assertion", f"{client.client_id}\n{jti}", until):
            _refuse("assertion_replayed", "jti was used before.")


def _key(client: Client, header: Header) -> PublicKey:
    """By `kid`; a client with one key need not name it."""
    keys, kid = client.jwks["keys"], header.get("kid")
    fitting = [key for key in keys if kid is None or key.get("kid") == kid]
    if len(fitting) != 1:
        raise Unreadable("key_unknown")
    return public_key(fitting[0])


def _seconds(claims: Claims, name: str) -> int:
    try:
        return whole_seconds(claims, name)
    except Unreadable as error:
        _refuse(f"assertion_{error}", f"{name} is missing or not a number of seconds.")


def _refuse(reason: str, wrong_claim: str = "") -> NoReturn:
    """One answer for every cause as long as the key was not shown: who tries learns nothing. The log knows."""
    said = f"The client assertion is not right: {wrong_claim}" if wrong_claim else _NOT_KNOWN
    raise OAuthRefusal("invalid_client", reason, said, status=401)
