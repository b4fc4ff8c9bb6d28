"""Counsellors log in at their own provider, into sessions of their own: a citizen's session is none here, nor the other way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from app.counsel.services import COUNSEL_PATH
from app.http.routes import Access, rules_of
from app.http.session_interface import COOKIE, COUNSELLOR_COOKIE, OPERATOR_COOKIE
from app.ports.login import LoginCancelled, LoginError, LoginRefused, ProviderUnavailable, ReplayedCallback
from app.ports.staff_login import RoleMissing, SecondFactorMissing
from tests.support.audit import rows_of, words_of
from tests.support.counsel_site import CounselSite, listed, log_in, make_counsel_site
from tests.support.pages import error_number
from tests.support.web_site import Browser

DOMAIN = "schulden.example"
HOME = f"{COUNSEL_PATH}/"


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[CounselSite]:
    """For tests that count rows, or move the clock."""
    made = make_counsel_site(tmp_path)
    yield made
    made.close()


def cookie(browser: Browser, name: str) -> str | None:
    found = browser.client.get_cookie(name, domain=DOMAIN)
    return None if found is None else found.value


def steal(value: str | None) -> tuple[str, ...]:
    """Names under which a stolen value is tried."""
    assert value
    return (COOKIE, COUNSELLOR_COOKIE, OPERATOR_COOKIE)


def test_whoever_logs_in_comes_back_from_their_own_provider(site: CounselSite) -> None:
    browser = site.web.browser()
    away = browser.get(f"{COUNSEL_PATH}/inloggen/stadsbank").headers["Location"]
    back = f"https://{DOMAIN}{COUNSEL_PATH}/inloggen/stadsbank/terug"
    assert away == f"https://stadsbank.example/in?terug={back}"
    answer = browser.get(f"{COUNSEL_PATH}/inloggen/stadsbank/terug?state=an&code=abc")
    assert answer.headers["Location"] == HOME
    page = browser.get(HOME)
    assert "Gedeeld met Stadsbank Voorbeeldstad" in page.text
    assert "Naam van an" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_the_cookie_has_a_name_of_its_own_and_every_protection(site: CounselSite) -> None:
    line = log_in(site.web.browser(), "stadsbank", "an").headers["Set-Cookie"]
    assert line.startswith(f"{COUNSELLOR_COOKIE}=")
    assert COUNSELLOR_COOKIE.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(line.split("; "))
    assert len({COOKIE, COUNSELLOR_COOKIE, OPERATOR_COOKIE}) == 3


@pytest.mark.threat("T-45")
def test_the_cookie_of_a_citizen_opens_nothing_of_counsellors(site: CounselSite) -> None:
    site.share()
    stolen = cookie(site.citizen(), COOKIE)
    thief = site.web.browser()
    for name in steal(stolen):
        thief.client.set_cookie(name, stolen or "", domain=DOMAIN, path="/", secure=True)
    assert closed_to(thief, site) > 6


@pytest.mark.threat("T-45")
def test_the_cookie_of_a_counsellor_opens_nothing_of_citizens(site: CounselSite) -> None:
    stolen = cookie(site.counsellor(), COUNSELLOR_COOKIE)
    thief = site.web.browser()
    for name in steal(stolen):
        if name != COUNSELLOR_COOKIE:
            thief.client.set_cookie(name, stolen or "", domain=DOMAIN, path="/", secure=True)
    for address in ("/overzicht", "/delen", "/mijn-gegevens", "/sessie"):
        assert thief.get(address).status_code == 401, address


def closed_to(browser: Browser, site: CounselSite) -> int:
    """Every page for counsellors is closed to this browser; how many those are."""
    tried = 0
    for route in site.app.url_map.iter_rules():
        rule = rules_of(site.app)[route.endpoint]
        if rule.access is Access.COUNSELLOR:
            address = COUNSEL_PATH + route.rule.replace("<share_id>", "0" * 32)
            is_form = "POST" in (route.methods or ())
            answer = browser.post(address) if is_form else browser.get(address)
            assert answer.status_code == (400 if is_form else 401), address
            tried += 1
    return tried


@pytest.mark.threat("T-45")
def test_one_browser_can_be_both_and_each_ends_alone(site: CounselSite) -> None:
    browser = site.citizen()
    log_in(browser, "stadsbank", "an")
    assert [browser.get(one).status_code for one in ("/overzicht", HOME)] == [200, 200]
    browser.post(f"{COUNSEL_PATH}/uitloggen", f"{COUNSEL_PATH}/uitloggen")
    assert [browser.get(one).status_code for one in ("/overzicht", HOME)] == [200, 401]
    log_in(browser, "stadsbank", "an")
    browser.post("/uitloggen", "/uitloggen")
    assert [browser.get(one).status_code for one in ("/overzicht", HOME)] == [401, 200]


@pytest.mark.threat("T-45")
def test_a_form_with_the_token_of_a_citizen_is_refused(site: CounselSite) -> None:
    browser = site.citizen()
    log_in(browser, "stadsbank", "an")
    token = browser.get("/uitloggen").text.split('name="csrf_token" value="')[1].split('"')[0]
    for address in (f"{COUNSEL_PATH}/uitloggen", f"{COUNSEL_PATH}/openen/{'0' * 32}"):
        assert browser.post(address, csrf_token=token).status_code == 400
    own = browser.get(f"{COUNSEL_PATH}/uitloggen").text.split('name="csrf_token" value="')[1].split('"')[0]
    assert browser.post("/uitloggen", csrf_token=own).status_code == 400


@pytest.mark.threat("T-45")
def test_the_answer_of_one_provider_does_not_count_for_another_organisation(site: CounselSite) -> None:
    browser = site.web.browser()
    browser.get(f"{COUNSEL_PATH}/inloggen/wijkteam")
    browser.get(f"{COUNSEL_PATH}/inloggen/stadsbank/terug?state=an&code=abc")
    assert site.logins["stadsbank"].seen_flows[-1] is None
    stray = site.web.browser()
    stray.get(f"{COUNSEL_PATH}/inloggen/stadsbank/terug?state=an&code=abc")
    assert site.logins["stadsbank"].seen_flows[-1] is None


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (RoleMissing(), 403, "U mag hier niet bij"),
        (SecondFactorMissing(), 403, "tweede stap"),
        (LoginCancelled(), 403, "U hebt het inloggen gestopt"),
        (ReplayedCallback(), 400, "Dit inloggen werkt niet meer"),
        (ProviderUnavailable(), 503, "Inloggen lukt nu niet"),
        (LoginRefused("signature"), 403, "Inloggen lukt niet"),
    ],
)
def test_each_refusal_has_a_page_and_logs_nobody_in(
    alone: CounselSite, error: LoginError, status: int, words: str
) -> None:
    alone.logins["stadsbank"].refusal = error
    browser = alone.web.browser()
    answer = log_in(browser, "stadsbank", "an")
    assert (answer.status_code, words in answer.text) == (status, True)
    assert error_number(answer.text)
    assert "signature" not in answer.text
    assert browser.get(HOME).status_code == 401
    assert ("counsellor_login_refused", "stadsbank", error.reason) in words_of(alone.web.book)
    comes_back = isinstance(error, RoleMissing | SecondFactorMissing)
    assert ("https://stadsbank.example/uit" in answer.text) is comes_back


def test_a_session_ends_by_itself_and_the_log_tells(alone: CounselSite) -> None:
    browser = alone.counsellor()
    alone.web.site.clock.advance(14 * 60)
    assert browser.get(HOME).status_code == 200
    alone.web.site.clock.advance(15 * 60)
    answer = browser.get(HOME)
    assert answer.status_code == 401
    assert "15 minuten" in answer.text
    assert ("counsellor_session_ended", "stadsbank", "idle") in words_of(alone.web.book)


def notice(site: CounselSite, organisation_id: str, subject: str) -> TestResponse:
    address = f"{COUNSEL_PATH}/uitloggen/{organisation_id}/melding"
    return site.web.browser().post(address, logout_token=subject)


@pytest.mark.threat("T-45")
def test_the_provider_ends_sessions_of_its_own_organisation_only(alone: CounselSite) -> None:
    ours, theirs = alone.counsellor(), alone.counsellor("wijkteam")
    assert notice(alone, "wijkteam", "an").status_code == 200
    assert [one.get(HOME).status_code for one in (ours, theirs)] == [200, 401]
    assert notice(alone, "stadsbank", "an").status_code == 200
    assert ours.get(HOME).status_code == 401
    assert notice(alone, "stadsbank", "").status_code == 400
    assert notice(alone, "onbekend", "an").status_code == 404
    assert alone.web.browser().post("/uitloggen/melding", logout_token="el").status_code == 200
    assert ("counsellor_session_ended", "stadsbank", "provider") in words_of(alone.web.book)


@pytest.mark.threat("T-45")
def test_the_same_account_name_at_two_organisations_is_two_persons_in_the_log(alone: CounselSite) -> None:
    alone.counsellor("stadsbank", "jan")
    alone.counsellor("wijkteam", "jan")
    entries = [one for one in rows_of(alone.web.book) if one.event == "counsellor_logged_in"]
    assert len({one.actor for one in entries}) == 2
    assert {one.actor for one in entries}.isdisjoint(
        {one.value for one in alone.web.book.pseudonyms.each_of_account("jan")}
    )


def test_who_is_logged_in_goes_on_while_nobody_can_log_in(alone: CounselSite) -> None:
    browser = alone.counsellor()
    login = alone.logins["stadsbank"]
    login.at_start = login.refusal = ProviderUnavailable("timeout")
    assert alone.web.browser().get(f"{COUNSEL_PATH}/inloggen/stadsbank").status_code == 503
    assert browser.get(HOME).status_code == 200


def test_logging_out_offers_to_end_the_log_in_elsewhere(site: CounselSite) -> None:
    browser = site.counsellor()
    page = browser.post(f"{COUNSEL_PATH}/uitloggen", f"{COUNSEL_PATH}/uitloggen")
    assert f"https://stadsbank.example/uit?terug=https://{DOMAIN}{HOME}" in page.text
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_our_keys_are_published_per_organisation(site: CounselSite) -> None:
    found = site.web.browser().get(f"{COUNSEL_PATH}/inloggen/stadsbank/sleutels")
    assert found.mimetype == "application/jwk-set+json"
    assert site.web.browser().get(f"{COUNSEL_PATH}/inloggen/onbekend/sleutels").status_code == 404


def test_it_says_nothing_of_how_the_service_is_doing(site: CounselSite) -> None:
    """nginx closes the pages about that by their path."""
    for path in ("/_health/live", "/_health/ready", "/metrics", "/overzicht"):
        assert site.web.browser().get(COUNSEL_PATH + path).status_code == 404


def test_no_name_of_a_person_is_in_the_log_or_an_address(
    site: CounselSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.share("Kenmerk Pietersen")
    browser = site.counsellor(subject="mw-geheim")
    browser.post(f"{COUNSEL_PATH}/openen/{listed(browser)[0]}", HOME)
    said = "".join(capsys.readouterr())
    assert f"rule={COUNSEL_PATH}/openen/<share_id>" in said  # it was written down at all
    assert "organisation=stadsbank" in said
    for secret in ("Pietersen", "mw-geheim", "999993549"):
        assert secret not in said
