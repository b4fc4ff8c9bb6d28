"""What the log-in provider does without a browser, on both sites: end a session, and fetch our keys."""

from pathlib import Path

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client, TestResponse

from app.ports.login import ProviderUnavailable
from tests.support.audit import rows_of, words_of
from tests.support.operator_site import BASE, make_operator_site
from tests.support.web_site import BSN
from tests.unit.web.conftest import MakeSite


def send(client: Client, base: str, **form: str) -> TestResponse:
    """As the provider does: no cookie, no referrer, no form token."""
    return client.post("/uitloggen/melding", base_url=base, data=form)


def test_the_session_of_a_citizen_ends_and_that_of_another_goes_on(make: MakeSite) -> None:
    web = make()
    browser, other = web.browser(), web.browser()
    browser.log_in()
    other.log_in("111111110")
    answer = send(web.site.app.test_client(), browser.base_url, logout_token=BSN)
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.get("/overzicht").status_code == 401
    assert other.get("/overzicht").status_code == 200
    assert words_of(web.book)[-1] == ("session_ended", "", "provider")


def test_a_second_time_and_a_wrong_token_are_refused_without_saying_why(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    client = web.site.app.test_client()
    send(client, browser.base_url, logout_token=BSN)
    browser.log_in()
    for form in ({"logout_token": BSN}, {"logout_token": ""}, {}, {"id_token": BSN}):
        answer = send(client, browser.base_url, **form)
        assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_request"})
    assert browser.get("/overzicht").status_code == 200


@pytest.mark.threat("T-10")
def test_a_notice_with_two_tokens_is_refused(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.log_in()
    form = MultiDict([("logout_token", BSN), ("logout_token", "111111110")])
    answer = web.site.app.test_client().post("/uitloggen/melding", base_url=browser.base_url, data=form)
    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_request"})
    assert browser.get("/overzicht").status_code == 200


def test_a_token_that_cannot_be_checked_now_may_come_again(make: MakeSite) -> None:
    web = make()
    web.login.at_notice = ProviderUnavailable("timeout")
    answer = send(web.site.app.test_client(), web.browser().base_url, logout_token=BSN)
    assert (answer.status_code, answer.data) == (503, b"")


def test_the_session_of_an_employee_ends(tmp_path: Path) -> None:
    site = make_operator_site(tmp_path)
    browser = site.browser()
    browser.log_in()
    assert browser.get("/uitloggen").status_code == 200
    assert send(site.app.test_client(), BASE, logout_token="mw-1").status_code == 200
    assert browser.get("/uitloggen").status_code == 401
    last = rows_of(site.book)[-1]
    assert (str(last.event), last.detail) == ("staff_session_ended", "provider")
    assert last.actor == site.book.pseudonyms.of_account("mw-1").value
    site.database.close()


def test_our_public_keys_stand_at_an_address_that_can_be_registered(make: MakeSite, tmp_path: Path) -> None:
    operator = make_operator_site(tmp_path / "operator")
    web = make()
    for app, base in ((web.site.app, web.site.base_url), (operator.app, BASE)):
        answer = app.test_client().get("/inloggen/sleutels", base_url=base)
        assert answer.mimetype == "application/jwk-set+json"
        assert answer.get_json() == {"keys": [{"kty": "RSA", "kid": "inloggen"}]}
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in answer.headers
    operator.database.close()
