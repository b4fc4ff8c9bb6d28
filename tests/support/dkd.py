"""Example messages of SuwiML and the original schema, which is reference data and not part of the project."""

import os
from pathlib import Path
from typing import Any

from lxml import etree

from sources.transport.xml import Node, parse_xml, to_node

_MESSAGES = Path(__file__).parent / "dkd_messages"
_ROOT = Path(__file__).parents[2]
_SERVICE = Path("suwinet/Bijstandsregelingen-v0500-b04")
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"


def schema_folder() -> Path:
    """Folder of the original message definitions. A test that needs them fails without, it never skips."""
    named = os.environ.get("BLAUWE_KNOP_CONFORMANCE")
    # A worktree stands one folder deeper than the repository itself.
    folders = [Path(named)] if named else [up / "shared" / "conformance" for up in _ROOT.parents[:2]]
    for folder in folders:
        if (folder / _SERVICE).is_dir():
            return folder / _SERVICE
    raise AssertionError(
        "the original SUWI schemas are needed: put them in ../shared/conformance beside the repository, or set "
        "BLAUWE_KNOP_CONFORMANCE to the folder that holds suwinet/"
    )


def body_schema(name: str) -> Path:
    """`name`: BodyReaction, BodyAction."""
    return schema_folder() / "Diensten" / "Bijstandsregelingen" / "v0500-b04" / f"{name}.xsd"


def message(number: str) -> bytes:
    """One of the examples e1 .. e11; envelopes and bare bodies."""
    return (_MESSAGES / f"{number}.xml").read_bytes()


def body_element(raw: bytes) -> Any:
    """The one child of the SOAP body, or the root of a bare body."""
    root = parse_xml(raw)
    body = root.find(f"{SOAP}Body")
    return root if body is None else body[0]


def body_node(raw: bytes) -> Node:
    return to_node(body_element(raw))


def claim_body(bsn: str, *claims: str) -> bytes:
    """A response body with claims; each is the inner XML of one Vordering."""
    inner = "".join(f"<Vordering>{claim}</Vordering>" for claim in claims)
    return (
        '<b:BijstandsregelingenInfoResponse xmlns:b="http://bkwi.nl/SuwiML/Diensten/Bijstandsregelingen/v0500">'
        f"<ClientSuwi><Burgerservicenr>{bsn}</Burgerservicenr>{inner}</ClientSuwi>"
        "</b:BijstandsregelingenInfoResponse>"
    ).encode()


def text_of(element: Any) -> bytes:
    """The element as bytes, as it would be sent."""
    return bytes(etree.tostring(element))
