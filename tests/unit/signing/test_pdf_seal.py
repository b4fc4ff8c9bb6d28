"""The seal that the document writer asks for: fixed room, static parts, and refusals instead of bad seals."""

import hashlib

import pytest
from asn1crypto import cms

from signing.errors import SealingRefused
from signing.sealing import der
from signing.sealing.pdf import PdfSeal
from simulators.authority import DEMO_IDENTIFIER
from tests.support.seals import NAME, Town, days_ago

DIGEST = hashlib.sha256(b"document").digest()


def test_it_knows_what_the_page_must_say(town: Town) -> None:
    seal = PdfSeal(town.key)
    assert seal.organisation == NAME
    assert seal.organization_identifier == DEMO_IDENTIFIER
    assert NAME in seal.certificate_subject
    assert len(seal.key_id) == 64


def test_the_attributes_are_those_of_pades_without_signing_time(town: Town) -> None:
    content = cms.ContentInfo.load(PdfSeal(town.key).cms(DIGEST))["content"]
    [signer] = content["signer_infos"]
    attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    assert set(attributes) == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
        "cms_algorithm_protection",
    }
    assert attributes["message_digest"].native == [DIGEST]
    [named] = attributes["signing_certificate_v2"]
    hashes = [one["cert_hash"].native for one in named["certs"]]
    from_cms = {hashlib.sha256(one.chosen.dump()).digest() for one in content["certificates"]}
    assert hashes[0] == bytes.fromhex(PdfSeal(town.key).key_id)
    assert set(hashes) == from_cms


@pytest.mark.parametrize("kind", ["town", "rsa_town"])
def test_every_seal_fits_in_the_reserved_room(request: pytest.FixtureRequest, kind: str) -> None:
    seal = PdfSeal(request.getfixturevalue(kind).key)
    largest = max(len(seal.cms(DIGEST)) for _ in range(50))
    assert largest <= seal.reserved_size < largest + 2000


def test_a_long_chain_gets_more_room(rsa_town: Town) -> None:
    key = rsa_town.key
    usual = PdfSeal(key).reserved_size
    key.chain = key.chain * 20
    seal = PdfSeal(key)
    assert seal.reserved_size > usual
    assert seal.reserved_size % 1000 == 0
    assert len(seal.cms(DIGEST)) <= seal.reserved_size


def test_a_seal_that_does_not_fit_is_refused(town: Town) -> None:
    seal = PdfSeal(town.key)
    seal.reserved_size = 100
    with pytest.raises(SealingRefused, match="reserved"):
        seal.cms(DIGEST)


def test_another_digest_is_refused(town: Town) -> None:
    with pytest.raises(SealingRefused, match="SHA-256"):
        PdfSeal(town.key).cms(hashlib.sha512(b"document").digest())


def test_an_expired_certificate_does_not_seal(town: Town) -> None:
    seal = PdfSeal(town.with_seal(not_before=days_ago(9), not_after=days_ago(1)).key)
    with pytest.raises(SealingRefused, match="not valid"):
        seal.cms(DIGEST)


def test_der_lengths_and_numbers_are_in_their_shortest_form() -> None:
    assert der.octets(bytes(127))[:2] == b"\x04\x7f"
    assert der.octets(bytes(128))[:3] == b"\x04\x81\x80"
    assert der.octets(bytes(256))[:4] == b"\x04\x82\x01\x00"
    assert [der.integer(number) for number in (0, 127, 128)] == [
        b"\x02\x01\x00",
        b"\x02\x01\x7f",
        b"\x02\x02\x00\x80",
    ]
    assert der.oid("1.2.840.113549.1.7.2") == bytes.fromhex("06092a864886f70d010702")
    assert der.set_of(b"\x02\x01\x02", b"\x02\x01\x01") == bytes.fromhex("3106020101020102")
