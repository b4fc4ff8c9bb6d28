"""The token endpoint (RFC 6749, section 4.1.3): a code, once, for one short access token. No refresh tokens: what DigiD
told may be used within the session only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog

from app.oauth.access_tokens import AccessTokens
from app.oauth.calls import Call, OAuthRefusal
from app.oauth.clients import ClientAuthenticator
from app.oauth.code_grant import check_exchange
from app.oauth.confirmations import Confirmations
from app.ports.clients import Binding, ClientKind
from app.ports.clock import Clock
from app.ports.consents import CodeUsedBefore, Grant, GrantStore
from app.services import audit_facts
from app.services.audit import WritesAudit

LONGEST_LIFE = timedelta(minutes=15)
_log = structlog.stdlib.get_logger(__name__)


class Exchange:
    """Codes for tokens: is the proof of the client's key right, who is it, is the proof new, and only then the code. Safe to
    share between threads."""

    def __init__(
        self, who: ClientAuthenticator, keys: Confirmations, store: GrantStore, tokens: IssuesTokens
    ) -> None:
        self._who = who
        self._keys = keys
        self._store = store
        self._tokens = tokens

    def exchange(self, call: Call) -> dict[str, object]:
        """The answer with the token. Raises OAuthRefusal, StorageUnavailable."""
        proof = self._keys.read(call)
        client = self._who.client(call, ClientKind.APP)
        proven = self._keys.proven(proof)
        confirmation = self._keys.shown(client, call, proven)
        taken: list[Grant] = []
        try:
            grant = check_exchange(client, call.form, lambda code: self._redeem(code, taken))
            if grant.request.confirmation != confirmation:
                raise OAuthRefusal("invalid_grant", "other_key", "The code belongs to another key.")
            return self._tokens.issue(grant)
        except OAuthRefusal:
            # A code that came with the wrong verifier, address, client or key is in wrong hands.
            for grant in taken:
                self._store.delete(grant.grant_id)
            raise

    def _redeem(self, code: str, taken: list[Grant]) -> Grant | None:
        try:
            grant = self._store.redeem(code, self._tokens.now())
        except CodeUsedBefore as again:
            _log.warning("code used before: token revoked", client_id=again.grant.request.client_id)
            self._tokens.revoked(again.grant)
            return None
        if grant is not None:
            taken.append(grant)
        return grant


@dataclass(frozen=True, slots=True)
class Lives:
    """How long a token is good; and until how long after a log-in, as a session of a citizen. Raises ValueError for tokens of
    more than LONGEST_LIFE."""

    token: timedelta = LONGEST_LIFE
    log_in: timedelta = timedelta(minutes=60)

    def __post_init__(self) -> None:
        if not timedelta(seconds=1) <= self.token <= LONGEST_LIFE:
            raise ValueError("an access token lives at most 15 minutes")


class IssuesTokens:
    """One token per grant, written down before it is handed out."""

    def __init__(
        self, tokens: AccessTokens, store: GrantStore, audit: WritesAudit, clock: Clock, lives: Lives
    ) -> None:
        self._tokens = tokens
        self._store = store
        self._audit = audit
        self._clock = clock
        self._lives = lives
        self.now = clock.now

    def issue(self, grant: Grant) -> dict[str, object]:
        """The answer of the token endpoint. Raises OAuthRefusal when the grant was withdrawn meanwhile, or when a session of
        this log-in would have ended."""
        request, now = grant.request, self._clock.now()
        expires_at = min(now + self._lives.token, grant.principal.authenticated_at + self._lives.log_in)
        seconds = int((expires_at - now).total_seconds())
        if seconds < 1:
            raise OAuthRefusal("invalid_grant", "log_in_too_old", "The citizen logged in too long ago.")
        self._audit.write(audit_facts.token_issued(grant.principal.bsn, request.client_id, request.scopes))
        if not self._store.extend(grant.grant_id, expires_at):
            raise OAuthRefusal("invalid_grant", "withdrawn", "The consent was withdrawn.")
        _log.info("token issued", client_id=request.client_id)
        return {
            "access_token": self._tokens.issue(grant, expires_at),
            "token_type": "DPoP" if request.confirmation.binding is Binding.DPOP else "Bearer",
            "expires_in": seconds,
            "scope": " ".join(sorted(request.scopes)),
        }

    def revoked(self, grant: Grant) -> None:
        """Tell the audit log that a code came twice."""
        fact = audit_facts.token_revoked(grant.principal.bsn, grant.request.client_id, "code_used_before")
        self._audit.try_write(fact)
