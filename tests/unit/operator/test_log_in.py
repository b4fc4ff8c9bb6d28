"""Logging in and out of the operator site."""

import pytest

from app.http.session_interface import COOKIE, OPERATOR_COOKIE
from app.ports.login import LoginCancelled, LoginError, LoginRefused, ProviderUnavailable, ReplayedCallback
from app.ports.staff_login import RoleMissing
from tests.support.log_lines import Lines
from tests.support.operator_site import OperatorSite
from tests.support.pages import error_number


def test_an_employee_with_the_role_sees_the_monitor(site: OperatorSite) -> None:
    browser = site.browser()
    assert browser.get("/inloggen").headers["Location"].startswith("https://personeel.example/in")
    answer = browser.get("/inloggen/terug?state=mw-1&code=abc")
    assert answer.headers["Location"] == "/"
    page = browser.get("/")
    assert page.status_code == 200
    assert "Naam van mw-1" in page.text
    assert site.login.seen_flows == [{"state": "geheim"}]


def test_the_cookie_has_a_name_of_its_own_and_every_protection(site: OperatorSite) -> None:
    browser = site.browser()
    line = browser.log_in().headers["Set-Cookie"]
    assert line.startswith(f"{OPERATOR_COOKIE}=")
    assert OPERATOR_COOKIE.startswith("__Host-")
    assert OPERATOR_COOKIE != COOKIE
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(line.split("; "))


def test_the_session_id_changes_at_log_in(site: OperatorSite) -> None:
    browser = site.browser()
    browser.get("/inloggen")
    before = browser.client.get_cookie(OPERATOR_COOKIE, domain="beheer.example")
    browser.get("/inloggen/terug?state=mw-1&code=abc")
    after = browser.client.get_cookie(OPERATOR_COOKIE, domain="beheer.example")
    assert before is not None
    assert after is not None
    assert before.value != after.value


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (RoleMissing(), 403, "U mag hier niet bij"),
        (LoginCancelled(), 403, "U hebt het inloggen gestopt"),
        (ReplayedCallback(), 400, "Dit inloggen werkt niet meer"),
        (ProviderUnavailable(), 503, "Inloggen lukt nu niet"),
        (LoginRefused("signature"), 403, "Inloggen lukt niet"),
    ],
)
def test_each_refusal_has_a_page_and_logs_nobody_in(
    site: OperatorSite, error: LoginError, status: int, words: str
) -> None:
    site.login.refusal = error
    browser = site.browser()
    answer = browser.log_in()
    assert answer.status_code == status
    assert words in answer.text
    assert error_number(answer.text)
    assert "signature" not in answer.text
    assert browser.get("/").status_code == 401


def test_whoever_lacks_the_role_can_leave_the_single_sign_on(site: OperatorSite) -> None:
    site.login.refusal = RoleMissing()
    assert "https://personeel.example/uit?terug=https://beheer.example/" in site.browser().log_in().text


def test_an_earlier_log_in_ends_when_the_next_is_refused_but_not_by_a_stray_callback(
    site: OperatorSite,
) -> None:
    browser = site.browser()
    browser.log_in()
    site.login.refusal = ReplayedCallback()
    browser.get("/inloggen/terug?state=x")
    assert browser.get("/").status_code == 200
    site.login.refusal = RoleMissing()
    browser.log_in("mw-2")
    assert browser.get("/").status_code == 401


def test_a_provider_that_is_away_at_the_start_gives_a_page(site: OperatorSite) -> None:
    site.login.at_start = ProviderUnavailable("timeout")
    answer = site.browser().get("/inloggen")
    assert answer.status_code == 503
    assert "De inlogdienst van uw organisatie" in answer.text


def test_who_is_logged_in_goes_on_while_nobody_can_log_in(site: OperatorSite) -> None:
    browser = site.browser()
    browser.log_in()
    site.login.at_start = site.login.refusal = ProviderUnavailable("timeout")
    assert site.browser().get("/inloggen").status_code == 503
    assert browser.get("/").status_code == 200


def test_logging_out_ends_the_session_and_offers_to_end_the_other_one(site: OperatorSite) -> None:
    browser = site.browser()
    browser.log_in()
    cookie = browser.client.get_cookie(OPERATOR_COOKIE, domain="beheer.example")
    assert cookie is not None
    page = browser.post("/uitloggen", token_from="/uitloggen")
    assert "U bent uitgelogd" in page.text
    assert "https://personeel.example/uit" in page.text
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    browser.client.set_cookie(OPERATOR_COOKIE, cookie.value, domain="beheer.example", secure=True)
    assert browser.get("/").status_code == 401


def test_a_log_out_form_without_our_token_is_refused(site: OperatorSite) -> None:
    browser = site.browser()
    browser.log_in()
    assert browser.post("/uitloggen").status_code == 400
    assert browser.get("/").status_code == 200


def test_a_session_ends_by_itself(site: OperatorSite) -> None:
    browser = site.browser()
    browser.log_in()
    site.clock.advance(15 * 60)
    answer = browser.get("/")
    assert answer.status_code == 401
    assert "15 minuten" in answer.text


def test_the_log_tells_who_opened_which_page(site: OperatorSite, log: Lines) -> None:
    browser = site.browser()
    browser.log_in("mw-1")
    browser.get("/")
    browser.get("/uitloggen")
    site.browser().get("/")
    lines = log()
    answered = [(line.get("operator"), line["rule"]) for line in lines if line["event"] == "answered"]
    assert answered[2:] == [("mw-1", "/"), ("mw-1", "/uitloggen"), (None, "/")]
