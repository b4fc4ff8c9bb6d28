"""Weak or odd signing: a right signature, made in a way that lets somebody else change or choose what is read."""

import base64
import copy
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from claims.instant import format_instant
from simulators.certificates import Identity
from sources.errors import SourceUntrusted
from sources.transport.soap import serialise
from sources.transport.wsse_frame import DS, WSSE, WSU, X509_KIND
from tests.support.wsse import (
    BODY,
    HEADER,
    NOW,
    SECURITY,
    SIGNATURE,
    WSU_ID,
    Party,
    all_parts,
    make_party,
    signed,
    signing,
    verify,
)
from tests.support.xmldsig import EXCLUSIVE, HMAC_SHA256, Transformed, canonical, part, resign


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> Party:
    return make_party(tmp_path_factory.mktemp("signing"))


def _resigned(party: Party, identity: Identity | None = None, **changes: Any) -> bytes:
    message = signed(party)
    how = signing(identity or party.signer, **changes)
    resign(message.find(SIGNATURE), how.with_references(*(how.references or all_parts(message))))
    return serialise(message)


def test_the_signer_of_these_tests_is_believed_when_it_does_nothing_odd(party: Party) -> None:
    assert verify(party, _resigned(party)).findtext("Burgerservicenr") == "999993549"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"method": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"}, "cannot be verified"),
        ({"digest": "http://www.w3.org/2000/09/xmldsig#sha1"}, "cannot be verified"),
        ({"method": HMAC_SHA256}, "cannot be verified"),
        ({"canonical": f"{EXCLUSIVE}WithComments"}, "another canonicalisation"),
    ],
)
def test_a_weak_method_is_refused_though_the_signature_is_right(
    party: Party, changes: dict[str, Any], reason: str
) -> None:
    """HMAC: the key would be the certificate, which everybody has."""
    with pytest.raises(SourceUntrusted, match=reason):
        verify(party, _resigned(party, **changes))


_XSLT = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet version="1.0" '
    'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"/></xsl:stylesheet></ds:Transform>'
)
_XPATH = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">'
    "<ds:XPath>not(ancestor-or-self::Burgerservicenr)</ds:XPath></ds:Transform>"
)
_FILTER = (
    '<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2">'
    '<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">//Burgerservicenr</f:XPath>'
    "</ds:Transform>"
)
_PLAIN = f'<ds:Transform Algorithm="{EXCLUSIVE}"/>'
_ENVELOPED = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
_BASE64 = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"/>'


@pytest.mark.parametrize("transform", [_XSLT, _XPATH, _FILTER, _ENVELOPED, _BASE64, "", _PLAIN])
def test_a_transform_that_leaves_something_out_is_refused(party: Party, transform: str) -> None:
    """The digest is right for what the transform leaves, so only the transform itself can be the reason."""
    message = signed(party)
    body, *others = all_parts(message)
    left = copy.deepcopy(message.find(BODY))
    for number in list(left.iter("Burgerservicenr")):
        number.getparent().remove(number)
    odd = Transformed(body.uri, canonical(left), transform + (_PLAIN if transform else ""))
    resign(message.find(SIGNATURE), signing(party.signer).with_references(odd, *others))
    with pytest.raises(SourceUntrusted, match="transformed in another way"):
        verify(party, serialise(message))


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("", "points outside"),
        ("#", "points outside"),
        ("https://elders.invalid/", "points outside"),
        ("#xpointer(/)", "cannot be verified"),
        ("#xpointer(id('S-1'))", "cannot be verified"),
    ],
)
def test_a_reference_that_is_not_a_plain_name_is_refused(party: Party, uri: str, reason: str) -> None:
    message = signed(party)
    _, *others = all_parts(message)
    odd = Transformed(uri, canonical(message.find(BODY)))
    resign(message.find(SIGNATURE), signing(party.signer).with_references(odd, *others))
    with pytest.raises(SourceUntrusted, match=reason):
        verify(party, serialise(message))


@pytest.mark.parametrize("number", range(8))
def test_every_part_must_be_signed_by_the_organisation_itself(party: Party, number: int) -> None:
    """A right signature over all but one: Body, Timestamp, SignatureConfirmation and each address."""
    message = signed(party)
    parts = all_parts(message)
    assert len(parts) == 8
    del parts[number]
    resign(message.find(SIGNATURE), signing(party.signer).with_references(*parts))
    with pytest.raises(SourceUntrusted, match="must be signed is not"):
        verify(party, serialise(message))


def _token_reference(uri: str) -> str:
    return (
        f'<ds:KeyInfo xmlns:ds="{DS}" xmlns:wsse="{WSSE}"><wsse:SecurityTokenReference>'
        f'<wsse:Reference URI="{uri}" ValueType="{X509_KIND}"/></wsse:SecurityTokenReference></ds:KeyInfo>'
    )


def _der(identity: Identity) -> str:
    return base64.b64encode(identity.certificate.public_bytes(Encoding.DER)).decode()


def _second_token(message: Any, place: Any, identity: Identity) -> None:
    token = copy.deepcopy(message.find(f"{SECURITY}/{{{WSSE}}}BinarySecurityToken"))
    token.set(WSU_ID, "X509-2")
    token.text = _der(identity)
    place.append(token)


def test_a_strangers_signature_beside_the_right_certificate_is_refused(party: Party) -> None:
    with pytest.raises(SourceUntrusted, match="cannot be verified"):
        verify(party, _resigned(party, party.stranger))


