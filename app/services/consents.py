"""What a citizen allows apps at this moment: see it and withdraw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from app.language import _
from app.ports.clients import ClientStore
from app.ports.clock import Clock
from app.ports.consents import Grant, GrantStore
from app.ports.grants import Scope
from app.services import audit_facts
from app.services.audit import WritesAudit
from claims.identity import Bsn


@dataclass(frozen=True, slots=True)
class Consent:
    """`client_name`: of an app that was removed, its id."""

    grant_id: str
    client_id: str
    client_name: str
    scopes: frozenset[Scope]
    given_at: datetime
    expires_at: datetime


class Consents:
    """One object per process; safe to share between threads. Every method may raise StorageUnavailable."""

    def __init__(
        self,
        store: GrantStore,
        clients: ClientStore,
        audit: WritesAudit,
        clock: Clock,
        external: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`external`: names of apps that other authorization servers let in, by their id here."""
        self._store = store
        self._external = external
        self._clients = clients
        self._audit = audit
        self._clock = clock

    def of(self, citizen: Bsn) -> tuple[Consent, ...]:
        """The newest first; only what holds now."""
        return tuple(map(self._consent, self._store.of_citizen(citizen, self._clock.now())))

    def withdraw(self, citizen: Bsn, grant_id: str, by_app: str | None = None) -> bool:
        """The app can do nothing more, and what was collected for it is deleted. `by_app`: the id of the app that does it for
        the citizen. False when this citizen has no such consent (any more)."""
        now = self._clock.now()
        mine = next((one for one in self._store.of_citizen(citizen, now) if one.grant_id == grant_id), None)
        if mine is None or not self._store.delete(grant_id):
            return False
        self._audit.try_write(
            audit_facts.consent_withdrawn(citizen, mine.request.client_id, mine.request.scopes, by_app)
        )
        return True

    def app_name(self, client_id: str) -> str:
        """What citizens know this app by."""
        if client_id in self._external:
            return self._external[client_id]
        client = self._clients.find(client_id)
        if client is None:
            return _("een app die niet meer meedoet (%(name)s)", name=client_id)
        return client.name

    def _consent(self, grant: Grant) -> Consent:
        request = grant.request
        name = self.app_name(request.client_id)
        return Consent(
            grant.grant_id, request.client_id, name, request.scopes, grant.given_at, grant.expires_at
        )
