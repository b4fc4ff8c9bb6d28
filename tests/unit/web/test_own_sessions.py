"""A citizen sees where they are logged in, and can end another session (ASVS 5.0, 7.5.2)."""

from __future__ import annotations

import re

import pytest

from app.ports.data_subject import DataSubject
from app.services import audit_facts
from claims.identity import Bsn
from tests.support.audit import rows_of, words_of
from tests.support.web_site import BSN, Browser, WebSite
from tests.unit.web.conftest import MakeSite

OTHER = "111111110"
PAGE = "/mijn-gegevens"
HANDLE = re.compile(r'name="sessie" value="([0-9a-f]{64})"')


def two_browsers(web: WebSite) -> tuple[Browser, Browser]:
    """Of one person; the second began ten minutes later and used the first not since."""
    first, second = web.browser(), web.browser()
    first.log_in()
    web.site.clock.advance(600)
    second.log_in()
    return first, second


def handles(browser: Browser) -> list[str]:
    return HANDLE.findall(browser.get(PAGE).text)


def test_every_open_session_of_this_person_is_shown_with_its_times_and_no_address(make: MakeSite) -> None:
    web = make()
    _, second = two_browsers(web)
    web.browser().log_in(OTHER)
    text = second.get(PAGE).text
    assert "<strong>Deze sessie.</strong> Begonnen om 10.10 uur, laatst gebruikt om 10.10 uur." in text
    assert "Begonnen om 10.00 uur, laatst gebruikt om 10.00 uur." in text
    assert text.count("Begonnen om") == 2
    assert "127.0.0.1" not in text
    assert len(handles(second)) == 1


def test_ending_another_session_ends_it_at_once_and_keeps_this_one(make: MakeSite) -> None:
    web = make()
    first, second = two_browsers(web)
    answer = second.post(PAGE + "/sessies", token_from=PAGE, sessie=handles(second)[0])
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert first.get("/overzicht").status_code == 401
    assert second.get("/overzicht").status_code == 200
    assert "U hebt een andere sessie van u gestopt." in second.get(PAGE).text
    last = rows_of(web.book)[-1]
    assert (str(last.event), last.detail) == ("session_ended", "elsewhere")
    assert last.subject == web.book.pseudonyms.of_citizen(Bsn(BSN)).value


def test_all_others_end_with_one_button(make: MakeSite) -> None:
    web = make()
    first, second = two_browsers(web)
    third = web.browser()
    third.log_in()
    assert "Stop alle andere sessies" in third.get(PAGE).text
    third.post(PAGE + "/sessies", token_from=PAGE)
    assert [one.get("/overzicht").status_code for one in (first, second, third)] == [401, 401, 200]


@pytest.mark.threat("T-01")
def test_the_session_of_somebody_else_cannot_be_ended_nor_this_one(make: MakeSite) -> None:
    web = make()
    _, mine = two_browsers(web)
    theirs, also_theirs = web.browser(), web.browser()
    theirs.log_in(OTHER)
    also_theirs.log_in(OTHER)
    [handle_of_theirs] = handles(also_theirs)
    own = [one.handle for one in web.site.store.of_person(BSN, "") if one.handle not in handles(mine)]
    for handle in (handle_of_theirs, *own, "", "x"):
        assert mine.post(PAGE + "/sessies", token_from=PAGE, sessie=handle).status_code == 303
    for browser in (mine, theirs, also_theirs):
        assert browser.get("/overzicht").status_code == 200


@pytest.mark.threat("T-11")
def test_another_site_cannot_press_the_button(make: MakeSite) -> None:
    web = make()
    first, second = two_browsers(web)
    assert second.post(PAGE + "/sessies").status_code == 400
    assert first.get("/overzicht").status_code == 200


def test_a_session_past_its_limit_is_not_shown_before_it_is_deleted_either(make: MakeSite) -> None:
    web = make()
    _, second = two_browsers(web)
    web.site.clock.advance(600)
    assert handles(second) == []


@pytest.mark.parametrize(
    ("idle", "until", "why"), [(900, 0, "idle"), (0, 3600, "absolute")], ids=["idle", "absolute"]
)
def test_a_session_that_ends_by_itself_is_written_down_once_with_its_moment(
    make: MakeSite, idle: int, until: int, why: str
) -> None:
    web = make()
    browser = web.browser()
    browser.log_in()
    began = web.site.clock.now()
    for _ in range(until // 600):
        web.site.clock.advance(600)
        browser.get("/overzicht")
    web.site.clock.advance(idle)
    assert [browser.get("/overzicht").status_code for _ in range(2)] == [401, 401]
    ended = rows_of(web.book)[-1]
    assert words_of(web.book)[1:] == [("session_ended", "", why)]
    assert (ended.ended_at - began).total_seconds() == max(idle, until)
    assert ended.subject == web.book.pseudonyms.of_citizen(Bsn(BSN)).value
    assert ended.actor is None


def test_nobody_is_written_down_for_a_session_in_which_nobody_was_logged_in(make: MakeSite) -> None:
    web = make()
    browser = web.browser()
    browser.get("/inloggen")
    web.site.clock.advance(901)
    browser.get("/")
    assert words_of(web.book) == []


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [
        ("idle", "U bent vanzelf uitgelogd, omdat u een tijd niets deed."),
        ("absolute", "U bent vanzelf uitgelogd, omdat u lang genoeg was ingelogd."),
        ("provider", "U bent uitgelogd, omdat DigiD dat aan ons doorgaf."),
        ("operator", "Gemeente Voorbeeldstad heeft u uitgelogd."),
    ],
)
def test_every_end_is_told_in_plain_words(make: MakeSite, detail: str, sentence: str) -> None:
    web = make()
    web.book.audit.write(audit_facts.session_ended(DataSubject(Bsn(BSN)), detail))
    browser = web.browser()
    browser.log_in()
    assert sentence in browser.get(PAGE).text
