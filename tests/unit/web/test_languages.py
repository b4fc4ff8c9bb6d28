"""The language of pages: chosen on top, remembered by the browser, Dutch otherwise."""

from __future__ import annotations

import re

from app.language import LANGUAGES
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


def test_a_language_that_we_do_not_have_changes_nothing(make: MakeSite) -> None:
    answer = make().browser().get("/?taal=%3Cscript%3E")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert '<html lang="nl"' in answer.text
