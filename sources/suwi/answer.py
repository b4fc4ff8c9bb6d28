"""What kind of answer it is: data, none, part, or an error in one of its many forms.

The rule behind it all: only "not found" and a client without claims mean that there are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from claims.financial_claim import Finding
from claims.identity import Bsn
from claims.outcome import PartialReason
from sources.errors import SourceMalformed, SourceReportedError, SourceUnavailable
from sources.suwi.mapping import ReadClient, ReadingRules, has_stray_claim, read_client
from sources.suwi.persons import has_stray_client, require_one_person
from sources.transport.xml import Node

RESPONSE = "BijstandsregelingenInfoResponse"
FWI_FAMILY = "http://bkwi.nl/SuwiML/FWI/"
_NOTHING = ReadClient((), False, None, None, ())


@dataclass(frozen=True, slots=True)
class ReadResponse:
    client: ReadClient
    partial: tuple[PartialReason, ...]
    findings: tuple[Finding, ...]


def read_response(body: Node, bsn: Bsn, rules: ReadingRules, today: date) -> ReadResponse:
    """Raises a SourceError for every answer that holds no data, and WrongPerson."""
    if body.name == "Fault":
        raise _fault(body)
    if body.name != RESPONSE:
        raise SourceMalformed("the answer is another message than we asked for")
    has_client, not_found = body.child("ClientSuwi") is not None, body.child("NietsGevonden") is not None
    messages = tuple(body.all("FWI"))
    if has_client and not not_found:
        return _data(read_client(body, bsn, rules, today), messages)
    if messages and not has_client:
        raise SourceReportedError("the source gave messages and no data")
    if not not_found or has_client:
        raise SourceMalformed("the answer holds no data, or contradicts itself")
    require_one_person(body, bsn)  # "nothing found" about somebody else says nothing about this person
    if has_stray_client(body) or any(body.everywhere("Vordering")) or has_stray_claim(body):
        raise SourceMalformed("the answer says that nothing was found, and holds data")
    return ReadResponse(_NOTHING, (), ())


def _fault(fault: Node) -> Exception:
    """The text of a fault is not used: it may hold a BSN."""
    if any(node.namespace.startswith(FWI_FAMILY) for node in fault.everywhere("Fout")):
        return SourceReportedError("the source answered with a fault of its own")
    return SourceUnavailable("the source answered with a technical fault")


def _data(client: ReadClient, messages: tuple[Node, ...]) -> ReadResponse:
    kinds = [kind.name for message in messages for kind in message.children]
    warned = bool(messages) and (not kinds or any(kind != "Informatie" for kind in kinds))
    partial: tuple[PartialReason, ...] = (PartialReason.SOURCE_WARNED,) if warned else ()
    partial += (PartialReason.CLAIM_UNREADABLE,) if client.unreadable else ()
    noted = (Finding("source_note"),) if "Informatie" in kinds else ()
    return ReadResponse(client, partial, (*client.findings, *noted))
