"""The language of pages: chosen on top, remembered by the browser, Dutch otherwise."""

from __future__ import annotations

import re
from html import unescape

import pytest

from app.language import LANGUAGES
from app.ports.login import LoginCancelled
from claims.outcome import FailureCause, SourceFailure
from scripts.words import catalogue
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite


def test_each_page_offers_every_language_by_its_own_name(make: MakeSite) -> None:
    page = make().browser().get("/hulp").text
    for code, name in LANGUAGES.items():
        assert f'<a href="/hulp?taal={code}" lang="{code}"' in page
        assert f">{name}</a>" in page


def test_a_choice_holds_for_the_next_pages_and_can_be_taken_back(make: MakeSite) -> None:
    browser = make().browser()
    assert 'lang="ar" dir="rtl"' in browser.get("/hulp?taal=ar").text
    assert 'lang="ar" dir="rtl"' in browser.get("/").text
    assert '<html lang="nl" dir="ltr"' in browser.get("/?taal=nl").text
    assert '<html lang="nl" dir="ltr"' in browser.get("/hulp").text


def test_the_choice_is_a_cookie_of_two_letters_that_ends_with_the_browser(make: MakeSite) -> None:
    cookie = make().browser().get("/?taal=pl").headers["Set-Cookie"]
    assert re.fullmatch(r"__Host-bk_taal=pl; Secure; HttpOnly; Path=/; SameSite=Lax", cookie)


def test_the_list_repeats_nothing_that_somebody_typed_into_the_address(make: MakeSite) -> None:
    browser = make().browser()
    for address in ("/hulp?x=111111110", "/hulp?ophaling=111111110", "/ophalen/111111110"):
        assert "111111110" not in browser.get(address).text
    assert 'href="/hulp?bladzijde=2&amp;taal=ar"' in browser.get("/hulp?bladzijde=2&x=y").text


def test_a_language_that_we_do_not_have_changes_nothing(make: MakeSite) -> None:
    answer = make().browser().get("/?taal=%3Cscript%3E")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert '<html lang="nl"' in answer.text


@pytest.mark.parametrize("step", ["/inloggen/terug?code=GEHEIM&state=GEHEIM", "/inloggen/terug?error=GEHEIM"])
def test_a_page_after_a_step_of_a_log_in_repeats_no_code_and_leads_to_the_start(
    make: MakeSite, step: str
) -> None:
    web = make()
    web.login.refusal = LoginCancelled("cancelled")
    page = web.browser().get(step).text
    assert "GEHEIM" not in page
    assert '<a href="/?taal=ar"' in page


CLAIMS = (
    given.property_tax(),
    given.parking_fine(),
    given.benefit_recovery(),
    given.disputed(),
    given.paid(),
    given.overpaid(),
)
LATE = SourceFailure(
    source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
)


def test_no_text_of_ours_stays_dutch_where_there_is_a_translation(make: MakeSite) -> None:
    browser = make(given.answer("x", given.TAXES, *CLAIMS), LATE).browser()
    browser.log_in()
    links = re.findall(r'href="(/overzicht/rekening/[^"]+)"', browser.get("/overzicht?taal=en").text)
    pages = ["/overzicht", "/overzicht/pdf", "/", "/hulp", "/woorden", "/bronnen", "/sessie", *links]
    assert len(links) == len(CLAIMS)
    left = {path: _left_in_dutch(browser.get(path).text) for path in pages}
    assert not any(left.values()), left


def _left_in_dutch(page: str) -> list[str]:
    """Our texts that have another form in English; what a source states is marked as Dutch."""
    ours = unescape(re.sub(r'<(\w+)[^>]*\slang="nl"[^>]*>.*?</\1>', "", page, flags=re.DOTALL))
    said = {" ".join(text.split()) for text in re.split(r"<[^>]+>", ours)}
    return [dutch for dutch in _TRANSLATED if dutch in said]


_TRANSLATED = [
    str(message.id)
    for message in catalogue("en")
    if message.id and not message.pluralizable and message.string and message.string != message.id
]
