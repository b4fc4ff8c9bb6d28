"""Changes to a tree of XML elements: what a sloppy or hostile sender of SOAP could do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any

from lxml import etree

from tests.fuzz.mutations import WORDS, any_bytes, change_bytes, with_bytes_now_and_then
from tests.fuzz.watch import CANARY

NAMES = (
    "Vordering", "vordering", "VORDERING", "ClientSuwi", "NietsGevonden", "FWI", "Fout", "Waarschuwing", "Informatie",
    "Fault", "Burgerservicenr", "IdentificatienrVordering", "BedrSaldoVordering", "BedrAanvangVordering", "WaardeBedr",
    "CdPositiefNegatief", "CdMunteenheid", "PartnerVordering", "DossierGsd", "Fraude", "SzWet", "Body", "Header",
    "BijstandsregelingenInfoResponse", "Vorderingen", "Verzamelbestand", "aantal", "peildatum", CANARY,
)  # fmt: skip
NAMESPACES = ("", "urn:x", "http://schemas.xmlsoap.org/soap/envelope/", "http://bkwi.nl/SuwiML/FWI/v0205")
PIECES = (
    b"<!DOCTYPE a>", b'<!DOCTYPE a [<!ENTITY x "Kanarie">]>', b'<!ENTITY x SYSTEM "file:///etc/hostname">', b"&x;", b"&amp;",
    b"<![CDATA[111111110]]>", b"<!--k-->", b"<?pi k?>", b' xsi:nil="true"', b' Id="S-1"', b"&#0;", b"&#49;", b"&#x10FFFF;",
    b'<?xml version="1.0" encoding="UTF-16"?>', b'<?xml version="1.1"?>', b' xmlns="urn:x"', b' xmlns:soapenv="urn:x"',
    b"<Vordering/>", b"<NietsGevonden/>", b"</ClientSuwi>", b"<ClientSuwi>", b"<a>" * 50, b"<a>" * 5000,
)  # fmt: skip


def _remove(_root: Any, element: Any, _random: Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _repeat(root: Any, element: Any, random: Random) -> None:
    """A copy of the element somewhere else: inside, beside, before."""
    target = random.choice(list(root.iter(etree.Element)))
    target.insert(random.randint(0, len(target)), copy.deepcopy(element))


def _move(root: Any, element: Any, random: Random) -> None:
    target = random.choice(list(root.iter(etree.Element)))
    if element not in (target, *target.iterancestors()):
        target.insert(random.randint(0, len(target)), element)


def _rename(_root: Any, element: Any, random: Random) -> None:
    namespace = random.choice((etree.QName(element).namespace or "", *NAMESPACES))
    name = random.choice((etree.QName(element).localname, *NAMES))
    element.tag = f"{{{namespace}}}{name}" if namespace else name


def _say(_root: Any, element: Any, random: Random) -> None:
    element.text = random.choice(WORDS) * random.choice((1, 1, 1, 2, 300))


def _comment(_root: Any, element: Any, random: Random) -> None:
    text = element.text or ""
    cut = random.randint(0, len(text))
    element.text = text[:cut]
    comment = etree.Comment(random.choice(("k", CANARY, "<a/>")))
    comment.tail = text[cut:]
    element.insert(0, comment)


def _new_child(_root: Any, element: Any, random: Random) -> None:
    child = etree.SubElement(element, random.choice(NAMES))
    child.text = random.choice(WORDS)


def _attribute(root: Any, element: Any, random: Random) -> None:
    """An attribute of any other element: identifiers end up at two places, or at the wrong one."""
    found = [pair for other in root.iter(etree.Element) for pair in other.attrib.items()]
    name, value = random.choice(found or [("Id", "S-1")])
    element.set(
        name if random.random() < 0.7 else "Id", value if random.random() < 0.7 else random.choice(WORDS)
    )


def _wrap(_root: Any, element: Any, random: Random) -> None:
    parent = element.getparent()
    if parent is not None:
        place = parent.index(element)
        wrapper = etree.Element(random.choice(NAMES))
        wrapper.append(element)
        parent.insert(place, wrapper)


def _empty(_root: Any, element: Any, random: Random) -> None:
    for child in list(element):
        if random.random() < 0.7:
            element.remove(child)
    element.text = None


_CHANGES: tuple[Callable[[Any, Any, Random], None], ...] = (
    _remove, _repeat, _move, _rename, _say, _say, _comment, _new_child, _attribute, _wrap, _empty,
)  # fmt: skip


def _change(data: bytes, random: Random) -> bytes:
    if random.random() < 0.1:
        return change_bytes(data, random, PIECES)
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        element = random.choice(list(root.iter(etree.Element)))
        random.choice(_CHANGES)(root, element, random)
        return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=random.random() < 0.5))
    except (etree.LxmlError, ValueError):
        return any_bytes(data, random)


mutate_xml = with_bytes_now_and_then(_change)