def test_a_strangers_certificate_of_the_same_issuer_is_refused(party: Party) -> None:
    message = signed(party)
    message.find(f"{SECURITY}/{{{WSSE}}}BinarySecurityToken").text = _der(party.stranger)
    resign(message.find(SIGNATURE), signing(party.stranger).with_references(*all_parts(message)))
    with pytest.raises(SourceUntrusted, match="another organisation"):
        verify(party, serialise(message))


@pytest.mark.parametrize("where", [SECURITY, HEADER])
def test_key_info_that_points_to_a_second_certificate_is_refused(party: Party, where: str) -> None:
    """The right certificate stays where it is; the signature is of the stranger whose certificate stands beside it."""
    message = signed(party)
    _second_token(message, message.find(where), party.stranger)
    how = signing(party.stranger, key_info=_token_reference("#X509-2"))
    resign(message.find(SIGNATURE), how.with_references(*_all_parts_but_tokens(message)))
    with pytest.raises(SourceUntrusted, match="one certificate in the message"):
        verify(party, serialise(message))


def _all_parts_but_tokens(message: Any) -> list[Transformed]:
    return [one for one in all_parts(message) if one.uri != "#X509-2"]


@pytest.mark.parametrize("uri", ["https://elders.invalid/certificaat", "#S-1", "", "#None"])
def test_key_info_that_points_elsewhere_is_refused(party: Party, uri: str) -> None:
    with pytest.raises(SourceUntrusted, match="one certificate in the message"):
        verify(party, _resigned(party, key_info=_token_reference(uri)))


def test_a_bare_certificate_in_key_info_is_refused(party: Party) -> None:
    inner = f"<ds:X509Data><ds:X509Certificate>{_der(party.stranger)}</ds:X509Certificate></ds:X509Data>"
    key_info = f'<ds:KeyInfo xmlns:ds="{DS}">{inner}</ds:KeyInfo>'
    with pytest.raises(SourceUntrusted, match="one certificate in the message"):
        verify(party, _resigned(party, party.stranger, key_info=key_info))


def test_a_key_beside_the_reference_to_the_certificate_is_refused(party: Party) -> None:
    numbers = signing(party.stranger).key.public_key().public_numbers()
    modulus = base64.b64encode(numbers.n.to_bytes(384, "big")).decode()
    value = f"<ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent>"
    key = f"<ds:KeyValue><ds:RSAKeyValue>{value}</ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>"
    key_info = _token_reference("#X509-1").replace("</ds:KeyInfo>", key)
    for signer in (party.signer, party.stranger):
        with pytest.raises(SourceUntrusted):
            verify(party, _resigned(party, signer, key_info=key_info))


@pytest.mark.parametrize("name", ["SignedInfo", "SignatureValue", "KeyInfo", "Object"])
@pytest.mark.parametrize("first", [True, False])
def test_a_signature_with_a_part_too_many_is_refused(party: Party, name: str, first: bool) -> None:
    """Two programs that each take another SignedInfo would each verify something else."""
    message = signed(party)
    signature = message.find(SIGNATURE)
    found = signature.find(f"{{{DS}}}{name}")
    extra = etree.Element(f"{{{DS}}}{name}") if found is None else copy.deepcopy(found)
    signature.insert(0 if first else len(signature), extra)
    with pytest.raises(SourceUntrusted, match="odd form"):
        verify(party, serialise(message))


def test_a_signed_manifest_does_not_stand_for_what_it_lists(party: Party) -> None:
    """A reference to a list of references, of which nobody compares the digests."""
    message = signed(party)
    body, *others = all_parts(message)
    manifest = etree.SubElement(message.find(SECURITY), f"{{{DS}}}Manifest")
    manifest.set(WSU_ID, "M-1")
    etree.SubElement(manifest, f"{{{DS}}}Reference", URI=body.uri)
    resign(message.find(SIGNATURE), signing(party.signer).with_references(part(manifest, WSU_ID), *others))
    with pytest.raises(SourceUntrusted, match="must be signed is not"):
        verify(party, serialise(message))


@pytest.mark.parametrize(("name", "minutes"), [("Created", 11), ("Created", -6), ("Expires", 6)])
def test_an_answer_is_fresh_whatever_it_says_of_itself(party: Party, name: str, minutes: int) -> None:
    """Made long ago and good for ten years; made in the future; or over already."""
    message = signed(party)
    timestamp = message.find(f"{SECURITY}/{{{WSU}}}Timestamp")
    timestamp.find(f"{{{WSU}}}Expires").text = "2099-01-01T00:00:00Z"
    timestamp.find(f"{{{WSU}}}{name}").text = format_instant(NOW - timedelta(minutes=minutes))
    resign(message.find(SIGNATURE), signing(party.signer).with_references(*all_parts(message)))
    with pytest.raises(SourceUntrusted, match="of another time"):
        verify(party, serialise(message))


@pytest.mark.parametrize("text", ["gisteren", "", "2026-01-05T09:15:30", "99999-01-01T00:00:00Z"])
def test_a_moment_that_cannot_be_read_is_refused(party: Party, text: str) -> None:
    message = signed(party)
    message.find(f"{SECURITY}/{{{WSU}}}Timestamp/{{{WSU}}}Created").text = text
    resign(message.find(SIGNATURE), signing(party.signer).with_references(*all_parts(message)))
    with pytest.raises(SourceUntrusted, match="cannot be verified"):
        verify(party, serialise(message))
