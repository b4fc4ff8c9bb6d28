"""Logging in, the ways in which it ends otherwise, and logging out."""

import pytest

from app.http.session_interface import COOKIE
from app.ports.login import (
    ActingForAnother,
    LevelTooLow,
    LoginCancelled,
    LoginError,
    LoginRefused,
    ProviderUnavailable,
    ReplayedCallback,
)
from tests.support.pages import error_number
from tests.support.web_site import BSN, Browser
from tests.unit.web.conftest import MakeSite


def session_id(browser: Browser) -> str | None:
    cookie = browser.client.get_cookie(COOKIE, domain="schulden.example")
    return cookie.value if cookie else None


def test_the_button_leads_to_digid_and_back_to_the_fixed_address(make: MakeSite) -> None:
    answer = make().browser().get("/inloggen")
    assert answer.headers["Location"].startswith("https://digid.example/")
    assert answer.headers["Location"].endswith("https://schulden.example/inloggen/terug")


def test_logging_in_gives_a_new_session_and_starts_gathering(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.get("/inloggen")
    before = session_id(browser)
    answer = browser.get(f"/inloggen/terug?state={BSN}&code=abc")
    assert answer.headers["Location"] == "/ophalen/ophaling-0"
    assert before is not None
    assert session_id(browser) not in {before, None}
    assert web.login.seen_flows == [{"state": "geheim"}]


def test_a_flow_works_once(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.log_in()
    browser.get(f"/inloggen/terug?state={BSN}&code=abc")
    assert web.login.seen_flows == [{"state": "geheim"}, None]


@pytest.mark.parametrize("twice", ["state=x", "code=x", "iss=a&iss=a"])
@pytest.mark.threat("T-07")
def test_a_callback_with_a_parameter_twice_is_refused(make: MakeSite, twice: str) -> None:
    """Nobody asks the provider, and whoever was logged in stays so: anybody can send a visitor to such an address."""
    web = make()
    browser = web.browser()
    browser.log_in()
    browser.get("/inloggen")
    answer = browser.get(f"/inloggen/terug?state={BSN}&code=abc&{twice}")
    assert (answer.status_code, len(web.login.seen_flows)) == (400, 1)
    assert browser.get("/overzicht").status_code == 200
    assert browser.get(f"/inloggen/terug?state={BSN}&code=abc").status_code == 302
    assert web.login.seen_flows[1] is None, "and that flow is over"


@pytest.mark.parametrize(
    ("refusal", "status", "words"),
    [
        (LoginCancelled(), 200, "U hebt het inloggen gestopt"),
        (LevelTooLow(), 403, "de DigiD-app met ID-check"),
        (ActingForAnother(), 403, "U kunt hier alleen voor uzelf inloggen"),
        (ReplayedCallback(), 400, "Dit inloggen werkt niet meer"),
        (LoginRefused("nonce_differs"), 403, "Inloggen lukt nu niet"),
        (ProviderUnavailable(), 503, "DigiD werkt nu niet"),
    ],
)
def test_each_failed_log_in_has_a_page_with_a_next_step(
    make: MakeSite, refusal: LoginError, status: int, words: str
) -> None:
    web = make()
    web.login.refusal = refusal
    browser = web.browser()
    answer = browser.log_in()
    assert answer.status_code == status
    assert words in answer.text
    assert "0800-8115" in answer.text
    assert refusal.reason not in answer.text
    assert bool(error_number(answer.text)) is (status >= 400), "for whoever calls about it"
    not_in = browser.get("/overzicht")
    assert (not_in.status_code, bool(error_number(not_in.text))) == (401, True)


def test_digid_out_of_order_is_said_at_once(make: MakeSite) -> None:
    web = make()
    web.login.at_start = ProviderUnavailable()
    assert web.browser().get("/inloggen").status_code == 503


def test_who_is_logged_in_goes_on_while_nobody_can_log_in(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.log_in()
    web.login.at_start = web.login.refusal = ProviderUnavailable()
    assert web.browser().get("/inloggen").status_code == 503
    assert browser.get("/overzicht").status_code == 200


def test_too_low_a_level_ends_the_earlier_log_in(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.log_in()
    web.login.refusal = LevelTooLow()
    browser.log_in()
    assert browser.get("/overzicht").status_code == 401
    assert len(web.collections.forgotten) == 1


def test_a_strange_callback_does_not_log_anybody_out(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.log_in()
    web.login.refusal = ReplayedCallback()
    assert "U bent nog ingelogd" in browser.get("/inloggen/terug?state=vreemd").text
    assert browser.get("/overzicht").status_code == 200


def test_logging_out_deletes_what_was_gathered(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.log_in()
    answer = browser.post("/uitloggen", token_from="/uitloggen")
    assert "U bent uitgelogd" in answer.text
    assert "https://digid.example/uitloggen" in answer.text
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert len(web.collections.forgotten) == 1
    assert web.collections.views == {}
    assert browser.get("/overzicht").status_code == 401


def test_logging_out_stands_on_every_page_after_log_in(make: MakeSite) -> None:
    browser = make().browser()
    browser.log_in()
    for address in ("/", "/overzicht", "/hulp", "/bronnen", "/controleren", "/bestaat-niet"):
        assert 'href="/uitloggen"' in browser.get(address).text


def test_a_form_after_the_session_ended_says_so(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.log_in()
    web.site.clock.advance(16 * 60)
    assert "U bent niet ingelogd" in browser.post("/uitloggen").text


def test_the_bsn_stands_in_no_address_and_only_its_end_on_the_page(make: MakeSite) -> None:
    browser = make().browser()
    answer = browser.log_in()
    assert BSN not in answer.headers["Location"]
    page = browser.get("/overzicht").text
    assert BSN not in page
    assert BSN[-3:] in page


def test_too_little_certainty_is_asked_again_and_gives_a_new_session(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.log_in()
    before = session_id(browser)
    web.login.refusal = LevelTooLow()
    browser.get("/inloggen")
    refused = browser.get(f"/inloggen/terug?state={BSN}&code=abc")
    assert 'href="/inloggen/opnieuw"' in refused.text
    assert browser.get("/overzicht").status_code == 401
    web.login.refusal = None
    assert browser.get("/inloggen/opnieuw").headers["Location"].startswith("https://digid.example/")
    assert web.login.step_ups[-2:] == [False, True]
    browser.get(f"/inloggen/terug?state={BSN}&code=abc")
    assert browser.get("/overzicht").status_code == 200
    assert session_id(browser) not in {before, None}
