"""Letting clients in, changing and removing them: one way for the command and the operator page. No row, no deed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from app.oauth.client_keys import lost_keys
from app.oauth.faults import Fault, Field, Problem, RegistrationRefused
from app.oauth.registration import Checked, Stated, checked
from app.ports.audit import ActorKind, Result
from app.ports.clients import Client, ClientChanged, ClientExists, ClientStore
from app.ports.clock import Clock
from app.services import audit_facts
from app.services.audit import Fact, WritesAudit


@dataclass(frozen=True, slots=True)
class Registrar:
    """Who does it, for the audit log: an EMPLOYEE of the operator site by subject, or the OPERATOR of a command by account."""

    kind: ActorKind
    account: str


class ClientRegistry:
    """Every method raises StorageUnavailable."""

    def __init__(self, clients: ClientStore, audit: WritesAudit, clock: Clock) -> None:
        self.clients = clients
        self._audit = audit
        self._clock = clock

    def add(self, stated: Stated, who: Registrar) -> Client:
        """Raises RegistrationRefused."""
        new = self._new(stated)
        with self._written_down(audit_facts.client_registered(who.kind, who.account, new.client.client_id)):
            try:
                self.clients.add(new.client, new.logo)
            except ClientExists:
                raise _taken() from None
        return new.client

    def put(self, stated: Stated, who: Registrar) -> Client:
        """Add it, or put it in the place of whatever has its id. Raises RegistrationRefused, ClientChanged."""
        before = self.clients.find(checked(stated, self._clock.now()).client.client_id)
        return self.add(stated, who) if before is None else self.change(stated, before.registered_at, who)

    def change(self, stated: Stated, seen_at: datetime, who: Registrar) -> Client:
        """`seen_at`: `registered_at` of the registration that this one takes the place of. Raises RegistrationRefused, and
        ClientChanged when somebody else changed or removed that one meanwhile. Whoever takes a key away means that it no longer
        counts: what citizens allowed under the keys of before ends at once."""
        new = checked(stated, self._clock.now())
        before = self.clients.find(new.client.client_id)
        if before is None or before.registered_at != seen_at:
            raise ClientChanged
        is_other_logo = new.logo != self.clients.logo(before.client_id)
        what = changed(before, new.client) + (("logo",) if is_other_logo else ())
        fact = audit_facts.client_changed(who.kind, who.account, before.client_id, what)
        with self._written_down(fact):
            lost = lost_keys(before.jwks["keys"], new.client.jwks["keys"])
            self.clients.change(new.client, new.logo, seen_at, ends_grants=lost)
        return new.client

    def remove(self, client_id: str, who: Registrar) -> bool:
        """With all that citizens allowed it; False when there is no such client."""
        if self.clients.find(client_id) is None:
            return False
        with self._written_down(audit_facts.client_removed(who.kind, who.account, client_id)):
            return self.clients.remove(client_id)

    def _new(self, stated: Stated) -> Checked:
        """Told at once too: that there is one with this id."""
        try:
            new = checked(stated, self._clock.now())
        except RegistrationRefused as refused:
            is_an_id = all(fault.field is not Field.CLIENT_ID for fault in refused.faults)
            if is_an_id and self.clients.find(stated.client_id) is not None:
                raise RegistrationRefused(*_taken().faults, *refused.faults) from None
            raise
        if self.clients.find(new.client.client_id) is not None:
            raise _taken()
        return new

    @contextmanager
    def _written_down(self, fact: Fact) -> Iterator[None]:
        self._audit.write(fact)
        try:
            yield
        except BaseException:
            self._audit.try_write(replace(fact, result=Result.FAILED))
            raise


_PARTS = {
    "name": "name",
    "purpose": "purpose",
    "oin": "oin",
    "redirects": "redirect_uris",
    "scopes": "scopes",
    "proof": "authentication",
    "binding": "binding",
    "keys": "jwks",
    "kind": "kind",
}


def changed(before: Client, after: Client) -> tuple[str, ...]:
    """Words of ours for what differs."""
    return tuple(word for word, name in _PARTS.items() if getattr(before, name) != getattr(after, name))


def _taken() -> RegistrationRefused:
    return RegistrationRefused(Fault(Field.CLIENT_ID, Problem.ID_TAKEN))
