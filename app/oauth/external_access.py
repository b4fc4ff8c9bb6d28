"""An app that comes with a token of a configured external issuer: consent was given there, and can be withdrawn here."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta

import structlog

from app.oauth.certificates import states_oin
from app.oauth.external_tokens import ExternalToken, ExternalTokens, LevelNotEnough
from app.oauth.jwts import Unreadable
from app.oauth.sender import ApiCall, SenderCheck
from app.ports.clients import Binding
from app.ports.clock import Clock
from app.ports.consents import AuthorizationRequest, Grant, GrantStore
from app.ports.grants import ApiCaller, TokenRefused
from app.services import audit_facts
from app.services.audit import WritesAudit

_KIND = "external token"
# OAuth-NL: a `jti` never comes back in another token. Ours end after an hour at most; the rest is for clocks and mistakes.
REMEMBERED = timedelta(days=1)
_log = structlog.stdlib.get_logger(__name__)


class ExternalTokenCheck:
    """Implements app.oauth.access_check.ChecksToken for the tokens of one external issuer."""

    def __init__(
        self,
        tokens: ExternalTokens,
        sender: SenderCheck,
        store: GrantStore,
        audit: WritesAudit,
        clock: Clock,
    ) -> None:
        self._tokens = tokens
        self._sender = sender
        self._store = store
        self._audit = audit
        self._clock = clock

    def of_call(self, call: ApiCall) -> ApiCaller:
        try:
            access = self._tokens.read(call.token)
        except LevelNotEnough:
            raise TokenRefused("external_level", "insufficient_user_authentication") from None
        except Unreadable as error:
            raise TokenRefused(f"external_{error}") from None
        self._sender.check(access.confirmation, call)
        _check_organisation(access, call.certificate)
        if not access.scopes:
            raise TokenRefused("external_scope", "insufficient_scope")
        grant = self._grant(access, call.token)
        return ApiCaller(
            grant_id=grant.grant_id,
            owner=grant.owner,
            principal=grant.principal,
            client_id=access.client_id,
            client_name=access.app.name,
            scopes=frozenset(map(str, access.scopes)),
            expires_at=access.expires_at,
        )

    def _grant(self, access: ExternalToken, token: str) -> Grant:
        """Of its first use; after that of every use. A token that the citizen withdrew here stays used, and so does a `jti`
        that comes in another token."""
        grant_id = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode()
        name = f"{access.client_id.partition(':')[0]}\n{access.jti}"
        if not self._store.was_used(_KIND, name):
            self._admit(access, grant_id, name)
        found = self._store.load(grant_id, self._clock.now())
        if found is None:
            raise TokenRefused("external_used_or_withdrawn")
        return found

    def _admit(self, access: ExternalToken, grant_id: str, name: str) -> None:
        now, bsn = self._clock.now(), access.principal.bsn
        new = Grant(
            grant_id, secrets.token_urlsafe(32), access.principal, _request(access), now, access.expires_at
        )
        self._audit.write(audit_facts.token_taken(bsn, access.client_id, access.scopes))
        self._store.admit(new, _KIND, name, now + REMEMBERED)
        _log.info("external token taken", client_id=access.client_id)


def _check_organisation(access: ExternalToken, certificate: bytes | None) -> None:
    """OAuth-NL: the authorized party is verified with the client certificate."""
    if access.confirmation.binding is not Binding.CERTIFICATE or access.app.oin is None:
        return
    if certificate is None or not states_oin(certificate, access.app.oin):
        raise TokenRefused("external_certificate_oin")


def _request(access: ExternalToken) -> AuthorizationRequest:
    """Nothing of it went through us: no address to go back to, no code."""
    return AuthorizationRequest(
        client_id=access.client_id,
        redirect_uri="",
        state="",
        scopes=access.scopes,
        code_challenge="",
        confirmation=access.confirmation,
    )
