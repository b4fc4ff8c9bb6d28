"""A signed answer is used only when our question's own partner signed exactly what we read."""

import copy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from signxml import (  # type: ignore[attr-defined]
    CanonicalizationMethod,
    SignatureConstructionMethod,
    SignatureReference,
    XMLSigner,
)

from simulators.authority import Authority
from sources.errors import Misconfigured, SourceMalformed, SourceUntrusted
from sources.transport.soap import (
    SOAP,
    WSA,
    open_envelope,
    serialise,
)
from sources.transport.wsse import SignatureKeys, SignatureRules, WsSecurity
from sources.transport.wsse_frame import DS, WSSE, WSSE11, WSU
from tests.support.wsse import (
    BODY,
    HEADER,
    NOW,
    OURS,
    QUESTION,
    SECURITY,
    THEIRS,
    Party,
    envelope,
    make_party,
    signed,
    verify,
)

EXCLUSIVE = b"http://www.w3.org/2001/10/xml-exc-c14n#"


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> Party:
    return make_party(tmp_path_factory.mktemp("wsse"))


def test_what_was_signed_is_what_is_read(party: Party) -> None:
    content = verify(party, serialise(signed(party)))
    assert content.findtext("Burgerservicenr") == "999993549"


def test_body_timestamp_confirmation_and_every_address_are_signed_with_sha_256(party: Party) -> None:
    message = signed(party)
    references = message.findall(f"{SECURITY}/{{{DS}}}Signature/{{{DS}}}SignedInfo/{{{DS}}}Reference")
    uris = {reference.get("URI")[1:] for reference in references}
    names = {etree.QName(e).localname for e in message.iter() if e.get(f"{{{WSU}}}Id") in uris}
    assert names == {
        "Body",
        "Timestamp",
        "SignatureConfirmation",
        "MessageID",
        "From",
        "To",
        "Action",
        "RelatesTo",
    }
    assert b"sha1" not in serialise(message)
    assert message.find(SECURITY).get(f"{{{SOAP}}}mustUnderstand") == "1"


def _unsign(message: Any) -> None:
    message.find(SECURITY).remove(message.find(f"{SECURITY}/{{{DS}}}Signature"))


def _change_body(message: Any) -> None:
    message.find(f"{BODY}/*/Burgerservicenr").text = "999990019"


def _change_address(message: Any) -> None:
    message.find(f"{HEADER}/{{{WSA}}}RelatesTo").text = "urn:uuid:9"


def _change_time(message: Any) -> None:
    message.find(f"{SECURITY}/{{{WSU}}}Timestamp/{{{WSU}}}Created").text = "2030-01-01T00:00:00Z"


def _second_signature(message: Any) -> None:
    signature = message.find(f"{SECURITY}/{{{DS}}}Signature")
    message.find(SECURITY).append(copy.deepcopy(signature))


def _second_security(message: Any) -> None:
    message.find(HEADER).append(etree.Element(f"{{{WSSE}}}Security"))


def _unsigned_header(message: Any) -> None:
    etree.SubElement(message.find(HEADER), f"{{{WSA}}}ReplyTo").text = "https://evil.invalid"


def _no_confirmation(message: Any) -> None:
    security = message.find(SECURITY)
    security.remove(security.find(f"{{{WSSE11}}}SignatureConfirmation"))


def _no_token(message: Any) -> None:
    message.find(f"{SECURITY}/{{{WSSE}}}BinarySecurityToken").text = "AAAA"


def _empty_security(message: Any) -> None:
    for child in list(message.find(SECURITY)):
        message.find(SECURITY).remove(child)


@pytest.mark.parametrize(
    "attack",
    [
        _unsign,
        _change_body,
        _change_address,
        _change_time,
        _second_signature,
        _second_security,
        _unsigned_header,
        _no_confirmation,
        _no_token,
        _empty_security,
    ],
)
def test_a_changed_answer_is_not_used(party: Party, attack: Callable[[Any], None]) -> None:
    message = signed(party)
    attack(message)
    with pytest.raises(SourceUntrusted):
        verify(party, serialise(message))


def test_two_bodies_are_no_envelope(party: Party) -> None:
    message = signed(party)
    message.append(copy.deepcopy(message.find(BODY)))
    with pytest.raises(SourceMalformed):
        verify(party, serialise(message))


