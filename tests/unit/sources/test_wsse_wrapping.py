"""Wrapping: the signed part of an answer stands somewhere else than where it is read, and a changed copy in its place.

Every message here is really signed by the right organisation, and each is refused for its own reason.
"""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree

from sources.errors import SourceMalformed, SourceUntrusted
from sources.transport.soap import SOAP, WSA, serialise
from sources.transport.wsse_frame import DS, WSSE, WSSE11, WSU
from tests.support.wsse import (
    BODY,
    HEADER,
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
from tests.support.xmldsig import canonical, resign

EVIL = "999990019"
Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> Party:
    return make_party(tmp_path_factory.mktemp("attacks"))


def _evil_copy(element: Any) -> Any:
    other = copy.deepcopy(element)
    for number in other.iter("Burgerservicenr"):
        number.text = EVIL
    return other


def _hide(message: Any, element: Any, place: Any, id_of_copy: dict[str, str]) -> Any:
    """The signed element goes to another place in the message; a changed copy takes its own place."""
    other = _evil_copy(element)
    del other.attrib[WSU_ID]
    other.attrib.update(id_of_copy)
    element.getparent().replace(element, other)
    as_signed = canonical(element)
    place.append(element)
    assert canonical(element) == as_signed
    return other


def _wrapper(message: Any) -> Any:
    return etree.SubElement(message.find(HEADER), "Wrapper")


def _body_in_a_header(message: Any) -> None:
    _hide(message, message.find(BODY), _wrapper(message), {WSU_ID: "anders"})


def _body_in_a_header_with_the_same_name(message: Any) -> None:
    body = message.find(BODY)
    _hide(message, body, _wrapper(message), {WSU_ID: body.get(WSU_ID)})


def _body_named(attribute: str) -> Change:
    def attack(message: Any) -> None:
        body = message.find(BODY)
        _hide(message, body, _wrapper(message), {attribute: body.get(WSU_ID)})

    return attack


def _body_in_the_signature(message: Any) -> None:
    place = etree.SubElement(message.find(SIGNATURE), f"{{{DS}}}Object")
    _hide(message, message.find(BODY), place, {WSU_ID: "anders"})


def _body_in_the_security_header(message: Any) -> None:
    _hide(message, message.find(BODY), message.find(SECURITY), {WSU_ID: "anders"})


def _body_in_a_second_security_header(message: Any) -> None:
    second = etree.SubElement(message.find(HEADER), f"{{{WSSE}}}Security")
    _hide(message, message.find(BODY), second, {WSU_ID: "anders"})


def _signature_in_a_second_security_header(message: Any) -> None:
    second = etree.SubElement(message.find(HEADER), f"{{{WSSE}}}Security")
    second.append(message.find(SIGNATURE))


def _security_header_for_another_role(message: Any) -> None:
    second = copy.deepcopy(message.find(SECURITY))
    second.set(f"{{{SOAP}}}actor", "urn:ander")
    message.find(HEADER).append(second)


def _signature_beside_the_security_header(message: Any) -> None:
    message.find(HEADER).append(message.find(SIGNATURE))


def _message_in_a_message(message: Any) -> None:
    """The whole signed message travels inside the body of another one."""
    inner = copy.deepcopy(message)
    body = _evil_copy(message.find(BODY))
    body[0].append(inner)
    message.replace(message.find(BODY), body)


def _timestamp_elsewhere(message: Any) -> None:
    timestamp = message.find(f"{SECURITY}/{{{WSU}}}Timestamp")
    _hide(message, timestamp, _wrapper(message), {WSU_ID: "anders"})


def _two_timestamps(message: Any) -> None:
    timestamp = copy.deepcopy(message.find(f"{SECURITY}/{{{WSU}}}Timestamp"))
    timestamp.set(WSU_ID, "anders")
    message.find(SECURITY).insert(0, timestamp)


def _confirmation_elsewhere(message: Any) -> None:
    confirmation = message.find(f"{SECURITY}/{{{WSSE11}}}SignatureConfirmation")
    _hide(message, confirmation, _wrapper(message), {WSU_ID: "anders"})


def _relation_elsewhere(message: Any) -> None:
    _hide(message, message.find(f"{HEADER}/{{{WSA}}}RelatesTo"), _wrapper(message), {WSU_ID: "anders"})


def _second_relation(message: Any) -> None:
    etree.SubElement(message.find(HEADER), f"{{{WSA}}}RelatesTo").text = "urn:uuid:9"


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (_body_in_a_header, "must be signed is not"),
        (_body_in_a_header_with_the_same_name, "occurs twice"),
        (_body_named("Id"), "occurs twice"),
        (_body_named("ID"), "occurs twice"),
        (_body_named("id"), "occurs twice"),
        (_body_named("{http://www.w3.org/XML/1998/namespace}id"), "occurs twice"),
        (_body_named("{urn:eigen}Id"), "occurs twice"),
        (_body_named("AssertionID"), "must be signed is not"),
        (_body_in_the_signature, "odd form"),
        (_body_in_the_security_header, "must be signed is not"),
        (_body_in_a_second_security_header, "not exactly one signature"),
        (_signature_in_a_second_security_header, "not exactly one signature"),
        (_security_header_for_another_role, "not exactly one signature"),
        (_signature_beside_the_security_header, "not in its place"),
        (_message_in_a_message, "not exactly one signature"),
        (_timestamp_elsewhere, "must be signed is not"),
        (_two_timestamps, "Timestamp or SignatureConfirmation"),
        (_confirmation_elsewhere, "must be signed is not"),
        (_relation_elsewhere, "must be signed is not"),
        (_second_relation, "must be signed is not"),
    ],
)
@pytest.mark.threat("T-19")
def test_what_is_read_must_be_what_was_signed(party: Party, attack: Change, reason: str) -> None:
    message = _with_one_prefix(party)
    attack(message)
    with pytest.raises(SourceUntrusted, match=reason):
        verify(party, serialise(message))


def _with_one_prefix(party: Party) -> Any:
    """A signed message in which every identifier has the prefix wsu, so that lxml can move parts unchanged."""
    raw = re.sub(rb' xmlns:ns[0-9]+="[^"]*"', b"", serialise(signed(party)))
    raw = re.sub(rb"ns[0-9]+:Id", b"wsu:Id", raw)
    message = etree.fromstring(
        raw.replace(b"<soapenv:Envelope", f'<soapenv:Envelope xmlns:wsu="{WSU}"'.encode())
    )
    resign(message.find(SIGNATURE), signing(party.signer).with_references(*all_parts(message)))
    return message


def test_without_an_attack_the_message_is_believed(party: Party) -> None:
    assert verify(party, serialise(_with_one_prefix(party))).findtext("Burgerservicenr") == "999993549"


def test_a_body_in_a_body_is_no_answer(party: Party) -> None:
    message = signed(party)
    body = message.find(BODY)
    _hide(message, body, message, {})
    with pytest.raises(SourceMalformed):
        verify(party, serialise(message))


def test_a_comment_in_a_signed_text_does_not_cut_it_in_two(party: Party) -> None:
    """Canonicalisation leaves comments out, so the signature still holds; a reader may stop at the comment."""
    raw = serialise(signed(party)).replace(b"999993549", b"99999<!-- -->3549")
    assert verify(party, raw).findtext("Burgerservicenr") == "999993549"
