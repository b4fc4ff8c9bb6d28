"""The frame of a WS-Security signature: where it must stand, what it must cover, when and in answer to what.

Nothing here proves anything by itself: the digests and the signature are verified in `wsse`.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from lxml import etree

from claims.instant import parse_instant
from sources.errors import SourceUntrusted
from sources.transport.soap import OpenedEnvelope

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSSE11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DS = "http://www.w3.org/2000/09/xmldsig#"
X509_KIND = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
BASE64 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
WSU_ID = f"{{{WSU}}}Id"
SECURITY = f"{{{WSSE}}}Security"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
LIFETIME = timedelta(minutes=5)
_CLOCKS_MAY_DIFFER = timedelta(minutes=5)
_MOST_REFERENCES = 20
_PARTS = [f"{{{DS}}}{name}" for name in ("SignedInfo", "SignatureValue", "KeyInfo")]


def only_signature(opened: OpenedEnvelope) -> tuple[Any, Any]:
    """The one Security header and the one signature in it. Two of either, or of a part of the signature, or an
    identifier that occurs twice, is how wrapping attacks begin."""
    headers = list(opened.root.iter(SECURITY))
    signatures = list(opened.root.iter(f"{{{DS}}}Signature"))
    if len(headers) != 1 or len(signatures) != 1 or opened.header is None:
        raise SourceUntrusted("there is not exactly one signature")
    if headers[0].getparent() is not opened.header or signatures[0].getparent() is not headers[0]:
        raise SourceUntrusted("the signature is not in its place")
    if [child.tag for child in signatures[0]] != _PARTS:
        raise SourceUntrusted("the signature has an odd form")
    identifiers = [
        value
        for element in opened.root.iter(etree.Element)
        for name, value in element.attrib.items()
        if etree.QName(name).localname.lower() == "id"
    ]
    if len(identifiers) != len(set(identifiers)):
        raise SourceUntrusted("an identifier occurs twice")
    return headers[0], signatures[0]


def signer_certificate(security: Any, signature: Any) -> x509.Certificate:
    """The certificate to which the signature refers. It proves nothing yet."""
    path = f"{{{DS}}}KeyInfo/{{{WSSE}}}SecurityTokenReference/{{{WSSE}}}Reference"
    references, tokens = signature.findall(path), security.findall(f"{{{WSSE}}}BinarySecurityToken")
    if len(references) != 1 or len(tokens) != 1 or references[0].get("URI") != f"#{tokens[0].get(WSU_ID)}":
        raise SourceUntrusted("the signature does not refer to one certificate in the message")
    try:
        return x509.load_der_x509_certificate(base64.b64decode(compact(tokens[0].text), validate=True))
    except (ValueError, binascii.Error):
        raise SourceUntrusted("the certificate of the signer cannot be read") from None


def reference_ids(signature: Any) -> list[str]:
    """What is signed, in order. Only references inside the message with exclusive canonicalisation and nothing else."""
    information = signature.find(f"{{{DS}}}SignedInfo")
    if information.find(f"{{{DS}}}CanonicalizationMethod").get("Algorithm") != EXCLUSIVE:
        raise SourceUntrusted("the signature uses another canonicalisation")
    references = information.findall(f"{{{DS}}}Reference")
    if not 0 < len(references) <= _MOST_REFERENCES:
        raise SourceUntrusted("the signature has an odd number of references")
    identifiers = []
    for reference in references:
        transforms = reference.findall(f"{{{DS}}}Transforms/{{{DS}}}Transform")
        if [transform.get("Algorithm") for transform in transforms] != [EXCLUSIVE]:
            raise SourceUntrusted("a reference is transformed in another way")
        uri = reference.get("URI") or ""
        if not uri.startswith("#") or len(uri) < 2:
            raise SourceUntrusted("a reference points outside the message")
        identifiers.append(uri[1:])
    if len(identifiers) != len(set(identifiers)):
        raise SourceUntrusted("a part is signed twice")
    return identifiers


def must_be_signed(opened: OpenedEnvelope, security: Any, *, with_confirmation: bool) -> list[Any]:
    """Body, Timestamp, all headers beside Security, and the confirmation of our question."""
    timestamps = security.findall(f"{{{WSU}}}Timestamp")
    confirmations = security.findall(f"{{{WSSE11}}}SignatureConfirmation")
    if len(timestamps) != 1 or (with_confirmation and len(confirmations) != 1):
        raise SourceUntrusted("Timestamp or SignatureConfirmation is missing")
    others = [element for element in opened.header if element is not security]
    return [opened.body, *timestamps, *confirmations, *others]


def check_time(security: Any, now: datetime) -> None:
    """Made in the last minutes, whatever `Expires` promises; the clocks may differ."""
    created = parse_instant(security.findtext(f"{{{WSU}}}Timestamp/{{{WSU}}}Created"))
    expires = security.findtext(f"{{{WSU}}}Timestamp/{{{WSU}}}Expires")
    until = min(parse_instant(expires), created + LIFETIME) if expires else created + LIFETIME
    if not created - _CLOCKS_MAY_DIFFER <= now <= until + _CLOCKS_MAY_DIFFER:
        raise SourceUntrusted("the signature is of another time")


def check_confirmation(security: Any, question_signature: str) -> None:
    confirmation = security.find(f"{{{WSSE11}}}SignatureConfirmation")
    if compact(confirmation.get("Value")) != question_signature:
        raise SourceUntrusted("the answer belongs to another question")


def compact(text: str | None) -> str:
    return "".join((text or "").split())
