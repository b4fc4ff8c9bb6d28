"""What happens while the citizen is here: from the name that the browser brings to the answer that it takes back."""

from __future__ import annotations

import secrets
from datetime import timedelta
from urllib.parse import urlencode

import structlog

from app.oauth.par import name_of
from app.ports.clients import Client, ClientStore
from app.ports.clock import Clock
from app.ports.consents import AuthorizationRequest, Grant, GrantStore
from app.ports.login import Principal
from app.services import audit_facts
from app.services.audit import WritesAudit

CODE_LIFE = timedelta(seconds=60)
_log = structlog.stdlib.get_logger(__name__)


class Authorizations:
    """Safe to share between threads. Every method may raise StorageUnavailable."""

    def __init__(
        self, issuer: str, clients: ClientStore, store: GrantStore, audit: WritesAudit, clock: Clock
    ) -> None:
        self._issuer = issuer
        self._clients = clients
        self._store = store
        self._audit = audit
        self._clock = clock

    def open(self, client_id: str, request_uri: str) -> AuthorizationRequest | None:
        """The request that was pushed under this name by this client; it works once. None: say so on a page of ours, because
        nobody knows where the browser may be sent."""
        name = name_of(request_uri)
        request = None if name is None else self._store.take_pushed(name, client_id, self._clock.now())
        if request is None or not self._still_fits(request):
            _log.warning("app request unknown")
            return None
        return request

    def client(self, client_id: str) -> Client | None:
        return self._clients.find(client_id)

    def allow(self, request: AuthorizationRequest, citizen: Principal) -> str:
        """The citizen says yes. It is in the audit log before the code exists. Gives the address to go back to."""
        self._audit.write(audit_facts.consent_given(citizen.bsn, request.client_id, request.scopes))
        if not self._still_fits(request):
            return self.fail(request, "unauthorized_client")
        code, now = secrets.token_urlsafe(32), self._clock.now()
        grant = Grant(
            secrets.token_urlsafe(32), secrets.token_urlsafe(32), citizen, request, now, now + CODE_LIFE
        )
        self._store.create(grant, code)
        _log.info("consent given", client_id=request.client_id)
        return self._back(request, {"code": code})

    def refuse(self, request: AuthorizationRequest, citizen: Principal) -> str:
        """The citizen says no."""
        self._audit.write(audit_facts.consent_refused(citizen.bsn, request.client_id, request.scopes))
        _log.info("consent refused", client_id=request.client_id)
        return self.fail(request, "access_denied")

    def fail(self, request: AuthorizationRequest, error: str) -> str:
        """The address that tells the client what went wrong (RFC 6749, section 4.1.2.1)."""
        return self._back(request, {"error": error})

    def _back(self, request: AuthorizationRequest, answer: dict[str, str]) -> str:
        """With `iss`, so that a client of several servers knows which one answers (RFC 9207)."""
        query = urlencode({**answer, "state": request.state, "iss": self._issuer})
        return f"{request.redirect_uri}{'&' if '?' in request.redirect_uri else '?'}{query}"

    def _still_fits(self, request: AuthorizationRequest) -> bool:
        """The client may have been removed or changed since it asked."""
        client = self._clients.find(request.client_id)
        return (
            client is not None
            and request.redirect_uri in client.redirect_uris
            and request.scopes <= client.scopes
            and request.confirmation.binding is client.binding
        )
