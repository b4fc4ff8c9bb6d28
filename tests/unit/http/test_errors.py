from pathlib import Path

import pytest
from flask import abort
from werkzeug.exceptions import ServiceUnavailable

from app.http.error_table import DOMAIN_ERRORS, Explanation
from app.http.errors import ErrorPage
from app.ports.login import LevelTooLow, LoginCancelled, LoginRefused, ReplayedCallback
from app.ports.register import RegisterUnavailable
from app.ports.storage import StorageUnavailable
from tests.support.site import Site, make_site
from tests.unit.http.conftest import Browser

SECRET = "a text of a library"


def fail_with(site: Site, error: Exception) -> None:
    @site.app.get("/fail")
    def fail() -> str:
        raise error


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (RuntimeError(SECRET), 500, "Er ging iets mis"),
        (StorageUnavailable(SECRET), 503, "werkt nu even niet"),
        (RegisterUnavailable(SECRET), 503, "werkt nu even niet"),
        (LoginCancelled(), 403, "afgebroken"),
        (LevelTooLow(), 403, "meer zekerheid"),
        (ReplayedCallback(), 400, "niet meer geldig"),
        (LoginRefused(SECRET), 403, "Het inloggen is niet gelukt"),
    ],
)
def test_every_error_has_its_status_and_its_words(
    site: Site, browser: Browser, error: Exception, status: int, words: str
) -> None:
    fail_with(site, error)
    answer = browser.get("/fail")
    assert answer.status_code == status
    assert words in answer.text
    assert "Referentienummer: " in answer.text
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.threat("T-28")
def test_the_number_on_the_page_stands_in_the_log_with_the_details(
    site: Site, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(site, RuntimeError(SECRET))
    answer = browser.get("/fail")
    number = answer.text.split("Referentienummer: ")[1][:10]
    logged = capsys.readouterr().out
    assert number in logged
    assert SECRET in logged


@pytest.mark.threat("T-17")
def test_who_is_sent_away_by_our_own_limits_writes_one_short_line(
    site: Site, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    """A flood of uploads wrote a stack trace each, as if we had failed."""
    fail_with(site, ServiceUnavailable(retry_after=10))
    answer = browser.get("/fail")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    logged = capsys.readouterr().out
    assert "refused" in logged
    assert "Traceback" not in logged


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 418, 429, 500, 502, 503])
def test_every_status_has_a_dutch_page(site: Site, browser: Browser, status: int) -> None:
    @site.app.get("/abort")
    def stop() -> str:
        abort(status, SECRET)

    answer = browser.get("/abort")
    assert answer.status_code == status
    assert '<html lang="nl">' in answer.text
    assert SECRET not in answer.text


def test_an_unknown_page_and_a_wrong_method_are_explained(site: Site, browser: Browser) -> None:
    assert browser.get("/nowhere").status_code == 404
    answer = site.app.test_client().post("/", base_url=site.base_url)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_redirects_are_left_alone(browser: Browser) -> None:
    answer = browser.get("/away")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.threat("T-28")
def test_a_page_about_an_error_that_fails_itself_is_replaced(tmp_path: Path) -> None:
    def broken(page: ErrorPage) -> str:
        raise RuntimeError(SECRET)

    site = make_site(tmp_path, render_error=broken)
    answer = site.app.test_client().get("/nowhere", base_url=site.base_url)
    assert answer.status_code == 404
    assert "Deze pagina bestaat niet" in answer.text
    site.database.close()


def test_use_cases_can_bring_their_own_explanations(tmp_path: Path) -> None:
    class Odd(Exception):
        pass

    explained = Explanation(409, "Er is een nieuwer overzicht", "Vernieuw de pagina.")
    site = make_site(tmp_path, error_explanations={Odd: explained})
    fail_with(site, Odd())
    answer = site.app.test_client().get("/fail", base_url=site.base_url)
    assert answer.status_code == 409
    assert "Er is een nieuwer overzicht" in answer.text
    site.database.close()


def test_a_session_that_cannot_be_read_is_an_error_and_not_a_log_out(tmp_path: Path) -> None:
    site = make_site(tmp_path)

    @site.app.get("/")
    def start() -> str:
        return "you are logged out"

    with site.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE sessions")
    headers = {"Cookie": "__Host-bk_sessie=" + "A" * 43}
    answer = site.app.test_client(use_cookies=False).get("/", base_url=site.base_url, headers=headers)
    assert answer.status_code == 503
    assert "werkt nu even niet" in answer.text
    site.database.close()


def test_no_explanation_says_compleet() -> None:
    assert all("compleet" not in (e.title + e.text).lower() for e in DOMAIN_ERRORS.values())
