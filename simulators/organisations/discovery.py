"""Where an organisation of the signed list answers: a document that it signs with its key in that list."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from joserfc import jws
from joserfc.jwk import ECKey

from simulators.organisations import fcid
from simulators.organisations.behaviour import Behaviour
from simulators.organisations.data_files import Citizen, Json
from simulators.organisations.replies import Turn, perform, problem
from simulators.organisations.server import Exchange

if TYPE_CHECKING:
    from simulators.organisations.conversation import Conversation

PATH = "/ontdekken"
OTHER_OIN = "00000001900000099000"


@dataclass(frozen=True)
class DiscoveryParty:
    """The organisation's key for signing, and that of somebody else."""

    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"), repr=False)
    impostor: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"), repr=False)


@dataclass(frozen=True)
class DiscoveryTurn(Turn):
    party: DiscoveryParty

    @property
    def content_type(self) -> str:
        return "application/json" if self.behaviour is Behaviour.UNSIGNED else "application/jose"

    def encoded_about(self, citizen: Citizen) -> bytes:  # noqa: ARG002
        document = json.dumps(self._document()).encode()
        if self.behaviour is Behaviour.UNSIGNED:
            return document
        key = self.party.impostor if self.behaviour is Behaviour.OTHER_SIGNER else self.party.key
        return sign(document, key, "discovery+jws")

    def own_reply(self) -> Callable[[Turn], None] | None:
        if self.behaviour is Behaviour.HUGE:
            return lambda turn: turn.send(self.encoded() + b" " * 200_000)
        return None

    def _document(self) -> Json:
        other = self.behaviour is Behaviour.WRONG_CITIZEN
        version = (
            "2" if self.behaviour is Behaviour.OTHER_VERSION else self.organisation.settings["fcid_versie"]
        )
        scheme = "http" if self.behaviour is Behaviour.PLAIN_ADDRESS else "https"
        address = f"{scheme}://127.0.0.1:{self.exchange.server.port}{fcid.PATH}"
        return {"oin": OTHER_OIN if other else self.organisation.settings["oin"], "fcid": {version: address}}


def respond(conversation: Conversation, exchange: Exchange) -> None:
    if conversation.discovery is None or exchange.path != PATH:
        exchange.send(404, problem("no such page"), "application/problem+json")
        return
    organisation = conversation.organisation
    switched = functools.partial(conversation.switches.get, switch_name(organisation.source_id))
    behaviour = switched() or Behaviour.NORMAL
    turn = (exchange, organisation, Citizen(""), 0, behaviour, conversation.slow_seconds, switched)
    perform(DiscoveryTurn(*turn, party=conversation.discovery))


def switch_name(source_id: str) -> str:
    """Discovery misbehaves apart from the questions themselves."""
    return f"{source_id}/ontdekken"


def sign(content: bytes, key: ECKey, kind: str) -> bytes:
    """A compact JWS."""
    header = {"alg": "ES256", "typ": kind, "kid": key.thumbprint()}
    return jws.serialize_compact(header, content, key).encode()
