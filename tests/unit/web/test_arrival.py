"""Links and buttons on other sites: what they may bring along, and what becomes of it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from app.http.return_places import ReturnPlace
from app.http.theme import Theme, colours_around
from app.ports.case_reference import CaseReference, LooksLikeBsn, holds_bsn
from app.ports.login import LoginCancelled
from app.web.arrival import ArrivalRules
from tests.support.web_claims import TAXES, answer
from tests.support.web_site import BSN, Browser, WebSite, make_web_site

BACK = "https://www.gemeente.example/schulden"
OTHER_BSN = "999998493"
RULES = ArrivalRules((ReturnPlace("de gemeente", BACK),), frozenset({"wijkteam"}), takes_cases=True)
LINK = f"/start?taal=en&thema=wijkteam&terug={BACK}&zaak=Z-2026-17"
DROP = "Haal het zaaknummer weg"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebSite]:
    green = Theme(colours_around("#14602f"))
    made = make_web_site(tmp_path, answer("belastingen", TAXES), arrivals=RULES, themes={"wijkteam": green})
    made.collections.outcomes[OTHER_BSN] = made.collections.outcomes[BSN]
    yield made
    made.site.database.close()


def follow(browser: Browser, link: str) -> str:
    """The page that a link leads to."""
    moved = browser.get(link)
    assert moved.status_code == 303
    return browser.get(moved.headers["Location"]).text


def test_the_address_keeps_nothing_of_the_link_but_the_language(web: WebSite) -> None:
    assert web.browser().get(LINK).headers["Location"] == "/?taal=en"
    assert web.browser().get("/start").headers["Location"] == "/"


def test_the_start_page_shows_what_the_link_brought(web: WebSite) -> None:
    browser = web.browser()
    page = follow(browser, LINK)
    assert '<html lang="en"' in page
    assert f'href="{BACK}"' in page
    assert "Z-2026-17" in page
    css = re.search(r'href="(/thema.css\?[^"]+)"', page)
    assert css is not None
    assert "#14602f" in browser.get(css[1].replace("&amp;", "&")).text


@pytest.mark.threat("T-48")
@pytest.mark.parametrize(
    ("link", "notice"),
    [
        ("/start?taal=xx", "De taal uit de link hebben wij niet"),
        ("/start?thema=anders", "Het uiterlijk uit de link kennen wij niet"),
        ("/start?terug=https://kwaad.example/", "adres dat wij niet kennen"),
        (f"/start?terug={BACK}?bsn={BSN}", "adres dat wij niet kennen"),
        (f"/start?terug={BACK}?b=%253{BSN[0]}{BSN[1:]}", "adres dat wij niet kennen"),
        ("/start?zaak=Alles is betaald", "kunnen wij niet lezen"),
        (f"/start?zaak={BSN}", "lijkt op een burgerservicenummer"),
        ("/start?zaak=Z-1&zaak=Z-2", "kunnen wij niet lezen"),
    ],
)
def test_what_cannot_be_used_is_told_once_and_the_page_works(web: WebSite, link: str, notice: str) -> None:
    browser = web.browser()
    page = follow(browser, link)
    assert notice in page
    assert "Inloggen met DigiD" in page
    assert "kwaad.example" not in page
    assert BSN not in page
    assert notice not in browser.get("/").text


def test_what_is_wrong_costs_nothing_of_what_is_right(web: WebSite) -> None:
    page = follow(web.browser(), f"/start?thema=anders&terug={BACK}&zaak=Z-2026-17&iets=anders&taal=")
    assert "Het uiterlijk uit de link kennen wij niet" in page
    assert "Terug naar de gemeente" in page
    assert "Z-2026-17" in page


def test_without_settings_a_link_is_only_a_link(tmp_path: Path) -> None:
    plain = make_web_site(tmp_path, answer("belastingen", TAXES))
    page = follow(plain.browser(), LINK)
    plain.site.database.close()
    assert "Z-2026-17" not in page
    assert BACK not in page


def test_what_was_brought_goes_along_through_the_log_in_and_out_again(web: WebSite) -> None:
    browser = web.browser()
    browser.get(LINK.replace("taal=en", "taal=nl"))
    browser.log_in()
    overview = browser.get("/overzicht").text
    for part in ("Z-2026-17", DROP, "Terug naar de gemeente", f'href="{BACK}"', "thema=wijkteam"):
        assert part in overview
    assert "Terug naar de gemeente" in browser.get("/overzicht/pdf/klaar").text
    browser.get("/overzicht/pdf")
    assert web.files.cases == [CaseReference("Z-2026-17")]
    assert "Terug naar de gemeente" in browser.post("/uitloggen", token_from="/uitloggen").text
    assert "Terug naar de gemeente" not in browser.get("/").text


def test_a_log_in_that_fails_loses_nothing(web: WebSite) -> None:
    browser = web.browser()
    browser.get(LINK)
    web.login.refusal = LoginCancelled("cancelled")
    browser.log_in()
    web.login.refusal = None
    browser.log_in()
    assert "Z-2026-17" in browser.get("/overzicht").text


def test_a_case_reference_can_be_taken_away_before_and_after_logging_in(web: WebSite) -> None:
    for page in ("/", "/overzicht"):
        browser = web.browser()
        browser.get(LINK)
        if page != "/":
            browser.log_in()
        assert browser.post("/start/zonder-zaak", token_from=page).headers["Location"] == page
        assert "Z-2026-17" not in browser.get(page).text
        assert f'href="{BACK}"' in browser.get(page).text


@pytest.mark.threat("T-48")
def test_a_link_changes_nothing_for_who_is_logged_in_until_they_say_yes(web: WebSite) -> None:
    browser = web.browser()
    browser.log_in()
    assert "Hoort dit zaaknummer bij u?" in follow(browser, LINK.replace("taal=en", "taal=nl"))
    browser.get("/overzicht/pdf")
    assert web.files.cases == [None]
    assert browser.post("/start/zonder-deze-zaak", token_from="/").status_code == 303
    assert "Z-2026-17" not in browser.get("/overzicht").text
    browser.get(LINK)
    browser.post("/start/met-zaak", token_from="/")
    browser.get("/overzicht/pdf")
    assert web.files.cases == [None, CaseReference("Z-2026-17")]


@pytest.mark.threat("T-48")
def test_what_one_person_brought_is_not_in_the_documents_of_the_next(web: WebSite) -> None:
    browser = web.browser()
    browser.get(LINK)
    browser.log_in()
    browser.get("/inloggen")
    browser.get(f"/inloggen/terug?state={OTHER_BSN}&code=abc")
    assert "Z-2026-17" not in browser.get("/overzicht").text


@pytest.mark.threat("T-48")
def test_no_other_site_can_say_yes(web: WebSite) -> None:
    browser = web.browser()
    browser.log_in()
    browser.get(LINK)
    assert browser.post("/start/met-zaak").status_code == 400
    browser.get("/overzicht/pdf")
    assert web.files.cases == [None]


@pytest.mark.threat("T-48")
def test_nothing_of_a_link_is_in_the_log(web: WebSite) -> None:
    with structlog.testing.capture_logs() as lines:
        browser = web.browser()
        browser.get(LINK)
        browser.log_in()
        browser.get("/overzicht/pdf")
        browser.post("/uitloggen", token_from="/uitloggen")
    written = io.StringIO()
    print(*lines, file=written)
    assert "/start" in written.getvalue()
    assert "Z-2026-17" not in written.getvalue()
    assert BACK not in written.getvalue()
    assert "Z-2026" not in repr(CaseReference("Z-2026-17"))


@pytest.mark.parametrize(
    "text", ["1", "Z-2026-000123", "2026/17.b_2", "ZAAK-2026-0000012345", "x" * 39 + "1"]
)
def test_a_case_reference_is_a_number_with_letters(text: str) -> None:
    assert CaseReference(text).text == text


@pytest.mark.threat("T-48")
@pytest.mark.parametrize(
    "text",
    ["", "alles-betaald", "U hoeft niets te betalen 1", "-1", "1-", "1\n", "Z–1", "１", "<b>1</b>", "x" * 40 + "1", "Z\u202e1"],
)  # fmt: skip
def test_a_case_reference_is_no_sentence_and_no_code(text: str) -> None:
    with pytest.raises(ValueError, match="no case reference"):
        CaseReference(text)


@pytest.mark.threat("T-48")
@pytest.mark.parametrize(
    "text", [BSN, f"Z-{BSN}", f"Z{BSN}A", "999.993.549", "999_993_549", "9999.93.549", f"1/{BSN}/2"]
)
def test_what_may_be_a_bsn_is_refused(text: str) -> None:
    with pytest.raises(LooksLikeBsn):
        CaseReference(text)


def test_a_bsn_may_have_lost_its_first_zero() -> None:
    assert holds_bsn("10000008") == holds_bsn("010000008")
    assert any(holds_bsn(str(number)) for number in range(10_000_000, 10_000_011))
    assert not holds_bsn("123456789")
