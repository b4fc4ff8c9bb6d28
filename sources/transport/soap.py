"""SOAP 1.1 envelopes with WS-Addressing (W3C 2005/08), built and opened without any description of services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from sources.errors import SourceMalformed
from sources.transport.xml import Node, parse_xml, to_node

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSA = "http://www.w3.org/2005/08/addressing"
MEDIA_TYPES = frozenset({"text/xml", "application/xml"})


@dataclass(frozen=True, slots=True)
class Addressing:
    """Addresses carry the OIN of the party as `?oin=`; `message_id` is a URI. `relates_to` in answers only."""

    message_id: str
    sender: str
    to: str
    action: str
    relates_to: str | None = None


def build_envelope(content: Any, addressing: Addressing | None) -> Any:
    """An lxml Envelope around one element; without `addressing` there is no header at all."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "wsa": WSA})
    if addressing is not None:
        header = etree.SubElement(envelope, f"{{{SOAP}}}Header")
        _add(header, "MessageID", addressing.message_id)
        sender = etree.SubElement(header, f"{{{WSA}}}From")
        _add(sender, "Address", addressing.sender)
        _add(header, "To", addressing.to)
        _add(header, "Action", addressing.action)
        if addressing.relates_to is not None:
            _add(header, "RelatesTo", addressing.relates_to)
    etree.SubElement(envelope, f"{{{SOAP}}}Body").append(content)
    return envelope


def _add(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{WSA}}}{name}").text = text


def build_element(namespace: str, name: str, **children: str) -> Any:
    """An element in `namespace` with un-namespaced children (elementFormDefault unqualified)."""
    element = etree.Element(f"{{{namespace}}}{name}", nsmap={"bij": namespace})
    for child, text in children.items():
        etree.SubElement(element, child).text = text
    return element


def serialise(envelope: Any) -> bytes:
    return bytes(etree.tostring(envelope, encoding="UTF-8", xml_declaration=True))


@dataclass(frozen=True)
class OpenedEnvelope:
    """`header` and `body` are lxml elements of one tree; there is exactly one body, with exactly one child."""

    root: Any = field(repr=False)
    header: Any = field(repr=False)
    body: Any = field(repr=False)

    @property
    def content(self) -> Any:
        return self.body[0]

    @property
    def is_fault(self) -> bool:
        return bool(self.content.tag == f"{{{SOAP}}}Fault")

    def address_text(self, name: str) -> str | None:
        """The text of one WS-Addressing header, None when it is absent."""
        element = None if self.header is None else self.header.find(f"{{{WSA}}}{name}")
        return None if element is None else "".join(element.itertext()).strip()


def open_envelope(raw: bytes) -> OpenedEnvelope:
    """Raises SourceMalformed for everything that is not plainly one SOAP 1.1 envelope."""
    root = parse_xml(raw)
    header, body = root.findall(f"{{{SOAP}}}Header"), root.findall(f"{{{SOAP}}}Body")
    if root.tag != f"{{{SOAP}}}Envelope" or len(header) > 1 or len(body) != 1 or len(root) > 2:
        raise SourceMalformed("the answer is not a SOAP envelope")
    if len(body[0]) != 1:
        raise SourceMalformed("the SOAP body does not hold one element")
    return OpenedEnvelope(root, header[0] if header else None, body[0])


def content_node(content: Any) -> Node:
    """The content of a body for a reader."""
    return to_node(content)
