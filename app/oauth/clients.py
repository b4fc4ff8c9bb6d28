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
            self._check(claims, client)
        except Unreadable as error:
            _refuse(f"assertion_{error}")
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
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            _refuse("assertion_issuer")
        audience = claims.get("aud")
        stated = audience if isinstance(audience, list) else [audience]
        if len(stated) != 1 or not isinstance(stated[0], str) or stated[0] not in self._audiences:
            _refuse("assertion_audience")
        now = int(self._clock.now().timestamp())
        issued, expires = whole_seconds(claims, "iat"), whole_seconds(claims, "exp")
        if issued > now + SKEW_S or ("nbf" in claims and whole_seconds(claims, "nbf") > now + SKEW_S):
            _refuse("assertion_from_later")
        if expires <= now - SKEW_S:
            _refuse("assertion_expired")
        if expires - min(issued, now) > LONGEST_LIFE_S:
            _refuse("assertion_life")
        self._use_once(claims, client, expires)

    def _use_once(self, claims: Claims, client: Client, expires: int) -> None:
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti.isascii() or not SHORTEST_JTI <= len(jti) <= LONGEST_JTI:
            _refuse("assertion_jti")
        until = datetime.fromtimestamp(expires + 2 * SKEW_S, UTC)
        if not self._once.is_first_use("assertion", f"{client.client_id}\n{jti}", until):
            _refuse("assertion_replayed")


def _key(client: Client, header: Header) -> PublicKey:
    """By `kid`; a client with one key need not name it."""
    keys, kid = client.jwks["keys"], header.get("kid")
    fitting = [key for key in keys if kid is None or key.get("kid") == kid]
    if len(fitting) != 1:
        raise Unreadable("key_unknown")
    return public_key(fitting[0])


def _refuse(reason: str) -> NoReturn:
    """One answer for every cause: who tries learns nothing. The log knows."""
    raise OAuthRefusal("invalid_client", reason, "The client could not be authenticated.", status=401)
