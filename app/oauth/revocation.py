"""An app gives its token back (RFC 7009): the grant and all that was collected for it are deleted at once."""

from __future__ import annotations

import structlog

from app.oauth.access_tokens import AccessTokens
from app.oauth.calls import Call, OAuthRefusal
from app.oauth.clients import ClientAuthenticator
from app.oauth.jwts import Unreadable
from app.ports.clients import ClientKind
from app.ports.clock import Clock
from app.ports.consents import GrantStore
from app.services import audit_facts
from app.services.audit import WritesAudit

_log = structlog.stdlib.get_logger(__name__)


class Revocation:
    """Safe to share between threads."""

    def __init__(
        self,
        who: ClientAuthenticator,
        tokens: AccessTokens,
        store: GrantStore,
        audit: WritesAudit,
        clock: Clock,
    ) -> None:
        self._who = who
        self._tokens = tokens
        self._store = store
        self._audit = audit
        self._clock = clock

    def revoke(self, call: Call) -> None:
        """Nothing happens for a token that is not ours or has gone (section 2.2). Raises OAuthRefusal for one of another
        client, StorageUnavailable."""
        client = self._who.client(call, ClientKind.APP)
        if "token" not in call.form:
            raise OAuthRefusal("invalid_request", "token_missing", "The parameter token is missing.")
        try:
            access = self._tokens.read(call.form["token"], may_be_old=True)
        except Unreadable:
            return
        if access.client_id != client.client_id:
            raise OAuthRefusal("invalid_grant", "other_client", "The token belongs to another client.")
        grant = self._store.load(access.grant_id, self._clock.now())
        if grant is not None and self._store.delete(grant.grant_id):
            self._audit.try_write(
                audit_facts.token_revoked(grant.principal.bsn, client.client_id, "given_back")
            )
            _log.info("token given back", client_id=client.client_id)
