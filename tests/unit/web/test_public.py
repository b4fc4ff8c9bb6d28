"""Pages for everybody."""

import re

import pytest

from app.http.page_text import TEMPLATES
from claims.outcome import NotConnected
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite

PAGES = ("/", "/bronnen", "/hulp", "/woorden", "/toegankelijkheid", "/privacy", "/controleren", "/zegel")


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_without_cookie_and_fits_the_strict_policy(make: MakeSite, address: str) -> None:
    browser = make(given.answer("w", given.WATER)).browser()
    answer = browser.get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not re.search(r"<style|<script(?! src=)|\sstyle=|\son[a-z]+=", answer.text)
    assert answer.text.count("<h1") == 1
    assert 'lang="nl"' in answer.text


def test_the_start_page_names_the_organisation_beside_the_button(make: MakeSite) -> None:
    page = make().browser().get("/").text
    assert 'href="/inloggen">Inloggen met DigiD</a>' in page
    assert "U logt in bij <strong>Gemeente Voorbeeldstad</strong>" in page
    assert 'href="https://www.digid.nl/"' in page


def test_links_to_digid_lead_to_its_home_page_only() -> None:
    """DigiD checklist, criterion C3."""
    links = [
        link
        for file in TEMPLATES.rglob("*.html")
        for link in re.findall(r"""["'](https?://[^"']*digid\.nl[^"']*)["']""", file.read_text("utf-8"))
    ]
    assert set(links) == {"https://www.digid.nl/"}


def test_whoever_is_logged_in_is_led_to_the_overview(make: MakeSite) -> None:
    browser = make().browser()
    browser.log_in()
    page = browser.get("/").text
    assert "Naar uw overzicht" in page
    assert "Inloggen met DigiD</a>" not in page


def test_who_takes_part_and_who_not_yet_stand_apart(make: MakeSite) -> None:
    unconnected = NotConnected(source=given.source("bank", given.BANK), noted_at=given.NOW)
    page = make(given.answer("w", given.WATER), unconnected).browser().get("/bronnen").text
    assert page.index("Waterschap Voorbeeld") < page.index("Nog niet aangesloten")
    assert page.index("Nog niet aangesloten") < page.index("Kredietbank Voorbeeldland")


def test_security_txt_says_where_and_until_when(make: MakeSite) -> None:
    text = make().browser().get("/.well-known/security.txt").text
    assert "Contact: mailto:lek@voorbeeldstad.example" in text
    assert "Expires: 2027-05-01T00:00:00Z" in text
    assert "Canonical: https://schulden.example/.well-known/security.txt" in text


def test_an_unknown_address_has_a_page_with_a_way_on(make: MakeSite) -> None:
    answer = make().browser().get("/bestaat-niet")
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet" in answer.text
    assert "Naar het begin" in answer.text
