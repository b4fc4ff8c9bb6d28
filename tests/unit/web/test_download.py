"""Downloading: the file as it was issued, and one question when sources are missing."""

import html
import re

import pytest

from app.ports.data_subject import DataSubject
from app.ports.register import RegisterUnavailable
from app.services.issue import NothingToIssue, SealingFailed
from claims.identity import Bsn
from claims.outcome import FailureCause, SourceFailure
from tests.support import web_claims as given
from tests.support.pages import error_number
from tests.support.web_site import BSN
from tests.unit.web.conftest import MakeSite

FULL = given.answer("belastingen", given.TAXES, given.property_tax())
SILENT = SourceFailure(
    source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
)
ALSO_SILENT = SourceFailure(
    source=given.source("water", given.WATER), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
)


def fetched_by(page: str) -> str:
    """The address that the page after pressing "download" opens by itself."""
    [address] = re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    return html.unescape(address)


ASKED_ONCE = "Niet alle bronnen gaven een volledig antwoord. Toch downloaden?"


@pytest.mark.parametrize(
    ("format_name", "media_type"),
    [("pdf", "application/pdf"), ("json", "application/json"), ("csv", "text/csv")],
)
def test_a_file_is_handed_out_as_attachment(make: MakeSite, format_name: str, media_type: str) -> None:
    web = make(FULL)
    browser = web.browser()
    browser.log_in()
    answer = browser.get(f"/overzicht/{format_name}")
    name = f"schuldenoverzicht-BK-2026-0123456789.{format_name}"
    assert answer.data == b"inhoud"
    assert answer.mimetype == media_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert web.files.issued == [("ophaling-0", BSN, format_name)]


def test_a_file_is_asked_for_in_the_language_of_the_page(make: MakeSite) -> None:
    web = make(FULL)
    browser = web.browser()
    browser.log_in()
    browser.get("/overzicht/pdf?taal=pl")
    assert web.files.languages == ["pl"]


@pytest.mark.threat("T-11")
@pytest.mark.parametrize(
    ("sent_by", "is_made"),
    [("cross-site", False), ("same-site", False), ("same-origin", True), ("none", True)],
)
def test_another_site_cannot_make_a_browser_download(make: MakeSite, sent_by: str, is_made: bool) -> None:
    web = make(FULL)
    browser = web.browser()
    browser.log_in()
    answer = browser.client.get(
        "/overzicht/pdf", base_url=browser.base_url, headers={"Sec-Fetch-Site": sent_by}
    )
    assert answer.status_code == (200 if is_made else 302)
    assert bool(web.files.issued) is is_made
    assert is_made or answer.headers["Location"].endswith("/overzicht")


def test_missing_sources_are_named_and_asked_about_once(make: MakeSite) -> None:
    web = make(FULL, SILENT)
    browser = web.browser()
    browser.log_in()
    question = browser.get("/overzicht/pdf").text
    assert ASKED_ONCE in question
    assert "Gemeente Voorbeeldstad, Parkeren" in question
    assert web.files.issued == []
    done = browser.post("/overzicht/pdf", token_from="/overzicht/pdf").headers["Location"]
    assert 'http-equiv="refresh"' in browser.get(done).text
    assert browser.get("/overzicht/pdf").data == browser.get("/overzicht/json").data == b"inhoud"


def test_the_question_comes_again_when_other_sources_are_missing(make: MakeSite) -> None:
    web = make(FULL, SILENT)
    browser = web.browser()
    browser.log_in()
    browser.post("/overzicht/pdf", token_from="/overzicht/pdf")
    web.collections.outcomes[BSN] = (FULL, SILENT, ALSO_SILENT)
    assert ASKED_ONCE in browser.get("/overzicht/csv").text


def test_a_source_that_is_still_being_asked_is_asked_about_too(make: MakeSite) -> None:
    web = make(FULL)
    web.collections.pending = (given.source("water", given.WATER),)
    browser = web.browser()
    browser.log_in()
    assert ASKED_ONCE in browser.get("/overzicht/pdf").text


def test_a_page_gives_files_of_what_it_shows_and_never_of_who_logged_in_after_that(make: MakeSite) -> None:
    web = make(FULL)
    web.collections.outcomes["111111110"] = (FULL,)
    browser = web.browser()
    browser.log_in()
    pages = re.findall(r'href="(/overzicht/(?:pdf|json|csv)[^"]*)"', browser.get("/overzicht").text)
    links = [fetched_by(browser.get(page).text) for page in pages]
    assert [browser.get(link).data for link in links] == [b"inhoud"] * 3
    browser.log_in("111111110")
    for link in (*links, *pages):
        answer = browser.get(link)
        assert answer.status_code == 404
        assert "of het is niet van u" in answer.text
    assert {digits for _, digits, _ in web.files.issued} == {BSN}


def test_a_page_gives_files_of_what_it_shows_also_after_asking_everybody_again(make: MakeSite) -> None:
    web = make(FULL, SILENT)
    browser = web.browser()
    browser.log_in()
    [link] = re.findall(r'href="(/overzicht/pdf[^"]*)"', browser.get("/overzicht").text)
    [(owner, _)] = web.collections.views
    web.collections.start(owner, DataSubject(Bsn(BSN)))
    done = browser.post(link.replace("/klaar", ""), token_from=link).headers["Location"]
    browser.get(fetched_by(browser.get(done).text))
    assert web.files.issued == [("ophaling-0", BSN, "pdf")]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (SealingFailed(), 503, "Downloaden lukt nu niet"),
        (RegisterUnavailable(), 503, "Downloaden lukt nu niet"),
        (NothingToIssue(), 404, "Dit overzicht is er niet meer"),
    ],
)
def test_when_no_file_can_be_made_the_page_says_what_to_do(
    make: MakeSite, error: Exception, status: int, words: str
) -> None:
    web = make(FULL)
    web.files.error = error
    browser = web.browser()
    browser.log_in()
    answer = browser.get("/overzicht/pdf")
    assert answer.status_code == status
    assert words in answer.text
    assert error_number(answer.text)
    assert "0800-8115" in answer.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [("pdf", "Het bestand heeft een zegel"), ("json", "Het heeft een zegel"), ("csv", "heeft geen zegel")],
)
def test_after_pressing_download_a_page_says_where_the_file_is_and_whom_to_give_it(
    make: MakeSite, kind: str, words: str
) -> None:
    browser = make(FULL).browser()
    browser.log_in()
    page = browser.get(f"/overzicht/{kind}/klaar").text
    for said in ("map Downloads", "Aan wie geeft u het?", "Geef nooit uw DigiD", words):
        assert said in page
    address = fetched_by(page)
    assert f'<a href="{html.escape(address)}">Download het bestand</a>' in page
    assert browser.get(address).headers["Content-Disposition"].startswith("attachment")


def test_the_page_after_pressing_download_asks_first_when_sources_are_missing(make: MakeSite) -> None:
    web = make(FULL, SILENT)
    browser = web.browser()
    browser.log_in()
    page = browser.get("/overzicht/pdf/klaar").text
    assert ASKED_ONCE in page
    assert "url=/overzicht/pdf" not in page
