"""Revocation data for seals: fetched from configured addresses, checked, and never used when old or when we are revoked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from signing.errors import KeyRevoked, NoTimeStamp
from signing.report import Finding
from signing.sealing.fetching import fetch_lists, published_at
from signing.sealing.pdf import PdfSeal
from signing.sealing.revocation import LongTermSource, Material, Own, Refresher
from signing.sealing.seals import PdfSeals
from simulators.time_stamps import Mood, StampProfile
from tests.support.pdf_builder import PdfPlan, build_at_level
from tests.support.stamped import StampedTown, new_client, stamped_town

HOUR = timedelta(hours=1)


@pytest.fixture
def place() -> Iterator[StampedTown]:
    with stamped_town() as made:
        yield made


def own(place: StampedTown) -> Own:
    [organisation] = place.town.policy.organisations
    return Own(place.town.key.certificate, place.town.key.chain, organisation)


def now() -> datetime:
    return datetime.now(UTC)


def refreshed(place: StampedTown, held: Material | None = None) -> Material:
    return Refresher(own(place), place.client, place.services.crl_urls).refreshed(held, now())


def source(place: StampedTown, material: Material | None, max_age: timedelta = HOUR) -> LongTermSource:
    content = None if material is None else material.to_bytes()
    return LongTermSource(own(place), lambda: content, max_age)


def levels(place: StampedTown, material: Material | None) -> list[str]:
    seals = PdfSeals(PdfSeal(place.town.key), place.client, source(place, material))
    return [seal.level for seal in seals.attempts()]


def test_fresh_material_makes_a_document_that_holds_all_of_it(place: StampedTown) -> None:
    material = refreshed(place)
    assert material.complete_at is not None
    data = source(place, material).current()
    assert data is not None
    assert len(data.certificates) == 6
    assert len(data.crls) == 4
    seals = PdfSeals(PdfSeal(place.town.key), place.client, source(place, material))
    best = next(seals.attempts())
    assert (best.level, seals.wanted_level) == ("B-LT", "B-LT")
    report = place.town.examine(build_at_level(PdfPlan(), best))
    assert (report.finding, report.level) == (Finding.GENUINE, "B-LT")


def test_material_survives_being_stored(place: StampedTown) -> None:
    material = refreshed(place)
    assert Material.from_bytes(material.to_bytes()) == material
    assert Material.from_bytes(Material(None).to_bytes()) == Material(None)


def test_the_addresses_in_our_own_certificate_are_used(place: StampedTown) -> None:
    town = place.town.with_seal(crl_url=f"{place.services.url}/crl/zegel-ca.crl")
    assert published_at([town.key.certificate]) == (f"{place.services.url}/crl/zegel-ca.crl",)
    mine = replace(own(place), certificate=town.key.certificate)
    others = [url for url in place.services.crl_urls if "zegel-ca" not in url]
    assert Refresher(mine, place.client, tuple(others)).refreshed(None, now()).complete_at is not None


@pytest.mark.parametrize("missing", ["zegel-root", "zegel-ca", "tijdstempel-root", "tijdstempel-ca"])
def test_without_one_of_the_lists_it_is_not_complete(place: StampedTown, missing: str) -> None:
    urls = tuple(url for url in place.services.crl_urls if missing not in url)
    material = Refresher(own(place), place.client, urls).refreshed(None, now())
    assert material.complete_at is None
    assert source(place, material).current() is None
    assert levels(place, material) == ["B-T", "B-B"]


def test_an_outage_leaves_what_there_was_until_it_is_too_old(place: StampedTown) -> None:
    first = refreshed(place)
    place.services.lists_are_down = True
    later = refreshed(place, first)
    assert later.complete_at == first.complete_at
    assert levels(place, later) == ["B-LT", "B-T", "B-B"]
    assert source(place, later, timedelta(0)).current() is None
    old = replace(later, complete_at=now() - 2 * HOUR)
    assert levels(place, old) == ["B-T", "B-B"]


def test_without_material_there_is_a_time_stamp_at_most(place: StampedTown) -> None:
    assert levels(place, None) == ["B-T", "B-B"]


def test_a_time_stamp_authority_that_just_failed_is_not_tried(place: StampedTown) -> None:
    material = refreshed(place)
    client = new_client(place.services, pause=3600.0)
    place.services.mood = Mood.REFUSING
    with pytest.raises(NoTimeStamp):
        client.token(bytes(32))
    seals = PdfSeals(PdfSeal(place.town.key), client, source(place, material))
    assert [seal.level for seal in seals.attempts()] == ["B-B"]
    assert seals.wanted_level == "B-LT"


def test_a_new_certificate_of_the_authority_means_no_long_term_data_until_the_next_refresh(
    place: StampedTown,
) -> None:
    material = refreshed(place)
    place.services.tsa = place.services.tsa.with_profile(StampProfile())
    attempts = PdfSeals(PdfSeal(place.town.key), place.client, source(place, material)).attempts()
    with pytest.raises(NoTimeStamp, match="another certificate"):
        next(attempts).cms(bytes(32))
    lower = next(attempts)
    assert lower.level == "B-T"
    assert lower.cms(bytes(32))
    assert levels(place, refreshed(place, material)) == ["B-LT", "B-T", "B-B"]


def test_we_do_not_seal_with_a_revoked_certificate(place: StampedTown) -> None:
    place.town.authority.revoke(place.town.identity)
    material = refreshed(place)
    with pytest.raises(KeyRevoked, match="revoked on"):
        levels(place, material)


def test_we_do_not_seal_below_a_revoked_authority_also_when_the_rest_cannot_be_fetched(
    place: StampedTown,
) -> None:
    root = place.town.authority.seal_root
    certificate = place.town.authority.seal_intermediate.certificate
    root.revoke(certificate, now(), x509.ReasonFlags.ca_compromise)
    urls = tuple(url for url in place.services.crl_urls if "zegel-root" in url)
    place.services.mood = Mood.REFUSING
    material = Refresher(own(place), place.client, urls).refreshed(None, now())
    with pytest.raises(KeyRevoked):
        levels(place, material)


def test_revocation_is_seen_without_a_time_stamp_authority_too(place: StampedTown) -> None:
    place.town.authority.revoke(place.town.identity)
    material = Refresher(own(place), None, place.services.crl_urls).refreshed(None, now())
    seals = PdfSeals(PdfSeal(place.town.key), None, source(place, material))
    assert seals.wanted_level == "B-B"
    with pytest.raises(KeyRevoked):
        next(seals.attempts())


def test_a_revoked_time_stamp_authority_is_not_put_into_documents(place: StampedTown) -> None:
    tsa = place.services.tsa
    tsa.issuing.revoke(tsa.identity.certificate, now(), x509.ReasonFlags.key_compromise)
    assert "B-LT" not in levels(place, refreshed(place))


def test_junk_at_an_address_is_left_out(place: StampedTown) -> None:
    urls = (f"{place.services.url}/niets", "ftp://127.0.0.1/x.crl", "http://127.0.0.1:1/x.crl")
    assert fetch_lists((*urls, *place.services.crl_urls[:1])) != ()
    assert len(fetch_lists((*urls, *place.services.crl_urls))) == 4