def test_the_answer_to_another_question_is_not_used(party: Party) -> None:
    raw = serialise(signed(party, confirms="YW5kZXJz"))
    with pytest.raises(SourceUntrusted):
        verify(party, raw)


def test_an_answer_without_any_confirmation_is_not_used(party: Party) -> None:
    raw = serialise(signed(party, confirms=None))
    with pytest.raises(SourceUntrusted):
        verify(party, raw)


@pytest.mark.parametrize("minutes", [-20, 20])
def test_an_old_answer_or_one_from_the_future_is_not_used(party: Party, minutes: int) -> None:
    raw = serialise(signed(party, NOW + timedelta(minutes=minutes)))
    with pytest.raises(SourceUntrusted):
        verify(party, raw)


def test_clocks_may_differ_a_little(party: Party) -> None:
    assert verify(party, serialise(signed(party, NOW + timedelta(minutes=3)))) is not None


def test_the_right_issuer_but_another_organisation_is_not_believed(party: Party) -> None:
    other = WsSecurity(party.keys, SignatureRules(party.rules.ca_file, OURS))
    with pytest.raises(SourceUntrusted):
        other.verify(open_envelope(serialise(signed(party))), QUESTION, NOW)


def test_the_right_organisation_of_another_issuer_is_not_believed(party: Party, tmp_path: Path) -> None:
    stranger = Authority.create("Vreemd").write_tls_root(tmp_path / "root.pem")
    other = WsSecurity(party.keys, SignatureRules(stranger, THEIRS))
    with pytest.raises(SourceUntrusted):
        other.verify(open_envelope(serialise(signed(party))), QUESTION, NOW)


def test_an_expired_certificate_is_not_believed(party: Party) -> None:
    later = NOW + timedelta(days=800)
    raw = serialise(signed(party, later))
    with pytest.raises(SourceUntrusted):
        party.security.verify(open_envelope(raw), QUESTION, later)


def test_nothing_that_is_signed_gets_into_a_log(party: Party, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        verify(party, serialise(signed(party)))
    assert "999993549" not in caplog.text


def test_a_key_of_another_certificate_is_our_mistake(party: Party, tmp_path: Path) -> None:
    files = Authority.create().issue_client("Gemeente").write(tmp_path, "ec")
    keys = SignatureKeys(files.certificate_file, files.key_file)
    with pytest.raises(Misconfigured):
        WsSecurity(keys, party.rules).sign(envelope(), NOW)


def _resign_as_a_broker_does(message: Any, key_file: Path) -> None:
    """The shape of recorded traffic: InclusiveNamespaces at the references, an empty one at the Body."""
    security, old = message.find(SECURITY), message.find(f"{SECURITY}/{{{DS}}}Signature")
    uris = [reference.get("URI") for reference in old.iter(f"{{{DS}}}Reference")]
    body = f"#{message.find(BODY).get(f'{{{WSU}}}Id')}"
    information = copy.deepcopy(old.find(f"{{{DS}}}KeyInfo"))
    security.remove(old)
    exclusive = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
    signer = XMLSigner(SignatureConstructionMethod.detached, "rsa-sha256", "sha256", exclusive)

    def add_empty_list(signature: Any, **_: Any) -> None:
        transform = signature.find(f".//{{{DS}}}Reference[@URI='{body}']//{{{DS}}}Transform")
        etree.SubElement(transform, f"{{{EXCLUSIVE.decode()}}}InclusiveNamespaces", PrefixList="")

    signer.signature_annotators.insert(0, add_empty_list)
    references = [
        SignatureReference(uri, exclusive, [] if uri == body else ["soapenv", "wsa"]) for uri in uris
    ]
    key = key_file.read_bytes()
    security.append(
        signer.sign(
            message,
            key=key,
            reference_uri=references,
            key_info=information,
            id_attribute="Id",
        )
    )


def test_a_signature_in_the_shape_of_a_real_broker_is_believed(party: Party) -> None:
    message = signed(party)
    _resign_as_a_broker_does(message, party.keys.key_file)
    raw = serialise(message)
    assert b'PrefixList=""' in raw
    assert b'PrefixList="soapenv wsa"' in raw
    assert verify(party, raw).findtext("Burgerservicenr") == "999993549"
    _change_body(message)
    with pytest.raises(SourceUntrusted):
        verify(party, serialise(message))
