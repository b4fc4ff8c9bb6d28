"""The pages, the start of the program and what it reads."""

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from claims.identity import Bsn
from simulators.digid.__main__ import main, parse
from simulators.digid.citizens import read_citizens
from simulators.digid.keys import load_or_create_key
from simulators.digid.web import COOKIE, create_app
from tests.unit.simulators.digid.support import (
    AFTER_LOGOUT,
    CITIZENS,
    CLIENT_ID,
    ISSUER,
    browser,
    parameters,
    provider,
    query,
)


def page_of(html: str) -> str:
    found = re.search(r'name="page" value="([\w-]+)"', html)
    assert found is not None
    return found[1]


def test_the_page_says_that_it_is_not_the_real_one_and_shows_all_citizens() -> None:
    html = browser().get("/authorize", query_string=query()).text
    assert "DigiD (nagebootst, alleen voor test)" in html
    assert "Anna &lt;Bakker&gt;" in html  # names are text, not markup
    assert html.count('name="burger"') == 2
    assert "Annuleren" in html
    assert [
        level for level in ("basis", "midden", "substantieel", "hoog") if f'value="{level}"' not in html
    ] == []
    assert '<html lang="nl">' in html
    assert "width=device-width" in html


def test_cancelling_goes_back_with_access_denied() -> None:
    client = browser()
    page = page_of(client.get("/authorize", query_string=query()).text)
    answer = client.post("/authorize", data={"page": page, "annuleren": "ja"})
    assert parameters(answer.headers["Location"]) == {
        "error": "access_denied",
        "state": "s" * 43,
        "iss": ISSUER,
    }


def test_a_choice_works_once() -> None:
    client = browser()
    page = page_of(client.get("/authorize", query_string=query()).text)
    form = {"page": page, "burger": "1", "niveau": "basis"}
    assert client.post("/authorize", data=form).status_code == 303
    assert client.post("/authorize", data=form).status_code == 400


def test_a_choice_in_another_browser_does_not_count() -> None:
    mine, theirs = browser(), browser()
    page = page_of(mine.get("/authorize", query_string=query()).text)
    theirs.get("/authorize", query_string=query())
    form = {"page": page, "burger": "1", "niveau": "basis"}
    assert theirs.post("/authorize", data=form).status_code == 400


@pytest.mark.parametrize("form", [{}, {"burger": "9", "niveau": "hoog"}, {"burger": "0", "niveau": "x"}])
def test_an_unknown_choice_logs_nobody_in(form: dict[str, str]) -> None:
    client = browser()
    page = page_of(client.get("/authorize", query_string=query()).text)
    assert client.post("/authorize", data={"page": page, **form}).status_code == 400


def test_its_cookie_has_another_name_than_the_services() -> None:
    answer = browser().get("/authorize", query_string=query())
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert not COOKIE.startswith("__Host-")


def test_logging_out_returns_to_registered_addresses_only() -> None:
    client = browser()
    right = {"client_id": CLIENT_ID, "post_logout_redirect_uri": AFTER_LOGOUT, "state": "abc"}
    assert client.get("/end_session", query_string=right).headers["Location"] == f"{AFTER_LOGOUT}?state=abc"
    for wrong in ({"client_id": "ander"}, {"post_logout_redirect_uri": "http://ander.invalid/"}):
        answer = client.get("/end_session", query_string={**right, **wrong})
        assert answer.status_code == 200
        assert "U bent uitgelogd" in answer.text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "localhost.example.org", ""])
def test_it_listens_on_nothing_but_loopback(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--host", host, "--port", "0", "--keys", "k", "--client-jwks", "c", "--redirect-uri", "r"])
    assert caught.value.code == 2
    assert "loopback" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1"])
def test_loopback_addresses_are_fine(host: str) -> None:
    options = parse(
        ["--host", host, "--port", "0", "--keys", "k", "--client-jwks", "c", "--redirect-uri", "r"]
    )
    assert options.host == host


def for_whom(client: FlaskClient) -> str:
    """The page that asks for whom; gives its name."""
    page = page_of(client.get("/authorize", query_string=query()).text)
    asked = client.post("/authorize", data={"page": page, "burger": "0", "niveau": "hoog"})
    assert "Namens wie logt u in?" in asked.text
    assert "Namens Bram" in asked.text
    return page_of(asked.text)


def test_who_has_an_authorisation_is_asked_for_whom_and_once() -> None:
    persons = (replace(CITIZENS[0], represents=(CITIZENS[1],)), CITIZENS[1])
    client = create_app(provider(), persons).test_client()
    page = for_whom(client)
    assert "code" in parameters(
        client.post("/namens", data={"page": page, "namens": "0"}).headers["Location"]
    )
    assert client.post("/namens", data={"page": page, "namens": "0"}).status_code == 400
    for wrong in ("7", "x"):
        assert client.post("/namens", data={"page": for_whom(client), "namens": wrong}).status_code == 400
    page = for_whom(client)
    client.set_cookie(COOKIE, "een andere browser")
    assert client.post("/namens", data={"page": page, "namens": ""}).status_code == 400


def test_authorisations_count_only_where_they_are_switched_on() -> None:
    assert not any(citizen.represents for citizen in read_citizens())
    [hanna] = [citizen for citizen in read_citizens(machtigen=True) if citizen.represents]
    assert [other.identifier for other in hanna.represents] == ["111111110"]
    arguments = ["--port", "0", "--keys", "k", "--client-jwks", "c", "--redirect-uri", "r"]
    assert parse(arguments).machtigen is False
    assert parse([*arguments, "--machtigen"]).machtigen is True


def test_a_missing_file_is_one_clear_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--port", "0", "--keys", str(tmp_path), "--redirect-uri", "http://127.0.0.1/"]
    assert main([*arguments, "--client-jwks", str(tmp_path / "afwezig.json")]) == 1
    error = capsys.readouterr().err
    assert "kan niet starten" in error
    assert "afwezig.json" in error
    assert "Traceback" not in error


def test_its_key_is_made_once_and_only_for_this_user(tmp_path: Path) -> None:
    first = load_or_create_key(tmp_path / "sleutels")
    assert load_or_create_key(tmp_path / "sleutels").thumbprint() == first.thumbprint()
    (file,) = (tmp_path / "sleutels").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_default_citizens_can_be_read_and_have_numbers_that_pass_the_eleven_test() -> None:
    citizens = read_citizens()
    assert len(citizens) >= 2
    assert all(Bsn.parse(citizen.bsn) and citizen.name and citizen.shows for citizen in citizens)
