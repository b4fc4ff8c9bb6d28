"""The fixed address where the seal's certificates stand."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.services.publication import Role
from signing.policy import load_trust
from tests.support.web_site import Browser, published_seal
from tests.unit.web.conftest import MakeSite

NAMES = ["wortel-1.cer", "keten-1.cer", "zegel-1.cer", "tijdstempel-1.cer"]


@pytest.fixture
def browser(make: MakeSite) -> Browser:
    return make().browser()


def test_the_page_shows_every_fingerprint_in_groups(browser: Browser) -> None:
    page = browser.get("/zegel").text
    for one in published_seal().certificates:
        assert one.groups in page
        assert one.groups.replace(" ", "").lower() == hashlib.sha256(one.der).hexdigest()
        assert all(len(group) == 4 for group in one.groups.split(" "))
    assert "NTRNL-90000001" in page


def test_every_file_on_the_page_opens_and_may_be_kept(browser: Browser) -> None:
    addresses = re.findall(r'href="(/zegel/[^"]+)"', browser.get("/zegel").text)
    assert len(addresses) == 11
    for address in ["/zegel", *addresses]:
        answer = browser.get(address)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        assert "Set-Cookie" not in answer.headers


def test_the_fingerprints_fit_the_files(browser: Browser) -> None:
    lines = browser.get("/zegel/vingerafdrukken.txt").text.splitlines()
    for digest, name in (line.split("  ") for line in lines):
        content = browser.get(f"/zegel/{name}").data
        assert hashlib.sha256(content).hexdigest() == digest
        x509.load_der_x509_certificate(content)
    assert [line.split("  ")[1] for line in lines] == NAMES


def test_the_chain_is_whole(browser: Browser) -> None:
    (root,), (above,), (seal,) = (
        x509.load_pem_x509_certificates(browser.get(f"/zegel/{name}.pem").data)
        for name in ("wortel", "keten", "zegel")
    )
    root.verify_directly_issued_by(root)
    above.verify_directly_issued_by(root)
    seal.verify_directly_issued_by(above)
    (published,) = [one.der for one in published_seal().certificates if one.name == "zegel-1"]
    assert seal.public_bytes(Encoding.DER) == published


def test_the_organisation_as_a_trust_folder_wants_it(browser: Browser) -> None:
    members = tomllib.loads(browser.get("/zegel/organisatie.toml").text)
    assert members == {"naam": "Gemeente Voorbeeld", "organisatie_id": "NTRNL-90000001"}


def test_one_file_is_all_that_the_verifier_needs(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "vertrouwen.toml"
    file.write_bytes(browser.get("/zegel/vertrouwen.toml").data)
    [organisation] = load_trust(file).organisations
    assert organisation.organization_identifier == "NTRNL-90000001"
    published = {one.role: one.der for one in published_seal().certificates}
    assert organisation.roots == (published[Role.ROOT],)
    assert organisation.time_stamp_roots == (published[Role.TIME_STAMP_ROOT],)


@pytest.mark.parametrize("name", ["geheim.pem", "wortel-2.cer", "x.pem", "..%2fx.pem", "zegel.key"])
def test_what_is_not_published_is_not_there(browser: Browser, name: str) -> None:
    answer = browser.get(f"/zegel/{name}")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_verify_page_points_to_it(browser: Browser) -> None:
    assert 'href="/zegel"' in browser.get("/controleren").text


def test_it_says_how_to_compare_by_telephone(browser: Browser) -> None:
    page = browser.get("/zegel").text
    assert "Gebruik een telefoonnummer dat u al kent" in page
