"""One question in SuwiML: is it signed and addressed as it should, about whom, and then the answer (or what goes
wrong with it)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from simulators.organisations import dkd
from simulators.organisations.behaviour import Behaviour
from simulators.organisations.data_files import Citizen
from simulators.organisations.dkd import DkdParty
from simulators.organisations.replies import Turn, perform
from simulators.organisations.server import Exchange
from sources.errors import SourceError
from sources.transport import soap
from sources.transport.wsse_frame import DS

if TYPE_CHECKING:
    from simulators.organisations.conversation import Conversation

LARGEST_QUESTION = 20_000
_FAULTS = (Behaviour.FAULT, Behaviour.GATEWAY_FAULT, Behaviour.UNSIGNED_FAULT)


@dataclass(frozen=True)
class DkdQuestion:
    bsn: str
    message_id: str
    signature: str | None


@dataclass(frozen=True)
class DkdTurn(Turn):
    party: DkdParty
    question: DkdQuestion

    @property
    def content_type(self) -> str:
        return "text/xml;charset=UTF-8"

    def encoded_about(self, citizen: Citizen) -> bytes:
        known = citizen in self.organisation.citizens or citizen.bsn != self.citizen.bsn
        from_file = bool(self.organisation.settings.get("uit_bestand", True))
        content = dkd.response_content(
            self.party.version, citizen, self.behaviour, known=known, from_file=from_file
        )
        return self._envelope(content)

    def encoded_about_nobody(self) -> bytes:
        return self.encoded_about(replace(self.citizen, bsn=""))

    def own_reply(self) -> Callable[[Turn], None] | None:
        if self.behaviour in _FAULTS:
            return lambda _turn: self.exchange.send(
                500, self._envelope(dkd.fault_content(self.behaviour, self.party.version)), self.content_type
            )
        changes: dict[Behaviour, Callable[[bytes], bytes]] = {
            Behaviour.EMPTY: lambda _body: b"",
            Behaviour.DOCTYPE: lambda body: body.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY x "hallo">]>', 1),
            Behaviour.BROKEN_SIGNATURE: _break_signature,
        }
        change = changes.get(self.behaviour)
        return None if change is None else lambda _turn: self.send(change(self.encoded()))

    def _envelope(self, content: object) -> bytes:
        related = "urn:uuid:other" if self.behaviour is Behaviour.OTHER_QUESTION else self.question.message_id
        addressing = dkd.answer_addressing(self.organisation, self.party.version, related)
        if self.behaviour is Behaviour.OTHER_RECEIVER:
            addressing = replace(addressing, to="https://elders.invalid/dkd")
        has_header = self.organisation.settings["profiel"] != "none"
        envelope = soap.build_envelope(content, addressing if has_header else None)
        impostor = self.behaviour is Behaviour.OTHER_SIGNER
        security = self.party.impostor if impostor else self.party.security
        unsigned = self.behaviour in {Behaviour.UNSIGNED, Behaviour.UNSIGNED_FAULT}
        if security is not None and not unsigned:
            security.sign(envelope, datetime.now(UTC), confirms=self.question.signature)
        return soap.serialise(envelope)


def respond(conversation: Conversation, party: DkdParty, exchange: Exchange) -> None:
    length = exchange.headers.get("Content-Length", "")
    raw = exchange.rfile.read(int(length)) if length.isdigit() and int(length) <= LARGEST_QUESTION else b""
    if exchange.path != dkd.PATH:
        exchange.send(404, b"", "text/plain")
        return
    if not conversation.knows(exchange):
        exchange.send(401, b"", "text/plain")
        return
    question = read_question(conversation, party, exchange, raw)
    if question is None:
        exchange.send(400, b"", "text/plain")
        return
    organisation = conversation.organisation
    citizen = organisation.citizen(question.bsn)
    behaviour = conversation.switched() or citizen.behaviour
    turn = (exchange, organisation, citizen, 0, behaviour, conversation.slow_seconds, conversation.switched)
    perform(DkdTurn(*turn, party=party, question=question))


def read_question(
    conversation: Conversation, party: DkdParty, exchange: Exchange, raw: bytes
) -> DkdQuestion | None:
    """None when it is not exactly what the standard asks for."""
    wanted = conversation.organisation.settings.get("soap_action", '""')
    if exchange.headers.get("SOAPAction") != wanted or "text/xml" not in exchange.headers["Content-Type"]:
        return None
    try:
        opened = soap.open_envelope(raw)
        content, signature = opened.content, None
        if party.security is not None:
            content = party.security.verify(opened, None, datetime.now(UTC))
            signature = "".join(opened.root.find(f".//{{{DS}}}SignatureValue").text.split())
    except SourceError:
        return None
    bsn = content.findtext("Burgerservicenr") or ""
    right_name = content.tag == f"{{{dkd.SERVICE}/{party.version}}}BijstandsregelingenInfo"
    message_id = opened.address_text("MessageID") or ""
    needs_address = conversation.organisation.settings["profiel"] != "none"
    sender = f"?oin={conversation.caller_oin}"
    addressed = bool(message_id) and (opened.address_text("From") or "").endswith(sender)
    if not right_name or not re.fullmatch(r"[0-9]{9}", bsn) or (needs_address and not addressed):
        return None
    return DkdQuestion(bsn, message_id, signature)


def _break_signature(body: bytes) -> bytes:
    """Valid XML of which one signed text differs."""
    return body.replace(b"urn:uuid:", b"urn:uuid:f", 1)
