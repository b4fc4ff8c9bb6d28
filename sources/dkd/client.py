"""The wire: one SOAP question with one BSN, one answer (Transactiestandaard 4.0; profiles by settings)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from claims.financial_claim import Finding
from claims.identity import Bsn
from sources.deadline import Deadline
from sources.dkd_settings import DkdSettings
from sources.errors import Misconfigured, SourceMalformed, SourceUnavailable
from sources.transport import soap
from sources.transport.http import HttpTransport, Question, Reply
from sources.transport.revocation import RevocationLists
from sources.transport.trace import new_transaction_id
from sources.transport.wsse import SignatureKeys, SignatureRules, WsSecurity
from sources.transport.xml import Node

OPERATION = "BijstandsregelingenInfo"


@dataclass(frozen=True)
class DkdReply:
    """`element` is the lxml element for the schema report, `body` the same for reading."""

    element: Any = field(repr=False)
    body: Node = field(repr=False)
    findings: tuple[Finding, ...] = ()


class DkdClient:
    """Safe to share between threads. Opens no file before the first question."""

    def __init__(self, transport: HttpTransport, settings: DkdSettings, url: str) -> None:
        self._transport = transport
        self._settings = settings
        self._url = url
        self._security = _security(settings)

    @property
    def signing_expires_at(self) -> datetime | None:
        """When our certificate for signing ends; None when nothing is signed. Raises Misconfigured."""
        return self._security.own_expires_at if self._security else None

    def ask(self, bsn: Bsn, now: datetime, deadline: Deadline) -> DkdReply:
        """The unverified answer: its signature and addresses are checked, its content is not. Raises a SourceError."""
        number = new_transaction_id()
        addressing = self._addressing(number)
        content = soap.build_element(self._settings.namespace, OPERATION, Burgerservicenr=bsn.digits)
        envelope = soap.build_envelope(content, addressing)
        proof = self._security.sign(envelope, now) if self._security else None
        reply = self._post(soap.serialise(envelope), number, deadline)
        opened = soap.open_envelope(reply.body)
        if self._security is None or proof is None:
            element = opened.content
        elif opened.is_fault and not self._security.is_signed(opened):
            raise SourceUnavailable("an unsigned fault on a signed channel")
        else:
            element = self._security.verify(opened, proof, now)
        findings = _check_relation(opened, addressing, gateway=self._settings.gateway)
        if reply.status != 200 and not opened.is_fault:
            raise SourceMalformed("an error status with something else than a fault")
        return DkdReply(element, soap.content_node(element), findings)

    def _post(self, body: bytes, number: str, deadline: Deadline) -> Reply:
        headers = {
            "Content-Type": "text/xml; charset=utf-8",
            "Accept": "text/xml",
            "SOAPAction": self._soap_action(),
        }
        question = Question(body, headers, soap.MEDIA_TYPES, frozenset({500}), number)
        return self._transport.post("", question, deadline)

    def _soap_action(self) -> str:
        """Empty in quotes (WS002); some gateways choke on the quotes, some want the action."""
        action = f'"{self._settings.actions}/{OPERATION}"'
        return {"quoted": '""', "bare": "", "action": action}[self._settings.soap_action]

    def _addressing(self, number: str) -> soap.Addressing | None:
        settings = self._settings
        if settings.header_profile == "none":
            return None
        return soap.Addressing(
            message_id=f"urn:uuid:{number}",
            sender=f"{settings.from_address}?oin={settings.from_oin}",
            to=f"{self._url}?oin={settings.to_oin}",
            action=f"{settings.actions}/{OPERATION}",
        )


def _security(settings: DkdSettings) -> WsSecurity | None:
    if settings.header_profile != "wsa+wsse":
        return None
    certificate, key = settings.signing_certificate_file, settings.signing_key_file
    if not (certificate and key and settings.answer_ca_file and settings.answer_oin):
        raise Misconfigured("the files for signatures are missing")
    crl_file, accept = settings.crl_file, settings.crl_in_doubt == "accept"
    revocation = None if crl_file is None else RevocationLists(crl_file, accept_doubt=accept)
    rules = SignatureRules(settings.answer_ca_file, settings.answer_oin, revocation)
    return WsSecurity(SignatureKeys(certificate, key), rules)


def _check_relation(
    opened: soap.OpenedEnvelope, addressing: soap.Addressing | None, *, gateway: bool
) -> tuple[Finding, ...]:
    """Directly connected, the answer names our question and us; a gateway in between may put its own names there."""
    if addressing is None or opened.is_fault:
        return ()
    wanted = {"RelatesTo": addressing.message_id, "To": addressing.sender}
    differing = [name for name, text in wanted.items() if opened.address_text(name) != text]
    if differing and not gateway:
        raise SourceMalformed("the answer belongs to another question or another service")
    return tuple(Finding("address_differs", name) for name in differing)
